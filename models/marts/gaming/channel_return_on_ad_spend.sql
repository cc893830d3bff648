with channels as (
    select
        channel,
        count(*) as campaign_count,
        {{ sum_columns([
            'spend_usd',
            'first_touch_first_deposit_count', 'first_touch_first_deposit_usd',
            'first_touch_purchase_count', 'first_touch_purchase_usd',
            'last_touch_first_deposit_count', 'last_touch_first_deposit_usd',
            'last_touch_purchase_count', 'last_touch_purchase_usd',
        ]) }}
    from {{ ref('campaign_return_on_ad_spend') }}
    group by 1
),

final as (
    select
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast(campaign_count as {{ dbt.type_bigint() }}) as campaign_count,
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
    from channels
)

select * from final
