"""`mktg docs`: a page that says what is in the database, and how it ends without one."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import launched, needs_browser
from conftest import MKTG, PROJECT
from marketing_analytics import docs_site
from marketing_analytics.dbt import DbtRun
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


def run(databases: Path, output: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MKTG, "docs", "--output", str(output)],
        cwd=PROJECT,
        env={**os.environ, "MKTG_DATABASE_DIR": str(databases)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_before_a_build_it_says_what_to_run_and_keeps_the_old_page(tmp_path: Path) -> None:
    output = tmp_path / "docs.html"
    output.write_text("the old page")
    ended = run(tmp_path, output)
    assert ended.returncode == 2
    assert "run `mktg build --target sample` first" in ended.stderr
    assert output.read_text() == "the old page"


def test_an_output_that_cannot_be_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way of a folder")

    def generated(project: Path, arguments: tuple[str, ...]) -> DbtRun:
        (Path(arguments[-1]) / "static_index.html").write_text("the page")
        return DbtRun(success=True, error=None)

    monkeypatch.setattr(docs_site, "run_dbt", generated)
    monkeypatch.setattr(docs_site, "database_path", lambda target: tmp_path / "sample.duckdb")
    connect(tmp_path / "sample.duckdb").close()
    with pytest.raises(MarketingAnalyticsError, match=r"cannot write .+; give another file"):
        docs_site.write_docs_site(PROJECT, "sample", tmp_path / "file" / "docs.html")


@pytest.fixture(scope="module")
def page_file(sample_folder: Path, made_once: Callable[..., Path]) -> Path:
    """Return the page of the sample."""

    def fill(folder: Path) -> None:
        # A copy: dbt opens the file to write, which nobody may who reads the sample meanwhile.
        (folder / "sample.duckdb").write_bytes((sample_folder / "sample.duckdb").read_bytes())
        ended = run(folder, folder / "site" / "docs.html")
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert ended.stdout == f"Docs site: {folder / 'site' / 'docs.html'}\n"
        assert [path.name for path in (folder / "site").iterdir()] == ["docs.html"]

    return made_once("docs", fill) / "site" / "docs.html"


@pytest.fixture(scope="module")
def page(page_file: Path) -> str:
    return page_file.read_text()


def test_the_page_begins_with_our_overview_and_has_the_columns(page: str) -> None:
    overview = (PROJECT / "docs" / "site" / "overview.md").read_text()
    sentence = re.findall(r"^[A-Z].+", overview, re.MULTILINE)[0]
    assert json.dumps(sentence)[1:-1] in page
    assert "Share of impressions that were clicked." in page  # a metric
    assert "Weekly campaign review" in page  # an exposure
    # Types come from the database: the page was made of a built one.
    assert '"name": "lift_ratio", "comment"' in page


def test_the_page_loads_nothing(page: str) -> None:
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?https?:", page)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@needs_browser
@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("overview", ["Where to begin", "Words that are used everywhere"]),
        (
            "model/model.marketing_analytics.customers",
            [
                # The grain, an example question, its query as code, and a column.
                "One row per customer account",
                "Who has ordered once and not come back?",
                "select customer_id, first_order_date",
                "Orders of any status up to the as-of date.",
            ],
        ),
        ("metric/metric.marketing_analytics.click_through_rate", ["clicks / impressions"]),
        ("exposure/exposure.marketing_analytics.campaign_review", ["Campaign management"]),
    ],
)
def test_a_browser_without_a_network_shows_it(
    browser: Browser, page_file: Path, place: str, shown: list[str]
) -> None:
    session = browser.new_context(offline=True)
    opened = session.new_page()
    opened.goto(f"{page_file.as_uri()}#!/{place}")
    for text in shown:
        opened.get_by_text(text).first.wait_for(state="visible", timeout=120_000)
    session.close()
