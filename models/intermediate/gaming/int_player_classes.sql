-- Each class reaches up to the next one, so that a value has exactly one, whatever the rules say.
with classes as (
    select * from {{ ref('player_classes') }}
),

final as (
    select
        classification,
        class_name,
        at_least,
        lead(at_least) over (partition by classification order by at_least nulls last) as below
    from classes
)

select * from final
