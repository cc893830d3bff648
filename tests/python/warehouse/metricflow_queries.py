"""Answers queries of metrics with MetricFlow, in the folder of a built dbt project.

Run as a program: queries as JSON from stdin, answers as JSON to stdout. One process answers all,
because `mf query` spends most of its time on starting dbt.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import Any

from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from metricflow.engine.metricflow_engine import MetricFlowQueryRequest


def plain(value: Any) -> Any:
    """Return what JSON knows; a day of midnight as a date."""
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value


def main() -> None:
    configuration = CLIConfiguration()
    configuration.setup()
    answers = []
    for metric, group_by in json.load(sys.stdin):
        request = MetricFlowQueryRequest.create(metric_names=[metric], group_by_names=group_by)
        result = configuration.mf.query(mf_request=request).result_df
        assert result is not None
        answers.append([[plain(value) for value in row] for row in result.rows])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
