{#- Fits models by maximum likelihood, all of them with one query per step, and returns a list of them,
    each with theta (the parameters), errors (their standard errors, from the observed information),
    log_likelihood, max_score (the greatest slope left, per customer and relative change of a
    parameter), step_count, is_converged and is_at_edge: the best parameters are infinite or 0, such as
    where customers do not differ or nobody leaves; larger ones would change the forecasts no more.

    `models` are dictionaries with start, a list of positive numbers. `likelihood(*arguments, trials)` is a
    macro that gives a query: for each trial (a dictionary with theta) its place in the list, the number
    of customers, the log-likelihood, and the first and the second derivatives by the logarithms of the
    parameters: 1, then 11, 21, 22, 31, …. Newton's method, damped (Levenberg, Marquardt) where
    a step does not lead upwards. -#}
{% macro maximize_likelihood(models, likelihood, arguments) -%}
    {%- set states = [] -%}
    {%- for fitted in models -%}
        {%- set state = {
            'trial': fitted.start, 'damping': 0.0, 'step_count': 0,
            'is_converged': false, 'is_at_edge': false,
        } -%}
        {%- do state.update(fitted) -%}
        {%- do states.append(state) -%}
    {%- endfor -%}
    {%- for _ in range(60) -%}
        {%- set active = states | rejectattr('is_converged') | list -%}
        {%- if active -%}
            {%- for row in run_query(likelihood(*arguments, trials=active)).rows -%}
                {%- do judge_trial(active[row[0] | int], row) -%}
            {%- endfor -%}
            {%- for state in active if not state.is_converged -%}
                {%- do choose_trial(state) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for state in states -%}
        {%- do add_standard_errors(state) -%}
        {%- if state.is_at_edge -%}
            {%- do round_parameters(state) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(states) }}
{%- endmacro %}

{#- Keeps the trial where it is no worse than what there was, and says whether it is the optimum. -#}
{% macro judge_trial(state, row) -%}
    {%- set size = state.trial | length -%}
    {%- set numbers = [] -%}
    {%- for cell in row.values() -%}
        {%- do numbers.append(cell | float) -%}
    {%- endfor -%}
    {%- set found = numbers[2] -%}
    {%- set slack = 1e-11 * (found | abs) -%}
    {%- do state.update({'step_count': state.step_count + 1}) -%}
    {%- if state.log_likelihood is defined and found < state.log_likelihood - slack -%}
        {%- do state.update({'damping': [state.damping * 10, 0.001] | max}) -%}
        {#- Level ground, and what is left is rounding. -#}
        {%- if state.max_score < 5e-7 -%}
            {%- do state.update({'is_converged': true, 'is_at_edge': true}) -%}
        {%- endif -%}
    {%- else -%}
        {%- set count = numbers[1] -%}
        {%- set score = [] -%}
        {%- set information = [] -%}
        {%- for i in range(size) -%}
            {%- do score.append(numbers[3 + i] / count) -%}
            {%- do information.append([]) -%}
        {%- endfor -%}
        {%- for i in range(size) -%}
            {%- for j in range(size) -%}
                {%- set high, low = [i, j] | max, [i, j] | min -%}
                {%- do information[i].append(
                    -numbers[3 + size + high * (high + 1) // 2 + low] / count
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set steepest = score | map('abs') | max -%}
        {%- do state.update({
            'theta': state.trial, 'log_likelihood': found, 'customer_count': count, 'score': score,
            'information': information, 'max_score': steepest,
            'damping': state.damping / 10 if state.damping > 1e-6 else 0.0,
            'is_converged': steepest < 1e-10,
        }) -%}
    {%- endif -%}
{%- endmacro %}

{#- The next parameters to try. Steps are steps of logarithms, so parameters stay positive. -#}
{% macro choose_trial(state) -%}
    {%- set chosen = namespace(step=none) -%}
    {%- for _ in range(40) if chosen.step is none -%}
        {%- set damped = [] -%}
        {%- for line in state.information -%}
            {%- set copied = line | list -%}
            {%- do copied.insert(loop.index0, copied.pop(loop.index0) + state.damping) -%}
            {%- do damped.append(copied) -%}
        {%- endfor -%}
        {%- set chosen.step = solve_symmetric(damped, state.score) -%}
        {%- if chosen.step is none -%}
            {%- do state.update({'damping': [state.damping * 10, 0.001] | max}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set longest = chosen.step | map('abs') | max -%}
    {#- Level ground and still far to go: there is no top. -#}
    {%- if state.max_score < 5e-7 and longest > 0.3 -%}
        {%- do state.update({'is_converged': true, 'is_at_edge': true}) -%}
    {%- endif -%}
    {%- set trial = [] -%}
    {%- for step in chosen.step -%}
        {%- set moved = state.theta[loop.index0] * 2.718281828459045 ** (step / [longest, 1] | max) -%}
        {%- do trial.append([[moved, 1e-6] | max, 1e6] | min) -%}
    {%- endfor -%}
    {%- do state.update({'trial': trial}) -%}
{%- endmacro %}

{#- Square roots of the diagonal of the inverse information; none at an edge. -#}
{% macro add_standard_errors(state) -%}
    {%- set errors = [] -%}
    {%- for i in range(state.theta | length) -%}
        {%- set unit = [0] * (state.theta | length) -%}
        {%- do unit.insert(i, 1) -%}
        {%- set column = solve_symmetric(state.information, unit[:-1]) -%}
        {%- do errors.append(
            none if column is none or state.is_at_edge
            else state.theta[i] * (column[i] / state.customer_count) ** 0.5
        ) -%}
    {%- endfor -%}
    {%- do state.update({'errors': errors}) -%}
{%- endmacro %}

{#- Where the search stops on level ground hangs on the last digits of sums, which engines differ in. -#}
{% macro round_parameters(state) -%}
    {%- set rounded = [] -%}
    {%- for parameter in state.theta -%}
        {%- do rounded.append('%.5e' | format(parameter) | float) -%}
    {%- endfor -%}
    {%- do state.update({'theta': rounded}) -%}
{%- endmacro %}
