"""Other programs beside the queries by hand: pandas and polars, in an environment apart."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_analytics.bench.facts import PeerUsed
from marketing_analytics.bench.queries import hand_queries
from marketing_analytics.bench.same import difference
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.load.sql import text
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from marketing_analytics.bench.data import World

PACKAGES = ("pandas==3.1.1", "polars==2.1.0", "pyarrow==26.0.1")
PROGRAM = Path(__file__).with_name("frames_program.py")
AMOUNTS = {
    "campaigns_daily": "spend",
    "sessions": None,
    "conversions": "conversion_value",
    "attribution_touchpoints": None,
}
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
    folder: Path, world: World, marts: Iterable[str], progress: Callable[[str], None]
) -> tuple[PeerUsed, ...]:
    """Answer what pandas and polars can by each of them, and compare the answers."""
    chosen = [mart for mart in marts if mart in COLUMNS]
    if not chosen:
        return ()
    progress("installing pandas and polars")
    python = _installed(folder)
    progress(f"{world.rows:,} rows: writing Parquet files")
    raw = _parquet(world)
    found = []
    for mart in chosen:
        for library in ("polars", "pandas"):
            progress(f"{world.rows:,} rows: {mart} by {library}")
            found.append(_measured(python, world, raw, (library, mart)))
    return tuple(found)


def _installed(folder: Path) -> Path:
    """Return the Python of an environment with the packages, made once."""
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        _output([sys.executable, "-m", "venv", "--clear", str(folder)])
        _output([str(python), "-m", "pip", "install", "--quiet", *PACKAGES])
        done.touch()
    return python


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


def _measured(python: Path, world: World, raw: Path, asked: tuple[str, str]) -> PeerUsed:
    library, mart = asked
    answer = raw / f"{library}_{mart}.parquet"
    used = json.loads(_output([str(python), str(PROGRAM), library, mart, str(raw), str(answer)]))
    columns = ", ".join(COLUMNS[mart])
    hand = hand_queries()[mart]
    connection = connect(world.database, read_only=True)
    hand.prepare(connection)
    found = difference(
        connection,
        f"(select {columns} from ({hand.query}))",
        f"(select {columns} from read_parquet({text(str(answer))}))",
        COLUMNS[mart][:1],
    )
    connection.close()
    return PeerUsed(
        library=library,
        mart=mart,
        cpu_seconds=used["cpu_seconds"],
        megabytes=used["megabytes"],
        difference=found,
    )


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MarketingAnalyticsError(f"{' '.join(command)}: {done.stderr.strip()[-500:]}")
    return done.stdout
