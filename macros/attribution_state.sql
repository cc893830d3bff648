{#- Number of a state of a Markov chain: the codes of its channels, the latest first. Numbers and not joined
    names, because no character is safe to stand between two names. -#}
{% macro attribution_state(codes) -%}
    {%- for code in codes -%}
        {{ code }}{{ ' * ' ~ '%d' % (1000000 ** loop.index0) if not loop.first }}{{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
