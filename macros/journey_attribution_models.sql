{#- List: the attribution models that look at one journey alone, in the order of their columns. The others
    are the Markov chains. -#}
{% macro journey_attribution_models() -%}
    {{ return([
        'first_touch', 'last_touch', 'last_non_direct', 'linear', 'position_based', 'time_decay', 'shapley',
    ]) }}
{%- endmacro %}
