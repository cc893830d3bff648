"""Times ChannelAttribution: argv are a file of paths and the exact answers.

Its Markov model simulates. It runs once at its own settings, and with ever smaller tolerances until
no more than a share of NEAR of all conversions is credited to a wrong channel; each run is told.
"""

from __future__ import annotations

import sys
from typing import Any

import ChannelAttribution
import pandas

from benchmarks.peers.deviations import deviations, read
from marketing_analytics.bench.programs.own_use import tell, timed

NEAR = 0.005
TOLERANCES = (0.05, 0.02, 0.01, 0.005, 0.002)  # conv_par; the first one is its default
HEURISTICS = {"first_touch": "first_touch", "last_touch": "last_touch", "linear_touch": "linear"}


def main() -> None:
    """Read the paths, run the models."""
    path, answers = sys.argv[1:]
    exact = read(answers)
    frame, used = timed(lambda: pandas.read_parquet(path))
    tell(step="reading the paths", **used)
    found, used = timed(
        lambda: ChannelAttribution.heuristic_models(frame, "path", "conversions", flg_pro=False)
    )
    found = found.set_index("channel_name")
    for column, name in HEURISTICS.items():
        tell(step=name, **used, **deviations(found[column].to_dict(), exact[name]))
    for order in (1, 2, 3):
        for tolerance in TOLERANCES:
            name = f"markov_{order}"
            credits, used = timed(lambda: _markov(frame, order, tolerance))  # noqa: B023
            off = deviations(credits, exact[name])
            tell(step=name, tolerance=tolerance, **used, **off)
            if float(off["misplaced"]) <= NEAR:
                break


def _markov(frame: Any, order: int, tolerance: float) -> dict[str, float]:
    table = ChannelAttribution.markov_model(
        frame,
        "path",
        "conversions",
        var_null="others",
        order=order,
        conv_par=tolerance,
        verbose=False,
        flg_pro=False,
    )
    credits: dict[str, float] = table.set_index("channel_name")["total_conversions"].to_dict()
    return credits


if __name__ == "__main__":
    main()
