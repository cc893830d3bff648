"""Simulates journeys and writes raw tables of marketing: argv are their number and the database.

A journey is one person's touches within a month, 4.1 on average, over twelve channels of very
different sizes. After each touch the person converts or goes away, with probabilities of the
channel, or comes back by the same channel or another one. The same number gives the same journeys.
"""

from __future__ import annotations

import sys

import duckdb
import numpy
import pandas

CHANNELS = (
    *("organic search", "paid search", "direct", "e-mail", "display", "paid social"),
    *("referral", "affiliate", "video", "podcast", "sms", "print"),
)
SIZES = (30, 20, 14, 10, 8, 6, 5, 3, 2, 1, 0.5, 0.05)
LONGEST = 60  # touches of a journey
TABLES = """
create schema marketing_raw;
create table marketing_raw.campaigns_daily as
select distinct campaign_id, date '2024-06-30' as date, campaign_id as campaign_name, channel,
    'active' as status, 10::decimal(18, 2) as daily_budget, 7.5::decimal(18, 2) as spend,
    1000::bigint as impressions, 50::bigint as clicks, 0.05::double as ctr, 0.15::double as cpc
from touches;
create table marketing_raw.ad_creatives (
    creative_id varchar, campaign_id varchar, creative_type varchar, creative_name varchar,
    impressions bigint, clicks bigint, ctr double, spend decimal(18, 2)
);
create table marketing_raw.sessions (
    session_id varchar, date date, user_id varchar, campaign_id varchar, creative_id varchar,
    channel varchar, session_start timestamp, session_duration_sec bigint, pages_viewed bigint,
    device_type varchar, country varchar
);
create table marketing_raw.attribution_touchpoints as
select 't' || row_number() over (order by person, position) as touchpoint_id,
    null::varchar as session_id, 'u' || person as user_id, campaign_id, channel,
    position::bigint as touchpoint_position,
    timestamp '2024-01-01' + to_seconds(second) as timestamp
from touches;
create table marketing_raw.conversions as
select 'c' || person as conversion_id, null::varchar as session_id,
    cast(timestamp '2024-01-01' + to_seconds(second) as date) as date, 'u' || person as user_id,
    null::varchar as attributed_campaign_id, null::varchar as attribution_model,
    revenue::decimal(18, 2) as conversion_value,
    timestamp '2024-01-01' + to_seconds(second) as timestamp
from conversions;
"""


def main() -> None:
    """Simulate and write."""
    count, path = int(sys.argv[1]), sys.argv[2]
    draw = numpy.random.default_rng(1)
    size = len(CHANNELS)
    shares = numpy.array(SIZES) / sum(SIZES)
    follows = shares * draw.gamma(1, 1, (size, size)) + 0.35 * numpy.eye(size)
    follows = (follows / follows.sum(axis=1, keepdims=True)).cumsum(axis=1)
    converts, leaves = draw.uniform(0.02, 0.08, size), draw.uniform(0.1, 0.25, size)

    person = numpy.arange(count)
    channel = draw.choice(size, count, p=shares)
    second = draw.integers(0, 120 * 86_400, count)
    touches, conversions = [], []
    for position in range(1, LONGEST + 1):
        touches.append(pandas.DataFrame({
            "person": person, "position": position, "second": second,
            "channel": numpy.array(CHANNELS)[channel],
            "campaign_id": numpy.char.add("k", (channel * 5 + person % 5).astype(str)),
        }))  # fmt: skip
        luck = draw.random(person.size)
        bought = luck < converts[channel]
        conversions.append(pandas.DataFrame({
            "person": person[bought],
            "second": second[bought] + draw.integers(60, 3_600, bought.sum()),
            "revenue": numpy.round(draw.gamma(2, 30, bought.sum()), 2),
        }))  # fmt: skip
        stays = luck > converts[channel] + leaves[channel]
        person = person[stays]
        second = second[stays] + draw.integers(600, 36_000, person.size)
        reached = draw.random(person.size)[:, None] > follows[channel[stays]]
        channel = numpy.minimum(reached.sum(axis=1), size - 1)
    connection = duckdb.connect(path)
    connection.register("touches", pandas.concat(touches))
    connection.register("conversions", pandas.concat(conversions))
    connection.execute(TABLES)


if __name__ == "__main__":
    main()
