with outcomes as (
    select * from {{ ref('int_gaming_outcomes') }}
),

outcomes_by_stage as (
    select
        stage as source_stage,
        {% for reason in [
            'after as-of date', 'unknown player', 'anonymous visitor', 'repeated signup'
        ] -%}
        sum(case when outcome = '{{ reason }}' then total else 0 end)
            as {{ reason | replace(' ', '_') | replace('-', '_') }}_total,
        {% endfor %}
        sum(total) as source_total
    from outcomes
    group by 1
),

mart_totals as (
    {% for stage, source_stage, mart, total in [
        ('players', 'players', 'dim_customer', 'count(*)'),
        ('scores', 'players', 'customer_ltv_scoring', 'count(*)'),
        ('journeys', 'players', 'player_journeys', 'count(*)'),
        ('first purchase times', 'players', 'channel_first_purchase_times', 'sum(player_count)'),
        ('high-jackpot players', 'players', 'channel_high_jackpot_players', 'sum(player_count)'),
        ('value tiers', 'players', 'channel_value_tiers', 'sum(player_count)'),
        ('deposits', 'deposits', 'dim_customer', 
            from_minor_units('sum(total_deposit_amount_minor)')),
        ('purchases', 'purchases', 'dim_customer', 'sum(total_purchase_amount_usd)'),
        ('web events', 'web events', 'dim_customer', 'sum(total_web_events)'),
        ('ad spend', 'ad spend', 'campaign_return_on_ad_spend', 'sum(spend_usd)'),
        ('ad spend by channel', 'ad spend', 'channel_return_on_ad_spend', 'sum(spend_usd)'),
        ('first touch purchases', 'purchases', 'campaign_return_on_ad_spend',
            'sum(first_touch_purchase_usd)'),
        ('last touch purchases', 'purchases', 'campaign_return_on_ad_spend',
            'sum(last_touch_purchase_usd)'),
        ('first touch deposits', 'first deposits', 'campaign_return_on_ad_spend',
            'sum(first_touch_first_deposit_usd)'),
        ('last touch deposits', 'first deposits', 'campaign_return_on_ad_spend',
            'sum(last_touch_first_deposit_usd)'),
    ] -%}
    select
        '{{ stage }}' as stage,
        '{{ source_stage }}' as source_stage,
        cast({{ total }} as {{ type_money() }}) as mart_total
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        cast(mart_totals.stage as {{ dbt.type_string() }}) as stage,
        cast(coalesce(outcomes_by_stage.source_total, 0) as {{ type_money() }}) as source_total,
        cast(coalesce(mart_totals.mart_total, 0) as {{ type_money() }}) as mart_total,
        {% for reason in [
            'after_as_of_date', 'unknown_player', 'anonymous_visitor', 'repeated_signup'
        ] -%}
        cast(coalesce(outcomes_by_stage.{{ reason }}_total, 0) as {{ type_money() }})
            as {{ reason }}_total,
        {% endfor -%}
        cast(
            coalesce(outcomes_by_stage.source_total, 0)
            - coalesce(mart_totals.mart_total, 0)
            - coalesce(outcomes_by_stage.after_as_of_date_total, 0)
            - coalesce(outcomes_by_stage.unknown_player_total, 0)
            - coalesce(outcomes_by_stage.anonymous_visitor_total, 0)
            - coalesce(outcomes_by_stage.repeated_signup_total, 0) as {{ type_money() }}
        ) as unexplained_total,
        cast({{ as_of_date('gaming') }} as date) as as_of_date
    from mart_totals
    left join outcomes_by_stage
        on mart_totals.source_stage = outcomes_by_stage.source_stage
)

select * from final
