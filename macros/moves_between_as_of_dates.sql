{#- Query: how many members of a history (a row per `key` and as_of_date) went from one class to another since the
    as-of date built before: as_of_date, previous_as_of_date, previous_class, class, member_count and the
    previous_member_count of all who were in the previous class. `new` and `removed` name the classes of
    members who were not there before, or are not any more. -#}
{% macro moves_between_as_of_dates(history, key, class, new, removed) -%}
    with as_of_dates as (
        select distinct as_of_date from {{ history }}
    ),

    as_of_dates_in_order as (
        select
            as_of_date,
            lag(as_of_date) over (order by as_of_date nulls last) as previous_as_of_date,
            lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date
        from as_of_dates
    ),

    -- Each date ends one step and begins the next: stacked, so that neither new nor removed members
    -- get lost.
    steps as (
        select
            dates.as_of_date,
            dates.previous_as_of_date,
            history.{{ key }} as member,
            cast(null as {{ dbt.type_string() }}) as previous_class,
            history.{{ class }} as class
        from {{ history }} as history
        inner join as_of_dates_in_order as dates
            on history.as_of_date = dates.as_of_date
        where dates.previous_as_of_date is not null
        union all
        select
            dates.next_as_of_date as as_of_date,
            dates.as_of_date as previous_as_of_date,
            history.{{ key }} as member,
            history.{{ class }} as previous_class,
            cast(null as {{ dbt.type_string() }}) as class
        from {{ history }} as history
        inner join as_of_dates_in_order as dates
            on history.as_of_date = dates.as_of_date
        where dates.next_as_of_date is not null
    ),

    members as (
        select
            as_of_date,
            previous_as_of_date,
            member,
            coalesce(max(previous_class), '{{ new }}') as previous_class,
            coalesce(max(class), '{{ removed }}') as class
        from steps
        group by 1, 2, 3
    ),

    moves as (
        select
            as_of_date,
            previous_as_of_date,
            previous_class,
            class,
            count(*) as member_count
        from members
        group by 1, 2, 3, 4
    )

    select
        *,
        sum(member_count) over (partition by as_of_date, previous_class) as previous_member_count
    from moves
{%- endmacro %}
