"""Checks the vars of a build: dbt ignores a misspelt one in silence."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import yaml

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Declared where it is used, because dbt_project.yml cannot read its own vars there.
CONFIGURATION_VARS = (
    "marketing_materialized",
    "orders_materialized",
    "mart_readers",
    "staging_readers",
)


def check_vars(project: Path, dbt_arguments: Sequence[str]) -> None:
    """Raise a MarketingAnalyticsError when `--vars` names one that the project does not have."""
    declared = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
    known = [*declared["vars"][declared["name"]], *CONFIGURATION_VARS]
    for name in _given(dbt_arguments):
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            raise MarketingAnalyticsError(f"--vars: no var {name!r}; {hint}")


def _given(dbt_arguments: Sequence[str]) -> list[str]:
    names: list[str] = []
    for place, argument in enumerate(dbt_arguments):
        if argument == "--vars":
            text = "".join(dbt_arguments[place + 1 : place + 2])
        elif argument.startswith("--vars="):
            text = argument.removeprefix("--vars=")
        else:
            continue
        try:
            parsed = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise MarketingAnalyticsError(f"--vars is no YAML: {text}") from error
        if not isinstance(parsed, dict):
            raise MarketingAnalyticsError(
                f"--vars must be like '{{as_of_date: 2024-05-31}}', not {text!r}"
            )
        names += map(str, parsed)
    return names
