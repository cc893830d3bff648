{#- Number of repeat buyers from which a population gets parameters of its own, as a SQL expression: more
    for a segment, which has its domain's to fall back on. -#}
{% macro least_repeat_buyers(segment) -%}
    case
        when {{ segment }} = {{ all_segments() }} then {{ var('forecast_min_repeat_buyers') }}
        else {{ var('forecast_min_segment_repeat_buyers') }}
    end
{%- endmacro %}

{#- The name under which the customers of all segments of a domain count together. -#}
{% macro all_segments() -%}
    '(all)'
{%- endmacro %}
