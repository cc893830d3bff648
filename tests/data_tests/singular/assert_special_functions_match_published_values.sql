-- Do the functions that engines lack agree with tables? Gamma and its derivatives: closed forms of
-- Abramowitz and Stegun, chapter 6; tails of the normal distribution: their table 26.2.
with published as (
    {% for name, argument, value in [
        ('log_gamma', '0.001', '6.907178885383854'),
        ('log_gamma', '0.5', '0.5723649429247001'),
        ('log_gamma', '1', '0'),
        ('log_gamma', '10', '12.801827480081469'),
        ('log_gamma', '1000000', '12815504.569147882'),
        ('digamma', '0.5', '-1.9635100260214235'),
        ('digamma', '1', '-0.5772156649015329'),
        ('digamma', '10', '2.2517525890667211'),
        ('trigamma', '0.5', '4.934802200544679'),
        ('trigamma', '1', '1.6449340668482264'),
        ('trigamma', '2', '0.6449340668482264'),
        ('normal_tail', '0', '0.5'),
        ('normal_tail', '1', '0.15865525393145705'),
        ('normal_tail', '1.959963984540054', '0.025'),
        ('normal_tail', '5', '2.866515718791939e-7'),
        ('normal_tail', '8', '6.220960574271785e-16'),
    ] %}
    select
        '{{ name }}' as function_name,
        cast('{{ argument }}' as {{ type_double() }}) as argument,
        cast('{{ value }}' as {{ type_double() }}) as expected
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

computed as (
    select
        *,
        case function_name
            when 'log_gamma' then {{ log_gamma('greatest(argument, 0.001)') }}
            when 'digamma' then {{ digamma('greatest(argument, 0.001)') }}
            when 'trigamma' then {{ trigamma('greatest(argument, 0.001)') }}
            when 'normal_tail' then {{ normal_tail('argument') }}
        end as found
    from published
)

select * from computed
where
    found is null
    or abs(found - expected) > 1e-13 * greatest(1, abs(expected))
    or (function_name = 'normal_tail' and abs(found - expected) > 1e-8 * abs(expected))
