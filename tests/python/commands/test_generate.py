from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import MKTG, PROJECT
from marketing_analytics.cli import cli
from marketing_analytics.errors import MarketingAnalyticsError

TABLES = ("campaigns_daily", "ad_creatives", "sessions", "attribution_touchpoints", "conversions")


@pytest.fixture(autouse=True)
def in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)


def generate(*arguments: str | Path) -> str:
    result = CliRunner().invoke(
        cli, ["generate", *map(str, arguments)], catch_exceptions=False, standalone_mode=False
    )
    if result.exception:
        raise result.exception
    return result.stdout


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("source", ["marketing_raw", "dbt_production", "lottery_raw"])
def test_the_seeds_are_what_the_command_writes(source: str, tmp_path: Path) -> None:
    generate(source, "--output", tmp_path, "--seed", "7", "--format", "csv")
    seeds = contents(PROJECT / "seeds" / "sample" / source)
    generated = {f"sample_{source}__{name}": text for name, text in contents(tmp_path).items()}
    assert {name: text for name, text in seeds.items() if name.endswith(".csv")} == generated


@pytest.mark.parametrize("source", ["marketing_raw", "dbt_production", "lottery_raw"])
def test_the_counts_in_the_docs_are_what_the_command_prints(source: str, tmp_path: Path) -> None:
    docs = (PROJECT / "docs" / "sample-data.md").read_text(encoding="utf-8")
    command = f"$ mktg generate {source} --output /tmp/raw\n"
    _, shown = docs.split(command)
    output = generate(source, "--output", tmp_path).replace(str(tmp_path), "/tmp/raw")
    assert shown.split("```")[0] == output


def test_seeds_option_writes_into_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "dbt_project.yml").write_text("name: marketing_analytics\n")
    (tmp_path / "models" / "sources").symlink_to(PROJECT / "models" / "sources")
    monkeypatch.chdir(tmp_path)
    generate("marketing_raw", "--seeds")
    generate("marketing_raw", "--seeds")
    written = sorted((tmp_path / "seeds" / "sample" / "marketing_raw").iterdir())
    assert [path.name for path in written] == sorted(
        f"sample_marketing_raw__{table}.csv" for table in TABLES
    )


def test_every_table_is_named_with_its_rows(tmp_path: Path) -> None:
    output = generate("marketing_raw", "--output", tmp_path, "--scale", "0.1")
    lines = [line.split() for line in output.splitlines()]
    assert [line[1] for line in lines] == [str(tmp_path / f"{table}.csv") for table in TABLES]
    for count, path in lines:
        rows = len(Path(path).read_text(encoding="utf-8").splitlines()) - 1
        assert int(count.replace(",", "")) == rows


def test_existing_files_are_kept_without_force(tmp_path: Path) -> None:
    (tmp_path / "sessions.csv").write_text("mine")
    with pytest.raises(MarketingAnalyticsError, match=r"already holds sessions\.csv.*--force"):
        generate("marketing_raw", "--output", tmp_path)
    assert contents(tmp_path) == {"sessions.csv": b"mine"}
    generate("marketing_raw", "--output", tmp_path, "--scale", "0.1", "--force")
    assert len(contents(tmp_path)) == len(TABLES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "--output", "out"], "unknown source 'nowhere'"),
        (["marketing_raw"], "--output"),
        (["marketing_raw", "--output", "out", "--scale", "nan"], "--scale"),
        (
            ["marketing_raw", "--output", "out", "--as-of", "0001-02-01", "--days", "99"],
            "--days",
        ),
        (["marketing_raw", "--seeds", "--scale", "2"], "leave out --scale"),
        (["marketing_raw", "--seeds", "--format", "csv"], "leave out --format"),
    ],
)
def test_what_cannot_be_done_is_explained(arguments: list[str], message: str) -> None:
    with pytest.raises(MarketingAnalyticsError, match=message):
        generate(*arguments)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MarketingAnalyticsError, match="cannot write to"):
        generate("marketing_raw", "--output", tmp_path / "file" / "folder")


def test_the_exit_code_is_2_and_the_message_goes_to_stderr() -> None:
    run = subprocess.run(
        [*MKTG, "generate", "nowhere", "--output", "out"],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("error: unknown source 'nowhere'")
