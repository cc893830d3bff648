{#- Bound of the Wilson score interval of `successes` in `trials` (Wilson 1927), 95 % by default.
    `side` is 'lower' or 'upper'. Null without trials, and where successes exceed trials, because
    the two are then no part and whole. Clamped to 0 and 1, which rounding can miss by 1e-16. -#}
{% macro wilson_bound(successes, trials, side) -%}
    {%- set z = var('confidence_z') | float -%}
    {%- set k = 'cast(' ~ successes ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set n = 'cast(' ~ trials ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set sign = '-' if side == 'lower' else '+' -%}
    {%- set clamp = 'greatest(0' if side == 'lower' else 'least(1' -%}
    case
        when {{ trials }} > 0 and {{ successes }} between 0 and {{ trials }}
            then {{ clamp }}, (
                {{ k }} + {{ z * z / 2 }}
                {{ sign }} {{ z }} * sqrt({{ k }} * ({{ n }} - {{ k }}) / {{ n }} + {{ z * z / 4 }})
            ) / ({{ n }} + {{ z * z }}))
    end
{%- endmacro %}
