"""Writes the journeys as paths, which the peers read: argv are the database and two files.

The first file has a row per journey, the second one per path, with the numbers of journeys that
convert and that do not. Each person has one journey here.
"""

from __future__ import annotations

import sys

import duckdb

from marketing_analytics.bench.programs.own_use import tell, timed

ROWS = """
create table paths as
select touches.user_id as journey_id,
    string_agg(touches.channel, ' > ' order by touches.timestamp) as path,
    max(case when conversions.user_id is null then 0 else 1 end) as conversions,
    min(case when conversions.user_id is null then 1 else 0 end) as others
from marketing.marketing_raw.attribution_touchpoints as touches
left join marketing.marketing_raw.conversions as conversions
    on touches.user_id = conversions.user_id
group by 1
"""
GROUPS = """
create table path_groups as
select path, sum(conversions)::bigint as conversions, sum(others)::bigint as others
from paths group by 1 order by 1
"""


def main() -> None:
    """Write both files and say what it took."""
    database, rows, groups = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute(f"attach '{database}' as marketing (read_only)")
    _, used = timed(lambda: connection.execute(ROWS))
    tell(step="a row per journey", **used)
    _, used = timed(lambda: connection.execute(GROUPS))
    counts = connection.execute("select count(*) from path_groups").fetchone()
    tell(step="a row per path", paths=counts[0] if counts else 0, **used)
    connection.execute(f"copy (from paths order by journey_id) to '{rows}' (format parquet)")
    connection.execute(f"copy path_groups to '{groups}' (format parquet)")


if __name__ == "__main__":
    main()
