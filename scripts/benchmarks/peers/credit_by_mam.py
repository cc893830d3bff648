"""Times marketing-attribution-models: argv are a file of paths, its form and the exact answers."""

from __future__ import annotations

import sys
from typing import Any

import polars
from mam import MAM

from benchmarks.peers.deviations import deviations, read
from marketing_analytics.bench.programs.own_use import tell, timed

CONVERTED = {"channels_colname": "path", "journey_with_conv_colname": "has_conversion"}


def main() -> None:
    """Read the paths, run the models."""
    path, form, answers = sys.argv[1:]
    exact = read(answers)
    prepared, used = timed(lambda: _rows(path) if form == "rows" else _groups(path))
    tell(step="reading the paths", **used)
    for name, model in [
        ("position_based", prepared.run_position_based),
        ("shapley", prepared.run_shapley),
        ("markov_1", prepared.run_markov),
    ]:
        result, used = timed(model)
        found = dict(result.to_polars().select("channels", "attribution").iter_rows())
        if name == "markov_1":
            # It shares each conversion out by the effects of its own channels: the effects
            # themselves are what can be compared.
            effects = result.metadata["removal_effect"]["removal_effect"]
            total = sum(exact[name].values())
            found = {channel: total * effect / effects.sum() for channel, effect in effects.items()}
        tell(step=name, **used, **deviations(found, exact[name]))


def _rows(path: str) -> Any:
    frame = polars.read_parquet(path).select(
        "journey_id",
        "path",
        polars.col("path").str.replace_all(r"[^>]+", " 0 ").str.strip_chars().alias("hours"),
        (polars.col("conversions") > 0).alias("has_conversion"),
    )
    return MAM(
        frame,
        format_type="journey",
        user_id_colname="journey_id",
        time_till_conv_colname="hours",
        **CONVERTED,
    )


def _groups(path: str) -> Any:
    frame = polars.read_parquet(path)
    halves = [
        frame.filter(polars.col(name) > 0).select(
            "path",
            polars.lit(name == "conversions").alias("has_conversion"),
            polars.col(name).alias("occurrences"),
        )
        for name in ("conversions", "others")
    ]
    return MAM(polars.concat(halves), format_type="grouped_journey", **CONVERTED)


if __name__ == "__main__":
    main()
