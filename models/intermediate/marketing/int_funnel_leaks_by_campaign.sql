with stages as (
    select * from {{ ref('int_funnel_stages_by_campaign') }}
),

steps as (
    {% for step_number, step_rate, entered, minimum in [
        (1, 'click_through_rate', 'total_impressions', var('min_rated_impressions')),
        (2, 'click_to_session_rate', 'total_clicks', var('min_rated_clicks')),
        (3, 'session_to_conversion_rate', 'total_sessions', var('min_rated_sessions')),
    ] %}
    select
        campaign_id,
        {{ step_number }} as step_number,
        {{ step_rate }} as step_rate
    from stages
    where {{ entered }} >= {{ minimum }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

steps_ranked as (
    select
        step_number,
        step_rate,
        row_number() over (
            partition by step_number order by step_rate nulls last, campaign_id nulls last
        ) as rate_position,
        count(*) over (partition by step_number) as campaign_count
    from steps
),

-- The mean of the one or two steps in the middle: no engine-specific median needed.
medians as (
    select
        avg(case when step_number = 1 then step_rate end) as median_click_through_rate,
        avg(case when step_number = 2 then step_rate end) as median_click_to_session_rate,
        avg(case when step_number = 3 then step_rate end) as median_session_to_conversion_rate
    from steps_ranked
    where 2 * rate_position between campaign_count and campaign_count + 2
),

-- Those who pass a mended step go on at the campaign's own rate, where there is enough data.
stages_joined_to_medians as (
    select
        stages.*,
        medians.*,
        case
            when stages.total_clicks >= {{ var('min_rated_clicks') }}
                then stages.click_to_session_rate
            else coalesce(medians.median_click_to_session_rate, 0)
        end as onward_click_to_session_rate,
        case
            when stages.total_sessions >= {{ var('min_rated_sessions') }}
                then stages.session_to_conversion_rate
            else coalesce(medians.median_session_to_conversion_rate, 0)
        end as onward_session_to_conversion_rate
    from stages
    cross join medians
),

final as (
    select
        *,
        {{ people_lost_against_median(
            'total_impressions', var('min_rated_impressions'),
            'click_through_rate', 'median_click_through_rate'
        ) }} * onward_click_to_session_rate * onward_session_to_conversion_rate
            as conversions_lost_before_click,
        {{ people_lost_against_median(
            'total_clicks', var('min_rated_clicks'),
            'click_to_session_rate', 'median_click_to_session_rate'
        ) }} * onward_session_to_conversion_rate as conversions_lost_before_session,
        {{ people_lost_against_median(
            'total_sessions', var('min_rated_sessions'),
            'session_to_conversion_rate', 'median_session_to_conversion_rate'
        ) }} as conversions_lost_before_conversion
    from stages_joined_to_medians
)

select * from final
