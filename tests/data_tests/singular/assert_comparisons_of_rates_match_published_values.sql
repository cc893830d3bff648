-- Do the test of two rates and its interval agree with statsmodels' proportions_ztest and
-- confint_proportions_2indep (method newcomb)?
{{ config(enabled=((var('confidence_z') | float) - 1.959963984540054) | abs < 1e-9) }}

with published as (
    {% for successes, trials, other_successes, other_trials, z, p, lower_bound, upper_bound in [
        (120, 2400, 168, 2400, '-2.91729982996', '0.00353076191783', '0.00656709337161', '0.0335423480143'),
        (30, 1000, 45, 1000, '-1.76546965901', '0.0774848651326', '-0.00178649130658', '0.0321728628339'),
        (5, 40, 11, 38, '-1.79808277211', '0.0721638918963', '-0.0166205196147', '0.337539406005'),
        (2457, 100000, 2600, 100000, '-2.03681101933', '0.0416689836215', '5.38262764905e-05', '0.00280680606436'),
    ] %}
    select
        {{ successes }} as successes,
        {{ trials }} as trials,
        {{ other_successes }} as other_successes,
        {{ other_trials }} as other_trials,
        cast({{ z }} as {{ type_double() }}) as z,
        cast({{ p }} as {{ type_double() }}) as p,
        cast({{ lower_bound }} as {{ type_double() }}) as lower_bound,
        cast({{ upper_bound }} as {{ type_double() }}) as upper_bound
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

found as (
    select
        *,
        {{ pooled_z(['successes', 'trials'], ['other_successes', 'other_trials']) }} as found_z,
        {{ newcombe_bound(
            ['other_successes', 'other_trials'], ['successes', 'trials'], 'lower'
        ) }} as found_lower_bound,
        {{ newcombe_bound(
            ['other_successes', 'other_trials'], ['successes', 'trials'], 'upper'
        ) }} as found_upper_bound
    from published
),

tested as (
    select
        *,
        {{ two_sided_p('found_z') }} as found_p
    from found
)

select * from tested
where
    -- Below ten successes there is no test, but an interval.
    (found_z is null) <> (successes < 10 or other_successes < 10)
    or abs(found_z - z) > 1e-10
    or abs(found_p - p) > 1e-12
    or found_lower_bound is null
    or abs(found_lower_bound - lower_bound) > 1e-12
    or abs(found_upper_bound - upper_bound) > 1e-12
