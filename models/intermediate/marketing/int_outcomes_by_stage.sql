with outcomes as (
    select * from {{ ref('int_traffic_outcomes') }}
    union all
    select * from {{ ref('int_conversion_outcomes') }}
),

final as (
    select
        stage,
        sum(case when outcome = 'attributed campaign' then total else 0 end)
            as by_attributed_campaign_total,
        sum(case when outcome = 'campaign of its session' then total else 0 end)
            as by_session_campaign_total,
        sum(case when outcome = 'no campaign' then total else 0 end) as no_campaign_total,
        sum(case when outcome = 'unknown campaign' then total else 0 end)
            as unknown_campaign_total,
        sum(case when outcome = 'no user' then total else 0 end) as no_user_total,
        sum(case when outcome = 'after the as-of date' then total else 0 end)
            as after_as_of_date_total
    from outcomes
    group by 1
)

select * from final
