{%- set fits = fitted_forecasts(ref('int_purchase_statistics'), ref('int_spend_statistics')) -%}
{%- set purchase_parameters = ['r', 'alpha', 'a', 'b'] -%}
{%- set spend_parameters = ['p', 'q', 'v'] -%}

with final as (
    {% for fit in fits or [{'purchases': {}, 'spend': {}}] %}
    select
        {{ text_literal(fit.purchases.domain) }} as domain,
        {{ text_literal(fit.purchases.period) }} as period,
        {{ text_literal(fit.purchases.segment) }} as segment,
        {{ fit_columns(fit.purchases, purchase_parameters, 'purchase') }},
        {{ fit_columns(fit.spend, spend_parameters, 'spend') }}
    {{ 'limit 0' if not fits }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
