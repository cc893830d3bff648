with paths as (
    select * from {{ ref('int_attribution_paths') }}
),

paths_ranked as (
    select
        *,
        row_number() over (
            partition by journey_source
            order by
                conversion_count desc nulls last,
                journey_count desc nulls last,
                {% for step in range(1, 9) -%}
                coalesce(channel_{{ step }}, '') nulls last,
                {% endfor -%}
                is_shortened nulls last
        ) as conversion_rank,
        row_number() over (
            partition by journey_source
            order by
                journey_count - conversion_count desc nulls last,
                journey_count desc nulls last,
                {% for step in range(1, 9) -%}
                coalesce(channel_{{ step }}, '') nulls last,
                {% endfor -%}
                is_shortened nulls last
        ) as no_conversion_rank
    from paths
),

paths_chosen as (
    select
        *,
        (conversion_rank <= {{ var('attribution_top_paths') }} and conversion_count > 0)
        or (
            no_conversion_rank <= {{ var('attribution_top_paths') }}
            and conversion_count < journey_count
        ) as is_chosen
    from paths_ranked
),

-- The paths that are not chosen make one row, so that the journeys add up.
paths_named as (
    select
        journey_source,
        case when is_chosen then conversion_rank end as conversion_rank,
        case when is_chosen then no_conversion_rank end as no_conversion_rank,
        {% for step in range(1, 9) -%}
        case when is_chosen then channel_{{ step }} end as channel_{{ step }},
        {% endfor -%}
        is_chosen,
        is_chosen and is_shortened as is_shortened,
        journey_count,
        conversion_count,
        revenue,
        touch_count,
        days_to_conversion
    from paths_chosen
),

final as (
    select
        cast(journey_source as {{ dbt.type_string() }}) as journey_source,
        cast(
            case
                when not is_chosen then '(all others)'
                else {{ path_text() }}
            end as {{ dbt.type_string() }}
        ) as channel_path,
        cast(conversion_rank as {{ dbt.type_int() }}) as conversion_rank,
        cast(no_conversion_rank as {{ dbt.type_int() }}) as no_conversion_rank,
        cast(sum(journey_count) as {{ dbt.type_bigint() }}) as journey_count,
        cast(sum(conversion_count) as {{ dbt.type_bigint() }}) as conversion_count,
        {{ safe_ratio('sum(conversion_count)', 'sum(journey_count)') }} as conversion_rate,
        cast(coalesce(sum(revenue), 0) as {{ type_money() }}) as revenue,
        {{ safe_ratio('sum(touch_count)', 'sum(journey_count)') }} as avg_touches,
        {{ safe_ratio('sum(days_to_conversion)', 'sum(conversion_count)', otherwise='null') }}
            as avg_days_to_conversion
    from paths_named
    group by 1, 2, 3, 4
)

select * from final
