{#- Query: the likelihood of the spend model Gamma-Gamma (Fader and Hardie 2013, equation 1a) at some trial
    parameters p, q and v, with its derivatives; see maximize_likelihood. `statistics` has customers
    counted by repeat_count and repeat_amount, the money of all repeat purchases together. -#}
{% macro spend_likelihood(statistics, trials) -%}
with trials as (
    {{ trial_values(trials, ['p', 'q', 'v']) }}
),

repeats as (
    select distinct domain, period, segment, repeat_count
    from {{ statistics }}
),

-- What depends on the number of purchases only, once per number.
counts as (
    select
        trials.*,
        repeats.repeat_count as x,
        {{ log_gamma('(p * repeats.repeat_count + q)') }}
        - {{ log_gamma('(p * repeats.repeat_count)') }} - {{ log_gamma('q') }} as log_term,
        {{ digamma('(p * repeats.repeat_count + q)') }} as digamma_pxq,
        {{ digamma('(p * repeats.repeat_count)') }} as digamma_px,
        {{ digamma('q') }} as digamma_q,
        {{ trigamma('(p * repeats.repeat_count + q)') }} as trigamma_pxq,
        {{ trigamma('(p * repeats.repeat_count)') }} as trigamma_px,
        {{ trigamma('q') }} as trigamma_q
    from trials
    inner join repeats
        on
            trials.domain = repeats.domain
            and trials.period = repeats.period
            and trials.segment = repeats.segment
),

customers as (
    select
        counts.*,
        statistics.customer_count as n,
        ln(cast(statistics.repeat_amount as {{ type_double() }})) as log_amount,
        ln(cast(statistics.repeat_amount as {{ type_double() }}) / counts.x) as log_mean_amount,
        ln(cast(statistics.repeat_amount as {{ type_double() }}) + counts.v) as log_amount_v,
        1.0 / (cast(statistics.repeat_amount as {{ type_double() }}) + counts.v) as per_amount_v
    from {{ statistics }} as statistics
    inner join counts
        on
            statistics.domain = counts.domain
            and statistics.period = counts.period
            and statistics.segment = counts.segment
            and statistics.repeat_count = counts.x
),

scores as (
    select
        trial, n, p, q, v,
        log_term + q * ln(v) + p * x * log_amount - log_mean_amount
        - (p * x + q) * log_amount_v as log_likelihood,
        p * x * (digamma_pxq - digamma_px + log_amount - log_amount_v) as s_1,
        q * (digamma_pxq - digamma_q + ln(v) - log_amount_v) as s_2,
        v * (q / v - (p * x + q) * per_amount_v) as s_3,
        p * p * x * x * (trigamma_pxq - trigamma_px) as h_11,
        q * p * x * trigamma_pxq as h_21,
        q * q * (trigamma_pxq - trigamma_q) as h_22,
        -v * p * x * per_amount_v as h_31,
        v * q * (1.0 / v - per_amount_v) as h_32,
        v * v * ((p * x + q) * per_amount_v * per_amount_v - q / (v * v)) as h_33
    from customers
)

{{ likelihood_sums(3) }}
{%- endmacro %}
