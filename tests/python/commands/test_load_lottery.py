"""`mktg load lottery_raw`: files as other programs write them, guessed and loaded."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner, Result

from conftest import PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.load import LoadError
from raw_files import rows, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    write(
        folder,
        "registrations.csv",
        "Player ID;Registration Id;Registered At;Country Code",
        "p1;r1;31/01/2024 10:00;US",
        "p2;r2;03/02/2024 11:30;CA",
        ";r3;03/02/2024 11:30;CA",
    )
    write(
        folder,
        "payments_in.csv",
        "Transaction ID,Customer ID,Amount,Created At",
        "d1,p1,20.00,2024-02-02 10:00:00",
        'd2,p1,"1,500.50",2024-02-03 10:00:00',
    )
    write(
        folder,
        "tickets.csv",
        "ticket_id,player_id,game,price,bought_at",
        "t1,p1,powerball,2.00,2024-02-02T10:05:00Z",
        "t2,p2,mega,-3,2024-02-02T10:05:00Z",
    )
    write(folder, "games.csv", "id,name,jackpot", "powerball,Powerball,12000000000", "mega,Mega,")
    write(
        folder,
        "events.jsonl",
        '{"id":"e1","user_id":null,"anonymous_id":"a","utm_campaign":"x","timestamp":"2024-02-01T09:00:00Z"}',
        '{"id":"e2","user_id":"p1","anonymous_id":"a","utm_campaign":null,"timestamp":"2024-02-01T09:05:00Z"}',
    )
    write(folder, "ad_spend.csv", "day,campaign,platform,spend", "2024-02-01,x,facebook,12.34")
    return folder


def load(folder: Path, *arguments: str) -> Result:
    database = str(folder.parent / "raw.duckdb")
    return CliRunner().invoke(
        cli, ["load", "lottery_raw", "--database", database, "--from", str(folder), *arguments]
    )


def guessed(folder: Path) -> Path:
    path = folder.parent / "map.yml"
    result = load(folder, "--map", str(path), "--init")
    assert result.exit_code == 0, result.output
    return path


def test_every_file_finds_its_table(exports: Path) -> None:
    mapping: dict[str, Any] = yaml.safe_load(guessed(exports).read_text(encoding="utf-8"))
    assert {table: inputs[0]["files"] for table, inputs in mapping["tables"].items()} == {
        "signups": "registrations.csv",
        "deposits": "payments_in.csv",
        "ticket_purchases": "tickets.csv",
        "games": "games.csv",
        "web_events": "events.jsonl",
        "funnel_spend": "ad_spend.csv",
    }


def test_a_guessed_mapping_loads_dollars_as_cents_and_keeps_what_it_rejects(exports: Path) -> None:
    result = load(exports, "--map", str(guessed(exports)), "--max-rejected", "50%")
    assert result.exit_code == 0, result.output

    def raw(table: str) -> list[tuple[Any, ...]]:
        return rows(exports.parent, f"from lottery_raw.{table} order by all")

    assert raw("signups") == [
        ("p1", "r1", datetime(2024, 1, 31, 10), "US"),
        ("p2", "r2", datetime(2024, 2, 3, 11, 30), "CA"),
    ]
    assert [row[2] for row in raw("deposits")] == [2000, 150050]
    assert raw("ticket_purchases") == [
        ("t1", "p1", "powerball", Decimal("2.00"), datetime(2024, 2, 2, 10, 5))
    ]
    assert raw("games") == [("mega", "Mega", None), ("powerball", "Powerball", 12_000_000_000)]
    assert [row[:4] for row in raw("web_events")] == [
        ("e1", None, "a", "x"),
        ("e2", "p1", "a", None),
    ]
    assert raw("funnel_spend") == [(date(2024, 2, 1), "x", "facebook", 1234)]

    def rejected(table: str) -> list[tuple[Any, ...]]:
        query = f"select line, column_name, value, reason from lottery_raw_rejected.{table}"
        return rows(exports.parent, query)

    assert rejected("signups") == [(4, "user_id", None, "empty, but the column needs a value")]
    assert rejected("ticket_purchases") == [(3, "purchase_amount_usd", "-3", "negative")]


def test_files_of_other_names_are_refused_with_what_is_missing(exports: Path) -> None:
    result = load(exports, "--dry-run")
    assert isinstance(result.exception, LoadError)
    assert "games.game_id needs a value" in str(result.exception)
    assert "The file has: id, name, jackpot" in str(result.exception)
