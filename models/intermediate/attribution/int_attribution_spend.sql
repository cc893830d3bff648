-- In the shop what a channel costs is what it gives away in coupons and gift cards.
with final as (
    {% for domain in ['marketing', 'shop'] if is_built(domain) %}
    {% if domain == 'marketing' %}
    select
        'marketing' as journey_source,
        channel,
        campaign_id,
        campaign_name,
        spend_amount
    from {{ ref('int_campaigns') }}
    {% else %}
    select
        'shop' as journey_source,
        attribution_channel as channel,
        cast(null as {{ dbt.type_string() }}) as campaign_id,
        cast(null as {{ dbt.type_string() }}) as campaign_name,
        sum(promotional_amount) as spend_amount
    from {{ ref('int_attribution_orders') }}
    group by 1, 2, 3, 4
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
