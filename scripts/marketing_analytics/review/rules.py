"""The rules of a review: what is unsafe, from which size on, and what is let pass until when.

`default_rules.yml` is both the default and the schema: a rule, or a setting of one, that is not in
it does not exist, and the form of its value says how a team's own is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.findings import Severity
from marketing_analytics.review.settings import (
    SettingsError,
    choice,
    day,
    entries,
    known,
    mapping,
    number,
    read_yaml,
    share,
    text,
    texts,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from fractions import Fraction

    from marketing_analytics.review.findings import NodeReview

DEFAULTS = Path(__file__).with_name("default_rules.yml")
FILE_NAME = "review.yml"
SECTIONS = ("rules", "overrides", "ignored_columns", "price", "exceptions")
LEVELS = ("unsafe", "approval", "note", "off")
NO_EVIDENCE = "not_compared"  # is no setting: what was not compared is not known
PER_UNIT = ("per_tebibyte", "per_hour")
EVERY = ("*",)  # models
TEBIBYTE = 2**40
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as it stands for one node; a severity of None is off."""

    key: str
    severity: Severity | None
    elsewhere: Severity | None
    numbers: Mapping[str, Fraction]
    patterns: Mapping[str, tuple[str, ...]]

    def level(self, *, matters: bool) -> Severity | None:
        """Return the severity where it matters, or where it does less."""
        return self.severity if matters else self.elsewhere

    @property
    def limit(self) -> Fraction:
        """Return the size above which the rule speaks."""
        return self.numbers["limit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Other settings of some rules, for the models that it names or whose tags it names."""

    models: tuple[str, ...]
    tags: tuple[str, ...]
    rules: Mapping[str, Mapping[str, Any]]

    def fits(self, node: NodeReview | None) -> bool:
        """Is the node one of those models, or has it one of those tags?"""
        if node is None:
            return self.models == EVERY
        named = any(fnmatchcase(node.name, pattern) for pattern in self.models)
        return named or bool(set(self.tags) & set(node.tags))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A reason that is let pass until a day, that day included."""

    rule: str
    model: str
    column: str | None
    reason: str
    until: date
    where: str  # file and place, to point to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a build costs."""

    currency: str
    per_tebibyte: Fraction | None
    per_hour: Fraction | None

    def of(self, seconds: float | None, read_bytes: int | None) -> float | None:
        """Return the price of a build; None where no price is set for what is known of it."""
        parts = []
        if self.per_tebibyte is not None and read_bytes is not None:
            parts.append(float(self.per_tebibyte) * read_bytes / TEBIBYTE)
        if self.per_hour is not None and seconds is not None:
            parts.append(float(self.per_hour) * seconds / SECONDS_PER_HOUR)
        return sum(parts) if parts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of a review."""

    settings: Mapping[str, Mapping[str, Any]]
    overrides: tuple[Override, ...]
    ignored_columns: tuple[str, ...]
    price: Price
    exceptions: tuple[Exemption, ...]

    def of(self, key: str, node: NodeReview | None = None) -> Rule:
        """Return a rule as it stands for a node."""
        merged = dict(self.settings[key])
        for override in self.overrides:
            if override.fits(node):
                merged.update(override.rules.get(key, {}))
        rest = {name: value for name, value in merged.items() if name not in _SEVERITIES}
        return Rule(
            key=key,
            severity=merged["severity"],
            elsewhere=merged.get("elsewhere", merged["severity"]),
            numbers={name: value for name, value in rest.items() if not isinstance(value, tuple)},
            patterns={name: value for name, value in rest.items() if isinstance(value, tuple)},
        )

    def is_ignored(self, model: str, column: str) -> bool:
        """Is a column left out of the comparison?"""
        return column in self.ignored_columns or f"{model}.{column}" in self.ignored_columns

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the rules in the order of their reasons."""
        return (NO_EVIDENCE, *self.settings)


_SEVERITIES = ("severity", "elsewhere")


def rules_file(project: Path) -> Path | None:
    """Return a project's own rules; None where it has none."""
    path = project / FILE_NAME
    return path if path.is_file() else None


def read_rules(path: Path | None) -> Rules:
    """Return the rules of a file, and the default for all that it does not name.

    Raises:
        SettingsError: the file names what does not exist, or a value is of the wrong kind.
    """
    schema = _schema()
    default = _section(DEFAULTS, schema)
    if path is None:
        return default
    own = _section(path, schema, default.price)
    # What a team says of a rule also stands against an override of the default.
    team = Override(models=EVERY, tags=(), rules=own.settings)
    return Rules(
        settings=default.settings,
        overrides=(*default.overrides, team, *own.overrides),
        ignored_columns=default.ignored_columns + own.ignored_columns,
        price=own.price,
        exceptions=own.exceptions,
    )


def _schema() -> Mapping[str, Mapping[str, Any]]:
    """Return the rules of the default as they are written: their settings, and a form of each."""
    written: Mapping[str, Mapping[str, Any]] = read_yaml(DEFAULTS)["rules"]
    return written


def _section(
    path: Path, schema: Mapping[str, Mapping[str, Any]], price: Price | None = None
) -> Rules:
    content = known(read_yaml(path), f"{path}", SECTIONS)
    return Rules(
        settings=_rules(content.get("rules", ""), f"{path}: rules", schema),
        overrides=tuple(
            _override(entry, f"{path}: overrides[{place}]", schema)
            for place, entry in enumerate(
                entries(content.get("overrides", ""), f"{path}: overrides")
            )
        ),
        ignored_columns=texts(content.get("ignored_columns", ""), f"{path}: ignored_columns"),
        price=_price(content.get("price", ""), f"{path}: price", price),
        exceptions=tuple(
            _exemption(entry, f"{path}: exceptions[{place}]", schema)
            for place, entry in enumerate(
                entries(content.get("exceptions", ""), f"{path}: exceptions")
            )
        ),
    )


def _rules(
    value: Any, where: str, schema: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Mapping[str, Any]]:
    return {
        key: {
            name: _value(given, f"{where}.{key}.{name}", name, str_or_list=schema[key][name])
            for name, given in known(settings, f"{where}.{key}", schema[key]).items()
        }
        for key, settings in known(value, where, schema).items()
    }


def _value(given: Any, where: str, name: str, *, str_or_list: Any) -> Any:
    """Return a setting, read as the one of the default is written."""
    if name in _SEVERITIES:
        level = choice(given, where, LEVELS)
        return None if level == "off" else Severity(level)
    if isinstance(str_or_list, list):
        return texts(given, where)
    if str_or_list.endswith("%"):
        return share(given, where, str_or_list)
    if name == "least_rows":
        return whole(given, where, str_or_list)
    return number(given, where, str_or_list)


def _override(entry: Any, where: str, schema: Mapping[str, Mapping[str, Any]]) -> Override:
    keys = known(entry, where, ("models", "tags", "rules"))
    models = texts(keys.get("models", ""), f"{where}.models")
    tags = texts(keys.get("tags", ""), f"{where}.tags")
    if not models and not tags:
        raise SettingsError(f"{where}: say under `models` or `tags` whose rules these are")
    rules = _rules(keys.get("rules", ""), f"{where}.rules", schema)
    if not rules:
        raise SettingsError(f"{where}: say under `rules` what differs")
    return Override(models=models, tags=tags, rules=rules)


def _price(value: Any, where: str, default: Price | None) -> Price:
    keys = known(value, where, ("currency", *PER_UNIT))
    read = {
        name: None if given == "none" else number(given, f"{where}.{name}", "6.25, or none")
        for name, given in mapping(keys, where).items()
        if name in PER_UNIT
    }
    currency = default.currency if default else "$"
    return Price(
        currency=text(keys.get("currency", currency), f"{where}.currency"),
        per_tebibyte=read.get("per_tebibyte", default.per_tebibyte if default else None),
        per_hour=read.get("per_hour", default.per_hour if default else None),
    )


def _exemption(entry: Any, where: str, schema: Mapping[str, Any]) -> Exemption:
    keys = known(entry, where, ("rule", "model", "column", "reason", "until"))
    for name in ("rule", "model", "reason", "until"):
        if name not in keys:
            raise SettingsError(f"{where}: say `{name}` too; an exception has a reason and an end")
    return Exemption(
        rule=choice(keys["rule"], f"{where}.rule", (NO_EVIDENCE, *schema)),
        model=text(keys["model"], f"{where}.model"),
        column=text(keys["column"], f"{where}.column") if "column" in keys else None,
        reason=text(keys["reason"], f"{where}.reason"),
        until=day(keys["until"], f"{where}.until"),
        where=where,
    )
