{%- set first_days = var('attribution_acquisition_lookback_days') | int -%}
{%- set other_days = var('attribution_lookback_days') | int %}

with conversions as (
    {% for domain in ['marketing', 'shop'] if is_built(domain) %}
    {% if domain == 'marketing' %}
    select
        'marketing' as journey_source,
        conversion_id,
        user_id as person_id,
        conversion_value as revenue,
        converted_at,
        conversion_date
    from {{ ref('stg_conversions') }}
    where conversion_date <= {{ as_of_date('marketing') }}
    {% else %}
    select
        'shop' as journey_source,
        order_id as conversion_id,
        person_id,
        amount as revenue,
        ordered_at as converted_at,
        order_date as conversion_date
    from {{ ref('int_attribution_orders') }}
    {% endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

conversions_in_order as (
    select
        *,
        person_id is not null
        and row_number() over (
            partition by journey_source, person_id
            order by converted_at nulls last, conversion_id nulls last
        ) = 1 as is_acquisition
    from conversions
),

final as (
    select
        journey_source,
        conversion_id,
        person_id,
        is_acquisition,
        revenue,
        converted_at,
        conversion_date,
        cast(
            case
                when is_acquisition
                    then {{ dbt.dateadd('day', -first_days, 'conversion_date') }}
                else {{ dbt.dateadd('day', -other_days, 'conversion_date') }}
            end as date
        ) as lookback_start_date
    from conversions_in_order
)

select * from final
