"""Times the attribution of many journeys against two libraries, on the same simulated touches.

    .venv/bin/python scripts/benchmarks/attribution.py --journeys 1000000

The project builds all that attribution_comparison needs from the raw tables: journeys, seven models
by rules, Markov chains of orders 1 to 3. The peers, marketing-attribution-models and
ChannelAttribution, get the journeys as paths, which DuckDB makes of the same touches; what that
takes is shown apart. They are installed (pip, by name) into a virtual environment of their own.
Prints CPU seconds, which other work on the machine disturbs less than wall seconds, the peak of
memory, and how far each answer is from the exact one.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.programs import Peer, Project, Used

PACKAGES = (
    *("marketing-attribution-models==2.1.1", "ChannelAttribution==2.2.5"),
    *("duckdb", "matplotlib", "pyarrow"),  # the second one wants matplotlib and does not say so
)
RULES = ("int_attribution_touch_credits", "int_attribution_credit_totals")
CHAINS = (
    *("int_attribution_windows", "int_attribution_channels", "int_attribution_transitions"),
    *("int_attribution_weights", "int_attribution_removed_channels", "int_attribution_steps_1"),
    *("int_attribution_steps_2", "int_attribution_steps_3", "int_attribution_steps_4"),
    *("int_attribution_removals", "int_attribution_removal_effects"),
)
RESULTS = (
    *("int_attribution_markov_credits", "int_attribution_campaign_credits"),
    *("int_attribution_spend", "attribution_summary", "attribution_comparison"),
)
EXACT = """
select attribution_model, channel, credited_conversions from marketing.attribution_summary
where summary_level = 'channel' order by 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table."""

    who: str
    what: str
    cpu_seconds: float
    megabytes: float
    off: str = ""


def main() -> None:
    """Simulate, credit with all, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, help="folder of the environment, to use it again")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer = Peer(folder=(chosen.peers or folder) / "attribution", packages=PACKAGES)
        peer.install()
        project = Project(folder=folder, variables="{domains: [marketing]}")
        peer.measure("simulate_journeys", str(chosen.journeys), str(project.database))
        lines = _of_the_project(project)
        (folder / "exact.json").write_text(json.dumps(_exact(project.database)))
        lines += _of_the_peers(peer, folder, project.database)
    print(f"{chosen.journeys:,} journeys")
    print(f"{'':18}  {'':44} {'CPU s':>7} {'MB':>6}  credit misplaced, worst channel")
    for line in lines:
        print(
            f"{line.who:18}  {line.what:44} {line.cpu_seconds:>7.2f} {line.megabytes:>6.0f}  "
            f"{line.off}".rstrip()
        )


def _of_the_project(project: Project) -> list[Line]:
    project.dbt("seed", "attribution_models", "attribution_direct_channels")
    run = project.dbt("run", "+attribution_comparison")
    journeys = tuple(run.nodes.keys() - {*RULES, *CHAINS, *RESULTS})

    def line(what: str, used: Used, off: str = "") -> Line:
        seconds, memory = used.cpu_seconds, used.megabytes
        return Line(who="project", what=what, cpu_seconds=seconds, megabytes=memory, off=off)

    return [
        line("journeys, from raw touches and conversions", run.of(*journeys)),
        line("rule-based models and Shapley", run.of(*RULES)),
        line("Markov chains of orders 1 to 3", run.of(*CHAINS)),
        line("summary and comparison", run.of(*RESULTS)),
        line("all of these", run.of(*run.nodes), off="exact"),
        line("… and dbt itself", run.all),
    ]


def _exact(database: Path) -> dict[str, dict[str, float]]:
    """Conversions by model and channel, as the project credits them."""
    connection = duckdb.connect(str(database), read_only=True)
    exact: dict[str, dict[str, float]] = {}
    for model, channel, conversions in connection.execute(EXACT).fetchall():
        exact.setdefault(model, {})[channel] = conversions
    connection.close()
    return exact


def _of_the_peers(peer: Peer, folder: Path, database: Path) -> list[Line]:
    rows, groups, exact = (str(folder / name) for name in ("r.parquet", "g.parquet", "exact.json"))
    steps = peer.measure("write_paths", str(database), rows, groups)
    lines = [_line("DuckDB", step, f"paths, {step['step']}") for step in steps]
    for form, path in [("rows", rows), ("groups", groups)]:
        for step in peer.measure("credit_by_mam", path, form, exact):
            lines.append(_line("mam", step, f"{form}: {step['step']}"))
    for form, path in [("rows", rows), ("groups", groups)]:
        for step in peer.measure("credit_by_simulation", path, exact):
            tolerance = f", conv_par {step['tolerance']}" if "tolerance" in step else ""
            lines.append(_line("ChannelAttribution", step, f"{form}: {step['step']}{tolerance}"))
    return lines


def _line(who: str, step: dict[str, Any], what: str) -> Line:
    off = ""
    if "misplaced" in step:
        off = f"{step['misplaced']:.2%}, {step['worst']:.1%} {step['worst_channel']}"
    seconds, memory = step["cpu_seconds"], step["megabytes"]
    return Line(who=who, what=what, cpu_seconds=seconds, megabytes=memory, off=off)


if __name__ == "__main__":
    main()
