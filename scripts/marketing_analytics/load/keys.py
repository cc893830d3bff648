"""Takes values out of a mapping file and says which key is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from marketing_analytics.load.model import LoadError


def known_keys(value: Any, where: str, known: Iterable[str]) -> dict[str, Any]:
    """Return a YAML mapping whose keys are all known.

    Raises:
        LoadError: it is none, or has another key.
    """
    known = list(known)
    if not isinstance(value, dict):
        raise LoadError(f"{where}: must have keys such as {', '.join(known)}")
    for key in value:
        if key not in known:
            close = difflib.get_close_matches(str(key), known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise LoadError(f"{where}: unknown key {key!r}{hint} Known are: {', '.join(known)}")
    return {str(key): item for key, item in value.items()}


def string(keys: dict[str, Any], key: str, where: str) -> str | None:
    """Return the one value of a key as text; None where it has none."""
    value = keys.get(key)
    if isinstance(value, dict | list):
        raise LoadError(f"{where}.{key}: must be one value")
    return None if value is None else str(value)


def flag(keys: dict[str, Any], key: str, where: str) -> bool:
    """Return whether a key is set to true."""
    value = keys.get(key, False)
    if not isinstance(value, bool):
        raise LoadError(f"{where}.{key}: must be true or false")
    return value


def strings(value: Any, where: str) -> list[str]:
    """Return one value or a list of them as texts."""
    listed = value if isinstance(value, list) else [value]
    if any(item is None or isinstance(item, dict | list) for item in listed):
        raise LoadError(f"{where}: must be one text or a list of texts")
    return [str(item) for item in listed]
