{#- Whether a domain is built: it is in var domains, or is the shop, whose orders finance counts. -#}
{% macro is_built(domain) -%}
    {{ return(domain in var('domains') or (domain == 'shop' and 'finance' in var('domains'))) }}
{%- endmacro %}
