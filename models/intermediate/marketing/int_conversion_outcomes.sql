with conversions as (
    select * from {{ ref('stg_conversions') }}
),

matched_conversions as (
    select * from {{ ref('int_conversions_matched_to_campaigns') }}
),

campaigns as (
    select * from {{ ref('int_campaigns') }}
),

campaign_outcomes as (
    select
        case
            when matched_conversions.campaign_id is not null and campaigns.campaign_id is null
                then 'unknown campaign'
            else matched_conversions.campaign_source
        end as outcome,
        matched_conversions.conversion_value
    from matched_conversions
    left join campaigns
        on matched_conversions.campaign_id = campaigns.campaign_id
    union all
    select
        'after the as-of date' as outcome,
        conversion_value
    from conversions
    where conversion_date > {{ as_of_date('marketing') }}
),

customer_outcomes as (
    select
        case
            when conversion_date > {{ as_of_date('marketing') }} then 'after the as-of date'
            when user_id is null then 'no user'
            else 'of a customer'
        end as outcome,
        conversion_value
    from conversions
),

final as (
    select
        'conversions' as stage,
        outcome,
        cast(count(*) as {{ type_money() }}) as total
    from campaign_outcomes
    group by 1, 2
    union all
    select
        'conversion value' as stage,
        outcome,
        cast(sum(conversion_value) as {{ type_money() }}) as total
    from campaign_outcomes
    group by 1, 2
    union all
    select
        'customer value' as stage,
        outcome,
        cast(sum(conversion_value) as {{ type_money() }}) as total
    from customer_outcomes
    group by 1, 2
)

select * from final
