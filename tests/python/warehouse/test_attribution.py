"""Attribution gives what three independent libraries and a pencil give.

`data/attribution` holds 240 made-up journeys with 728 touches, 98 of which convert, and what each
model credits for them: confirmed by marketing-attribution-models (removal effects, position based)
and by mta's enumeration of all coalitions (Shapley) within 5e-13, and by ChannelAttribution (orders
1 to 3) within the error of 2e7 simulations.
"""

from __future__ import annotations

import csv
import random
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from conftest import DATA
from warehouse.markov_reference import Journey, removal_effects
from warehouse.restored import RestoredWarehouse, raw_tables
from warehouse.trap_warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from marketing_analytics.dbt import DbtWorker

    Build = Callable[[str], Warehouse]

FIXTURE = DATA / "attribution"
EVERYTHING = ("--select", "+path:models/marts/attribution", "--indirect-selection", "cautious")
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
COLUMNS = {
    "first_touch": "first",
    "last_touch": "last",
    "linear": "linear",
    "position_based": "pos",
    "shapley": "shapley",
    "markov_1": "mk1",
    "markov_2": "mk2",
    "markov_3": "mk3",
    "time_decay": "time_decay",
}
# All touches of a person make one journey, however long ago they were: windows are not the matter.
ALL = "{attribution_acquisition_lookback_days: 400, attribution_lookback_days: 400}"


def touches(rows: Iterable[tuple[str, str, str | None, str]]) -> str:
    """Return SQL that inserts touches: id, user, channel, time."""
    return _insert(
        "attribution_touchpoints (touchpoint_id, user_id, channel, timestamp, touchpoint_position)",
        [(*row, str(number)) for number, row in enumerate(rows, 1)],
    )


def conversions(rows: Iterable[tuple[str, str | None, str, str]]) -> str:
    """Return SQL that inserts conversions: id, user, value, time."""
    return _insert("conversions (conversion_id, user_id, conversion_value, timestamp)", rows)


def _insert(table: str, rows: Iterable[tuple[str | None, ...]]) -> str:
    def literal(value: str | None) -> str:
        return "null" if value is None else "'" + value.replace("'", "''") + "'"

    lines = ", ".join("(" + ", ".join(map(literal, row)) + ")" for row in rows)
    return f"insert into marketing_raw.{table} values {lines};"


@pytest.fixture(scope="module")
def build(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return a function that builds attribution, with its tests, from raw rows in SQL."""
    restored = RestoredWarehouse(
        warehouse=Warehouse(folder=tmp_path_factory.mktemp("attribution"), worker=worker),
        variables=ALL,
    )
    empty = restored.database(raw_tables("marketing_raw") + raw_tables("dbt_production"))

    def built(rows: str) -> Warehouse:
        restored.built(empty, rows, *EVERYTHING, *NO_UNIT_TESTS)
        return restored.warehouse

    return built


@pytest.fixture(scope="module")
def fixture_rows() -> str:
    with (FIXTURE / "touches.csv").open(newline="") as file:
        touched = [
            (f"t{r['path_id']}-{r['pos']}", r["path_id"], r["channel"], r["ts"])
            for r in csv.DictReader(file)
        ]
    with (FIXTURE / "journeys.csv").open(newline="") as file:
        converted = [
            (r["path_id"], r["path_id"], r["val"], r["end_ts"])
            for r in csv.DictReader(file)
            if r["conv"] == "1"
        ]
    return touches(touched) + conversions(converted)


def test_every_model_agrees_with_the_independent_libraries(build: Build, fixture_rows: str) -> None:
    found = build(fixture_rows).by_key(
        "select channel, attribution_model, credited_conversions, credited_revenue, removal_effect "
        "from marketing.attribution_summary "
        "where journey_source = 'marketing' and summary_level = 'channel'",
        key=2,
    )
    with (FIXTURE / "expected.csv").open(newline="") as file:
        expected = list(csv.DictReader(file))
    assert {channel for channel, _ in found} == {row["channel"] for row in expected}
    for row in expected:
        for model, column in COLUMNS.items():
            conversions_found, revenue_found, effect_found = found[row["channel"], model]
            suffixes = {"mk": ("_conv", "_val"), "ti": ("_hl7_from_conversion", "_v")}
            conversion_suffix, revenue_suffix = suffixes.get(column[:2], ("", "_v"))
            at = f"{row['channel']} {model}"
            assert conversions_found == pytest.approx(
                float(row[column + conversion_suffix]), abs=1e-9
            ), at
            # Rounded to cents along the list of channels: less than a cent away.
            assert abs(float(revenue_found) - float(row[column + revenue_suffix])) < 0.01, at
            if column.startswith("mk"):
                assert effect_found == pytest.approx(float(row[f"{column}_re_conv"]), abs=1e-9), at


def test_the_reference_gives_the_published_hand_example() -> None:
    # C1 > C2 > C3 converts, C1 and C2 > C3 do not: half of the chance is gone without C1.
    journeys = [
        Journey(channels=("C1", "C2", "C3"), is_converted=True, revenue=Fraction(30)),
        Journey(channels=("C1",), is_converted=False),
        Journey(channels=("C2", "C3"), is_converted=False),
    ]
    effects = {c: effect for c, (effect, _) in removal_effects(journeys, 1).items()}
    assert effects == {"C1": Fraction(1, 2), "C2": Fraction(1), "C3": Fraction(1)}


ODD_NAMES = ("a", "a > b", "b", 'it\'s "x", y', "名前", "null")


def random_journeys(seed: int) -> list[Journey]:
    """Return journeys in circles, with repeats, of one touch, and of no revenue or less."""
    chance = random.Random(seed)
    return [
        Journey(
            channels=tuple(chance.choices(ODD_NAMES, k=chance.randint(1, 7))),
            is_converted=chance.random() < 0.4,
            revenue=Fraction(chance.choice(["0", "-5.25", "10", "99.99"])),
        )
        for _ in range(80)
    ]


def test_markov_credits_are_those_of_exact_fractions_whatever_channels_are_called(
    build: Build,
) -> None:
    journeys = random_journeys(7)
    touched: list[tuple[str, str, str | None, str]] = []
    converted: list[tuple[str, str | None, str, str]] = []
    for person, journey in enumerate(journeys):
        for day, channel in enumerate(journey.channels, 1):
            touched.append(
                (f"t{person}-{day}", f"u{person}", channel, f"2024-03-{day:02} 08:00:00")
            )
        if journey.is_converted:
            revenue = str(float(journey.revenue))
            converted.append((f"c{person}", f"u{person}", revenue, "2024-03-20 08:00:00"))
    # Two conversions without a touch, one of them of nobody.
    converted += [
        ("c-1", "nobody touched", "4", "2024-03-20 08:00:00"),
        ("c-2", None, "5", "2024-03-20"),
    ]
    warehouse = build(touches(touched) + conversions(converted))
    found = warehouse.by_key(
        "select channel, attribution_model, credited_conversions, credited_revenue, removal_effect "
        "from marketing.attribution_summary "
        "where journey_source = 'marketing' and summary_level = 'channel'",
        key=2,
    )
    conversion_count = sum(j.is_converted for j in journeys)
    total = sum((j.revenue for j in journeys if j.is_converted), Fraction(0))
    for order in (1, 2, 3):
        effects = removal_effects(journeys, order)
        all_effects = sum(effect for effect, _ in effects.values())
        all_revenue_effects = sum(effect or 0 for _, effect in effects.values())
        assert all_effects > 0
        assert all_revenue_effects > 0
        assert found["(none)", f"markov_{order}"][0] == 2
        for channel, (effect, revenue_effect) in effects.items():
            credit, revenue, removal_effect = found[channel, f"markov_{order}"]
            at = f"{channel!r}, order {order}"
            assert removal_effect == pytest.approx(float(effect), abs=1e-9), at
            assert credit == pytest.approx(
                float(effect / all_effects * conversion_count), abs=1e-9
            ), at
            expected = (revenue_effect or 0) / all_revenue_effects * total
            assert abs(float(revenue) - float(expected)) < 0.01, at
