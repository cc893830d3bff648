"""The rules of alerts: what is looked for, from which size on, and what is let pass until when.

`default_alerts.yml` is both the default and the schema: what is not in it does not exist, and the
form of a value says how a team's own is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.settings import (
    SettingsError,
    choice,
    day,
    entries,
    known,
    number,
    read_yaml,
    share,
    text,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from marketing_analytics.alerts.facts import Finding

DEFAULTS = Path(__file__).with_name("default_alerts.yml")
FILE_NAME = "alerts.yml"
SECTIONS = ("rules", "newest_day", "silences")
NEWEST_DAYS = ("complete", "partial")
YES_NO = ("yes", "no")
WHAT = ("rule", "domain", "series", "metric")  # of a silence
ANY_SHARE = ("over",)  # may be above 100 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Findings that are let pass until a day, that day included."""

    patterns: Mapping[str, str]
    reason: str
    until: date

    def fits(self, finding: Finding) -> bool:
        """Is the finding one of those?"""
        said = {
            "rule": (finding.rule,),
            "domain": (finding.domain,),
            "series": (finding.series, finding.label),
            "metric": (finding.metric,),
        }
        # [brackets] stand in many a campaign's name, and are no pattern.
        return all(
            any(fnmatchcase(value, pattern.replace("[", "[[]")) for value in said[name])
            for name, pattern in self.patterns.items()
        )

    def __str__(self) -> str:
        """Return what is silenced, in the words of the file."""
        return ", ".join(f"{name} {pattern}" for name, pattern in self.patterns.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of a look."""

    settings: Mapping[str, Mapping[str, float]]
    is_newest_day_partial: bool
    silences: tuple[Silence, ...]

    def __getitem__(self, rule: str) -> Mapping[str, float]:
        """Return the settings of a rule; yes is 1 and no is 0."""
        return self.settings[rule]

    def is_on(self, rule: str) -> bool:
        """Is the rule looked at?"""
        return bool(self.settings[rule]["is_on"])


def rules_file(project: Path) -> Path | None:
    """Return a project's own rules; None where it has none."""
    path = project / FILE_NAME
    return path if path.is_file() else None


def read_rules(path: Path | None) -> Rules:
    """Return the rules of a file, and the default for all that it does not name.

    Raises:
        SettingsError: the file names what does not exist, or a value is of the wrong kind.
    """
    written = read_yaml(DEFAULTS)
    own = known(read_yaml(path), f"{path}", SECTIONS) if path is not None else {}
    schema: Mapping[str, Mapping[str, str]] = written["rules"]
    given = known(own.get("rules", ""), f"{path}: rules", schema)
    newest = own.get("newest_day", written["newest_day"])
    return Rules(
        settings={
            rule: _rule(given.get(rule, ""), f"{path}: rules.{rule}", defaults)
            for rule, defaults in schema.items()
        },
        is_newest_day_partial=choice(newest, f"{path}: newest_day", NEWEST_DAYS) == "partial",
        silences=tuple(
            _silence(entry, f"{path}: silences[{place}]", schema)
            for place, entry in enumerate(entries(own.get("silences", ""), f"{path}: silences"))
        ),
    )


def _rule(given: Any, where: str, defaults: Mapping[str, str]) -> Mapping[str, float]:
    own = known(given, where, defaults)
    return {
        name: _value(own.get(name, default), f"{where}.{name}", name, default)
        for name, default in defaults.items()
    }


def _value(given: Any, where: str, name: str, default: str) -> float:
    """Return a setting, read as the one of the default is written."""
    if default in YES_NO:
        return float(choice(given, where, YES_NO) == "yes")
    if name in ANY_SHARE and isinstance(given, str) and given.rstrip().endswith("%"):
        return float(number(given.rstrip()[:-1].strip(), where, default) / 100)
    if default.endswith("%"):
        return float(share(given, where, default))
    if name.endswith("_days") or name == "least_snapshots":
        return float(whole(given, where, default))
    return float(number(given, where, default))


def _silence(entry: Any, where: str, schema: Mapping[str, Any]) -> Silence:
    keys = known(entry, where, (*WHAT, "reason", "until"))
    for name in ("reason", "until"):
        if name not in keys:
            raise SettingsError(f"{where}: say `{name}` too; a silence has a reason and an end")
    patterns = {name: text(keys[name], f"{where}.{name}") for name in WHAT if name in keys}
    if not patterns:
        raise SettingsError(f"{where}: say which by one or more of {', '.join(WHAT)}")
    if "rule" in patterns:
        choice(patterns["rule"], f"{where}.rule", schema)
    return Silence(
        patterns=patterns,
        reason=text(keys["reason"], f"{where}.reason"),
        until=day(keys["until"], f"{where}.until"),
    )
