"""What the tests of random raw data share: how many worlds they try, and when two builds agree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = dict[str, list[dict[str, Any]]]

EXAMPLES = os.environ.get("MKTG_EXAMPLES")


def runs(usual: int, *, share: int = 1) -> settings:
    """Return settings for the usual number of worlds, or MKTG_EXAMPLES; a share of them."""
    return settings(
        max_examples=int(EXAMPLES or usual) // share,
        derandomize=EXAMPLES is None,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def nearly(got: Rows, want: Rows, agree: Callable[[str, Any, Any], bool]) -> bool:
    """Tell whether two builds agree; sums of doubles depend on their order in the last digits."""
    return all(
        len(got[mart]) == len(rows)
        and all(
            row.keys() == other.keys()
            and all(agree(column, row[column], other[column]) for column in row)
            for row, other in zip(got[mart], rows, strict=True)
        )
        for mart, rows in want.items()
    )
