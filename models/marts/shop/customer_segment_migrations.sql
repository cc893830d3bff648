with history as (
    select * from {{ ref('customer_segment_history') }}
),

as_of_dates as (
    select distinct as_of_date from history
),

as_of_dates_in_order as (
    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_as_of_date,
        lead(as_of_date) over (order by as_of_date) as next_as_of_date
    from as_of_dates
),

-- Each date ends one step and begins the next: stacked, so that neither new nor removed customers
-- get lost.
steps as (
    select
        dates.as_of_date,
        dates.previous_as_of_date,
        history.customer_id,
        cast(null as {{ dbt.type_string() }}) as previous_customer_segment,
        history.customer_segment
    from history
    inner join as_of_dates_in_order as dates
        on history.as_of_date = dates.as_of_date
    where dates.previous_as_of_date is not null
    union all
    select
        dates.next_as_of_date as as_of_date,
        dates.as_of_date as previous_as_of_date,
        history.customer_id,
        history.customer_segment as previous_customer_segment,
        cast(null as {{ dbt.type_string() }}) as customer_segment
    from history
    inner join as_of_dates_in_order as dates
        on history.as_of_date = dates.as_of_date
    where dates.next_as_of_date is not null
),

customers as (
    select
        as_of_date,
        previous_as_of_date,
        customer_id,
        coalesce(max(previous_customer_segment), 'New Customer Record')
            as previous_customer_segment,
        coalesce(max(customer_segment), 'Record Removed') as customer_segment
    from steps
    group by 1, 2, 3
),

moves as (
    select
        as_of_date,
        previous_as_of_date,
        previous_customer_segment,
        customer_segment,
        count(*) as customer_count
    from customers
    group by 1, 2, 3, 4
),

moves_with_totals as (
    select
        *,
        sum(customer_count) over (partition by as_of_date, previous_customer_segment)
            as previous_customer_count
    from moves
),

final as (
    select
        cast(as_of_date as date) as as_of_date,
        cast(previous_as_of_date as date) as previous_as_of_date,
        cast(previous_customer_segment as {{ dbt.type_string() }}) as previous_customer_segment,
        cast(customer_segment as {{ dbt.type_string() }}) as customer_segment,
        cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
        {{ safe_ratio('customer_count', 'previous_customer_count') }} as share_rate,
        previous_customer_segment <> customer_segment as is_move
    from moves_with_totals
)

select * from final
