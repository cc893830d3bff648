{#- Query: the likelihood of the purchase model BG/NBD (Fader, Hardie and Lee 2005, equation 6) at some trial
    parameters r, alpha, a and b, with its derivatives; see maximize_likelihood. `statistics` has customers
    counted by repeat_count, recency_weeks and age_weeks.

    The gamma functions come as sums of ln(r + j), j < repeat_count, so no engine needs to know them. What
    depends on the times is summed per number of purchases first: that is the part that grows with the data. -#}
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

times as (
    select
        trials.trial,
        trials.r,
        statistics.repeat_count,
        statistics.customer_count as n,
        trials.r + statistics.repeat_count as rx,
        case when statistics.repeat_count > 0 then ln(trials.a) - ln(trials.b + statistics.repeat_count - 1) end
            as log_odds_at_once,
        trials.alpha / (trials.alpha + statistics.age_weeks) as by_age,
        trials.alpha / (trials.alpha + statistics.recency_weeks) as by_recency,
        ln(trials.alpha + statistics.age_weeks) as log_age,
        ln(trials.alpha + statistics.age_weeks) - ln(trials.alpha + statistics.recency_weeks) as log_ratio
    from {{ statistics }} as statistics
    inner join trials
        on
            statistics.domain = trials.domain
            and statistics.period = trials.period
            and statistics.segment = trials.segment
),

-- The odds that a customer has left since the last purchase, and their first derivatives by the logarithms
-- of r and alpha; nobody leaves without a repeat purchase.
odds as (
    select
        *,
        log_odds_at_once + rx * log_ratio as log_odds,
        r * log_ratio as d_1,
        rx * (by_age - by_recency) as d_2
    from times
),

gone as (
    select
        *,
        case when repeat_count > 0 then 1.0 / (1.0 + {{ safe_exp('-log_odds') }}) else 0.0 end as p_gone,
        case
            when repeat_count > 0
                then greatest(log_odds, 0) + ln(1.0 + {{ safe_exp('-abs(log_odds)') }})
            else 0.0
        end as log_total_odds
    from odds
),

either as (
    select
        *,
        n * p_gone * (1.0 - p_gone) as n_either
    from gone
),

time_sums as (
    select
        trial,
        repeat_count,
        sum(n) as customer_count,
        {{ exact_sum('n * (log_total_odds - rx * log_age)') }} as time_log_likelihood,
        {{ exact_sum('n * (p_gone * d_1 - r * log_age)') }} as time_1,
        {{ exact_sum('n * (p_gone * (by_age - by_recency) - by_age)', digits=18) }} as time_2,
        {{ exact_sum('n * p_gone', digits=18) }} as n_gone,
        {{ exact_sum('n_either', digits=18) }} as n_either,
        {{ exact_sum('n_either * d_1') }} as either_1,
        {{ exact_sum('n_either * d_1 * d_1') }} as either_11,
        {{ exact_sum('n_either * d_2') }} as either_2,
        {{ exact_sum('n_either * d_2 * d_1') }} as either_21,
        {{ exact_sum(
            'n_either * d_2 * d_2'
            ~ ' - n * rx * ((1 - p_gone) * by_age * (1 - by_age) + p_gone * by_recency * (1 - by_recency))'
        ) }} as time_22
    from either
    group by 1, 2
),

sums as (
    select
        time_sums.*,
        trials.r, trials.alpha, trials.a, trials.b,
        counts.log_term,
        counts.r_sum, counts.r_squares, counts.b_sum, counts.b_squares, counts.ab_sum, counts.ab_squares,
        case when time_sums.repeat_count > 0 then trials.b / (trials.b + time_sums.repeat_count - 1) else 0.0 end
            as b_share
    from time_sums
    inner join trials
        on time_sums.trial = trials.trial
    inner join counts
        on
            time_sums.trial = counts.trial
            and time_sums.repeat_count = counts.repeat_count
),

scores as (
    select
        trial,
        customer_count,
        customer_count * (log_term + r * ln(alpha)) + time_log_likelihood as log_likelihood,
        customer_count * r * (r_sum + ln(alpha)) + time_1 as s_1,
        customer_count * r + (r + repeat_count) * time_2 as s_2,
        n_gone - customer_count * a * ab_sum as s_3,
        customer_count * b * (b_sum - ab_sum) - b_share * n_gone as s_4,
        customer_count * r * (r_sum + ln(alpha) - r * r_squares) + time_1 + either_11 as h_11,
        r * (customer_count + time_2) + either_21 as h_21,
        time_22 as h_22,
        either_1 as h_31,
        either_2 as h_32,
        customer_count * a * (a * ab_squares - ab_sum) + n_either as h_33,
        -b_share * either_1 as h_41,
        -b_share * either_2 as h_42,
        customer_count * a * b * ab_squares - b_share * n_either as h_43,
        customer_count * b * (b_sum - ab_sum + b * (ab_squares - b_squares))
        + b_share * ((b_share - 1) * n_gone + b_share * n_either) as h_44
    from sums
)

{{ likelihood_sums(4) }}
{%- endmacro %}
