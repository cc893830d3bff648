{#- Probability that a standard normal number is greater than z >= 0, to fifteen digits of the probability: Hart's
    rational form as given by West, Better approximations to cumulative normal functions, 2005. No engine
    of ours has one but Snowflake. -#}
{% macro normal_tail(z) -%}
    case
        when {{ z }} > 37 then cast(0 as {{ type_double() }})
        when {{ z }} < 7.07106781186547
            then exp(-{{ z }} * {{ z }} / 2) * {{ _polynomial(z, [
                '0.0352624965998911', '0.700383064443688', '6.37396220353165', '33.912866078383',
                '112.079291497871', '221.213596169931', '220.206867912376',
            ]) }} / {{ _polynomial(z, [
                '0.0883883476483184', '1.75566716318264', '16.064177579207', '86.7807322029461',
                '296.564248779674', '637.333633378831', '793.826512519948', '440.413735824752',
            ]) }}
        else exp(-{{ z }} * {{ z }} / 2) / 2.506628274631 / (
            {{ z }} + 1 / ({{ z }} + 2 / ({{ z }} + 3 / ({{ z }} + 4 / ({{ z }} + 0.65))))
        )
    end
{%- endmacro %}

{#- By Horner's rule, the highest power first. -#}
{% macro _polynomial(z, coefficients) -%}
    {%- for _ in coefficients[1:] %}({% endfor -%}
    {{ coefficients[0] }}
    {%- for coefficient in coefficients[1:] %} * {{ z }} + {{ coefficient }}){% endfor -%}
{%- endmacro %}
