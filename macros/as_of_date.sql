{#- The day that "now" is for the models of a domain, as a SQL expression. Always read from the domain's
    own model, so that no model can be built with another day than those it reads. -#}
{% macro as_of_date(domain) -%}
    (select as_of_date from {{ ref('int_' ~ domain ~ '_as_of_date') }})
{%- endmacro %}
