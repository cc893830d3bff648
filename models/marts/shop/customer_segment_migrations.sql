with history as (
    select * from {{ ref('customer_segment_history') }}
),

moves as (
    {{ moves_between_as_of_dates(
        'history', 'customer_id', 'customer_segment',
        new='New Customer Record', removed='Record Removed'
    ) }}
),

final as (
    select
        cast(as_of_date as date) as as_of_date,
        cast(previous_as_of_date as date) as previous_as_of_date,
        cast(previous_class as {{ dbt.type_string() }}) as previous_customer_segment,
        cast(class as {{ dbt.type_string() }}) as customer_segment,
        cast(member_count as {{ dbt.type_bigint() }}) as customer_count,
        {{ safe_ratio('member_count', 'previous_member_count') }} as share_rate,
        previous_class <> class as is_move
    from moves
)

select * from final
