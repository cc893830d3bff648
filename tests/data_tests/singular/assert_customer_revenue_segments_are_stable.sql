-- Did the segments of customers stay about as they were on the as-of date built before? Warns where the
-- size of a segment moved by more than var segment_shift_rate of what it was, or more than that
-- share of the customers changed segment. Read by finance and growth.
-- It compares two dates. A change of code, of a var or of raw data that is built again on the same
-- date is not what it finds: that build replaces the date's rows of the history.
{{ config(enabled='finance' in var('domains'), severity='warn') }}

with history as (
    select * from {{ ref('customer_revenue_segment_history') }}
),

earlier_dates as (
    select max(as_of_date) as as_of_date from history
    where as_of_date < {{ as_of_date('shop') }}
),

before as (
    select history.*
    from history
    inner join earlier_dates
        on history.as_of_date = earlier_dates.as_of_date
),

now as (
    select * from {{ ref('mart_customer_revenue') }}
),

segments as (
    {% for segment in ['High', 'Medium', 'Low'] %}
    select '{{ segment }}' as cltv_segment
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sizes_before as (
    select
        cltv_segment,
        count(*) as customer_count
    from before
    group by 1
),

sizes_now as (
    select
        cltv_segment,
        count(*) as customer_count
    from now
    group by 1
),

compared as (
    select
        'customers in ' || segments.cltv_segment as measure,
        coalesce(sizes_before.customer_count, 0) as expected,
        coalesce(sizes_now.customer_count, 0) as found,
        coalesce(sizes_before.customer_count, 0) as base
    from segments
    left join sizes_before
        on segments.cltv_segment = sizes_before.cltv_segment
    left join sizes_now
        on segments.cltv_segment = sizes_now.cltv_segment
    union all
    select
        'customers who changed segment' as measure,
        0 as expected,
        coalesce(sum(case when before.cltv_segment <> now.cltv_segment then 1 else 0 end), 0)
            as found,
        count(*) as base
    from before
    inner join now
        on before.customer_id = now.customer_id
),

baseline as (
    select count(*) as row_count from before
)

select compared.*
from compared
cross join baseline
where
    baseline.row_count > 0
    and abs(compared.found - compared.expected) > {{ var('segment_shift_rate') }} * compared.base
