"""Reads from a mapping how each raw column comes about."""

from __future__ import annotations

import difflib
from typing import Any

from marketing_analytics.load.keys import known_keys, string, strings
from marketing_analytics.load.model import ColumnRule, LoadError, Translation

COLUMN_KEYS = (
    *("from", "value", "sql", "take", "format", "divide_by", "multiply_by"),
    *("values", "otherwise"),
)
KEY_KEYS = ("from", "sql")
TAKES = ("sum", "min", "max", "first", "last", "count", "most", "only")
POWERS_OF_TEN = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


def column_rules(listed: Any, where: str, *, is_grouped: bool) -> dict[str, ColumnRule | None]:
    """Return the rule of each raw column that a mapping lists.

    Raises:
        LoadError: a rule is not clear; the message names its key.
    """
    if listed is None:
        return {}
    if not isinstance(listed, dict):
        raise LoadError(f"{where}: must name raw columns and where they come from")
    rules = {str(column): _rule(rule, f"{where}.{column}") for column, rule in listed.items()}
    for rule in rules.values():
        if rule is not None and rule.take is not None and not is_grouped:
            raise LoadError(
                f"{rule.where}.take: takes one value from several lines; say under `one_row_per` "
                "of the input which lines become one row"
            )
    return rules


def group_keys(listed: Any, where: str) -> tuple[ColumnRule, ...]:
    """Return what the lines of a group have in common: columns of the file or expressions.

    Raises:
        LoadError: it names nothing.
    """
    if listed is None:
        return ()
    if not listed:
        raise LoadError(f"{where}: name a column of the file, or several")
    return tuple(
        _group_key(entry, where) for entry in (listed if isinstance(listed, list) else [listed])
    )


def _group_key(entry: Any, where: str) -> ColumnRule:
    if not isinstance(entry, dict):
        return ColumnRule(where=where, source=strings([entry], where)[0])
    keys = known_keys(entry, where, KEY_KEYS)
    if len([key for key in KEY_KEYS if keys.get(key) is not None]) != 1:
        raise LoadError(f"{where}: give one of `from` and `sql`")
    return ColumnRule(
        where=where, source=string(keys, "from", where), sql=string(keys, "sql", where)
    )


def _rule(rule: Any, where: str) -> ColumnRule | None:
    if rule is None:
        return None
    if not isinstance(rule, dict):
        return ColumnRule(where=where, source=strings([rule], where)[0])
    keys = known_keys(rule, where, COLUMN_KEYS)
    take = _take(keys, where)
    given = [key for key in ("from", "value", "sql") if keys.get(key) is not None]
    if len(given) != 1 and not (take == "count" and not given):
        raise LoadError(f"{where}: give one of `from`, `value` and `sql`")
    if given == ["value"]:
        for key in ("take", "values"):
            if keys.get(key) is not None:
                raise LoadError(f"{where}: `value` is the same in every row; leave out `{key}`")
    divide_by, multiply_by = (_power(keys, key, where) for key in ("divide_by", "multiply_by"))
    if divide_by > 1 and multiply_by > 1:
        raise LoadError(f"{where}: give one of `divide_by` and `multiply_by`")
    value = keys.get("value")
    return ColumnRule(
        where=where,
        source=string(keys, "from", where),
        constant=str(value).lower() if isinstance(value, bool) else string(keys, "value", where),
        sql=string(keys, "sql", where),
        formats=tuple(strings(keys.get("format", []), f"{where}.format")),
        divide_by=divide_by,
        multiply_by=multiply_by,
        take=take,
        translation=_translation(keys, where),
    )


def _power(keys: dict[str, Any], key: str, where: str) -> int:
    power = keys.get(key, 1)
    if isinstance(power, dict | list):
        power = "several values"
    if power not in POWERS_OF_TEN or isinstance(power, bool):
        raise LoadError(f"{where}.{key}: must be 10, 100, … or 1000000, not {power!r}")
    return int(power)


def _take(keys: dict[str, Any], where: str) -> str | None:
    take = string(keys, "take", where)
    if take is not None and take not in TAKES:
        close = difflib.get_close_matches(take, TAKES, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else "."
        raise LoadError(f"{where}.take: unknown {take!r}{hint} Known are: {', '.join(TAKES)}")
    return take


def _translation(keys: dict[str, Any], where: str) -> Translation | None:
    listed = keys.get("values")
    if listed is None:
        if "otherwise" in keys:
            raise LoadError(f"{where}.otherwise: is for what `values` does not list; give both")
        return None
    place = f"{where}.values"
    if not isinstance(listed, dict) or not listed:
        raise LoadError(f"{place}: must list what the file says and what it becomes")
    if any(isinstance(new, dict | list) for new in [*listed.values(), keys.get("otherwise")]):
        raise LoadError(f"{place}: what a text becomes must be one text")
    return Translation(
        values=tuple((_said(old, place), _becomes(new)) for old, new in listed.items()),
        keeps_others="otherwise" not in keys,
        otherwise=_becomes(keys.get("otherwise")),
    )


def _said(text: Any, where: str) -> str:
    if text is None or isinstance(text, bool | float):
        # YAML reads yes, no, on, off, null and 1.0 as something else than a text.
        raise LoadError(f"{where}: write the file's text in quotes, instead of {text!r}")
    if not str(text).strip():
        raise LoadError(f"{where}: blank text is no value; it cannot be translated")
    return str(text).strip()


def _becomes(text: Any) -> str | None:
    if text is None or not str(text).strip():
        return None
    return str(text).lower() if isinstance(text, bool) else str(text).strip()
