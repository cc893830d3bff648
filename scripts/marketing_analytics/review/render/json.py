"""A review for programs, as `review/schema.json` says.

Exact numbers (decimals) and doubles that are not finite are texts, so that nobody rounds them;
other numbers are numbers, dates are texts of ISO 8601, bytes are hexadecimal.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marketing_analytics.review.findings import Review

SCHEMA = Path(__file__).parents[1] / "schema.json"
FORMAT = "mktg review"
VERSION = 1  # counts up when a reader of the last one could be misled


def render(review: Review) -> str:
    """Return the review as JSON: the same for the same review, to the byte."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "verdict": plain(review.verdict),
        "findings": plain(review.findings),
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: facts in their order, mappings and sets sorted."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in sorted(value.items(), key=_by_name)}
    if isinstance(value, Set):
        return sorted(plain(item) for item in value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value.hex() if isinstance(value, bytes) else str(value)


def _by_name(item: tuple[Any, Any]) -> str:
    return str(item[0])
