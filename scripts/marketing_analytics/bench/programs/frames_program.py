"""Some marts by pandas and by polars; run by a Python that has them.

Imports nothing else but own_use.py. argv: the library, the mart, a folder with the raw tables as
Parquet, the file for the answer. Prints what it used as JSON.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from own_use import megabytes, tell, timed  # beside this file, where Python looks first

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = timedelta(days=1)


def polars_customer_lifetime_value(folder: Path) -> Any:
    """Buyers with the channel of their first session."""
    import polars as pl  # noqa: PLC0415

    end = _polars_end(folder)
    buyers = (
        pl.scan_parquet(folder / "conversions.parquet")
        .filter(pl.col("user_id").is_not_null() & (pl.col("timestamp") < end))
        .group_by("user_id")
        .agg(
            pl.col("timestamp").min().dt.date().alias("first_purchase_date"),
            pl.col("timestamp").max().dt.date().alias("last_purchase_date"),
            pl.len().alias("total_conversions"),
            pl.col("conversion_value").sum().alias("total_revenue"),
        )
    )
    firsts = (
        pl.scan_parquet(folder / "sessions.parquet")
        .filter(pl.col("session_start") < end)
        .join(buyers.select("user_id"), on="user_id", how="semi")
        .group_by("user_id")
        .agg(pl.col("channel").sort_by("session_start", "session_id").first())
    )
    return (
        buyers.join(firsts, on="user_id", how="left")
        .with_columns(pl.col("channel").fill_null("unknown").alias("acquisition_channel"))
        .drop("channel")
        .collect()
    )


def polars_funnel_conversion_analysis(folder: Path) -> Any:
    """Campaigns with their impressions, clicks, sessions and conversions."""
    import polars as pl  # noqa: PLC0415

    end = _polars_end(folder)
    sessions = pl.scan_parquet(folder / "sessions.parquet").filter(pl.col("session_start") < end)
    conversions = pl.scan_parquet(folder / "conversions.parquet").filter(pl.col("timestamp") < end)
    campaigns = (
        pl.scan_parquet(folder / "campaigns_daily.parquet")
        .filter(pl.col("date") < end.date())
        .group_by("campaign_id")
        .agg(
            pl.col("impressions").sum().alias("total_impressions"),
            pl.col("clicks").sum().alias("total_clicks"),
            pl.col("spend").sum().alias("spend_amount"),
        )
    )
    visits = sessions.group_by("campaign_id").agg(pl.len().alias("total_sessions"))
    of_sessions = (
        conversions.filter(pl.col("attributed_campaign_id").is_null())
        .join(sessions.select("session_id", "campaign_id"), on="session_id")
        .select("campaign_id", "conversion_value")
    )
    attributed = conversions.filter(pl.col("attributed_campaign_id").is_not_null()).select(
        pl.col("attributed_campaign_id").alias("campaign_id"), "conversion_value"
    )
    sales = (
        pl.concat([attributed, of_sessions])
        .group_by("campaign_id")
        .agg(
            pl.len().alias("total_conversions"),
            pl.col("conversion_value").sum().alias("revenue_amount"),
        )
    )
    counted = ["total_sessions", "total_conversions", "revenue_amount"]
    return (
        campaigns.join(visits, on="campaign_id", how="left")
        .join(sales, on="campaign_id", how="left")
        .with_columns(pl.col(counted).fill_null(0))
        .collect()
    )


def pandas_customer_lifetime_value(folder: Path) -> Any:
    """Buyers with the channel of their first session."""
    end = _pandas_end(folder)
    conversions = _pandas(folder, "conversions", ["user_id", "timestamp", "conversion_value"])
    conversions = conversions[conversions["user_id"].notna() & (conversions["timestamp"] < end)]
    buyers = conversions.groupby("user_id").agg(
        first_purchase_date=("timestamp", "min"),
        last_purchase_date=("timestamp", "max"),
        total_conversions=("timestamp", "size"),
        total_revenue=("conversion_value", "sum"),
    )
    for name in ("first_purchase_date", "last_purchase_date"):
        buyers[name] = buyers[name].dt.floor("D")
    sessions = _pandas(folder, "sessions", ["user_id", "session_start", "session_id", "channel"])
    sessions = sessions[sessions["user_id"].isin(buyers.index) & (sessions["session_start"] < end)]
    firsts = sessions.sort_values(["session_start", "session_id"]).drop_duplicates("user_id")
    joined = buyers.join(firsts.set_index("user_id")["channel"])
    joined["acquisition_channel"] = joined["channel"].fillna("unknown")
    return joined.drop(columns="channel").reset_index()


def pandas_funnel_conversion_analysis(folder: Path) -> Any:
    """Campaigns with their impressions, clicks, sessions and conversions."""
    import pandas as pd  # noqa: PLC0415

    end = _pandas_end(folder)
    days = _pandas(
        folder, "campaigns_daily", ["campaign_id", "date", "impressions", "clicks", "spend"]
    )
    days = days[pd.to_datetime(days["date"]) < end]
    campaigns = days.groupby("campaign_id").agg(
        total_impressions=("impressions", "sum"),
        total_clicks=("clicks", "sum"),
        spend_amount=("spend", "sum"),
    )
    sessions = _pandas(folder, "sessions", ["session_id", "campaign_id", "session_start"])
    sessions = sessions[sessions["session_start"] < end]
    conversions = _pandas(
        folder,
        "conversions",
        ["session_id", "attributed_campaign_id", "conversion_value", "timestamp"],
    )
    conversions = conversions[conversions["timestamp"] < end]
    lacking = conversions[conversions["attributed_campaign_id"].isna()]
    of_sessions = lacking.merge(sessions[["session_id", "campaign_id"]], on="session_id")
    attributed = conversions[conversions["attributed_campaign_id"].notna()].rename(
        columns={"attributed_campaign_id": "campaign_id"}
    )
    columns = ["campaign_id", "conversion_value"]
    sales = (
        pd.concat([attributed[columns], of_sessions[columns]])
        .groupby("campaign_id")
        .agg(
            total_conversions=("conversion_value", "size"),
            revenue_amount=("conversion_value", "sum"),
        )
    )
    campaigns["total_sessions"] = sessions.groupby("campaign_id").size()
    return campaigns.join(sales).fillna(0).reset_index()


def _polars_end(folder: Path) -> datetime:
    """Return the end of the latest day with an event, and not after today."""
    import polars as pl  # noqa: PLC0415

    times = [
        pl.scan_parquet(folder / f"{table}.parquet")
        .select(pl.col(column).cast(pl.Datetime("us")).max())
        .collect()
        .item()
        for table, column in TIMES.items()
    ]
    return _end(times)


def _pandas_end(folder: Path) -> datetime:
    import pandas as pd  # noqa: PLC0415

    return _end(
        [
            pd.to_datetime(_pandas(folder, table, [column])[column]).max().to_pydatetime()
            for table, column in TIMES.items()
        ]
    )


TIMES = {
    "campaigns_daily": "date",
    "sessions": "session_start",
    "conversions": "timestamp",
    "attribution_touchpoints": "timestamp",
}


def _end(times: list[datetime]) -> datetime:
    latest = min(max(times), datetime.now(UTC).replace(tzinfo=None))
    return latest.replace(hour=0, minute=0, second=0, microsecond=0) + DAY


def _pandas(folder: Path, table: str, columns: list[str]) -> Any:
    import pandas as pd  # noqa: PLC0415

    return pd.read_parquet(folder / f"{table}.parquet", columns=columns)


def main() -> None:
    """Answer, write, and say what it used."""
    library, mart, folder, answer = sys.argv[1:]
    __import__(library)  # which is no part of the answer
    ask: Callable[[Path], Any] = globals()[f"{library}_{mart}"]
    found, used = timed(lambda: ask(Path(folder)))
    (found.write_parquet if library == "polars" else found.to_parquet)(answer)
    tell(cpu_seconds=used["cpu_seconds"], megabytes=megabytes())


if __name__ == "__main__":
    main()
