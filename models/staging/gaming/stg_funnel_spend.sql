with raw_funnel_spend as (
    {{ raw_rows('lottery_raw', 'funnel_spend') }}
),

final as (
    select
        -- keys
        cast(campaign_name as {{ dbt.type_string() }}) as campaign_name,
        cast(channel as {{ dbt.type_string() }}) as channel,

        -- measures
        {{ from_minor_units('spend_inminor') }} as spend_usd,

        -- dates
        cast(date as date) as spend_date
    from raw_funnel_spend
)

select * from final
