"""Reads what a metric is from the YAML beside the marts, where BI tools find the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A number with one definition; units and directions are those of docs/metrics.md."""

    name: str
    label: str
    description: str
    unit: str  # count, share, ratio, money or usd
    formula: str
    mart: str  # without its schema
    better: str  # higher, lower or neither


def read_metrics(project: Path) -> dict[str, Metric]:
    """Return every metric of a dbt project of this form, by name, domains that are off too."""
    found = {}
    for path in sorted((project / "models" / "marts").glob("*/_*__metrics.yml")):
        for metric in yaml.safe_load(path.read_text(encoding="utf-8"))["metrics"]:
            found[metric["name"]] = Metric(
                name=metric["name"],
                label=metric["label"],
                description=metric["description"],
                **metric["config"]["meta"],
            )
    return found
