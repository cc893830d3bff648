"""The peak of memory of one answer, in a process of its own: argv is a file with what to do."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.bench.answers import Question
from marketing_analytics.bench.plan import MartPlan
from marketing_analytics.bench.programs.own_use import megabytes
from marketing_analytics.bench.queries import HandQuery
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.load.sql import text
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from marketing_analytics.bench.data import World

TOO_LITTLE = 3  # what the process ends with where DuckDB's memory was not enough


def peak_megabytes(world: World, question: Question, *, by_hand: bool, limit: str) -> float | None:
    """Return the peak of the memory of a process that answers once; None: the limit is too low.

    Raises:
        MarketingAnalyticsError: it ended with another error.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "question.json"
        told = {
            "database": str(world.database),
            "limit": limit,
            "by_hand": by_hand,
            "plan": question.plan.to_json(),
            "domain": question.hand.domain,
            "preparations": question.hand.preparations,
            "query": question.hand.query,
        }
        file.write_text(json.dumps(told), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode == TOO_LITTLE:
        return None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise MarketingAnalyticsError(f"{question.plan.name} within {limit}: {last}")
    return float(done.stdout)


def _main() -> None:
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    plan = MartPlan.from_json(told["plan"])
    hand = HandQuery(
        domain=told["domain"],
        mart=plan.name,
        preparations=tuple(told["preparations"]),
        query=told["query"],
    )
    connection = connect(Path(told["database"]))
    connection.execute(f"set memory_limit = {text(told['limit'])}")
    plan.create_schemas(connection)
    question = Question(plan=plan, hand=hand)
    try:
        (question.by_hand if told["by_hand"] else question.by_project)(connection)
    except duckdb.OutOfMemoryException:
        sys.exit(TOO_LITTLE)
    connection.close()
    print(megabytes())


if __name__ == "__main__":
    _main()
