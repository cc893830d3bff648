"""Where in a file something is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def line_of(text: str | None, values: Sequence[str]) -> int | None:
    """Return the line, from 1, where a list of literals begins: the closest that holds them all."""
    if not text or not values:
        return None
    places = [_places(text, value) for value in values]
    if not all(places):
        return None
    best = min(
        (max(near) - min(near), min(near))
        for start in places[0]
        for near in [[min(found, key=lambda place: abs(place - start)) for found in places]]
    )
    return text.count("\n", 0, best[1]) + 1


def _places(text: str, value: str) -> list[int]:
    written = re.escape(value.replace("'", "''"))
    number = rf"|(?<![\w.'-]){written}(?![\w.'])" if re.fullmatch(r"-?[\d.]+", value) else ""
    return [found.start() for found in re.finditer(rf"['\"]{written}['\"]{number}", text)]
