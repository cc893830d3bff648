"""`mktg build` and `mktg answers`: what they print and how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from conftest import MKTG, PROJECT
from marketing_analytics.build_vars import check_vars
from marketing_analytics.cli import cli
from marketing_analytics.dbt import DbtRun
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.warehouse import connect


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MKTG, *arguments],
        cwd=PROJECT,
        env={**os.environ, "MKTG_DATABASE_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_answers_before_a_build_say_what_to_run(tmp_path: Path) -> None:
    ended = run(tmp_path, "answers")
    assert ended.returncode == 2
    assert "run `mktg build --target sample` first" in ended.stderr
    connect(tmp_path / "sample.duckdb").close()
    ended = run(tmp_path, "answers")
    assert ended.returncode == 2
    assert "not built yet" in ended.stderr


def test_an_unknown_target_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    ended = run(tmp_path, "answers", "--target", "prod")
    assert ended.returncode == 2
    assert "'sample', 'local'" in ended.stderr


def test_outside_of_the_project_the_message_says_so(tmp_path: Path) -> None:
    ended = subprocess.run(
        [*MKTG, "answers"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "no dbt_project.yml" in ended.stderr


def test_in_a_project_that_has_installed_this_one_the_message_names_dbt() -> None:
    ended = subprocess.run(
        [*MKTG, "build"],
        cwd=PROJECT / "integration_tests",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "is another project's; mktg works in marketing_analytics." in ended.stderr


def test_a_database_that_is_open_elsewhere_is_one_line(tmp_path: Path) -> None:
    holder = duckdb.connect(str(tmp_path / "sample.duckdb"))
    ended = run(tmp_path, "build", "--quiet")
    holder.close()
    assert ended.returncode == 2
    assert "is open in another program" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--vars", "{as_of_dat: 2024-05-31}"), "did you mean as_of_date?"),
        (("--vars={nothing_like_it: 1}",), "there are as_of_date"),
        (("--vars", "as_of_date"), "must be like"),
        (("--vars", "{a: [}"), "no YAML"),
    ],
)
def test_a_wrong_var_is_refused(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(MarketingAnalyticsError, match=message.replace("?", r"\?")):
        check_vars(PROJECT, arguments)


def test_every_declared_var_is_accepted() -> None:
    check_vars(PROJECT, ("--vars", "{as_of_date: 2024-05-31, marketing_materialized: table}"))
    check_vars(PROJECT, ("--select", "stg_sessions"))


def test_an_as_of_date_that_is_no_date_is_one_line(tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        *("build", "--vars", "{as_of_date: yesterday}", "--target-path", str(tmp_path)),
        *("--log-path", str(tmp_path)),
    )
    assert ended.returncode == 2
    assert "var as_of_date is 'yesterday'; give a day such as 2024-06-30" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("arguments", "passed_on"),
    [
        (("--select", "orders"), ("--exclude-resource-type", "unit_test", "--select", "orders")),
        (("--unit-tests", "--select", "orders"), ("--select", "orders")),
    ],
)
def test_unit_tests_run_if_asked_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    passed_on: tuple[str, ...],
) -> None:
    asked: list[tuple[str, ...]] = []

    def run_dbt(_: Path, dbt_arguments: tuple[str, ...], environment: dict[str, str]) -> DbtRun:
        connect(Path(environment["MKTG_DATABASE_DIR"]) / "sample.duckdb").close()
        asked.append(dbt_arguments)
        return DbtRun(success=False)

    monkeypatch.setenv("MKTG_DATABASE_DIR", str(tmp_path))
    monkeypatch.setattr("marketing_analytics.commands.build.run_dbt", run_dbt)
    assert CliRunner().invoke(cli, ["build", *arguments]).exit_code == 1
    assert asked == [("build", "--target", "sample", *passed_on)]


@pytest.mark.usefixtures("heeds_ctrl_c")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_build_leaves_nobody_holding_the_database(
    tmp_path: Path, ending: signal.Signals
) -> None:
    process = subprocess.Popen(
        [*MKTG, "build", "--target-path", str(tmp_path), "--log-path", str(tmp_path)],
        cwd=PROJECT,
        env={**os.environ, "MKTG_DATABASE_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:  # wait until it is at work on the database
        if "START" in line:
            break
    if ending is signal.SIGINT:
        os.killpg(process.pid, ending)  # as a terminal does
    else:
        process.send_signal(ending)
    _, errors = process.communicate(timeout=60)
    if ending is signal.SIGINT:
        assert process.returncode == 130
        assert errors.strip() == "stopped"
    for _ in range(100):
        try:
            connect(tmp_path / "sample.duckdb").close()
            break
        except MarketingAnalyticsError:
            time.sleep(0.1)
    else:
        pytest.fail("the database is still locked after ten seconds")
