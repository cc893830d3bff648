{#- Day after which an incremental model of the shop takes every row anew: the latest built day that is
    not in the future of the as-of date, less var incremental_lookback_days. -#}
{% macro lookback_start_date() -%}
    (
        select
            coalesce(
                cast(
                    {{ dbt.dateadd('day', -(var('incremental_lookback_days') | int), 'max(order_date)') }}
                    as date
                ),
                cast('1900-01-01' as date)
            )
        from {{ this }}
        where order_date <= {{ as_of_date('shop') }}
    )
{%- endmacro %}
