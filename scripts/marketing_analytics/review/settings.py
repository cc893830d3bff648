"""Reads the YAML files that people write for a review, and says what is wrong with them.

Every value is text until its place says what it should be: `off` stays off, a category named Yes
stays Yes, and 2024-07-01 is no date where a name is asked for.
"""

from __future__ import annotations

import difflib
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import yaml

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class SettingsError(MarketingAnalyticsError):
    """A file of settings that cannot be taken as it is."""


class _Loader(yaml.BaseLoader):
    """YAML of texts, lists and mappings, in which a key that stands there twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; refuse a second value for a key instead of taking the last."""
        keys = [key.value for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                line = node.value[position][0].start_mark.line + 1
                raise SettingsError(f"line {line}: {key!r} stands there twice; keep one")
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> Any:
    """Return what a file holds; {} for one with nothing in it.

    Raises:
        SettingsError: it cannot be read, or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text, Loader=_Loader)  # builds texts, lists and mappings only
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"cannot read {path}: {error}") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error
    return {} if content in (None, "") else content


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """Return a mapping; nothing at all is an empty one."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise SettingsError(f"{where}: must have keys with values, not {value!r}")
    return value


def known(value: Any, where: str, keys: Iterable[str]) -> Mapping[str, Any]:
    """Return a mapping whose keys are all known."""
    found, names = mapping(value, where), list(keys)
    for key in found:
        if key not in names:
            close = difflib.get_close_matches(key, names, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise SettingsError(
                f"{where}: unknown key {key!r}; {hint}Known are: {', '.join(names)}"
            )
    return found


def entries(value: Any, where: str) -> list[Any]:
    """Return a list; nothing at all is an empty one."""
    if value == "":
        return []
    if not isinstance(value, list):
        raise SettingsError(f"{where}: must be a list, each entry on a line that begins with `-`")
    return value


def text(value: Any, where: str) -> str:
    """Return a text that is there."""
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{where}: must be a text, not {value!r}")
    return value.strip()


def texts(value: Any, where: str) -> tuple[str, ...]:
    """Return a list of texts; one alone is a list of one."""
    if isinstance(value, str) and value:
        return (value,)
    return tuple(
        text(item, f"{where}[{place}]") for place, item in enumerate(entries(value, where))
    )


def choice(value: Any, where: str, allowed: Iterable[str]) -> str:
    """Return one of a few words."""
    words = list(allowed)
    if value not in words:
        raise SettingsError(f"{where} is {value!r}; write one of {', '.join(words)}")
    return str(value)


def number(value: Any, where: str, example: str) -> Fraction:
    """Return a number from 0."""
    try:
        read = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        read = None
    if read is None or not read.is_finite() or read < 0:
        raise SettingsError(f"{where} is {value!r}; write a number from 0, such as {example}")
    return Fraction(read)


def whole(value: Any, where: str, example: str) -> Fraction:
    """Return a whole number from 0."""
    read = number(value, where, example)
    if read.denominator != 1:
        raise SettingsError(f"{where} is {value!r}; write a whole number, such as {example}")
    return read


def share(value: Any, where: str, example: str) -> Fraction:
    """Return a share, 0.1 for both "10 %" and "0.1"."""
    percent = re.fullmatch(r"\s*([^%\s]+)\s*%\s*", value) if isinstance(value, str) else None
    read = number(percent[1] if percent else value, where, example)
    if not percent and read > 1:
        raise SettingsError(
            f"{where} is {value!r}, which is {float(read) * 100:g} %; "
            f"write {value} % if you mean that, or a share from 0 to 1"
        )
    return read / 100 if percent else read


def day(value: Any, where: str) -> date:
    """Return a date."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise SettingsError(f"{where} is {value!r}; write a date such as 2024-12-31") from None
