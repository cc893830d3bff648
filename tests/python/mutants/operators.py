"""Faults that people make in SQL: what is planted, and where.

An operator belongs to a kind and to nodes of the syntax tree. For a node it says how many variants
it has, and changes the node of a copy into one of them. Not planted, because no row could tell:

- a number that is no value: an ordinal of `group by` and `order by`, the size of a type;
- what `equivalents.py` proves to change nothing;

nor the equality of a join turned round, which every test would notice.
"""

from __future__ import annotations

from mutants.conditions import CONDITIONS
from mutants.row_sets import ROW_SETS
from mutants.values import VALUES

OPERATORS = (*CONDITIONS, *VALUES, *ROW_SETS)
BY_KIND = {operator.kind: operator for operator in OPERATORS}
