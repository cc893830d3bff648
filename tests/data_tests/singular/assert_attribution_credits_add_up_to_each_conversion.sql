-- Does each model share out every conversion, whole? Conversions are counted from staging and from the orders.
{{ config(enabled='marketing' in var('domains') or 'shop' in var('domains') or 'finance' in var('domains')) }}
with conversions as (
    {% for domain in ['marketing', 'shop'] if is_built(domain) %}
    {% if domain == 'marketing' %}
    select
        'marketing' as journey_source,
        conversion_id
    from {{ ref('stg_conversions') }}
    where conversion_date <= {{ as_of_date('marketing') }}
    {% else %}
    select
        'shop' as journey_source,
        order_id as conversion_id
    from {{ ref('orders') }}
    where
        order_status_group = 'successful'
        and buyer_type <> 'test user'
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

models as (
    select * from {{ ref('attribution_models') }}
    where
        is_enabled
        and markov_order is null
),

credits as (
    select
        journey_source,
        conversion_id,
        attribution_model,
        sum(credit) as credit
    from {{ ref('attribution_credits') }}
    group by 1, 2, 3
),

expected as (
    select
        conversions.journey_source,
        conversions.conversion_id,
        models.attribution_model
    from conversions
    cross join models
),

compared as (
    select
        expected.journey_source,
        expected.conversion_id,
        expected.attribution_model,
        credits.credit
    from expected
    left join credits
        on
            expected.journey_source = credits.journey_source
            and expected.conversion_id = credits.conversion_id
            and expected.attribution_model = credits.attribution_model
)

select * from compared
where credit is null or abs(credit - 1) > 1e-9
