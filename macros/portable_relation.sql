{#- A DuckDB view stores the database's name, which is the file's name: leave it out there, but for a
    relation of another database. -#}
{% macro portable_relation(relation) %}
    {{ return(adapter.dispatch('portable_relation', 'marketing_analytics')(relation)) }}
{% endmacro %}

{% macro default__portable_relation(relation) %}
    {{ return(relation) }}
{% endmacro %}

{% macro duckdb__portable_relation(relation) %}
    {{ return(relation.include(database=(relation.database != target.database))) }}
{% endmacro %}
