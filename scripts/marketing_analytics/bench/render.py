"""What was measured as tables: for the terminal, as Markdown and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from marketing_analytics.answers.layout import NOTHING, number, table, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from marketing_analytics.bench.facts import Bench, Measured, Size

HEADERS = (
    "mart",
    "rows",
    "CPU ms by hand",
    "alone",
    "… by clock",
    "in a build",
    "MB",
    "MB by hand",
)

TOO_LITTLE = "too little"  # memory, for that answer

PEERS = ("mart", "by", "CPU, times that by hand", "MB")


def size_table(size: Size) -> Table:
    """Return the table of one size."""
    shown = table(*HEADERS, right=HEADERS[1:])
    for row in _rows(size):
        shown.add_row(*row)
    return shown


def growth_table(bench: Bench) -> Table | None:
    """Return how the time of each mart grows; None of a single size."""
    rows = _growths(bench)
    if not rows:
        return None
    shown = table("mart", "project", "by hand", right=("project", "by hand"))
    for name, project, hand in rows:
        shown.add_row(name, number(project), number(hand))
    return shown


def peers_table(size: Size) -> Table | None:
    """Return what other programs take; None where none was asked."""
    if not size.peers:
        return None
    shown = table(*PEERS, right=PEERS[2:])
    for row in _peer_rows(size):
        shown.add_row(*row)
    return shown


def markdown(bench: Bench) -> str:
    """Return all tables as Markdown."""
    parts = []
    for size in bench.sizes:
        parts.append(f"**{size.asked:,} rows**\n\n" + _markdown_table(HEADERS, _rows(size)))
        if size.peers:
            parts.append(_markdown_table(PEERS, _peer_rows(size)))
    growths = [(name, number(one), number(other)) for name, one, other in _growths(bench)]
    if growths:
        first, last = bench.sizes[0].asked, bench.sizes[-1].asked
        parts.append(
            f"**Growth from {first:,} to {last:,} rows**: CPU time as rows to the power of\n\n"
            + _markdown_table(("mart", "project", "by hand"), growths)
        )
    return "\n\n".join(parts) + "\n"


def as_json(bench: Bench) -> str:
    """Return what was measured as JSON."""
    return json.dumps({"sizes": [_size(size) for size in bench.sizes]}, indent=2) + "\n"


def _rows(size: Size) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in size.marts:
        if one.difference is not None:
            rows.append(
                (one.mart, f"no figure: {one.difference}", *(NOTHING,) * 4, *_megabytes(size, one))
            )
            continue
        rows.append(
            (
                one.mart,
                f"{one.rows:,}",
                whole(1000 * one.hand_cpu),
                number(one.cpu_ratio),
                number(one.wall_ratio),
                number(size.build_ratio(one)),
                *_megabytes(size, one),
            )
        )
    for domain in size.totals:
        milliseconds, ratio = whole(1000 * domain.hand_cpu), number(domain.cpu_ratio)
        rows.append(
            (f"all of {domain.name}", "", milliseconds, NOTHING, NOTHING, ratio, NOTHING, NOTHING)
        )
    return rows


def _megabytes(size: Size, one: Measured) -> tuple[str, ...]:
    """Return the peaks of memory of the project and by hand."""
    peak = size.peaks.get(one.mart)
    if peak is None:
        return NOTHING, NOTHING
    return tuple(TOO_LITTLE if one is None else whole(one) for one in (peak.project, peak.hand))


def _peer_rows(size: Size) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in size.peers:
        mart = size.mart(one.mart)
        ratio = one.cpu_seconds / mart.hand_cpu if mart and one.difference is None else None
        told = number(ratio) if ratio else f"differs: {one.difference}"
        rows.append((one.mart, one.library, told, whole(one.megabytes)))
    return rows


def _growths(bench: Bench) -> list[tuple[str, float, float]]:
    found = []
    for one in bench.sizes[-1].marts:
        project, hand = bench.growth(one.mart), bench.growth(one.mart, by_hand=True)
        if project is not None and hand is not None:
            found.append((one.mart, project, hand))
    return found


def _markdown_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(headers) + " |", "|---" + "|---:" * (len(headers) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def _size(size: Size) -> dict[str, Any]:
    return {
        "rows": size.asked,
        "marts": {
            one.mart: {
                "domain": one.domain,
                "rows": one.rows,
                "difference": one.difference,
                "pairs": len(one.pairs),
                "cpu_ratio": one.cpu_ratio if one.pairs else None,
                "build_cpu_ratio": size.build_ratio(one) if one.pairs else None,
                "wall_ratio": one.wall_ratio if one.pairs else None,
                "project_cpu_seconds": one.project_cpu if one.pairs else None,
                "hand_cpu_seconds": one.hand_cpu if one.pairs else None,
                "project_megabytes": size.peaks[one.mart].project if size.peaks else None,
                "hand_megabytes": size.peaks[one.mart].hand if size.peaks else None,
            }
            for one in size.marts
        },
        "peers": [asdict(one) for one in size.peers],
        "domains": {
            one.name: {
                "cpu_ratio": one.cpu_ratio,
                "project_cpu_seconds": one.project_cpu,
                "hand_cpu_seconds": one.hand_cpu,
            }
            for one in size.totals
        },
    }
