{#- Fails with one row that counts, per column, the values that break its promise. One pass over the
    model checks every column: on a view, a test per column would compute the view each time. -#}
{% test column_promises(model, never_null=[], never_negative=[], from_0_to_1=[]) %}

{%- set checks = [] -%}
{%- for column in never_null -%}
    {%- do checks.append((column ~ '_null', column ~ ' is null')) -%}
{%- endfor -%}
{%- for column in never_negative -%}
    {%- do checks.append((column ~ '_negative', column ~ ' < 0')) -%}
{%- endfor -%}
{%- for column in from_0_to_1 -%}
    {%- do checks.append((column ~ '_outside', column ~ ' < 0 or ' ~ column ~ ' > 1')) -%}
{%- endfor -%}

with broken as (
    select
        {%- for name, condition in checks %}
        sum(case when {{ condition }} then 1 else 0 end) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
)

select *
from broken
where
    {%- for name, _ in checks %}
    {{ name }} > 0{{ ' or' if not loop.last }}
    {%- endfor %}

{% endtest %}
