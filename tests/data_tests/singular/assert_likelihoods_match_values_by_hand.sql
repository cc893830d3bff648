-- Do the likelihoods and their slopes by the logarithms of the parameters agree with values worked out by hand?
-- The model that asks for them has no SQL before it runs; here every engine's is compiled.
-- Purchases, all parameters 1: nobody back in 3 weeks has 1/4; back after 1 of 3 weeks 1/2 * 1/16 + 1/2 * 1/4.
-- Spend, all parameters 1: one order of 3 has 1 / (1 + 3)^2.
{%- set purchases = [{'domain': 'd', 'period': 'p', 'segment': 's', 'trial': [1.0, 1.0, 1.0, 1.0]}] -%}
{%- set spends = [{'domain': 'd', 'period': 'p', 'segment': 's', 'trial': [1.0, 1.0, 1.0]}] %}

with purchases as (
    {% for repeat_count, recency_weeks, customer_count in [(0, 0.0, 2), (1, 1.0, 1)] %}
    select
        'd' as domain,
        'p' as period,
        's' as segment,
        {{ repeat_count }} as repeat_count,
        cast({{ recency_weeks }} as {{ type_double() }}) as recency_weeks,
        cast(3 as {{ type_double() }}) as age_weeks,
        {{ customer_count }} as customer_count
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

spends as (
    select
        'd' as domain,
        'p' as period,
        's' as segment,
        1 as repeat_count,
        3 as repeat_amount,
        1 as customer_count
),

purchase_likelihoods as (
    {{ purchase_likelihood('purchases', 1, trials=purchases) }}
),

spend_likelihoods as (
    {{ spend_likelihood('spends', trials=spends) }}
),

compared as (
    {% for likelihoods, name, value in [
        ('purchase', 'log_likelihood', '-4.6288867126054075'),
        ('purchase', 'score_1', '-2.6043653389117155'),
        ('purchase', 'score_2', '1.6'),
        ('purchase', 'score_3', '0.3'),
        ('purchase', 'score_4', '-0.3'),
        ('spend', 'log_likelihood', '-2.772588722239781'),
        ('spend', 'score_1', '0.7123179275482191'),
        ('spend', 'score_2', '-0.3862943611198906'),
        ('spend', 'score_3', '0.5'),
    ] %}
    select
        '{{ likelihoods }} {{ name }}' as what,
        cast({{ value }} as {{ type_double() }}) as expected,
        {{ name }} as found
    from {{ likelihoods }}_likelihoods
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from compared
where found is null or abs(found - expected) > 1e-11
