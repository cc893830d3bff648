{#- Before a build of own data: says in one line what is not loaded, instead of one error per model, and
    creates the tables that may be missing as empty ones, so that a team with a shop and no ads builds
    the shop. A source of which nothing is there counts as not used; of a used one only tables marked
    optional may be missing. A
    project that has installed this one may build its own models alone: then there is nothing to prepare. -#}
{% macro prepare_raw_tables() -%}
    {%- do check_domains() -%}
    {%- set selected = [] -%}
    {%- for node_id in selected_resources if node_id.split('.')[1] == 'marketing_analytics' -%}
        {%- do selected.append(node_id) -%}
    {%- endfor -%}
    {%- if execute and selected and not is_sample() and flags.WHICH in ['build', 'run', 'test', 'snapshot'] -%}
        {%- do check_names() -%}
        {%- set used = [] -%}
        {%- set missing = [] -%}
        {%- for declared in graph.sources.values() if declared.package_name == 'marketing_analytics' -%}
            {%- if load_relation(source(declared.source_name, declared.name)) is none -%}
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
        ~ '. Build the views that make them first, or say where they are in the vars raw_schemas, '
        ~ 'raw_databases and raw_identifiers, and in var domains which domains you use: see '
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

{#- Stops where dbt would run our tests on a model that the installing project has of the same name: it looks there
    first, unless a flag says otherwise, and also where ours is switched off. -#}
{% macro check_names() -%}
    {%- for test in graph.nodes.values() if (test.package_name, test.resource_type) == ('marketing_analytics', 'test') -%}
        {%- for node_id in test.depends_on.nodes if node_id.split('.')[1] != 'marketing_analytics' -%}
            {%- set name = node_id.split('.')[2] -%}
            {%- if graph.nodes.values() | selectattr('package_name', 'equalto', 'marketing_analytics')
                | selectattr('name', 'equalto', name) | list -%}
                {{ exceptions.raise_compiler_error(
                    'marketing_analytics and ' ~ project_name ~ ' both have a model ' ~ name
                    ~ ': set the flag require_ref_searches_node_package_before_root: true in the '
                    ~ 'dbt_project.yml of ' ~ project_name ~ ', so that each reads and tests its own.'
                ) }}
            {%- else -%}
                {{ exceptions.raise_compiler_error(
                    project_name ~ ' has a model ' ~ name ~ ' as marketing_analytics has, where it is switched '
                    ~ 'off, and dbt would run its tests on yours: write data_tests: {marketing_analytics: {'
                    ~ test.fqn[1] ~ ': {' ~ test.fqn[2] ~ ': {+enabled: false}}}} into the dbt_project.yml of '
                    ~ project_name ~ '.'
                ) }}
            {%- endif -%}
        {%- endfor -%}
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
