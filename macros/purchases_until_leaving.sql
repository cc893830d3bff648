{#- Weeks of a month in the forecasts: 52.14 weeks of a year by 12, as published examples have it. -#}
{% macro weeks_per_month() -%}
    {{ return(4.345) }}
{%- endmacro %}

{#- Purchases expected within some weeks of a customer who buys until leaving, and leaves after a purchase with
    probability `p`: the rate is gamma distributed with `shape` and, after what was seen, `scale`
    weeks. The average over p is left to the caller. Near p = 0 by its series. -#}
{% macro purchases_until_leaving(p, shape, scale, weeks) -%}
    {%- set u = '(' ~ p ~ ' * ' ~ weeks ~ ' / ' ~ scale ~ ')' -%}
    (case
        when {{ u }} * ({{ shape }} + 1) < 0.0001
            then {{ shape }} * {{ weeks }} / {{ scale }} * (
                1 - ({{ shape }} + 1) / 2 * {{ u }}
                + ({{ shape }} + 1) * ({{ shape }} + 2) / 6 * {{ u }} * {{ u }}
            )
        else (1 - {{ safe_exp('-' ~ shape ~ ' * ln(1 + ' ~ u ~ ')') }}) / {{ p }}
    end)
{%- endmacro %}

{#- The same over 12 months, each month's purchases at what money is worth at its end. -#}
{% macro discounted_until_leaving(p, shape, scale) -%}
    {%- set discount = 1 / (1 + var('forecast_monthly_discount_rate') | float) -%}
    {%- for month in range(1, 13) -%}
        {{ discount ** month - (discount ** (month + 1) if month < 12 else 0) }}
        * {{ purchases_until_leaving(p, shape, scale, month * weeks_per_month()) }}
        {{- ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Probability that a customer who is still there buys within some days, at a rate with `shape` and
    `weeks_scale`: leaving comes after a purchase, so it does not matter. -#}
{% macro purchase_probability(days) -%}
    (1 - {{ safe_exp('-shape * ln(1 + ' ~ days ~ ' / weeks_scale / 7)') }})
{%- endmacro %}
