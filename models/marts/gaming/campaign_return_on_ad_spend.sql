with campaigns as (
    select * from {{ ref('int_gaming_campaigns') }}
),

revenue as (
    select * from {{ ref('int_revenue_by_touches') }}
),

-- Stacked and summed, so that neither a campaign without revenue nor revenue without a campaign
-- gets lost, and spend counts once.
campaign_parts as (
    select
        campaign_name,
        'spend' as part,
        channel,
        spend_usd,
        0 as first_deposit_count,
        cast(0 as {{ type_money() }}) as first_deposit_usd,
        0 as purchase_count,
        cast(0 as {{ type_money() }}) as purchase_usd
    from campaigns
    {% for touch in ['first', 'last'] %}
    union all
    select
        {{ touch }}_campaign_name as campaign_name,
        '{{ touch }}_touch' as part,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(0 as {{ type_money() }}) as spend_usd,
        first_deposit_count,
        first_deposit_usd,
        purchase_count,
        purchase_usd
    from revenue
    {% endfor %}
),

campaign_totals as (
    select
        campaign_name,
        max(channel) as channel,
        {% for touch in ['first_touch', 'last_touch'] -%}
        {% for measure in [
            'first_deposit_count', 'first_deposit_usd', 'purchase_count', 'purchase_usd'
        ] -%}
        sum(case when part = '{{ touch }}' then {{ measure }} else 0 end)
            as {{ touch }}_{{ measure }},
        {% endfor -%}
        {% endfor -%}
        sum(spend_usd) as spend_usd
    from campaign_parts
    group by 1
),

final as (
    select
        cast(campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(
            case
                when channel is not null then channel
                when campaign_name = '(none)' then '(none)'
                else 'unknown'
            end as {{ dbt.type_string() }}
        ) as channel,
        cast(spend_usd as {{ type_money() }}) as spend_usd,
        {% for touch in ['first_touch', 'last_touch'] -%}
        cast({{ touch }}_first_deposit_count as {{ dbt.type_bigint() }})
            as {{ touch }}_first_deposit_count,
        cast({{ touch }}_first_deposit_usd as {{ type_money() }}) as {{ touch }}_first_deposit_usd,
        cast({{ touch }}_purchase_count as {{ dbt.type_bigint() }}) as {{ touch }}_purchase_count,
        cast({{ touch }}_purchase_usd as {{ type_money() }}) as {{ touch }}_purchase_usd,
        {{ safe_ratio(touch ~ '_first_deposit_usd', 'spend_usd', otherwise='null') }}
            as {{ touch }}_first_deposit_return_ratio,
        {{ safe_ratio(touch ~ '_purchase_usd', 'spend_usd', otherwise='null') }}
            as {{ touch }}_purchase_return_ratio,
        {{ safe_ratio('spend_usd', touch ~ '_first_deposit_count', otherwise='null') }}
            as {{ touch }}_cost_per_first_deposit_usd,
        {% endfor -%}
        cast({{ as_of_date('gaming') }} as date) as as_of_date
    from campaign_totals
)

select * from final
