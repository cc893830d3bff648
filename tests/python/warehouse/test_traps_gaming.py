"""The lottery's marts built from raw data full of traps hold the answers of ANSWERS_GAMING.md.

The answers stand in one CSV file per mart, so that every column of every row is compared.
"""

from __future__ import annotations

import re
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from marketing_analytics.warehouse import connect
from warehouse.trap_warehouse import TRAPS, Warehouse, WorkedAnswers

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.dbt import DbtWorker

ANSWERS = TRAPS / "gaming_answers"
NOW, THEN = date(2024, 6, 30), date(2024, 3, 31)
MARTS = {  # columns of the key
    "dim_customer": 1,
    "customer_ltv_scoring": 1,
    "player_journeys": 1,
    "channel_first_purchase_times": 1,
    "campaign_return_on_ad_spend": 1,
    "channel_return_on_ad_spend": 1,
    "channel_high_jackpot_players": 1,
    "channel_value_tiers": 2,
    "gaming_reconciliation": 1,
}
HISTORIES = {"player_tier_history": 2, "player_tier_periods": 4, "player_tier_migrations": 4}
TIME_OF_THE_BUILD = "dbt_updated_at"
CLOCK = r"\b(current_date|current_timestamp|now\(\)|get_current_time|today\(\))"

GAMING = ("--select", "+path:models/marts/gaming")
NO_TESTS = ("--exclude-resource-type", "unit_test", "test")


def differences(warehouse: Warehouse, folder: object, mart: str) -> list[str]:
    answers = WorkedAnswers(path=ANSWERS / str(folder) / f"{mart}.csv")
    key = {**MARTS, **HISTORIES}[mart]
    return answers.differences(warehouse, f"customer.{mart}", key=key)


def built(warehouse: Warehouse, *arguments: str) -> Warehouse:
    run = warehouse.dbt("build", *GAMING, *arguments)
    assert run.success, (run.error, warehouse.statuses("fail", "error"))
    return warehouse


def built_as_of(warehouse: Warehouse, day: date, *arguments: str) -> Warehouse:
    return built(warehouse, "--vars", f"as_of_date: {day}", *NO_TESTS, *arguments)


def copied(warehouse: Warehouse, folder: Path) -> Warehouse:
    shutil.copy(warehouse.database, folder)
    return Warehouse(folder=folder, worker=warehouse.worker)


def days_shown(warehouse: Warehouse) -> set[date]:
    parts = (f"select as_of_date from customer.{mart}" for mart in MARTS)
    return {day for (day,) in warehouse.rows(" union ".join(parts))}


def contents(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the marts of a day hold but the time of the build, to the last digit."""
    found = {}
    for mart in MARTS:
        columns = [c for c in warehouse.columns(f"customer.{mart}") if c != TIME_OF_THE_BUILD]
        rows = warehouse.rows(f"select {', '.join(columns)} from customer.{mart}")
        found[mart] = sorted(rows, key=repr)
    return found


def build_times(warehouse: Warehouse) -> set[tuple[Any, ...]]:
    query = "select {0} from customer.dim_customer union select {0} from customer.{1}"
    return set(warehouse.rows(query.format(TIME_OF_THE_BUILD, "customer_ltv_scoring")))


@pytest.fixture(scope="module")
def then(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The marts as of 2024-03-31: eight of 28 players have signed up."""
    warehouse = Warehouse(folder=tmp_path_factory.mktemp("gaming_then"), worker=worker)
    warehouse.load_traps("lottery_raw")
    return built_as_of(warehouse, THEN)


@pytest.fixture(scope="module")
def now(then: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The next build of that warehouse, with every test of it; the data say which day it is."""
    warehouse = copied(then, tmp_path_factory.mktemp("gaming_now"))
    return built(warehouse, "--exclude-resource-type", "unit_test")


@pytest.fixture(scope="module")
def then_again(now: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The first day built once more, after the second, and everything anew."""
    warehouse = copied(now, tmp_path_factory.mktemp("gaming_again"))
    return built_as_of(warehouse, THEN, "--full-refresh")


# ------------------------------------------------- the whole set; the spend makes it 2024-06-30


def test_the_traps_build_with_just_the_warnings_they_call_for(now: Warehouse) -> None:
    assert now.statuses("warn") == [
        "assert_purchase_after_signup",  # earlybird
        # ghost's deposits, purchase and event; the games 'gone' and 'missing'
        "relationships_stg_deposits_user_id__user_id__ref_stg_signups_",
        "relationships_stg_ticket_purchases_game_id__game_id__ref_stg_games_",
        "relationships_stg_ticket_purchases_user_id__user_id__ref_stg_signups_",
        "relationships_stg_web_events_user_id__user_id__ref_stg_signups_",
        "source_relationships_lottery_raw_deposits_user_id__user_id__source_lottery_raw_signups_",
        "source_relationships_lottery_raw_ticket_purchases_game_id__game_id__source_lottery_raw_games_",
        "source_relationships_lottery_raw_ticket_purchases_user_id__user_id__source_lottery_raw_signups_",
        "source_relationships_lottery_raw_web_events_user_id__user_id__source_lottery_raw_signups_",
        "source_unique_lottery_raw_signups_user_id",  # nothing, resign
    ]


@pytest.mark.parametrize("mart", MARTS)
def test_every_cell_of_the_mart_is_as_worked_out(now: Warehouse, mart: str) -> None:
    assert differences(now, NOW, mart) == []


@pytest.mark.parametrize("mart", [*MARTS, *HISTORIES])
def test_every_column_of_the_mart_is_compared(now: Warehouse, mart: str) -> None:
    folder = "history" if mart in HISTORIES else str(NOW)
    header, _ = WorkedAnswers(path=ANSWERS / folder / f"{mart}.csv").read()
    others = {"as_of_date", TIME_OF_THE_BUILD}
    assert set(now.columns(f"customer.{mart}")) - others == set(header) - others


def test_the_latest_event_of_any_table_is_the_as_of_date(now: Warehouse) -> None:
    assert days_shown(now) == {NOW}


# ------------------------------------------------- the same raw data on an earlier day


@pytest.mark.parametrize("mart", MARTS)
def test_an_earlier_as_of_date_shows_what_was_known(then: Warehouse, mart: str) -> None:
    assert differences(then, THEN, mart) == []


@pytest.mark.parametrize("mart", MARTS)
def test_an_earlier_day_shows_the_same_after_a_later_one(then_again: Warehouse, mart: str) -> None:
    assert differences(then_again, THEN, mart) == []


def test_the_marts_show_the_as_of_date_that_is_asked_for(
    then: Warehouse, then_again: Warehouse
) -> None:
    assert days_shown(then) == days_shown(then_again) == {THEN}


# ------------------------------------------------- what changed between the builds


@pytest.mark.parametrize("mart", HISTORIES)
def test_a_build_adds_its_day_to_the_history(now: Warehouse, mart: str) -> None:
    assert differences(now, "history", mart) == []


@pytest.mark.parametrize("mart", HISTORIES)
def test_a_full_refresh_of_a_day_keeps_the_other_days(then_again: Warehouse, mart: str) -> None:
    assert differences(then_again, "history", mart) == []


def test_one_day_alone_has_no_moves(then: Warehouse) -> None:
    assert then.rows("select * from customer.player_tier_migrations") == []
    ends = "select distinct valid_from_date, valid_to_date, is_current "
    assert then.rows(f"{ends} from customer.player_tier_periods") == [(THEN, None, True)]


def test_a_day_built_again_without_a_player_ends_a_period(
    now: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    warehouse = copied(now, tmp_path_factory.mktemp("gaming_removed"))
    connection = connect(warehouse.database)
    connection.execute("delete from lottery_raw.signups where user_id = 'forty'")
    connection.close()
    built_as_of(warehouse, NOW)
    assert [differences(warehouse, "removed", mart) for mart in HISTORIES] == [[], [], []]


# ------------------------------------------------- the clock


def test_builds_at_two_times_differ_in_nothing_but_their_time(
    then: Warehouse, then_again: Warehouse
) -> None:
    assert len(build_times(then)) == len(build_times(then_again)) == 1
    assert max(build_times(then)) < min(build_times(then_again))
    assert contents(then_again) == contents(then)


def test_no_model_reads_the_clock_but_for_a_day_that_lies_in_the_future(now: Warehouse) -> None:
    folder = now.folder / "compiled" / "marketing_analytics" / "models"
    compiled = {
        path.stem: path.read_text(encoding="utf-8")
        for path in folder.rglob("*.sql")
        if "sources" not in path.parts  # their tests ask for days in the future
    }
    assert set(MARTS) < set(compiled)
    clocked = {model for model, sql in compiled.items() if re.search(CLOCK, sql.lower())}
    assert clocked == {"int_gaming_as_of_date"}
