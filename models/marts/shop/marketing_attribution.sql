with channels as (
    select * from {{ ref('int_channel_performance') }}
),

classes as (
    select * from {{ ref('channel_classes') }}
),

best_values as (
    select
        max(avg_order_value) as avg_order_value,
        max(repeat_rate) as repeat_rate,
        max(new_customer_count) as new_customer_count,
        sum(successful_revenue) as shop_revenue
    from channels
),

channels_scored as (
    select
        channels.*,
        best_values.shop_revenue,
        -- To nine digits: a double may hold 75 as a little less, and miss its class.
        cast(100 * (
            {{ var('efficiency_order_value_weight') }}
            * {{ safe_ratio('channels.avg_order_value', 'best_values.avg_order_value') }}
            + {{ var('efficiency_repeat_weight') }}
            * {{ safe_ratio('channels.repeat_rate', 'best_values.repeat_rate') }}
            + {{ var('efficiency_new_customer_weight') }}
            * {{ safe_ratio('channels.new_customer_count', 'best_values.new_customer_count') }}
        ) as {{ type_decimal(18, 9) }}) as channel_efficiency_score
    from channels
    cross join best_values
),

classes_reached as (
    select
        channels_scored.attribution_channel,
        max(classes.min_efficiency_score) as min_efficiency_score
    from channels_scored
    inner join classes
        on channels_scored.channel_efficiency_score >= classes.min_efficiency_score
    where channels_scored.successful_order_count > 0
    group by 1
),

channels_classified as (
    select
        channels_scored.*,
        classes.channel_classification,
        classes.optimization_recommendation
    from channels_scored
    left join classes_reached
        on channels_scored.attribution_channel = classes_reached.attribution_channel
    -- The class without a bound is for channels without a successful order.
    left join classes
        on
            coalesce(classes_reached.min_efficiency_score, -1)
            = coalesce(classes.min_efficiency_score, -1)
),

final as (
    select
        cast(channels_classified.attribution_channel as {{ dbt.type_string() }})
            as attribution_channel,
        cast(channels_classified.successful_order_count as {{ dbt.type_bigint() }})
            as total_conversions,
        cast(channels_classified.successful_revenue as {{ type_money() }}) as total_revenue,
        cast(channels_classified.channel_efficiency_score as {{ type_double() }})
            as channel_efficiency_score,
        cast(channels_classified.channel_classification as {{ dbt.type_string() }})
            as channel_classification,
        cast(channels_classified.optimization_recommendation as {{ dbt.type_string() }})
            as optimization_recommendation,
        cast(channels_classified.order_count as {{ dbt.type_bigint() }}) as order_count,
        cast(channels_classified.pending_revenue as {{ type_money() }}) as pending_revenue,
        cast(channels_classified.returned_revenue as {{ type_money() }}) as returned_revenue,
        cast(channels_classified.gross_revenue as {{ type_money() }}) as gross_revenue,
        cast(channels_classified.new_customer_count as {{ dbt.type_bigint() }})
            as new_customer_count,
        cast(channels_classified.repeat_customer_count as {{ dbt.type_bigint() }})
            as repeat_customer_count,
        cast(channels_classified.repeat_rate as {{ type_double() }}) as repeat_rate,
        cast(channels_classified.first_touch_revenue as {{ type_money() }}) as first_touch_revenue,
        cast(channels_classified.last_touch_revenue as {{ type_money() }}) as last_touch_revenue,
        cast(channels_classified.avg_order_value as {{ type_double() }}) as avg_order_value,
        cast(channels_classified.promotional_amount as {{ type_money() }}) as promotional_amount,
        {{ safe_ratio(
            'channels_classified.promotional_amount', 'channels_classified.successful_revenue'
        ) }} as promotional_dependency_rate,
        {{ safe_ratio(
            'channels_classified.promotional_amount',
            'channels_classified.new_customer_count',
            otherwise='null'
        ) }} as acquisition_cost_proxy,
        {{ safe_ratio(
            'channels_classified.successful_revenue * ' ~ var('gross_margin_rate')
            ~ ' - channels_classified.promotional_amount',
            'channels_classified.promotional_amount',
            otherwise='null'
        ) }}
            as channel_return_ratio,
        {{ safe_ratio(
            'channels_classified.successful_revenue', 'channels_classified.shop_revenue'
        ) }} as revenue_share_rate,
        cast({{ as_of_date('shop') }} as date) as as_of_date
    from channels_classified
)

select * from final
