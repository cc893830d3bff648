{#- BigQuery's adapter refuses any incremental strategy but its own: these two override it for the project's. The new
    rows go into a temporary table, and take the place of the old ones in one transaction. -#}
{% macro dbt_bigquery_validate_get_incremental_strategy(config) -%}
    {%- if config.get('incremental_strategy') in ['replace_days', 'delete+insert'] -%}
        {{ return(config.get('incremental_strategy')) }}
    {%- endif -%}
    {{ return(dbt_bigquery.dbt_bigquery_validate_get_incremental_strategy(config)) }}
{%- endmacro %}

{% macro bq_generate_incremental_build_sql(
    strategy, tmp_relation, target_relation, sql, unique_key, partition_by, partitions, dest_columns,
    tmp_relation_exists, copy_partitions, incremental_predicates
) -%}
    {%- if strategy not in ['replace_days', 'delete+insert'] -%}
        {{ return(dbt_bigquery.bq_generate_incremental_build_sql(
            strategy, tmp_relation, target_relation, sql, unique_key, partition_by, partitions, dest_columns,
            tmp_relation_exists, copy_partitions, incremental_predicates
        )) }}
    {%- endif -%}
    {%- set columns = dest_columns | map(attribute='quoted') | join(', ') %}
    create temp table new_rows as
    {{ 'select * from ' ~ tmp_relation if tmp_relation_exists else sql }};

    begin transaction;
    delete from {{ target_relation }} where {{ rows_to_replace(strategy, unique_key, 'new_rows') }};
    insert into {{ target_relation }} ({{ columns }}) select {{ columns }} from new_rows;
    commit transaction
{%- endmacro %}
