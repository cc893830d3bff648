{#- Before a build of own data: says in one line what is not loaded, instead of one error per model, and
    creates the tables that may be missing as empty ones, so that a team with a shop and no ads builds
    the shop. A source of which nothing is there counts as not used; of a used one only tables marked
    optional may be missing. A table that a model stands in for counts as there. -#}
{% macro prepare_raw_tables() -%}
    {%- do check_domains() -%}
    {%- if execute and not is_sample() and flags.WHICH in ['build', 'run', 'test', 'snapshot'] -%}
        {%- set used = [] -%}
        {%- set missing = [] -%}
        {%- for declared in graph.sources.values() if declared.package_name == 'marketing_analytics' -%}
            {%- if declared.source_name ~ '.' ~ declared.name in var('raw_models') -%}
                {%- do used.append(declared.source_name) -%}
            {%- elif load_relation(source(declared.source_name, declared.name)) is none -%}
                {%- do missing.append(declared) -%}
            {%- else -%}
                {%- do used.append(declared.source_name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not used and missing -%}
            {{ exceptions.raise_compiler_error(nothing_is_loaded(missing)) }}
        {%- endif -%}
        {%- for declared in missing -%}
            {%- if declared.source_name in used and not declared.config.meta.get('optional') -%}
                {{ exceptions.raise_compiler_error(
                    'The raw table ' ~ declared.schema ~ '.' ~ declared.identifier ~ ' is missing, and '
                    ~ declared.source_name ~ ' cannot do without it. Load it, or create it empty '
                    ~ 'with the columns of models/sources/' ~ declared.source_name ~ '.yml.'
                ) }}
            {%- endif -%}
        {%- endfor -%}
        {%- for declared in missing -%}
            {%- do create_empty_raw_table(declared) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- Text: what to do where not one raw table is there. -#}
{% macro nothing_is_loaded(missing) -%}
    {%- if project_name == 'marketing_analytics' -%}
        {%- set sources = missing | map(attribute='source_name') | unique | sort -%}
        {{ return(
            'Nothing is loaded into ' ~ (target.path or target.dbname or target.schema) ~ ' yet. '
            ~ 'Run `mktg load SOURCE --from FOLDER` first (SOURCE is '
            ~ (sources[:-1] | join(', ') ~ ' or ' if sources | length > 1 else '') ~ sources[-1]
            ~ '), or leave out `--target ' ~ target.name ~ '` to build the sample.'
        ) }}
    {%- endif -%}
    {{ return(
        'None of the raw tables of marketing_analytics is there, such as ' ~ missing[0].relation_name
        ~ '. Name your models that stand in for them in var raw_models, or where they are in raw_schemas, '
        ~ 'raw_databases and raw_identifiers, and the domains that you use in var domains: see '
        ~ 'docs/as-a-package.md of marketing_analytics.'
    ) }}
{%- endmacro %}

{#- Stops where var domains names one that is not there: dbt would build nothing of it in silence. -#}
{% macro check_domains() -%}
    {%- set known = ['marketing', 'shop', 'finance', 'gaming'] -%}
    {%- for domain in var('domains') if domain not in known -%}
        {{ exceptions.raise_compiler_error(
            "var domains names '" ~ domain ~ "'; there are " ~ known | join(', ')
        ) }}
    {%- endfor -%}
{%- endmacro %}

{% macro create_empty_raw_table(declared) -%}
    {%- set relation = source(declared.source_name, declared.name) -%}
    {%- do adapter.create_schema(relation) -%}
    {%- set columns = [] -%}
    {%- for column in declared.columns.values() -%}
        {%- do columns.append(adapter.quote(column.name) ~ ' ' ~ raw_column_type(column.data_type)) -%}
    {%- endfor -%}
    {%- do run_and_commit('create table ' ~ relation ~ ' (' ~ columns | join(', ') ~ ')') -%}
{%- endmacro %}

{#- Type of a raw column, declared as DuckDB names it, on the engine of the target. -#}
{% macro raw_column_type(data_type) -%}
    {{ return({
        'varchar': dbt.type_string(),
        'bigint': dbt.type_bigint(),
        'boolean': dbt.type_boolean(),
        'timestamp': dbt.type_timestamp(),
        'double': type_double(),
        'decimal(18, 2)': type_money(),
    }.get(data_type, data_type)) }}
{%- endmacro %}
