-- Do the values of channels and cohorts add up to the customers and to the spend?
{{ config(enabled='marketing' in var('domains')) }}

with customers as (
    select
        acquisition_channel,
        count(*) as customer_count,
        sum(case when is_repeat_customer then 1 else 0 end) as repeat_customer_count,
        sum(total_conversions) as purchase_count,
        sum(total_revenue) as revenue_amount
    from {{ ref('customer_lifetime_value') }}
    group by 1
),

spend as (
    select
        channel,
        sum(spend_amount) as spend_amount
    from {{ ref('channel_funnel') }}
    group by 1
),

{% for mart in ['channel_lifetime_value', 'acquisition_cohort_value'] %}
{{ mart }}_totals as (
    select
        acquisition_channel,
        sum(customer_count) as customer_count,
        sum(repeat_customer_count) as repeat_customer_count,
        sum(purchase_count) as purchase_count,
        sum(revenue_amount) as revenue_amount,
        sum(spend_amount) as spend_amount
    from {{ ref(mart) }}
    group by 1
),
{% endfor %}

compared as (
    {% for mart in ['channel_lifetime_value', 'acquisition_cohort_value'] %}
    {% for measure in [
        'customer_count', 'repeat_customer_count', 'purchase_count', 'revenue_amount',
    ] %}
    select
        '{{ measure }} of {{ mart }}, '
        || coalesce(
            customers.acquisition_channel, {{ mart }}_totals.acquisition_channel
        )
            as measure,
        cast(coalesce(customers.{{ measure }}, 0) as {{ type_money() }})
            as expected,
        cast(coalesce({{ mart }}_totals.{{ measure }}, 0) as {{ type_money() }})
            as found
    from customers
    full outer join {{ mart }}_totals
        on customers.acquisition_channel = {{ mart }}_totals.acquisition_channel
    union all
    {% endfor %}
    select
        'spend_amount of {{ mart }}, '
        || coalesce(spend.channel, {{ mart }}_totals.acquisition_channel) as measure,
        cast(coalesce(spend.spend_amount, 0) as {{ type_money() }})
            as expected,
        cast(coalesce({{ mart }}_totals.spend_amount, 0) as {{ type_money() }})
            as found
    from spend
    full outer join {{ mart }}_totals
        on spend.channel = {{ mart }}_totals.acquisition_channel
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from compared
where expected <> found
