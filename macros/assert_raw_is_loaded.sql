{#- Ends a build of own data in one line when there is none yet, instead of one error per model. -#}
{% macro assert_raw_is_loaded() -%}
    {%- if execute and target.name == 'local' and flags.WHICH in ['build', 'run', 'test', 'snapshot'] -%}
        {%- for declared in graph.sources.values() -%}
            {%- if load_relation(source(declared.source_name, declared.name)) is none -%}
                {{ exceptions.raise_compiler_error(
                    'Nothing is loaded into ' ~ target.path ~ ' yet. Run `mktg load '
                    ~ declared.source_name ~ ' --from FOLDER` first, or leave out `--target local` '
                    ~ 'to build the sample.'
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
