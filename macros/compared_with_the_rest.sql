{#- Query: each row's rate against that of all other rows together, per `key`. `rates` maps names to pairs of
    columns, successes and trials; the columns are those of compare_pairs. -#}
{% macro compared_with_the_rest(relation, key, rates) -%}
    with pairs as (
        select
            {{ key }},
            {%- for name, (successes, trials) in rates.items() %}
            {{ successes }} as {{ name }}_own,
            {{ trials }} as {{ name }}_own_trials,
            sum({{ successes }}) over () - {{ successes }} as {{ name }}_other,
            sum({{ trials }}) over () - {{ trials }} as {{ name }}_other_trials
            {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }}
    ),
    {{ compare_pairs(key, rates.keys() | list) }}
{%- endmacro %}

{#- Query: one rate of each row against another of the same row, per `key`, under the name `rate`; see
    compare_pairs. -#}
{% macro compared_rates(relation, key, own, other) -%}
    with pairs as (
        select
            {{ key }},
            {{ own[0] }} as rate_own,
            {{ own[1] }} as rate_own_trials,
            {{ other[0] }} as rate_other,
            {{ other[1] }} as rate_other_trials
        from {{ relation }}
    ),
    {{ compare_pairs(key, ['rate']) }}
{%- endmacro %}

{#- The rest of such a query: each name gives <name>_difference with its _lower_bound and _upper_bound,
    <name>_p_value, adjusted for the number of rows compared (Holm 1979: the chance of one false alarm
    among all of them stays below 5 %), and <name>_comparison in words. -#}
{% macro compare_pairs(key, names) -%}
    tested as (
        select
            *,
            {%- for name in names %}
            {%- set own, other = [name ~ '_own', name ~ '_own_trials'], [name ~ '_other', name ~ '_other_trials'] %}
            {{ safe_ratio(own[0], own[1]) }} - {{ safe_ratio(other[0], other[1]) }} as {{ name }}_distance,
            {{ newcombe_bound(own, other, 'lower') }} as {{ name }}_difference_lower_bound,
            {{ newcombe_bound(own, other, 'upper') }} as {{ name }}_difference_upper_bound,
            {{ pooled_z(own, other) }} as {{ name }}_z{{ ',' if not loop.last }}
            {%- endfor %}
        from pairs
    ),

    ranked as (
        select
            *,
            {%- for name in names %}
            count({{ name }}_z) over () as {{ name }}_test_count,
            row_number() over (
                order by coalesce(abs({{ name }}_z), -1) desc nulls last, {{ key }} asc nulls last
            ) as {{ name }}_test_rank{{ ',' if not loop.last }}
            {%- endfor %}
        from tested
    ),

    adjusted as (
        select
            *,
            {%- for name in names %}
            case
                when {{ name }}_z is not null
                    then least(1, max(
                        {{ two_sided_p(name ~ '_z') }} * ({{ name }}_test_count - {{ name }}_test_rank + 1)
                    ) over (
                        order by {{ name }}_test_rank nulls last rows between unbounded preceding and current row
                    ))
            end as {{ name }}_p_value{{ ',' if not loop.last }}
            {%- endfor %}
        from ranked
    )

    select
        {{ key }},
        {%- for name in names %}
        case when {{ name }}_difference_lower_bound is not null then {{ name }}_distance end as {{ name }}_difference,
        {{ name }}_difference_lower_bound,
        {{ name }}_difference_upper_bound,
        {{ name }}_p_value,
        case
            when {{ name }}_difference_lower_bound is null then 'no rate'
            when {{ name }}_z is null then 'too few'
            when {{ name }}_p_value >= {{ two_sided_p(double_literal(var('confidence_z') | float)) }}
                then 'no clear difference'
            when {{ name }}_z > 0 then 'higher'
            else 'lower'
        end as {{ name }}_comparison{{ ',' if not loop.last }}
        {%- endfor %}
    from adjusted
{%- endmacro %}
