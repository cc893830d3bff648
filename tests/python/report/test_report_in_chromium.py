"""The report in a browser: it asks for nothing, the filter drives all of it, names do not run."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from browser import launched, needs_browser
from report.hostile import FORMULA, NAMES, SCRIPT, WIDE, hostile
from report.read_page import Page as Read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

    from marketing_analytics.report.facts import Report, Table

html = pytest.importorskip(
    "marketing_analytics.report.page.html", reason="the extra `report` is not installed"
)
pytestmark = needs_browser
BARS = "[data-chart=%s] .canvas svg .mark-rect.role-mark path"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started


@contextmanager
def opened(
    browser: Browser, path: Path, text: str, **context: Any
) -> Iterator[tuple[Page, list[str]]]:
    """Open a page offline; yield it with all that it asked for and complained of."""
    path.write_text(text, encoding="utf-8")
    session = browser.new_context(
        **{"viewport": {"width": 1280, "height": 900}, "offline": True, **context}
    )
    page = session.new_page()
    noted: list[str] = []
    page.on("console", lambda message: noted.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: noted.append(f"error: {error}"))
    page.on("dialog", partial(_dismiss, noted))
    page.on("request", lambda request: noted.append(f"request: {request.url}"))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    assert noted.pop(0) == f"request: {path.as_uri()}"
    yield page, noted
    session.close()


def _dismiss(noted: list[str], dialog: Dialog) -> None:
    noted.append(f"dialog: {dialog.message}")
    dialog.dismiss()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_opens_offline_without_a_request_or_a_word_on_the_console(
    browser: Browser, sample_page: str, tmp_path: Path, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, tmp_path / "r.html", sample_page, viewport=size, color_scheme=scheme) as (
        page,
        noted,
    ):
        drawn = page.locator(".canvas svg").count()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (noted, wide) == ([], 0)
        assert drawn == len(Read(sample_page).data["charts"])
        lightness = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (lightness == "rgb(255, 255, 255)") == (scheme == "light")


def test_bars_are_as_long_as_their_numbers(
    browser: Browser, sample_page: str, tmp_path: Path
) -> None:
    rows = Read(sample_page).data["charts"]["shop_products"]["rows"]
    revenue = sorted((row["total_revenue"] for row in rows), reverse=True)
    for width in (390, 1280):
        size = {"width": width, "height": 900}
        with opened(browser, tmp_path / "r.html", sample_page, viewport=size) as (page, _):
            bars = page.locator(BARS % "shop_products").evaluate_all(
                "bars => bars.map(bar => bar.getBBox().width).sort((a, b) => b - a)"
            )
        assert len(bars) == 15
        for bar, amount in zip(bars, revenue, strict=False):
            assert bar / bars[0] == pytest.approx(amount / revenue[0], abs=0.005)


def test_the_filter_drives_figures_tables_charts_and_sentences(
    browser: Browser, sample_page: str, tmp_path: Path
) -> None:
    data = Read(sample_page).data
    with opened(browser, tmp_path / "r.html", sample_page) as (page, noted):
        everything = shown(page)
        page.select_option("#channel", "tiktok")
        tiktok = shown(page)
        assert tiktok["figures"] == texts(data["figures"]["channel:tiktok"])
        assert set(tiktok["leak_channels"]) == {"tiktok"}
        assert tiktok["bars"] < everything["bars"]
        assert tiktok["findings"] < everything["findings"]
        page.select_option("#campaign", "camp_tiktok_creators")
        one = shown(page)
        assert one["figures"] == texts(data["figures"]["campaign:camp_tiktok_creators"])
        assert one["bars"] == 1
        assert page.locator("#shown").inner_text() == "Showing Creator Clips."
        page.click("#reset")
        assert shown(page) == everything
        assert noted == []


def test_another_channel_leaves_no_campaign_of_the_last_one(
    browser: Browser, sample_page: str, tmp_path: Path
) -> None:
    with opened(browser, tmp_path / "r.html", sample_page) as (page, _):
        page.select_option("#campaign", "camp_tiktok_creators")
        page.select_option("#channel", "meta")
        assert page.locator("#campaign").input_value() == ""
        assert set(shown(page)["leak_channels"]) == {"meta"}


def test_campaigns_counted_together_are_not_shown_as_one_of_them(
    browser: Browser, sample_report: Report, tmp_path: Path
) -> None:
    def with_others(table: Table) -> Table:
        if table.query.name != "weeks":
            return table
        rows = [row for row in table.rows if row["channel"] == "tiktok"]
        return replace(table, rows=(*rows, {**rows[0], "campaign_id": None}))

    report = replace(
        sample_report,
        sections=tuple(
            replace(section, tables=tuple(map(with_others, section.tables)))
            for section in sample_report.sections
        ),
    )
    weeks = "table[data-query=weeks] tbody tr:not([hidden])"
    with opened(browser, tmp_path / "r.html", html.render(report)) as (page, _):
        page.select_option("#channel", "tiktok")
        assert page.locator(f"{weeks}[data-campaign='']").count() == 1
        page.select_option("#campaign", "camp_tiktok_creators")
        assert page.locator(f"{weeks}[data-campaign='']").count() == 0
        assert page.locator(weeks).count() > 0


def shown(page: Page) -> dict[str, Any]:
    page.wait_for_timeout(200)  # the charts follow
    leaks = "table[data-query=campaign_leaks] tbody tr:not([hidden])"
    return {
        "figures": page.locator("[data-part=value]").all_text_contents(),
        "leak_channels": page.locator(leaks).evaluate_all(
            "rows => rows.map(r => r.dataset.channel)"
        ),
        "bars": page.locator(BARS % "leaks").count(),
        "findings": page.locator("ul.findings li:not([hidden])").count(),
    }


def texts(figures: list[dict[str, str]]) -> list[str]:
    return [figure["value"].replace(" %", "\N{NO-BREAK SPACE}%") for figure in figures]


def test_names_do_not_run_and_are_no_formulas_in_a_spreadsheet(
    browser: Browser, sample_report: Report, tmp_path: Path
) -> None:
    with opened(
        browser, tmp_path / "r.html", html.render(hostile(sample_report)), accept_downloads=True
    ) as (page, noted):
        for option in ("camp_google_brand", "camp_google_display"):
            page.select_option("#campaign", option)
        page.click("#reset")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        table = page.locator("details.table", has=page.locator("[data-query=campaign_leaks]"))
        with page.expect_download() as waiting:
            table.locator("[data-do=csv]").click()
        saved = waiting.value.path().read_text(encoding="utf-8-sig")
        assert waiting.value.suggested_filename == "campaign_leaks.csv"
        assert noted in ([f"request: {waiting.value.url}"], [])  # of the file that is made
        drawn = page.locator("[data-chart=leaks] svg").text_content() or ""
        assert FORMULA[:10] in drawn
    rows = list(csv.DictReader(io.StringIO(saved)))
    names = {row["campaign"] for row in rows}
    assert {f"'{FORMULA}", "'-2+3", "'@SUM(A1)", f"'{WIDE}", SCRIPT} <= names
    assert len(rows) == 15
    numbers = [row["return on ad spend"] for row in rows if row["return on ad spend"]]
    assert all(float(number) >= 0 for number in numbers)
    assert set(NAMES)


def test_a_table_is_copied_with_its_filter(
    browser: Browser, sample_page: str, tmp_path: Path
) -> None:
    with opened(
        browser,
        tmp_path / "r.html",
        sample_page,
        permissions=["clipboard-read", "clipboard-write"],
    ) as (page, _):
        page.select_option("#channel", "google_ads")
        table = page.locator("details.table", has=page.locator("[data-query=channel_value]"))
        table.locator("summary").click()
        table.locator("[data-do=copy]").click()
        table.get_by_text("Copied.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(copied) == 2
    assert copied[1].startswith("google_ads\t75\t")


def test_a_link_opens_the_definition_it_leads_to(
    browser: Browser, sample_page: str, tmp_path: Path
) -> None:
    with opened(browser, tmp_path / "r.html", sample_page) as (page, _):
        link = page.locator("[data-figure=ad_spend] h3 a")
        target = (link.get_attribute("href") or "").removeprefix("#")
        link.click()
        assert page.locator(f"[id='{target}']").is_visible()


def test_without_scripts_words_and_numbers_are_there(
    browser: Browser, sample_page: str, tmp_path: Path
) -> None:
    path = tmp_path / "r.html"
    path.write_text(sample_page, encoding="utf-8")
    session = browser.new_context(java_script_enabled=False, offline=True)
    page = session.new_page()
    page.goto(path.as_uri())
    assert page.locator("ul.findings li").first.is_visible()
    assert page.locator("[data-figure=conversion_revenue] .value").is_visible()
    assert not page.locator("#filter").is_visible()
    assert not page.locator(".tools").first.is_visible()
    session.close()


def test_it_prints(browser: Browser, sample_page: str, tmp_path: Path) -> None:
    with opened(browser, tmp_path / "r.html", sample_page) as (page, noted):
        printed = page.pdf()
        page.emulate_media(media="print")
        assert not page.locator("#filter").is_visible()
        assert not page.locator("details.table").first.is_visible()
        assert noted == []
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 12  # not a page per table
    assert printed.startswith(b"%PDF")
