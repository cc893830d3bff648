{#- The channels of a path as text to read, from columns channel_1 to channel_8. -#}
{% macro path_text() -%}
    {%- set parts = ['channel_1'] -%}
    {%- for step in range(2, 9) -%}
        {%- do parts.append(
            "case when channel_" ~ step ~ " is null then '' else "
            ~ dbt.concat(["' > '", 'channel_' ~ step]) ~ ' end'
        ) -%}
    {%- endfor -%}
    {%- do parts.append("case when is_shortened then ' > …' else '' end") -%}
    {{ dbt.concat(parts) }}
{%- endmacro %}
