{#- Two rates, the first less the second. `first` and `second` are pairs of SQL expressions, successes and trials.
    All are null where a rate is none (no trials, or more successes than trials). -#}

{#- Number z of the two-sided test with the pooled rate; null also below ten successes on either side, where
    the normal distribution is not near enough. -#}
{% macro pooled_z(first, second) -%}
    {%- set pooled = '(' ~ _double(first[0]) ~ ' + ' ~ second[0] ~ ') / (' ~ first[1] ~ ' + ' ~ second[1] ~ ')' -%}
    case
        when {{ _are_rates(first, second) }} and {{ first[0] }} >= 10 and {{ second[0] }} >= 10
            then (
                {{ safe_ratio(first[0], first[1]) }} - {{ safe_ratio(second[0], second[1]) }}
            ) / nullif(sqrt(
                {{ pooled }} * (1 - {{ pooled }})
                * (1 / {{ _double(first[1]) }} + 1 / {{ _double(second[1]) }})
            ), 0)
    end
{%- endmacro %}

{#- Probability of a difference at least this large between equal rates. -#}
{% macro two_sided_p(z) -%}
    2 * {{ normal_tail('abs(' ~ z ~ ')') }}
{%- endmacro %}

{#- Bound of the difference: Newcombe's hybrid of two Wilson intervals (1998, method 10). `side` is 'lower'
    or 'upper'. -#}
{% macro newcombe_bound(first, second, side) -%}
    {%- set other = 'upper' if side == 'lower' else 'lower' -%}
    {%- set first_rate = safe_ratio(first[0], first[1]) -%}
    {%- set second_rate = safe_ratio(second[0], second[1]) -%}
    case
        when {{ _are_rates(first, second) }}
            then {{ first_rate }} - {{ second_rate }} {{ '-' if side == 'lower' else '+' }} sqrt(
                power({{ first_rate }} - {{ wilson_bound(first[0], first[1], side) }}, 2)
                + power({{ second_rate }} - {{ wilson_bound(second[0], second[1], other) }}, 2)
            )
    end
{%- endmacro %}

{% macro _are_rates(first, second) -%}
    {{ first[1] }} > 0 and {{ second[1] }} > 0
    and {{ first[0] }} between 0 and {{ first[1] }} and {{ second[0] }} between 0 and {{ second[1] }}
{%- endmacro %}

{% macro _double(expression) -%}
    cast({{ expression }} as {{ type_double() }})
{%- endmacro %}
