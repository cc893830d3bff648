"""Runs dbt in this process and prints what each node used, as a line of JSON: argv are dbt's.

CPU seconds of a node are those of the process between its start and its end, so there must be one
thread. What is left is dbt itself: reading the project, connecting, what it does at the end.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from dbt.cli.main import dbtRunner

from marketing_analytics.bench.programs.own_use import cpu_seconds, megabytes


def main() -> None:
    """Run, print, and end as dbt does."""
    begun: dict[str, float] = {}
    nodes: dict[str, dict[str, float]] = {}

    def note(event: Any) -> None:
        if event.info.name not in ("NodeStart", "NodeFinished"):
            return
        name = event.data.node_info.node_name
        if event.info.name == "NodeStart":
            begun[name] = cpu_seconds()
        else:
            nodes[name] = {"cpu_seconds": cpu_seconds() - begun[name], "megabytes": megabytes()}

    result = dbtRunner(callbacks=[note]).invoke(sys.argv[1:])
    if result.exception:
        raise result.exception
    print(json.dumps({"nodes": nodes}), flush=True)
    sys.exit(0 if result.success else 1)


if __name__ == "__main__":
    main()
