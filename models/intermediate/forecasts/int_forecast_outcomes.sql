with scores as (
    select * from {{ ref('int_forecast_scores') }}
    where
        period = 'backtest'
        and expected_purchases is not null
),

-- What was forecast one horizon ago, what happened, and two forecasts that anybody can make: that
-- customers go on at the mean rate so far, and that they buy as often again as so far.
outcomes as (
    select
        domain,
        customer_id,
        cast(repeat_count as {{ dbt.type_bigint() }}) as repeat_count,
        cast(later_count as {{ dbt.type_bigint() }}) as later_count,
        cast(later_amount as {{ type_money() }}) as later_amount,
        case when later_count > 0 then 1 else 0 end as active_count,
        purchase_probability_horizon as purchase_probability,
        expected_purchases,
        expected_value,
        {{ safe_ratio('repeat_count', 'age_days') }} * {{ var('forecast_horizon_days') }}
            as rate_purchases,
        cast(repeat_count as {{ type_double() }}) as same_purchases
    from scores
),

probabilities as (
    select
        domain,
        purchase_probability,
        count(*) - sum(active_count) as inactive_count
    from outcomes
    group by 1, 2
),

-- Inactive customers of a lower probability, and half of those of the same one: so many are ranked
-- rightly below an active customer.
probabilities_ranked as (
    select
        *,
        sum(inactive_count) over (
            partition by domain order by purchase_probability nulls last
            rows between unbounded preceding and current row
        ) - 0.5 * inactive_count as ranked_below_count
    from probabilities
),

final as (
    select
        outcomes.*,
        probabilities_ranked.ranked_below_count,
        row_number() over (
            partition by outcomes.domain
            order by
                outcomes.expected_purchases desc nulls last,
                outcomes.customer_id asc nulls last
        ) as expected_position,
        count(*) over (partition by outcomes.domain) as customer_count
    from outcomes
    inner join probabilities_ranked
        on
            outcomes.domain = probabilities_ranked.domain
            and outcomes.purchase_probability = probabilities_ranked.purchase_probability
)

select * from final
