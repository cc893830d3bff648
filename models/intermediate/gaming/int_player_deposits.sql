with deposits as (
    select * from {{ ref('stg_deposits') }}
    where
        deposit_date <= {{ as_of_date('gaming') }}
        and user_id is not null
),

final as (
    {{ first_and_last_per_key(
        'deposits', 'user_id', 'deposit_amount_minor', ['deposit_timestamp', 'deposit_id'],
        {
            'total_deposits': 'count(*)',
            'total_deposit_amount_minor': 'sum(deposit_amount_minor)',
            'first_deposit_timestamp': 'min(deposit_timestamp)',
            'last_deposit_timestamp': 'max(deposit_timestamp)',
        }
    ) }}
)

select * from final
