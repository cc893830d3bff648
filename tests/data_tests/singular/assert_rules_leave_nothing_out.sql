-- Do the grades of cohorts and the classes of channels cover everything?
with problems as (
    select 'no grade of cohort_quality holds for every cohort' as problem
    from {{ ref('cohort_quality') }}
    having sum(case when retention_above is null and value_above is null then 1 else 0 end) = 0
    union all
    select 'no class of channel_classes begins at 0' as problem
    from {{ ref('channel_classes') }}
    having min(min_efficiency_score) <> 0
    union all
    select 'no class of channel_classes is for channels without orders' as problem
    from {{ ref('channel_classes') }}
    having sum(case when min_efficiency_score is null then 1 else 0 end) <> 1
)

select * from problems
