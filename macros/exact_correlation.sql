{#- Correlation (Pearson) of x and y over rows that stand for `weight` customers each; null where either does
    not vary. -#}
{% macro exact_correlation(x, y, weight='1.0') -%}
    {%- set n = exact_sum(weight) -%}
    {%- set sum_x = exact_sum(weight ~ ' * ' ~ x) -%}
    {%- set sum_y = exact_sum(weight ~ ' * ' ~ y) -%}
    {%- set spread_x = n ~ ' * ' ~ exact_sum(weight ~ ' * ' ~ x ~ ' * ' ~ x) ~ ' - ' ~ sum_x ~ ' * ' ~ sum_x -%}
    {%- set spread_y = n ~ ' * ' ~ exact_sum(weight ~ ' * ' ~ y ~ ' * ' ~ y) ~ ' - ' ~ sum_y ~ ' * ' ~ sum_y -%}
    {%- set joint = n ~ ' * ' ~ exact_sum(weight ~ ' * ' ~ x ~ ' * ' ~ y) ~ ' - ' ~ sum_x ~ ' * ' ~ sum_y -%}
    case
        when {{ spread_x }} > 0 and {{ spread_y }} > 0
            then ({{ joint }}) / sqrt({{ spread_x }}) / sqrt({{ spread_y }})
    end
{%- endmacro %}
