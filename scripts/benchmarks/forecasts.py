"""Times the forecasts of many customers against two libraries, on the same simulated customers.

    .venv/bin/python scripts/benchmarks/forecasts.py --customers 1000000

lifetimes 0.11.3 and pymc-marketing 0.19.2 are installed (pip, by name), each into a virtual
environment of its own. They are timed on their fits and their value of 12 months alone, the project
on the models that go from customers to forecasts, each written to a table; dbt itself is shown
apart. Prints CPU seconds, which other work on the machine disturbs less than wall seconds, and the
peak of memory.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.programs import Peer, ProgramError, Project

SCORE = (
    *("int_forecast_populations", "int_forecast_histories", "int_forecast_curves"),
    *("int_forecast_tails", "int_forecast_rates", "forecast_parameters", "int_forecast_scores"),
)
ONE_POPULATION = "{forecast_min_segment_repeat_buyers: 1000000000}"
PARAMETERS = """
select purchase_step_count, spend_step_count, [r, alpha, a, b], [p, q, v],
    (select sum(expected_value_12m) from intermediate.int_forecast_scores)
from marketing.forecast_parameters where segment = '(all)'
"""


def main() -> None:
    """Simulate, fit and score with all, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, help="folder of the environments, to use them again")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers = chosen.peers or folder
        lifetimes = Peer(folder=peers / "lifetimes", packages=("lifetimes==0.11.3", "duckdb"))
        lifetimes.install()
        project = Project(folder=folder, variables=ONE_POPULATION)
        lifetimes.measure("simulate_customers", str(chosen.customers), str(project.database))
        print(f"{chosen.customers:,} customers")
        print(f"{'':16} {'':44} {'CPU s':>7} {'MB':>6}")
        _of_the_project(project)
        for step in lifetimes.measure("forecast_by_lifetimes", str(project.database)):
            _show("lifetimes", step["step"], step["cpu_seconds"], step["megabytes"], step["found"])
        _of_pymc(peers / "pymc", project.database)


def _of_the_project(project: Project) -> None:
    purchases = project.dbt("run", "int_purchase_statistics", "int_forecast_fits")
    both = project.dbt("run", "int_spend_statistics", "int_forecast_fits")
    scores = project.dbt("run", *SCORE)
    connection = duckdb.connect(str(project.database), read_only=True)
    found = connection.execute(PARAMETERS).fetchone() or ()
    connection.close()
    alone = purchases.of("int_forecast_fits")
    for step, run, before, queries, fitted in [
        ("purchase", purchases, 0.0, found[0], found[2]),
        ("spend", both, alone.cpu_seconds, found[1], found[3]),
    ]:
        counts, fit = run.of(f"int_{step}_statistics"), run.of("int_forecast_fits")
        what = f"{step} model: counting, twice"
        _show("project", what, counts.cpu_seconds, counts.megabytes, [])
        what = f"{step} model: {queries} queries"
        _show("project", what, fit.cpu_seconds - before, fit.megabytes, fitted)
    score = scores.of(*scores.nodes)
    what = "scores, intervals and value of 12 months"
    _show("project", what, score.cpu_seconds, score.megabytes, [float(found[4])])
    _show("project", "dbt itself, once", scores.start, scores.all.megabytes, [])


def _of_pymc(folder: Path, database: Path) -> None:
    peer = Peer(folder=folder, packages=("pymc-marketing==0.19.2", "duckdb"))
    try:
        peer.install()
        steps = peer.measure("forecast_by_pymc", str(database))
    except ProgramError as error:
        print(f"pymc-marketing cannot be installed or run here:\n{error}")
        return
    for step in steps:
        what = f"{step['step']}, compiled before"
        _show("pymc-marketing", what, step["cpu_seconds"], step["megabytes"], step["found"])


def _show(who: str, what: str, seconds: float, memory: float, found: list[Any]) -> None:
    values = " ".join(f"{value:.7g}" for value in found)
    print(f"{who:16} {what:44} {seconds:>7.2f} {memory:>6.0f}  {values}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
