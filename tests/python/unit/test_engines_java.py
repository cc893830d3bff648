"""Which Java Spark gets, and what is said where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketing_analytics.engines import java
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from pathlib import Path


def a_java(folder: Path, version: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n")
    program.chmod(0o755)
    return folder


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """No Java but those that a test makes."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(java, "find_spec", lambda name: None)
    return monkeypatch


def test_java_home_comes_first_then_the_path(only: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_path = a_java(tmp_path / "path", "21.0.1")
    only.setenv("PATH", str(on_path / "bin"))
    assert java.java_home() == on_path
    named = a_java(tmp_path / "named", "17.0.15")
    only.setenv("JAVA_HOME", str(named))
    assert java.java_home() == named


def test_an_old_java_is_passed_over(only: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only.setenv("JAVA_HOME", str(a_java(tmp_path / "old", "1.8.0_402")))
    newer = a_java(tmp_path / "new", "25.0.2")
    only.setenv("PATH", str(newer / "bin"))
    assert java.java_home() == newer


def test_without_a_java_the_error_says_what_is_needed(
    only: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(MarketingAnalyticsError, match="needs Java 17 or newer; set JAVA_HOME"):
        java.java_home()
    old = a_java(tmp_path / "old", "11.0.2")
    only.setenv("JAVA_HOME", str(old))
    with pytest.raises(MarketingAnalyticsError, match=r"old has 11\)"):
        java.java_home()
