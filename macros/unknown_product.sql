{#- The name under which sales count that name no product. Nobody can offer it: revenue adds up with it,
    what to offer or to do leaves it out. -#}
{% macro unknown_product() -%}
    'Unknown product'
{%- endmacro %}
