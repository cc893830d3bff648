-- Does the Wilson interval agree with published 95 % bounds?
{{ config(enabled=((var('confidence_z') | float) - 1.959963984540054) | abs < 1e-9) }}

with published as (
    {% for successes, trials, lower_bound, upper_bound in [
        (0, 10, '0.0', '0.277532799863'),
        (1, 10, '0.017876213095', '0.404150026795'),
        (5, 10, '0.236593090513', '0.763406909487'),
        (10, 10, '0.722467200137', '1.0'),
        (3, 1000, '0.001020783881', '0.008783014054'),
        (120, 2400, '0.041977011096', '0.059461233895'),
        (2457, 100000, '0.023628599113', '0.025547926379'),
        (49, 50, '0.895045564104', '0.996460740728'),
        (0, 1, '0.0', '0.793450685623'),
    ] %}
    select
        {{ successes }} as successes,
        {{ trials }} as trials,
        cast({{ lower_bound }} as {{ type_double() }}) as lower_bound,
        cast({{ upper_bound }} as {{ type_double() }}) as upper_bound
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (
    {% for side in ['lower', 'upper'] %}
    select
        '{{ side }} bound' as measure,
        successes,
        trials,
        {{ side }}_bound as expected,
        {{ wilson_bound('successes', 'trials', side) }} as found
    from published
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from compared
where found is null or abs(expected - found) > 1e-11
