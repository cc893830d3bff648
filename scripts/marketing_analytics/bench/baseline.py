"""A baseline of ratios: what is committed, and what has become worse since.

Ratios and not seconds, so that another machine may judge. Each looks at CPU time of one process in
which the project and the query by hand answer in turns; one that seems worse is measured again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marketing_analytics.bench.facts import Size

COMMITTED = Path(__file__).with_name("baseline.json")
WORSE = 1.25  # times the ratio of the baseline from which a mart has become worse
LEAST_HAND_SECONDS = 0.02  # CPU of the query by hand below which chance rules: the domain judges
TRIES = 3  # measurements of a ratio that seems worse; the best one counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Worse:
    """A mart, or all of a domain, that takes longer beside its query by hand than it did."""

    name: str
    rows: int
    before: float
    now: float


def ratios(size: Size, *, least_hand_seconds: float = 0) -> dict[str, float]:
    """Return the CPU ratios of a size: of marts that take long enough, and of whole domains."""
    marts = {
        one.mart: one.cpu_ratio
        for one in size.marts
        if one.pairs and one.hand_cpu >= least_hand_seconds
    }
    return marts | {domain_name(one.name): one.cpu_ratio for one in size.domains}


def domain_name(domain: str) -> str:
    """Return the name of all marts of a domain together."""
    return f"all of {domain}"


def find_worse(
    rows: int,
    before: Mapping[str, float],
    now: Mapping[str, float],
    measure_again: Callable[[str], float],
) -> list[Worse]:
    """Return what is worse than the baseline by more than a quarter, in every one of TRIES.

    Raises:
        MarketingAnalyticsError: the baseline has a ratio that was not measured.
    """
    found = []
    for name, ratio in before.items():
        if name not in now:
            raise MarketingAnalyticsError(
                f"the baseline has {name} at {rows:,} rows, which was not measured; "
                "accept a new one with --accept"
            )
        best = now[name]
        for _ in range(TRIES - 1):
            if best <= WORSE * ratio:
                break
            best = min(best, measure_again(name))
        if best > WORSE * ratio:
            found.append(Worse(name=name, rows=rows, before=ratio, now=best))
    return found


def read(path: Path) -> dict[int, dict[str, float]]:
    """Return the baseline: ratios by name, by number of rows.

    Raises:
        MarketingAnalyticsError: there is no such file, or it is no baseline.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {int(rows): dict(found) for rows, found in content["cpu_ratios"].items()}
    except OSError as error:
        raise MarketingAnalyticsError(f"cannot read {path} ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MarketingAnalyticsError(
            f"{path} is no baseline; write one with `mktg bench --accept {path}`"
        ) from error


def accept(path: Path, size: Size) -> None:
    """Write the ratios of a size into a baseline, in place of those of the same names."""
    every = read(path) if path.exists() else {}
    replaced = {one.mart for one in size.marts} | {domain_name(one.name) for one in size.domains}
    kept = {n: ratio for n, ratio in every.get(size.asked, {}).items() if n not in replaced}
    taken = ratios(size, least_hand_seconds=LEAST_HAND_SECONDS)
    every[size.asked] = dict(sorted((kept | taken).items()))
    rounded = {
        str(rows): {name: round(ratio, 2) for name, ratio in found.items()}
        for rows, found in sorted(every.items())
    }
    path.write_text(json.dumps({"cpu_ratios": rounded}, indent=2) + "\n", encoding="utf-8")
