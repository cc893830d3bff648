"""The README tells the truth: commands, vars, marts, examples and the output it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

from conftest import PROJECT
from marketing_analytics.build_vars import CONFIGURATION_VARS
from marketing_analytics.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

README = (PROJECT / "README.md").read_text()


def test_every_command_is_in_the_readme() -> None:
    assert {f"mktg {name}" for name in cli.commands} == set(re.findall(r"`(mktg \w+)` \|", README))


def test_every_var_is_in_the_readme() -> None:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())
    settings = README.split("## Settings")[1].split("\n## ")[0]
    named = set(re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| (.*?) \|", settings, re.M))))
    assert named == {*project["vars"]["marketing_analytics"], *CONFIGURATION_VARS}


def test_every_mart_is_in_the_readme() -> None:
    marts = {path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql")}
    assert marts == set(re.findall(r"`(?:(?:mart_)?marketing|customer)\.(\w+)` \|", README))


def test_every_step_and_mart_is_in_the_flow() -> None:
    flow = (PROJECT / "models" / "README.md").read_text()
    models = {path.stem for path in (PROJECT / "models").rglob("*.sql")}
    steps = {name for name in models if not name.startswith("stg_")}
    assert steps - set(re.findall(r"\w+", flow)) == set()


def test_every_link_leads_somewhere() -> None:
    pages = [
        path
        for path in PROJECT.rglob("*.md")
        if not {".venv", "target"} & set(path.relative_to(PROJECT).parts)
    ]
    broken = [
        (page.name, link)
        for page in pages
        for link in re.findall(r"\]\((?!http)([^)#]+)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert len(pages) > 5
    assert broken == []


def test_the_sql_examples_answer(sample: DuckDBPyConnection) -> None:
    examples = re.findall(r"```sql\n(.*?)```", README, flags=re.DOTALL)
    assert examples
    for example in examples:
        assert sample.execute(example).fetchall()


def test_the_output_in_the_readme_is_what_the_command_prints(
    sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKTG_DATABASE_DIR", str(sample_folder))
    printed = CliRunner().invoke(cli, ["answers"], catch_exceptions=False).stdout
    shown = README.split("```text\n")[1].split("```")[0]
    assert [line.rstrip() for line in printed.splitlines()] == shown.splitlines()
