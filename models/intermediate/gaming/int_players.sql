-- Who signs up again stays one player: the first signup counts.
with signups as (
    select * from {{ ref('stg_signups') }}
    where signup_date <= {{ as_of_date('gaming') }}
),

first_signups as (
    {{ first_row_per_key(
        'signups', 'user_id', ['signup_id', 'signup_timestamp', 'signup_date', 'country'],
        ['signup_timestamp', 'signup_id']
    ) }}
),

final as (
    select
        user_id,
        signup_id,
        signup_timestamp,
        signup_date,
        country
    from first_signups
)

select * from final
