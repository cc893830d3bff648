{#- As dbt-spark's own, which drops the table before it makes the new one: a build that fails then leaves nothing
    behind. This one makes the new table under another name first, so that the old one stays until the
    new one is complete. Formats that replace a table by themselves, and tables with a location of their
    own, keep dbt's way. -#}
{% materialization table, adapter='spark', supported_languages=['sql', 'python'] -%}
    {%- set replaces_itself = config.get('file_format') in ['delta', 'iceberg', 'hudi'] -%}
    {%- if replaces_itself or config.get('location_root') or model.language == 'python' -%}
        {{ return(dbt_spark.materialization_table_spark()) }}
    {%- endif -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set new_relation = target_relation.incorporate(path={'identifier': this.identifier ~ '__dbt_tmp'}) -%}
    {%- set old_relation = adapter.get_relation(
        database=this.database, schema=this.schema, identifier=this.identifier
    ) -%}
    {{ run_hooks(pre_hooks) }}
    {%- do adapter.drop_relation(new_relation) -%}
    {%- call statement('main') -%}
        {{ create_table_as(false, new_relation, compiled_code) }}
    {%- endcall -%}
    {%- if old_relation is not none -%}
        {%- do adapter.drop_relation(old_relation) -%}
    {%- endif -%}
    {%- do adapter.rename_relation(new_relation, target_relation) -%}
    {%- do apply_grants(
        target_relation, config.get('grants'), should_revoke(old_relation, full_refresh_mode=true)
    ) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}
