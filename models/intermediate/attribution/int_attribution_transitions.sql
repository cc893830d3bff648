-- A state of a chain of order k is a window of k touches; a journey of fewer is one state. 0 is the
-- start, -1 the conversion, -2 the end without one. Equal states in a row count as one.
{%- set codes = ['code', 'previous_code_1', 'previous_code_2', 'previous_code_3'] %}

with windows_coded as (
    select
        windows.*,
        channels.channel_code as code,
        coalesce(previous_1.channel_code, 0) as previous_code_1,
        coalesce(previous_2.channel_code, 0) as previous_code_2,
        coalesce(previous_3.channel_code, 0) as previous_code_3
    from {{ ref('int_attribution_windows') }} as windows
    inner join {{ ref('int_attribution_channels') }} as channels
        on
            windows.journey_source = channels.journey_source
            and windows.channel = channels.channel
    {% for step in [1, 2, 3] %}
    left join {{ ref('int_attribution_channels') }} as previous_{{ step }}
        on
            windows.journey_source = previous_{{ step }}.journey_source
            and windows.previous_channel_{{ step }} = previous_{{ step }}.channel
    {% endfor %}
),

steps as (
    {% for order in [1, 2, 3] %}
    select
        journey_source,
        {{ order }} as markov_order,
        case
            when window_position <= {{ order }} then 0
            else {{ attribution_state(codes[1:order + 1]) }}
        end as from_state,
        {{ attribution_state(codes[:order]) }} as to_state,
        {% for place in [1, 2, 3] -%}
        {{ codes[place - 1] if place <= order else 0 }} as to_code_{{ place }},
        {% endfor -%}
        is_last,
        is_converted,
        journey_count,
        revenue
    from windows_coded
    where window_position >= {{ order }} or is_last
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        journey_source,
        markov_order,
        from_state,
        to_state,
        to_code_1,
        to_code_2,
        to_code_3,
        sum(journey_count) as journey_count,
        cast(0 as {{ type_money() }}) as revenue
    from steps
    where from_state <> to_state
    group by 1, 2, 3, 4, 5, 6, 7
    union all
    select
        journey_source,
        markov_order,
        to_state as from_state,
        case when is_converted then -1 else -2 end as to_state,
        0 as to_code_1,
        0 as to_code_2,
        0 as to_code_3,
        sum(journey_count) as journey_count,
        sum(case when is_converted then revenue else 0 end) as revenue
    from steps
    where is_last
    group by 1, 2, 3, 4
)

select * from final
