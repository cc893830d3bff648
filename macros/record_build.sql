{#- After a build: one row in audit.builds and one per built model in audit.built_models, so that anybody
    can see when which version of which code made the numbers. The one place that asks the clock. -#}
{% macro record_build(results) -%}
    {%- if execute and var('record_builds') and flags.WHICH in ['build', 'run', 'test', 'seed', 'snapshot'] and results -%}
        {%- do create_audit_tables() -%}
        {%- set statuses = results | map(attribute='status') | map('string') | list -%}
        {%- set checksums = [] -%}
        {%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed'] -%}
            {%- do checksums.append(node.unique_id ~ node.checksum.checksum) -%}
        {%- endfor -%}
        {%- set var_texts = {} -%}
        {%- for name, value in (invocation_args_dict.get('vars') or {}).items() -%}
            {%- do var_texts.update({name: value | string}) -%}
        {%- endfor -%}
        {%- set build = [
            ('invocation_id', invocation_id),
            ('started_at', run_started_at.strftime('%Y-%m-%d %H:%M:%S')),
            ('finished_at', modules.datetime.datetime.now(modules.pytz.utc).strftime('%Y-%m-%d %H:%M:%S')),
            ('command', flags.WHICH),
            ('target_name', target.name),
            ('git_commit', env_var('MKTG_GIT_COMMIT', '')),
            ('code_hash', local_md5(checksums | sort | join(','))),
            ('dbt_version', dbt_version),
            ('vars_json', tojson(var_texts)),
            ('built_count', statuses | select('equalto', 'success') | list | length),
            ('passed_count', statuses | select('equalto', 'pass') | list | length),
            ('warned_count', statuses | select('equalto', 'warn') | list | length),
            ('failed_count', statuses | select('equalto', 'fail') | list | length),
            ('error_count', statuses | select('in', ['error', 'runtime error']) | list | length),
            ('skipped_count', statuses | select('equalto', 'skipped') | list | length),
        ] -%}
        {%- do insert_audit_rows('builds', [build]) -%}
        {%- set models = [] -%}
        {%- for result in results if result.node.resource_type in ['model', 'seed', 'snapshot'] -%}
            {%- set is_table = result.node.config.materialized in ['table', 'incremental', 'seed', 'snapshot'] -%}
            {%- do models.append([
                ('invocation_id', invocation_id),
                ('model_name', result.node.name),
                ('status', result.status | string),
                ('row_count', audit_row_count(result.node) if is_table and result.status == 'success' else none),
                ('duration_seconds', result.execution_time | round(3)),
            ]) -%}
        {%- endfor -%}
        {%- if models -%}
            {%- do insert_audit_rows('built_models', models) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro audit_tables() -%}
    {{ return({
        'builds': {
            'invocation_id': dbt.type_string(), 'started_at': dbt.type_timestamp(),
            'finished_at': dbt.type_timestamp(), 'command': dbt.type_string(),
            'target_name': dbt.type_string(), 'git_commit': dbt.type_string(),
            'code_hash': dbt.type_string(), 'dbt_version': dbt.type_string(),
            'vars_json': dbt.type_string(), 'built_count': dbt.type_bigint(),
            'passed_count': dbt.type_bigint(), 'warned_count': dbt.type_bigint(),
            'failed_count': dbt.type_bigint(), 'error_count': dbt.type_bigint(),
            'skipped_count': dbt.type_bigint(),
        },
        'built_models': {
            'invocation_id': dbt.type_string(), 'model_name': dbt.type_string(),
            'status': dbt.type_string(), 'row_count': dbt.type_bigint(),
            'duration_seconds': type_double(),
        },
    }) }}
{%- endmacro %}

{% macro create_audit_tables() -%}
    {%- for name, columns in audit_tables().items() -%}
        {%- if load_relation(audit_relation(name)) is none -%}
            {%- do adapter.create_schema(audit_relation(name)) -%}
            {%- set typed = [] -%}
            {%- for column, type in columns.items() -%}
                {%- do typed.append(column ~ ' ' ~ type) -%}
            {%- endfor -%}
            {%- do run_and_commit('create table ' ~ audit_relation(name) ~ ' (' ~ typed | join(', ') ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{% macro audit_relation(name) -%}
    {{ return(api.Relation.create(
        database=target.database or none,
        schema=generate_schema_name('audit', none),
        identifier=name,
        type='table'
    )) }}
{%- endmacro %}

{% macro audit_row_count(node) -%}
    {%- set counted = run_query('select count(*) as row_count from ' ~ node.relation_name) -%}
    {{ return(counted.columns[0].values()[0]) }}
{%- endmacro %}

{#- `rows` are lists of pairs of column and value; '' and none become null. -#}
{% macro insert_audit_rows(name, rows) -%}
    {%- set types = audit_tables()[name] -%}
    {%- set lines = [] -%}
    {%- for row in rows -%}
        {%- set values = [] -%}
        {%- for column, value in row -%}
            {%- set literal = 'null' if value is none or value == '' else dbt.string_literal(
                dbt.escape_single_quotes(value | string)
            ) -%}
            {%- do values.append('cast(' ~ literal ~ ' as ' ~ types[column] ~ ')') -%}
        {%- endfor -%}
        {%- do lines.append('(' ~ values | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set columns = rows[0] | map('first') | join(', ') -%}
    {%- do run_and_commit(
        'insert into ' ~ audit_relation(name) ~ ' (' ~ columns ~ ') values ' ~ lines | join(', ')
    ) -%}
{%- endmacro %}
