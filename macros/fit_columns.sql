{#- The columns of one fit of maximize_likelihood, null where it has not been made: parameters under their
    names, standard errors, and how good the fit is under names that begin with `prefix`. -#}
{% macro fit_columns(fit, names, prefix) -%}
    {%- set is_made = fit.theta is defined -%}
    {%- for name in names %}
    {{ double_literal(fit.theta[loop.index0] if is_made) }} as {{ name }},
    {{ double_literal(fit.errors[loop.index0] if is_made) }} as se_{{ name }},
    {%- endfor %}
    {{ double_literal(fit.log_likelihood if is_made) }} as {{ prefix }}_log_likelihood,
    {{ double_literal(fit.max_score if is_made) }} as {{ prefix }}_max_score,
    cast({{ fit.step_count if is_made else 'null' }} as {{ dbt.type_bigint() }}) as {{ prefix }}_step_count,
    {{ ('true' if fit.is_converged else 'false') if is_made else 'cast(null as ' ~ dbt.type_boolean() ~ ')' }}
        as is_{{ prefix }}_fit_converged,
    {{ ('true' if fit.is_at_edge else 'false') if is_made else 'cast(null as ' ~ dbt.type_boolean() ~ ')' }}
        as is_{{ prefix }}_fit_at_edge
{%- endmacro %}

{#- Their names, of both models. -#}
{% macro fit_column_names() -%}
    {%- set names = [] -%}
    {%- for name in ['r', 'alpha', 'a', 'b', 'p', 'q', 'v'] -%}
        {%- do names.extend([name, 'se_' ~ name]) -%}
    {%- endfor -%}
    {%- for prefix in ['purchase', 'spend'] -%}
        {%- do names.extend([
            prefix ~ '_log_likelihood', prefix ~ '_max_score', prefix ~ '_step_count',
            'is_' ~ prefix ~ '_fit_converged', 'is_' ~ prefix ~ '_fit_at_edge',
        ]) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
