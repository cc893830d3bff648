{#- Solution of `matrix` x = `vector` for a symmetric positive definite matrix (lists of numbers), by
    Cholesky's method; none where the matrix is not positive definite. Computed in Jinja. -#}
{% macro solve_symmetric(matrix, vector) -%}
    {%- set size = vector | length -%}
    {%- set lower = [] -%}
    {%- for i in range(size) -%}
        {%- set row = [] -%}
        {%- for j in range(i + 1) -%}
            {%- set rest = namespace(value=matrix[i][j]) -%}
            {%- for k in range(j) -%}
                {%- set rest.value = rest.value - row[k] * (lower[j][k] if j < i else row[k]) -%}
            {%- endfor -%}
            {%- if j < i -%}
                {%- do row.append(rest.value / lower[j][j]) -%}
            {%- elif rest.value > 1e-14 * matrix[i][i] and rest.value > 0 -%}
                {%- do row.append(rest.value ** 0.5) -%}
            {%- else -%}
                {{ return(none) }}
            {%- endif -%}
        {%- endfor -%}
        {%- do lower.append(row) -%}
    {%- endfor -%}
    {%- set forward = [] -%}
    {%- for i in range(size) -%}
        {%- set rest = namespace(value=vector[i]) -%}
        {%- for k in range(i) -%}
            {%- set rest.value = rest.value - lower[i][k] * forward[k] -%}
        {%- endfor -%}
        {%- do forward.append(rest.value / lower[i][i]) -%}
    {%- endfor -%}
    {%- set solution = {} -%}
    {%- for i in range(size - 1, -1, -1) -%}
        {%- set rest = namespace(value=forward[i]) -%}
        {%- for k in range(i + 1, size) -%}
            {%- set rest.value = rest.value - lower[k][i] * solution[k] -%}
        {%- endfor -%}
        {%- do solution.update({i: rest.value / lower[i][i]}) -%}
    {%- endfor -%}
    {%- set ordered = [] -%}
    {%- for i in range(size) -%}
        {%- do ordered.append(solution[i]) -%}
    {%- endfor -%}
    {{ return(ordered) }}
{%- endmacro %}
