-- Do the rules of channels, the grades of cohorts and the classes of channels cover everything, and
-- can each grade be reached? Whether each channel can is tested at channel_rules.
-- `max` of a text: BigQuery wants an aggregate beside `having`, where nothing is grouped.
{{ config(enabled='shop' in var('domains') or 'finance' in var('domains')) }}

with problems as (
    select max('the last grade of cohort_quality must be the only one for every cohort') as problem
    from {{ ref('cohort_quality') }}
    having
        max(priority) <> coalesce(
            min(case when retention_above is null and value_above is null then priority end),
            max(priority) + 1
        )
    union all
    -- A grade is out of reach behind one that asks for no more, and where no retention is above.
    select 'no cohort reaches ' || later.cohort_quality || ' of cohort_quality' as problem
    from {{ ref('cohort_quality') }} as later
    left join {{ ref('cohort_quality') }} as earlier
        on
            later.priority > earlier.priority
            and coalesce(earlier.retention_above, -1) <= coalesce(later.retention_above, -1)
            and coalesce(earlier.value_above, -1) <= coalesce(later.value_above, -1)
    where
        earlier.priority is not null
        or later.retention_above >= 100
    union all
    select max('the last rule of channel_rules must be the only one for every order') as problem
    from {{ ref('channel_rules') }}
    having
        max(priority) <> coalesce(
            min(
                case
                    when
                        has_promotional_payment is null
                        and is_weekend is null
                        and is_high_value is null
                        then priority
                end
            ),
            max(priority) + 1
        )
    union all
    select max('no class of channel_classes begins at 0') as problem
    from {{ ref('channel_classes') }}
    having min(min_efficiency_score) <> 0
    union all
    select max('no class of channel_classes is for channels without orders') as problem
    from {{ ref('channel_classes') }}
    having sum(case when min_efficiency_score is null then 1 else 0 end) <> 1
)

select * from problems
