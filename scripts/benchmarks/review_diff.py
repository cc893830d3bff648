"""Times the comparison of `mktg review` beside other tools, on the same two tables.

    .venv/bin/python scripts/benchmarks/review_diff.py --rows 1000000 --rows 10000000

The tables have a key and twelve columns; 1 % of the rows are modified, 0.5 % added, 0.5 % removed.
The join is what one would write by hand: a full outer join that counts rows and, per column, the
rows that differ. The other tools are installed below target/benchmarks, each into a virtual
environment of its own, which takes minutes; --only names those to run. Each run is a process of its
own, and the best of --repeat counts. CPU seconds say more than wall seconds where others work too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

import duckdb

from benchmarks.programs import PROJECT, Ended, ended
from marketing_analytics.bench.environment import installed
from marketing_analytics.review.data.compare import compare_tables
from marketing_analytics.review.data.session import duckdb_session

FOLDER = PROJECT / "target" / "benchmarks"
ENVIRONMENTS = FOLDER / "environments"
PEERS = {
    # dbt-core 1.12 downloads a binary while it installs.
    "recce": ("recce", "dbt-core<1.12", "dbt-duckdb<1.12"),
    "reladiff": ("reladiff[duckdb]",),
    "sqlmesh": ("sqlmesh",),
}
TOOLS = ("ours", "join", *PEERS)
COLUMNS = ("made_at", "name", "city", "channel", "status", "note", "amount", "rate")
MORE_COLUMNS = ("quantity", "is_paid", "day", "points")
VALUES = (*COLUMNS, *MORE_COLUMNS)
# Half a percent of the keys are in one table only; one in a hundred rows differs in five columns.
TABLE = """
    create table {side}_build.orders as
    select
        i as id,
        timestamp '2024-01-01' + to_seconds(i % 31536000) as made_at,
        'customer ' || hash(i, 1) % 1000000 as name,
        'city ' || hash(i, 2) % 5000 as city,
        case
            when {changed} then 'other'
            else ['email', 'search', 'social'][cast(1 + hash(i, 3) % 3 as integer)]
        end as channel,
        case
            when {changed} then 'High'
            else ['High', 'Medium', 'Low'][cast(1 + hash(i, 4) % 3 as integer)]
        end as status,
        'note of some length ' || hash(i, 5) as note,
        cast(hash(i, 6) % 1000000 / 100 + {number} as decimal(18, 2)) as amount,
        (hash(i, 7) % 1000000) / 7.0 + {number} as rate,
        cast(hash(i, 8) % 100 + {number} as integer) as quantity,
        hash(i, 9) % 2 = 0 as is_paid,
        date '2024-01-01' + cast(hash(i, 10) % 365 as integer) as day,
        hash(i, 11) % 1000000000 as points
    from range({rows}) as numbers(i)
    where hash(i, 12) % 200 <> {absent}
"""
JOIN = """
    select
        count(*) filter (where b.id is null) as added,
        count(*) filter (where h.id is null) as removed,
        count(*) filter (where b.id = h.id and ({any_differs})) as modified,
        {counts}
    from {base} as b full outer join {head} as h on b.id = h.id
"""


def main() -> None:
    """Run the tools that the command line names and print a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, action="append", required=True)
    parser.add_argument("--only", choices=TOOLS, action="append")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", choices=TOOLS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        {"join": by_join, "ours": by_us}[arguments.one](folder_of(arguments.rows[0]))
        return
    tools = [tool for tool in TOOLS if tool in (arguments.only or TOOLS)]
    for tool in tools:
        if tool in PEERS:
            installed(ENVIRONMENTS / tool, PEERS[tool])
    for rows in arguments.rows:
        # In a process of its own: what ours takes counts for those that it starts, too.
        made = get_context("spawn").Process(target=make_tables, args=(rows,))
        made.start()
        made.join()
        folder = folder_of(rows)
        print(f"\n{rows:,} rows", flush=True)
        ours: Ended | None = None
        for tool in tools:
            run = best(tool, folder, rows, arguments.repeat)
            ours = run if tool == "ours" else ours
            print(line_of(tool, run, ours), flush=True)


def folder_of(rows: int) -> Path:
    """Return where the tables of a size are."""
    return FOLDER / f"rows_{rows}"


def make_tables(rows: int) -> None:
    """Write both tables, each into a file as a build does, and both into one for other tools."""
    folder = folder_of(rows)
    if (folder / "both.duckdb").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for path in (folder / "base.duckdb", folder / "head.duckdb", folder / "both.duckdb"):
        connection = duckdb.connect(
            str(path), config={"storage_compatibility_version": "v1.0.0", "threads": 2}
        )
        for side, absent in (("base", 0), ("head", 1)):
            if path.stem not in (side, "both"):
                continue
            connection.execute(f"create schema {side}_build")
            changed = "hash(i, 13) % 100 = 0" if side == "head" else "false"
            number = f"cast({changed} as integer)"
            connection.execute(
                TABLE.format(side=side, rows=rows, absent=absent, changed=changed, number=number)
            )
        connection.close()


def by_join(folder: Path) -> None:
    """Compare as one would by hand."""
    connection = duckdb.connect(config={"threads": 2})
    for side in ("base", "head"):
        connection.execute(f"attach '{folder / side}.duckdb' as {side} (read_only)")
    query = JOIN.format(
        base="base.base_build.orders",
        head="head.head_build.orders",
        any_differs=" or ".join(f"b.{name} is distinct from h.{name}" for name in VALUES),
        counts=", ".join(
            f"count(*) filter (where b.id = h.id and b.{name} is distinct from h.{name})"
            for name in VALUES
        ),
    )
    added, removed, modified, *_ = connection.execute(query).fetchall()[0]
    print(f"{modified:,} modified, {added:,} added, {removed:,} removed")


def by_us(folder: Path) -> None:
    """Compare as `mktg review` does: counts, samples, totals, quantiles, categories, moves."""
    with duckdb_session(folder / "base.duckdb", folder / "head.duckdb") as session:
        session.run("set threads = 2")
        change = compare_tables(session, "base_build.orders", "head_build.orders", key=("id",))
    print(
        f"{change.modified:,} modified, {change.added:,} added, {change.removed:,} removed; "
        f"{sum(column.numbers is not None for column in change.columns)} columns of numbers, "
        f"{sum(column.categories is not None for column in change.columns)} of categories"
    )


def best(tool: str, folder: Path, rows: int, repeat: int) -> Ended:
    """Run a tool some times and keep the one that took the least CPU."""
    command, environment = command_of(tool, folder, rows)
    return min(
        (ended(command, folder, environment) for _ in range(repeat)),
        key=lambda run: run.used.cpu_seconds,
    )


def command_of(tool: str, folder: Path, rows: int) -> tuple[list[str], dict[str, str]]:
    """Return how a tool compares the two tables, and the variables it reads."""
    both = folder / "both.duckdb"
    if tool not in PEERS:
        return [sys.executable, __file__, "--rows", str(rows), "--one", tool], {}
    bin_ = ENVIRONMENTS / tool / "bin"
    if tool == "reladiff":
        tables = ("base_build.orders", "head_build.orders")
        return [
            *(str(bin_ / "reladiff"), f"duckdb://{both}", *tables),
            *("--key-columns", "id", "--columns", "%", "--stats"),
        ], {}
    if tool == "sqlmesh":
        return [str(bin_ / "python"), "-c", SQLMESH.format(database=str(both))], {}
    return [str(bin_ / "recce"), "run"], recce_project(folder, bin_)


SQLMESH = """
import duckdb
from sqlmesh.core.engine_adapter.duckdb import DuckDBEngineAdapter
from sqlmesh.core.table_diff import TableDiff
connection = duckdb.connect({database!r}, config={{"threads": 2}})
adapter = DuckDBEngineAdapter(lambda: connection.cursor(), default_catalog="both")
diff = TableDiff(adapter=adapter, source="base_build.orders", target="head_build.orders", on=["id"])
stats = diff.row_diff().stats
print(int(stats["join_count"] - stats["full_match_count"]), "modified,",
      int(stats["t_only_count"]), "added,", int(stats["s_only_count"]), "removed")
"""

RECCE_CHECKS = """
checks:
- {name: rows, type: row_count_diff, params: {node_names: [orders]}}
- {name: values, type: value_diff, params: {model: orders, primary_key: id}}
"""


def recce_project(folder: Path, bin_: Path) -> dict[str, str]:
    """Write a dbt project of one model that is there already, with the artifacts recce reads."""
    project = folder
    (project / "models").mkdir(exist_ok=True)
    (project / "models" / "orders.sql").write_text("select 1 as id")
    (project / "recce.yml").write_text(RECCE_CHECKS)
    (project / "dbt_project.yml").write_text(
        json.dumps({"name": "compared", "version": "1.0", "profile": "compared"})
    )
    outputs = {
        side: {
            "type": "duckdb",
            "path": str(folder / "both.duckdb"),
            "schema": f"{side}_build",
            "threads": 2,
            "settings": {"threads": 2},
        }
        for side in ("base", "head")
    }
    (project / "profiles.yml").write_text(
        json.dumps({"compared": {"target": "head", "outputs": outputs}})
    )
    home = folder / "home"
    (home / ".recce").mkdir(parents=True, exist_ok=True)
    (home / ".recce" / "profile.yml").write_text("user_id: none\nanonymous_tracking: false\n")
    environment = {"HOME": str(home), "DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "0"}
    for side, path in (("base", "target-base"), ("head", "target")):
        command = [str(bin_ / "dbt"), "docs", "generate", "--target", side, "--target-path", path]
        subprocess.run(
            command, cwd=project, env={**os.environ, **environment}, check=True, capture_output=True
        )
    return environment


def line_of(tool: str, run: Ended, ours: Ended | None) -> str:
    """Return what a tool took, and as a multiple of ours, and the end of what it said."""
    wall, cpu, memory = run.wall_seconds, run.used.cpu_seconds, run.used.megabytes
    line = f"{tool:9}{wall:8.1f} s wall{cpu:8.1f} s CPU{memory:8.0f} MiB"
    if ours is not None:
        line += f"   {wall / ours.wall_seconds:5.1f} x{cpu / ours.used.cpu_seconds:6.1f} x"
        line += f"{memory / ours.used.megabytes:6.1f} x"
    return f"{line}   {' '.join(run.said.split())[-100:]}"


if __name__ == "__main__":
    main()
