{#- The fits of the purchase and of the spend model: a list of dictionaries, one per population (domain, period
    and segment) with enough repeat buyers. A model that asks for it must run, not only be compiled:
    else, and where the statistics are not built yet, there are none. -#}
{% macro fitted_forecasts(purchase_statistics, spend_statistics) -%}
    {%- if not execute or flags.WHICH not in ['build', 'run'] or is_unit_test() -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set purchases = maximize_likelihood(
        purchase_populations(purchase_statistics),
        purchase_likelihood, [purchase_statistics, largest_repeat_count(purchase_statistics)]
    ) -%}
    {%- set spends = maximize_likelihood(
        spend_populations(spend_statistics), spend_likelihood, [spend_statistics]
    ) -%}
    {%- set by_population = {} -%}
    {%- for fit in spends -%}
        {%- do by_population.update({(fit.domain, fit.period, fit.segment): fit}) -%}
    {%- endfor -%}
    {%- set fits = [] -%}
    {%- for fit in purchases -%}
        {%- do fits.append({
            'purchases': fit, 'spend': by_population.get((fit.domain, fit.period, fit.segment), {})
        }) -%}
    {%- endfor -%}
    {{ return(fits) }}
{%- endmacro %}

{#- dbt renders a model for its unit tests as well, over rows that are nowhere in the database. -#}
{% macro is_unit_test() -%}
    {{ return(model is defined and model.resource_type == 'unit_test') }}
{%- endmacro %}

{% macro largest_repeat_count(statistics) -%}
    {%- set found = run_query('select coalesce(max(repeat_count), 0) from ' ~ statistics) -%}
    {{ return(found.columns[0].values()[0] | int) }}
{%- endmacro %}

{#- Where the purchase model is fitted, and from which parameters the search starts. -#}
{% macro purchase_populations(statistics) -%}
    {%- set populations = [] -%}
    {%- set found = run_query(
        'select domain, period, segment, '
        ~ 'cast(sum(customer_count * age_days) as ' ~ type_double()
        ~ ') / sum(customer_count) / 7 as mean_age_weeks from ' ~ statistics
        ~ ' group by 1, 2, 3 having sum(case when repeat_count > 0 then customer_count else 0 end) >= '
        ~ least_repeat_buyers('segment') ~ ' order by 1, 2, 3'
    ) -%}
    {%- for row in found.rows -%}
        {%- do populations.append({
            'domain': row[0], 'period': row[1], 'segment': row[2],
            'start': [0.5, [row[3] | float / 4, 0.1] | max, 1.0, 2.0],
        }) -%}
    {%- endfor -%}
    {{ return(populations) }}
{%- endmacro %}

{#- Where the spend model is fitted: to customers who have paid something for a repeat purchase. -#}
{% macro spend_populations(statistics) -%}
    {%- set populations = [] -%}
    {%- set found = run_query(
        'select domain, period, segment, '
        ~ 'sum(customer_count * repeat_amount) / sum(customer_count * repeat_count) as mean_amount from '
        ~ statistics ~ ' group by 1, 2, 3 having sum(customer_count) >= '
        ~ least_repeat_buyers('segment') ~ ' order by 1, 2, 3'
    ) -%}
    {%- for row in found.rows -%}
        {%- do populations.append({
            'domain': row[0], 'period': row[1], 'segment': row[2],
            'start': [2.0, 3.0, row[3] | float],
        }) -%}
    {%- endfor -%}
    {{ return(populations) }}
{%- endmacro %}
