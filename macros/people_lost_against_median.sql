{#- How many more would have gone on at the median campaign's rate: (median - rate) x entered, a double;
    0 at or above the median and below the volume from which a rate is rated. -#}
{% macro people_lost_against_median(entered, minimum, rate, median) -%}
    case
        when {{ entered }} >= {{ minimum }} and {{ rate }} < {{ median }}
            then ({{ median }} - {{ rate }}) * {{ entered }}
        else 0
    end
{%- endmacro %}
