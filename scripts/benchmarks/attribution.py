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
        print(f"{chosen.journeys:,} journeys")
        print(f"{'':18}  {'':44} {'CPU s':>7} {'MB':>6}  credit misplaced, worst channel")
        _of_the_project(project)
        (folder / "exact.json").write_text(json.dumps(_exact(project.database)))
        _of_the_peers(peer, folder, project.database)


def _of_the_project(project: Project) -> None:
    run = project.dbt(
        "build", "+attribution_comparison", "--exclude-resource-type", "test", "unit_test"
    )
    journeys = tuple(run.nodes.keys() - {*RULES, *CHAINS, *RESULTS})
    for what, used in [
        ("journeys, from raw touches and conversions", run.of(*journeys)),
        ("rule-based models and Shapley", run.of(*RULES)),
        ("Markov chains of orders 1 to 3", run.of(*CHAINS)),
        ("summary and comparison", run.of(*RESULTS)),
        ("all of these", run.of(*run.nodes)),
        ("… and dbt itself", run.all),
    ]:
        _show("project", what, used)


def _exact(database: Path) -> dict[str, dict[str, float]]:
    """Conversions by model and channel, as the project credits them."""
    connection = duckdb.connect(str(database), read_only=True)
    exact: dict[str, dict[str, float]] = {}
    for model, channel, conversions in connection.execute(EXACT).fetchall():
        exact.setdefault(model, {})[channel] = conversions
    connection.close()
    return exact


def _of_the_peers(peer: Peer, folder: Path, database: Path) -> None:
    rows, groups, exact = (str(folder / name) for name in ("r.parquet", "g.parquet", "exact.json"))
    for step in peer.measure("write_paths", str(database), rows, groups):
        _show_step("DuckDB", step, f"paths, {step['step']}")
    forms = [("rows", rows), ("groups", groups)]
    for form, path in forms:
        for step in peer.measure("credit_by_mam", path, form, exact):
            _show_step("mam", step, f"{form}: {step['step']}")
    for form, path in forms:
        for step in peer.measure("credit_by_simulation", path, exact):
            tolerance = f", conv_par {step['tolerance']}" if "tolerance" in step else ""
            _show_step("ChannelAttribution", step, f"{form}: {step['step']}{tolerance}")


def _show_step(who: str, step: dict[str, Any], what: str) -> None:
    off = ""
    if "misplaced" in step:
        off = f"{step['misplaced']:.2%}, {step['worst']:.1%} {step['worst_channel']}"
    used = Used(cpu_seconds=step["cpu_seconds"], megabytes=step["megabytes"])
    _show(who, what, used, off)


def _show(who: str, what: str, used: Used, off: str = "") -> None:
    numbers = f"{used.cpu_seconds:>7.2f} {used.megabytes:>6.0f}"
    print(f"{who:18}  {what:44} {numbers}  {off}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
