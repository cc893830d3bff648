"""The day that the numbers of a build are of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.review.data.session import Session

NAME = "as_of_date"  # the models int_…_as_of_date have one row with one column of that name


def latest_as_of_date(
    session: Session, side: str, types: Mapping[str, Mapping[str, str]]
) -> date | None:
    """Return the latest as-of date of a build's domains; None where no model says it."""
    found = [
        row[0]
        for name, columns in sorted(types.items())
        if name.endswith(f"_{NAME}") and NAME in columns
        for row in session.rows(f"select max({NAME}) from {session.relation(side, name)}")
    ]
    return max((day for day in found if isinstance(day, date)), default=None)
