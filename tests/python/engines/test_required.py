"""An engine that is not installed is skipped, but not where it is required."""

from __future__ import annotations

import pytest

from engines.required import require


def test_a_missing_engine_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKTG_REQUIRE_ENGINES", "another")
    with pytest.raises(pytest.skip.Exception, match="make engines"):
        require("abacus", "no_such_module")


def test_a_missing_engine_fails_where_it_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKTG_REQUIRE_ENGINES", "postgres,abacus")
    with pytest.raises(pytest.fail.Exception, match="abacus is required here"):
        require("abacus", "no_such_module")


def test_an_engine_that_is_there_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKTG_REQUIRE_ENGINES", "duckdb")
    require("duckdb", "duckdb")
