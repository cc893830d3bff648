{#- The logarithm of the gamma function and its first two derivatives for z > 0, which most engines lack:
    Stirling's series (Abramowitz and Stegun 6.1.41, 6.3.18, 6.4.12) at z + 10, then ten steps back.
    Right to 1e-13. -#}
{% macro log_gamma(z) -%}
    (
        ({{ z }} + 9.5) * ln({{ z }} + 10) - ({{ z }} + 10) + 0.9189385332046727
        + {{ _series_in_reciprocal(z, [
            '0.08333333333333333', '-0.002777777777777778', '0.0007936507936507937',
            '-0.0005952380952380953', '0.0008417508417508417', '-0.0019175269175269176',
        ], 1) }}
        {%- for step in range(10) %}
        - ln({{ z }} + {{ step }})
        {%- endfor %}
    )
{%- endmacro %}

{% macro digamma(z) -%}
    (
        ln({{ z }} + 10) - 0.5 / ({{ z }} + 10)
        + {{ _series_in_reciprocal(z, [
            '-0.08333333333333333', '0.008333333333333333', '-0.003968253968253968',
            '0.004166666666666667', '-0.007575757575757576', '0.021092796092796094',
        ], 2) }}
        {%- for step in range(10) %}
        - 1.0 / ({{ z }} + {{ step }})
        {%- endfor %}
    )
{%- endmacro %}

{% macro trigamma(z) -%}
    (
        1.0 / ({{ z }} + 10) + 0.5 / (({{ z }} + 10) * ({{ z }} + 10))
        + {{ _series_in_reciprocal(z, [
            '0.16666666666666666', '-0.03333333333333333', '0.023809523809523808',
            '-0.03333333333333333', '0.07575757575757576', '-0.2531135531135531',
        ], 3) }}
        {%- for step in range(10) %}
        + 1.0 / (({{ z }} + {{ step }}) * ({{ z }} + {{ step }}))
        {%- endfor %}
    )
{%- endmacro %}

{#- c0 / y^first + c1 / y^(first + 2) + … at y = z + 10. -#}
{% macro _series_in_reciprocal(z, coefficients, first) -%}
    (
        {%- for coefficient in coefficients %}{{ coefficient }}{% if not loop.last %} + ({% endif %}{% endfor -%}
        {%- for _ in coefficients[1:] %}) / (({{ z }} + 10) * ({{ z }} + 10)){% endfor -%}
    ) / {{ ['', '(' ~ z ~ ' + 10)', '((' ~ z ~ ' + 10) * (' ~ z ~ ' + 10))',
            '((' ~ z ~ ' + 10) * (' ~ z ~ ' + 10) * (' ~ z ~ ' + 10))'][first] }}
{%- endmacro %}
