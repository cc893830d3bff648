{#- Query: the likelihood of the spend model Gamma-Gamma (Fader and Hardie 2013, equation 1a) at some trial
    parameters p, q and v, with its derivatives; see maximize_likelihood. `statistics` has customers
    counted by repeat_count and repeat_amount, the money of all repeat purchases together. -#}
{% macro spend_likelihood(statistics, trials) -%}
with trials as (
    {{ trial_values(trials, ['p', 'q', 'v']) }}
),

-- What depends on the amounts, summed per number of purchases: the part that grows with the data.
amounts as (
    select
        trials.trial,
        statistics.repeat_count,
        statistics.customer_count as n,
        cast(statistics.repeat_amount as {{ type_double() }}) as amount,
        cast(statistics.repeat_amount as {{ type_double() }}) + trials.v as amount_v,
        trials.v
    from {{ statistics }} as statistics
    inner join trials
        on
            statistics.domain = trials.domain
            and statistics.period = trials.period
            and statistics.segment = trials.segment
),

amount_sums as (
    select
        trial,
        repeat_count,
        sum(n) as customer_count,
        {{ exact_sum('n * ln(amount / amount_v)', digits=18) }} as log_share,
        {{ exact_sum('n * ln(amount_v)', digits=18) }} as log_amount_v,
        {{ exact_sum('n * (v / amount_v)', digits=18) }} as v_share,
        {{ exact_sum('n * (v / amount_v) * (amount / amount_v)', digits=18) }} as both_shares
    from amounts
    group by 1, 2
),

sums as (
    select
        amount_sums.*,
        trials.p * amount_sums.repeat_count as px,
        trials.q,
        trials.v
    from amount_sums
    inner join trials
        on amount_sums.trial = trials.trial
),

-- Long expressions, so each is written once, for three arguments per number of purchases.
arguments as (
    {%- for name, argument in [('pxq', 'px + q'), ('px', 'px'), ('q', 'q')] %}
    select trial, repeat_count, '{{ name }}' as name, {{ argument }} as z
    from sums
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

gammas as (
    select
        trial,
        repeat_count,
        name,
        {{ log_gamma('z') }} as log_gamma,
        {{ digamma('z') }} as digamma,
        {{ trigamma('z') }} as trigamma
    from arguments
),

gammas_by_count as (
    select
        trial,
        repeat_count,
        {%- for function in ['log_gamma', 'digamma', 'trigamma'] %}
        {%- for name in ['pxq', 'px', 'q'] %}
        max(case when name = '{{ name }}' then {{ function }} end) as {{ function }}_{{ name }},
        {%- endfor %}
        {%- endfor %}
        count(*) as argument_count
    from gammas
    group by 1, 2
),

scores as (
    select
        sums.trial,
        customer_count,
        customer_count * (log_gamma_pxq - log_gamma_px - log_gamma_q + q * ln(v) + ln(sums.repeat_count))
        + (px - 1) * log_share - (q + 1) * log_amount_v as log_likelihood,
        px * (customer_count * (digamma_pxq - digamma_px) + log_share) as s_1,
        q * (customer_count * (digamma_pxq - digamma_q + ln(v)) - log_amount_v) as s_2,
        customer_count * q - (px + q) * v_share as s_3,
        px * (customer_count * (digamma_pxq - digamma_px + px * (trigamma_pxq - trigamma_px)) + log_share) as h_11,
        customer_count * q * px * trigamma_pxq as h_21,
        q * (customer_count * (digamma_pxq - digamma_q + ln(v) + q * (trigamma_pxq - trigamma_q)) - log_amount_v)
            as h_22,
        -px * v_share as h_31,
        q * (customer_count - v_share) as h_32,
        -(px + q) * both_shares as h_33
    from sums
    inner join gammas_by_count
        on
            sums.trial = gammas_by_count.trial
            and sums.repeat_count = gammas_by_count.repeat_count
)

{{ likelihood_sums(3) }}
{%- endmacro %}
