{#- Query: the likelihood of the purchase model BG/NBD (Fader, Hardie and Lee 2005, equation 6) at some trial
    parameters r, alpha, a and b, with its derivatives; see maximize_likelihood. `statistics` has customers
    counted by repeat_count, recency_weeks and age_weeks.

    The gamma functions come as sums of ln(r + j), j < repeat_count, so no engine needs to know them. -#}
{% macro purchase_likelihood(statistics, max_repeat_count, trials) -%}
with trials as (
    {{ trial_values(trials, ['r', 'alpha', 'a', 'b']) }}
),

repeats as (
    {{ dbt.generate_series([max_repeat_count, 1] | max) }}
),

-- What one purchase more adds.
additions as (
    select
        trials.trial,
        repeats.generated_number as repeat_count,
        ln(trials.r + repeats.generated_number - 1)
        + ln(trials.b + repeats.generated_number - 1)
        - ln(trials.a + trials.b + repeats.generated_number - 1) as log_term,
        1.0 / (trials.r + repeats.generated_number - 1) as r_term,
        1.0 / (trials.b + repeats.generated_number - 1) as b_term,
        1.0 / (trials.a + trials.b + repeats.generated_number - 1) as ab_term
    from trials
    cross join repeats
),

counts as (
    select trial, cast(0 as {{ dbt.type_bigint() }}) as repeat_count,
        {%- for name in ['log_term', 'r_sum', 'r_squares', 'b_sum', 'b_squares', 'ab_sum', 'ab_squares'] %}
        cast(0 as {{ type_double() }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from trials
    union all
    select
        trial,
        cast(repeat_count as {{ dbt.type_bigint() }}) as repeat_count,
        {%- for name, term in [
            ('log_term', 'log_term'),
            ('r_sum', 'r_term'), ('r_squares', 'r_term * r_term'),
            ('b_sum', 'b_term'), ('b_squares', 'b_term * b_term'),
            ('ab_sum', 'ab_term'), ('ab_squares', 'ab_term * ab_term'),
        ] %}
        sum({{ term }}) over (
            partition by trial order by repeat_count nulls last
            rows between unbounded preceding and current row
        ) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from additions
),

customers as (
    select
        trials.*,
        statistics.customer_count as n,
        counts.log_term,
        counts.r_sum, counts.r_squares, counts.b_sum, counts.b_squares,
        counts.ab_sum, counts.ab_squares,
        trials.r + statistics.repeat_count as rx,
        case when statistics.repeat_count > 0 then 1.0 else 0.0 end as is_repeat,
        trials.b + statistics.repeat_count - 1 as bx,
        trials.alpha + statistics.age_weeks as at_age,
        trials.alpha + statistics.recency_weeks as at_recency,
        ln(trials.alpha + statistics.age_weeks) as log_age,
        ln(trials.alpha + statistics.recency_weeks) as log_recency
    from {{ statistics }} as statistics
    inner join trials
        on
            statistics.domain = trials.domain
            and statistics.period = trials.period
            and statistics.segment = trials.segment
    inner join counts
        on
            trials.trial = counts.trial
            and statistics.repeat_count = counts.repeat_count
),

-- The odds that a customer has left since the last purchase; nobody leaves without a repeat purchase.
odds as (
    select
        *,
        case
            when is_repeat = 1 then ln(a) - ln(bx) + rx * (log_age - log_recency)
        end as log_odds
    from customers
),

gone as (
    select
        *,
        case when is_repeat = 1 then 1.0 / (1.0 + {{ safe_exp('-log_odds') }}) else 0.0 end as p_gone,
        case
            when is_repeat = 1
                then greatest(log_odds, 0) + ln(1.0 + {{ safe_exp('-abs(log_odds)') }})
            else 0.0
        end as log_total_odds
    from odds
),

-- First and second derivatives by the parameters: s_ of the terms that all customers share, d_ of the
-- log odds of having left.
derivatives as (
    select
        *,
        log_age - log_recency as d_r,
        rx * (1.0 / at_age - 1.0 / at_recency) as d_alpha,
        is_repeat / a as d_a,
        -is_repeat / case when is_repeat = 1 then bx else 1.0 end as d_b,
        p_gone * (1.0 - p_gone) as p_either
    from gone
),

scores as (
    select
        trial, n, r, alpha, a, b,
        log_term + r * ln(alpha) - rx * log_age + log_total_odds as log_likelihood,
        r * (r_sum + ln(alpha) - log_age + p_gone * d_r) as s_1,
        alpha * (r / alpha - rx / at_age + p_gone * d_alpha) as s_2,
        a * (p_gone * d_a - ab_sum) as s_3,
        b * (b_sum - ab_sum + p_gone * d_b) as s_4,
        r * r * (p_either * d_r * d_r - r_squares) as h_11,
        alpha * r * (
            1.0 / alpha - 1.0 / at_age
            + p_gone * (1.0 / at_age - 1.0 / at_recency) + p_either * d_r * d_alpha
        ) as h_21,
        alpha * alpha * (
            rx / (at_age * at_age) - r / (alpha * alpha)
            + p_gone * rx * (1.0 / (at_recency * at_recency) - 1.0 / (at_age * at_age))
            + p_either * d_alpha * d_alpha
        ) as h_22,
        a * r * p_either * d_a * d_r as h_31,
        a * alpha * p_either * d_a * d_alpha as h_32,
        a * a * (ab_squares - p_gone * d_a * d_a + p_either * d_a * d_a) as h_33,
        b * r * p_either * d_b * d_r as h_41,
        b * alpha * p_either * d_b * d_alpha as h_42,
        b * a * (ab_squares + p_either * d_b * d_a) as h_43,
        b * b * (ab_squares - b_squares + p_gone * d_b * d_b + p_either * d_b * d_b) as h_44
    from derivatives
)

{{ likelihood_sums(4) }}
{%- endmacro %}
