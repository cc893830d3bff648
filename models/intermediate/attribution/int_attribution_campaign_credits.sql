{%- set models = journey_attribution_models() -%}
{%- set along_the_list -%}
partition by journey_source, attribution_model
                order by channel nulls last, coalesce(campaign_id, '') nulls last
{%- endset %}

with models as (
    select * from {{ ref('attribution_models') }}
    where is_enabled
),

totals as (
    select * from {{ ref('int_attribution_credit_totals') }}
),

markov_credits as (
    select * from {{ ref('int_attribution_markov_credits') }}
),

credits as (
    select
        totals.journey_source,
        totals.channel,
        totals.campaign_id,
        models.attribution_model,
        case models.attribution_model
            {%- for model in models %}
            when '{{ model }}' then totals.{{ model }}_conversions
            {%- endfor %}
        end as credited_conversions,
        case models.attribution_model
            {%- for model in models %}
            when '{{ model }}' then totals.{{ model }}_revenue
            {%- endfor %}
        end as credited_revenue
    from totals
    inner join models
        on models.markov_order is null
    union all
    select
        markov_credits.journey_source,
        markov_credits.channel,
        markov_credits.campaign_id,
        models.attribution_model,
        markov_credits.credited_conversions,
        markov_credits.credited_revenue
    from markov_credits
    inner join models
        on markov_credits.markov_order = models.markov_order
),

credits_so_far as (
    select
        *,
        -- A Markov credit's last digits differ by engine; they must not decide about half a cent.
        round(round(
            sum(credited_revenue) over (
                {{ along_the_list }} rows between unbounded preceding and current row
            ), 6
        ), 2) as revenue_so_far
    from credits
),

-- Cents are rounded along the list: no amount is a whole cent off, and their sum is the total.
final as (
    select
        journey_source,
        channel,
        campaign_id,
        attribution_model,
        credited_conversions,
        revenue_so_far
        - coalesce(lag(revenue_so_far) over ({{ along_the_list }}), 0) as credited_revenue
    from credits_so_far
)

select * from final
