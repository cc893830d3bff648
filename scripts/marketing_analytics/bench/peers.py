"""Other programs beside the queries by hand: pandas, polars and SQLMesh, in environments apart."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from marketing_analytics.bench.environment import installed, printed
from marketing_analytics.bench.facts import PeerUsed
from marketing_analytics.bench.same import difference
from marketing_analytics.load.sql import text
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from marketing_analytics.bench.answers import Question
    from marketing_analytics.bench.data import World

FRAMES = ("pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1")
SQLMESH = ("sqlmesh==0.236.3", f"duckdb=={duckdb.__version__}")
PROGRAMS = Path(__file__).with_name("programs")
AMOUNTS = {
    "campaigns_daily": "spend",
    "sessions": None,
    "conversions": "conversion_value",
    "attribution_touchpoints": None,
}
# What the data frames answer of a mart, its key first. SQLMesh answers all of it.
COLUMNS = {
    "customer_lifetime_value": (
        *("user_id", "acquisition_channel", "first_purchase_date", "last_purchase_date"),
        *("total_conversions", "total_revenue"),
    ),
    "funnel_conversion_analysis": (
        *("campaign_id", "total_impressions", "total_clicks", "total_sessions"),
        *("total_conversions", "spend_amount", "revenue_amount"),
    ),
}


def measure_peers(
    folder: Path, world: World, chosen: Sequence[Question], progress: Callable[[str], None]
) -> tuple[PeerUsed, ...]:
    """Answer what other programs can by each of them, and compare the answers.

    pandas and polars answer the marts of COLUMNS, SQLMesh every one whose query needs no macro: it
    takes the query as a model of its own.
    """
    found = []
    for_frames = [one for one in chosen if one.plan.name in COLUMNS]
    if for_frames:
        progress("installing pandas and polars")
        python = installed(folder / "frames", FRAMES)
        progress(f"{world.rows:,} rows: writing Parquet files")
        raw = _parquet(world)
        for one in for_frames:
            for library in ("polars", "pandas"):
                progress(f"{world.rows:,} rows: {one.plan.name} by {library}")
                found.append(_by_frames(python, world, raw, library, one))
    for_sqlmesh = [one for one in chosen if not one.hand.preparations]
    if for_sqlmesh:
        progress("installing SQLMesh")
        python = installed(folder / "sqlmesh", SQLMESH)
        for one in for_sqlmesh:
            progress(f"{world.rows:,} rows: {one.plan.name} by SQLMesh")
            found.append(_by_sqlmesh(python, world, one))
    return tuple(sorted(found, key=lambda used: used.mart))


def _parquet(world: World) -> Path:
    """Write the raw tables as files, once; amounts as doubles, which are what both are made for."""
    folder = world.folder / "frames"
    folder.mkdir(exist_ok=True)
    connection = connect(world.database, read_only=True)
    connection.execute("set enable_progress_bar = false")
    for table, amount in AMOUNTS.items():
        file = folder / f"{table}.parquet"
        if not file.exists():
            listed = f"* replace ({amount}::double as {amount})" if amount else "*"
            connection.execute(
                f"copy (select {listed} from marketing_raw.{table}) to {text(str(file))}"
            )
    connection.close()
    return folder


def _by_frames(python: Path, world: World, raw: Path, library: str, question: Question) -> PeerUsed:
    mart = question.plan.name
    answer = raw / f"{library}_{mart}.parquet"
    told = printed(
        [str(python), str(PROGRAMS / "frames_program.py"), library, mart, str(raw), str(answer)]
    )
    found = _difference(world, question, answer, COLUMNS[mart])
    return PeerUsed(library=library, mart=mart, difference=found, **json.loads(told))


def _by_sqlmesh(python: Path, world: World, question: Question) -> PeerUsed:
    mart = question.plan.name
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        query, answer = Path(folder) / "query.sql", Path(folder) / "answer.parquet"
        query.write_text(question.hand.query, encoding="utf-8")
        program = str(PROGRAMS / "sqlmesh_program.py")
        told = printed([str(python), program, mart, str(query), str(world.database), str(answer)])
        found = _difference(world, question, answer)
    return PeerUsed(library="sqlmesh", mart=mart, difference=found, **json.loads(told))


def _difference(
    world: World, question: Question, answer: Path, columns: Sequence[str] = ()
) -> str | None:
    """Return how a program's answer differs from that by hand, in some columns or in all."""
    listed = ", ".join(columns) or "*"
    connection = connect(world.database, read_only=True)
    try:
        question.hand.prepare(connection)
        return difference(
            connection,
            f"(select {listed} from ({question.hand.query}))",
            f"(select {listed} from read_parquet({text(str(answer))}))",
            columns[:1] or question.plan.key,
        )
    finally:
        connection.close()
