"""On any raw data the marts are what plain loops written from the rules say they are."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import PROJECT
from warehouse import reference
from warehouse.compiled import OTHER_CHOICES, CompiledMarts
from warehouse.random_worlds import runs
from warehouse.reference import World
from warehouse.row_differences import row_differences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RULES = reference.Settings(min_rated_impressions=100, min_rated_clicks=10, min_rated_sessions=3)
quick = runs(60)
few = runs(60, share=5)


@pytest.fixture(scope="session")
def marts(compiled: Callable[[str], Path]) -> Iterator[CompiledMarts]:
    built = CompiledMarts(PROJECT, compiled(OTHER_CHOICES))
    yield built
    built.close()


# ---------------------------------------------------------------- random raw data

FIRST_DAY = date(2023, 12, 30)
# Around the end of a month and of a year, months later, and a day in a far future.
OFFSETS = [0, 1, 2, 3, 31, 32, 33, 61, 62, 93, 400]
days = st.sampled_from([FIRST_DAY + timedelta(days=n) for n in OFFSETS])
event_days = st.one_of(days, days, days, days, st.just(date(2999, 1, 1)))
seconds = st.sampled_from([time(0), time(0, 0, 1), time(12), time(23, 59, 59, 999_999)])
moments = st.builds(datetime.combine, st.one_of(*[days] * 19, event_days), seconds)
known_ids = ["c1", "007", "7", 'it\'s, "odd"', "été"]
campaign_ids = st.sampled_from(known_ids)
some_campaign_ids = st.sampled_from([*known_ids, *known_ids, "ghost", "C1", None])
user_ids = st.sampled_from(["u1", "U1", "u2", "0042", "名前", None])
channels = st.sampled_from(["Google Ads", "google ads", "Meta", "E-mail, 'x'", "unknown", None])
counts = st.sampled_from([None, 0, 1, 3, 10, 99, 100, 150, 1_000, 12_345, 2_000_000])
clicks = st.sampled_from([None, 0, 1, 4, 9, 10, 11, 40, 101, 700])
spends = st.sampled_from(
    [None, *map(Decimal, ("0", "0.01", "3.00", "60.00", "120.00", "300.00", "300.01", "1234.56"))]
)
values = st.sampled_from(
    [None, *map(Decimal, ("0", "-60", "0.01", "33.33", "99.99", "100", "200", "499.99", "500"))]
)


def one_per_key(rows: st.SearchStrategy[Any], key: str, most: int) -> st.SearchStrategy[Any]:
    return st.lists(rows, max_size=most, unique_by=lambda row: getattr(row, key)).map(tuple)


campaign_days = st.builds(
    reference.CampaignDay,
    campaign_id=campaign_ids,
    date=days,
    campaign_name=st.sampled_from(["Spring", "Spring 2", "été", None]),
    channel=channels,
    spend=spends,
    impressions=counts,
    clicks=clicks,
)
creatives = st.builds(
    reference.Creative,
    creative_id=st.sampled_from(["a", "A", "01", "1", "x y", "z'"]),
    campaign_id=some_campaign_ids,
    creative_type=st.sampled_from(["image", "video", "carousel", None]),
    creative_name=st.sampled_from(["Sale!", None]),
    impressions=counts,
    clicks=clicks,
    ctr=st.sampled_from([None, 0.0, 0.02, 3.5]),
    spend=spends,
)
sessions = st.builds(
    reference.Session,
    session_id=st.integers(0, 60).map(lambda n: f"s{n}"),
    session_start=moments,
    date=st.one_of(st.none(), days),
    user_id=user_ids,
    campaign_id=some_campaign_ids,
    channel=channels,
)
touchpoints = st.builds(
    reference.Touchpoint,
    touchpoint_id=st.integers(0, 9).map(str),
    touchpoint_position=st.just(1),
    timestamp=moments,
)
conversions = st.builds(
    reference.Conversion,
    conversion_id=st.integers(0, 40).map(str),
    timestamp=moments,
    date=st.one_of(st.none(), days),
    session_id=st.one_of(st.none(), st.integers(0, 62).map(lambda n: f"s{n}")),
    user_id=user_ids,
    attributed_campaign_id=some_campaign_ids,
    conversion_value=values,
)
sparse_worlds = st.builds(
    World,
    campaigns_daily=st.lists(
        campaign_days, max_size=14, unique_by=lambda day: (day.campaign_id, day.date)
    ).map(tuple),
    ad_creatives=one_per_key(creatives, "creative_id", 6),
    sessions=one_per_key(sessions, "session_id", 16),
    attribution_touchpoints=one_per_key(touchpoints, "touchpoint_id", 2),
    conversions=one_per_key(conversions, "conversion_id", 12),
)


@st.composite
def busy_worlds(draw: st.DrawFn) -> World:
    """Return a world in which most campaigns reach the minimum volumes, so that steps can leak."""
    chance = draw(st.randoms(use_true_random=False))
    start = datetime.combine(FIRST_DAY, time(8))
    pick = chance.choice
    ids = ["c1", "007", "7", "it's", "été"][: pick([2, 4, 5])]
    weights = [pick([1, 1, 2, 6]) for _ in ids]
    visits = [
        reference.Session(
            session_id=f"s{n}",
            session_start=start + timedelta(hours=pick([0, 0, 1, 30, 900])),
            user_id=pick(["u1", "u2", "u3", "u4", None]),
            campaign_id=pick([*chance.choices(ids, weights, k=6), "ghost", None]),
            channel=pick(["Google Ads", "Meta", None]),
        )
        for n in range(pick([15, 30, 40]))
    ]
    purchases = [
        reference.Conversion(
            conversion_id=str(n),
            timestamp=start + timedelta(hours=pick([0, 2, 30, 900, 1600])),
            session_id=f"s{chance.randrange(42)}",
            user_id=pick(["u1", "u2", "u3", "u4", None]),
            attributed_campaign_id=pick([*ids, None, None]),
            conversion_value=pick([None, *map(Decimal, ("0", "-10", "20", "60", "99.99", "500"))]),
        )
        for n in range(pick([0, 5, 15, 25]))
    ]
    ads = [
        reference.CampaignDay(
            campaign_id=campaign_id,
            date=FIRST_DAY + timedelta(days=pick([0, 0, 2, 33])),
            campaign_name=campaign_id.upper(),
            channel=pick(["Google Ads", "Meta"]),
            spend=pick([None, *map(Decimal, ("0", "3", "36", "60", "72", "150", "300"))]),
            impressions=pick([0, 99, 100, 400, 1_000, 12_345, 2_000_000]),
            clicks=pick([0, 9, 10, 20, 40, 100, 700]),
        )
        for campaign_id in ids
    ]
    return World(campaigns_daily=tuple(ads), sessions=tuple(visits), conversions=tuple(purchases))


worlds = st.one_of(sparse_worlds, busy_worlds(), busy_worlds())
as_of_dates = st.one_of(
    st.none(), st.sampled_from([FIRST_DAY + timedelta(n) for n in (0, 2, 33, 500)])
)


# ---------------------------------------------------------------- comparison


def agree(column: str, got: Any, want: Any) -> bool:
    if isinstance(want, float):
        # A difference of two close rates has fewer digits than the rates.
        tolerance = 1e-9 if column.startswith("leak_") else 1e-12
        return isinstance(got, float) and math.isclose(got, want, rel_tol=tolerance, abs_tol=1e-15)
    if isinstance(want, Decimal):
        return isinstance(got, Decimal) and got == want
    return type(got) is type(want) and bool(got == want)


def all_rows(marts: CompiledMarts, world: World, as_of_date: date | None) -> dict[str, Any]:
    marts.build(world, as_of_date=as_of_date)
    return {
        mart: sorted(marts.rows(mart), key=lambda row: [str(row[k]) for k in key])
        for mart, (_, key) in reference.MARTS.items()
    }


# ---------------------------------------------------------------- tests


@quick
@given(world=worlds, as_of_date=as_of_dates)
def test_every_mart_is_what_the_rules_say(
    marts: CompiledMarts, world: World, as_of_date: date | None
) -> None:
    rules = replace(RULES, as_of_date=as_of_date)
    found = {}
    marts.build(world, as_of_date=as_of_date)
    for mart, (expected, key) in reference.MARTS.items():
        lines = row_differences(marts.rows(mart), expected(world, rules), key, agree)
        if lines:
            found[mart] = sorted(lines)
    assert found == {}


@few
@given(world=worlds, seed=st.integers(0, 99))
def test_the_order_of_the_raw_rows_and_a_second_build_change_nothing(
    marts: CompiledMarts, world: World, seed: int
) -> None:
    def shuffled(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.Random(seed).sample(rows, len(rows)))

    first = all_rows(marts, world, None)
    other = World(
        campaigns_daily=shuffled(world.campaigns_daily),
        ad_creatives=shuffled(world.ad_creatives),
        sessions=shuffled(world.sessions),
        attribution_touchpoints=shuffled(world.attribution_touchpoints),
        conversions=shuffled(world.conversions),
    )
    assert all_rows(marts, other, None) == first
    assert all_rows(marts, other, None) == first


@few
@given(world=worlds, as_of_date=st.sampled_from([FIRST_DAY + timedelta(n) for n in (2, 33)]))
def test_what_happens_after_the_as_of_date_changes_only_what_is_reconciled(
    marts: CompiledMarts, world: World, as_of_date: date
) -> None:
    until_then = World(
        campaigns_daily=tuple(d for d in world.campaigns_daily if d.date <= as_of_date),
        ad_creatives=world.ad_creatives,
        sessions=tuple(s for s in world.sessions if s.session_start.date() <= as_of_date),
        conversions=tuple(c for c in world.conversions if c.timestamp.date() <= as_of_date),
    )
    before = all_rows(marts, until_then, as_of_date)
    after = all_rows(marts, world, as_of_date)
    for row in [*before["funnel_reconciliation"], *after["funnel_reconciliation"]]:
        row["source_total"] -= row.pop("after_as_of_date_total")
    assert after == before


@few
@given(world=worlds)
def test_bounds_rates_and_scores_stay_in_their_range(marts: CompiledMarts, world: World) -> None:
    for rows in all_rows(marts, world, None).values():
        for row in rows:
            for column, value in row.items():
                if isinstance(value, float):
                    assert math.isfinite(value), column
                    if "_difference" in column:
                        assert -1 <= value <= 1, column
                    elif column.endswith(("_bound", "lost_rate", "_score", "repeat_rate")):
                        assert 0 <= value <= 1, column


# ---------------------------------------------------------------- edges that chance rarely meets


def test_a_return_of_exactly_a_threshold_belongs_to_the_better_band(marts: CompiledMarts) -> None:
    """Margin 0.6: break-even, half of it and twice it, in amounts whose quotient is not exact."""
    edges = {
        "0.75": ("0.45", "profit"),
        "11.85": ("7.11", "profit"),
        "0.35": ("0.42", "loss"),
        "0.45": ("0.54", "loss"),
        "500.00": ("150.00", "strong"),
        "0.70": ("0.21", "strong"),
    }
    when = datetime.combine(FIRST_DAY, time(12))
    marts.build(
        World(
            campaigns_daily=tuple(
                reference.CampaignDay(campaign_id=revenue, date=FIRST_DAY, spend=Decimal(spend))
                for revenue, (spend, _) in edges.items()
            ),
            conversions=tuple(
                reference.Conversion(
                    conversion_id=revenue,
                    timestamp=when,
                    attributed_campaign_id=revenue,
                    conversion_value=Decimal(revenue),
                )
                for revenue in edges
            ),
        )
    )
    bands = {r["campaign_id"]: r["return_band"] for r in marts.rows("funnel_conversion_analysis")}
    assert bands == {revenue: band for revenue, (_, band) in edges.items()}


def test_bounds_of_none_and_of_all_stay_within_0_and_1(marts: CompiledMarts) -> None:
    marts.build(
        World(
            campaigns_daily=tuple(
                reference.CampaignDay(
                    campaign_id=f"{clicked} of {shown}",
                    date=FIRST_DAY,
                    impressions=shown,
                    clicks=clicked,
                )
                for shown in range(1, 400)
                for clicked in (0, shown)
            )
        )
    )
    outside = [
        row["campaign_id"]
        for row in marts.rows("funnel_conversion_analysis")
        if row["click_through_lower_bound"] < 0 or row["click_through_upper_bound"] > 1
    ]
    assert outside == []
