{#- A number from 0 up to, not including, 1 that belongs to a key: the same on every engine and in every build,
    another one under another salt. From the first four digits of the MD5 hash. -#}
{% macro stable_share(key, salt) -%}
    {%- set digits = dbt.hash(dbt.concat(["'" ~ dbt.escape_single_quotes(salt) ~ "|'", key])) -%}
    (
        {%- for place in range(1, 5) %}
        case substring({{ digits }}, {{ place }}, 1)
            {%- for digit in '123456789abcdef' %} when '{{ digit }}' then {{ loop.index }}{% endfor %} else 0
        end / {{ 16.0 ** place }}{{ ' +' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
