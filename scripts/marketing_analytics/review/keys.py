"""The columns that tell the rows of a model apart, by its tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketing_analytics.review.artifacts import Test

# Generic tests of a combination of columns, and their argument that names the columns.
COMBINATIONS = {
    "unique_combination": "columns",
    "unique_combination_of_columns": "combination_of_columns",  # of dbt_utils
}


def primary_keys(tests: Iterable[Test]) -> dict[str, tuple[str, ...]]:
    """Return the key of each model that has a test for one, by unique id.

    A column that is unique by itself comes before a combination, one that is never null before one
    that may be; among several the first in the order of the tests.
    """
    unique: dict[str, list[str]] = {}
    not_null: set[tuple[str, str]] = set()
    combined: dict[str, tuple[str, ...]] = {}
    for test in tests:
        if not test.tested or test.settings.get("where"):
            continue
        node = test.tested[0]
        if test.test == "unique" and test.column:
            unique.setdefault(node, []).append(test.column)
        elif test.test == "not_null" and test.column:
            not_null.add((node, test.column))
        elif test.test in COMBINATIONS:
            columns = test.arguments.get(COMBINATIONS[test.test]) or ()
            combined.setdefault(node, tuple(map(str, columns)))
    found = dict(combined)
    for node, columns in unique.items():
        sure = [column for column in columns if (node, column) in not_null]
        if sure or node not in combined:
            found[node] = ((sure or columns)[0],)
    return found
