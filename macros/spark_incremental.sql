{#- Spark's files are replaced a partition at a time: both strategies of the project overwrite the days that the
    new rows name, so the models that use them are partitioned by their unique_key there. These three
    override dbt-spark's, which refuses any strategy but its own. -#}
{% macro dbt_spark_validate_get_incremental_strategy(raw_strategy, file_format) -%}
    {%- if raw_strategy in ['replace_days', 'delete+insert'] -%}
        {{ return(raw_strategy) }}
    {%- endif -%}
    {{ return(dbt_spark.dbt_spark_validate_get_incremental_strategy(raw_strategy, file_format)) }}
{%- endmacro %}

{% macro dbt_spark_get_incremental_sql(strategy, source, target, existing, unique_key, predicates) -%}
    {%- if strategy in ['replace_days', 'delete+insert'] -%}
        {%- do run_query('set spark.sql.sources.partitionOverwriteMode = dynamic') -%}
        {%- if strategy == 'replace_days' -%}
            {%- do drop_days_left_behind(source, target, unique_key) -%}
        {%- endif -%}
        {{ get_insert_overwrite_sql(source, target, existing) }}
    {%- else -%}
        {{ dbt_spark.dbt_spark_get_incremental_sql(strategy, source, target, existing, unique_key, predicates) }}
    {%- endif -%}
{%- endmacro %}

{#- Days of the look-back of which no row is left: an overwrite by new rows does not see them. -#}
{% macro drop_days_left_behind(source, target, day) -%}
    {%- set left_behind -%}
        select distinct cast({{ day }} as {{ dbt.type_string() }}) as left_behind
        from {{ target }}
        where
            {{ day }} > {{ lookback_start_date() }}
            and {{ day }} not in (select {{ day }} from {{ source }} where {{ day }} is not null)
    {%- endset -%}
    {%- for row in run_query(left_behind).rows -%}
        {%- do run_query(
            'alter table ' ~ target ~ " drop if exists partition (" ~ day ~ " = date '" ~ row[0] ~ "')"
        ) -%}
    {%- endfor -%}
{%- endmacro %}
