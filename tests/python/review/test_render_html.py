"""The page: it parses, asks for nothing, runs nothing, and says what the comment says."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from marketing_analytics.review import findings as f
from marketing_analytics.review.render.html import bars, heat, link, render
from marketing_analytics.review.render.layers import contracted, layers
from marketing_analytics.review.render.lineage import HEIGHT, MAX_BOXES, WIDTH, picture_of
from marketing_analytics.review.render.view import view_of
from review.fixtures import (
    DASHBOARDS,
    SEGMENTS,
    data,
    document_case,
    found,
    model_id,
    node,
    reviewed,
)
from review.hostile import HOSTILE, hostile_case

VOID = {"meta", "br"}
# What a browser fetches, or runs, by itself.
FETCHING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "h1", "h2", "h3", "p"),
    *("span", "code", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "a"),
    *("br", "div", "svg", "desc", "path", "g", "rect", "text", "details", "summary", "dl", "dt"),
    *("dd", "pre", "strong"),
}


class Page(HTMLParser):
    """Reads a page, and fails where its tags do not match."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), tag
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.texts).split())


def page_of(findings: f.Findings) -> Page:
    return Page(render(reviewed(findings)))


@pytest.mark.parametrize("hostile", ["harmless", *HOSTILE])
def test_the_page_runs_nothing_and_asks_for_nothing(hostile: str) -> None:
    page = page_of(hostile_case(hostile))
    assert {tag for tag, _ in page.tags} <= TAGS
    for tag, attributes in page.tags:
        assert not FETCHING & attributes.keys()
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert "href" not in attributes or tag == "a"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_breaks_out_of_a_value(hostile: str) -> None:
    harmless, page = page_of(hostile_case("harmless")), page_of(hostile_case(hostile))
    assert [tag for tag, _ in page.tags if tag != "br"] == [
        tag for tag, _ in harmless.tags if tag != "br"
    ]
    assert not re.search(r"[\u202e\u200b\x00\x1b]", page.words)


def test_the_policy_allows_the_style_of_the_page_and_nothing_else() -> None:
    text = render(reviewed(document_case()))
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policies = [
        attributes["content"]
        for tag, attributes in Page(text).tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_the_page_says_what_the_document_says() -> None:
    words = page_of(document_case()).words
    for said in (
        "NOT SAFE TO MERGE",
        "Finance approves",
        "High of cltv_segment: 100 → 127 customers, +27.0 %; limit 10 %",
        "Finance Metrics",
        "models/marts/finance/mart_customer_revenue.sql",
        "$145.50",
        "8.1 s → 9.4 s",
        "dbt build --select mart_customer_revenue+",
        "cltv_segment gets a branch: when net_revenue_90d >= 1000 then 'Medium'",
        "the clock of the build",
        "accepted_values_cltv_segment",
    ):
        assert said in words


def test_tables_name_their_columns_and_regions_can_be_reached_by_keys() -> None:
    page = page_of(document_case())
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    regions = [attributes for tag, attributes in page.tags if attributes.get("role") == "region"]
    assert regions
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)
    assert sum(tag == "h1" for tag, _ in page.tags) == 1


def test_the_picture_tells_kinds_apart_by_sign_and_word() -> None:
    boxes = {box.name: box for box in picture_of(view_of(reviewed(document_case()))).boxes}
    assert len(boxes) == 12  # the mart, eight that it feeds, three dashboards
    assert (boxes["mart_customer_revenue"].kind, boxes["mart_customer_revenue"].state) == (
        "changed",
        "other data",
    )
    assert boxes["finance_reconciliation"].kind == "same"
    assert boxes["Finance Metrics"].kind == "dashboard"
    left = boxes["mart_customer_revenue"].x
    assert left < boxes["fct_customer_ltv"].x < boxes["customer_cohorts"].x
    columns = {box.x for box in boxes.values() if box.kind == "dashboard"}
    assert columns == {max(box.x for box in boxes.values())}


def test_no_two_boxes_of_the_picture_overlap() -> None:
    picture = picture_of(view_of(reviewed(document_case())))
    for number, one in enumerate(picture.boxes):
        assert 0 <= one.x <= picture.width - WIDTH
        assert 0 <= one.y <= picture.height - HEIGHT
        for other in picture.boxes[number + 1 :]:
            assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT


def test_of_many_models_the_picture_draws_the_change_and_what_it_touches() -> None:
    reads = f.CodeChange(change=f.Change.UPSTREAM, columns=None)
    far = [node(f"far_{n:03}", level=2, code=reads) for n in range(200)]
    near = node("near", level=1, data=data(), code=reads)
    edges = [(model_id("customers"), model_id(other.name)) for other in far]
    edges += [(model_id("far_199"), model_id("near"))]
    picture = picture_of(view_of(reviewed(found(node(), *far, near, edges=tuple(sorted(edges))))))
    names = {box.name for box in picture.boxes}
    assert {"customers", "near"} <= names
    assert (len(names), picture.left_out) == (MAX_BOXES, 202 - MAX_BOXES)


def test_layers_run_from_left_to_right_and_long_edges_have_room() -> None:
    placed = layers(list("abcd"), [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")], frozenset("d"))
    real = [tuple(name for name in column if "\0" not in name) for column in placed.columns]
    assert real == [("a",), ("b",), ("c",), ("d",)]
    assert [len(path) for path in placed.paths] == [2, 3, 2, 2]


def test_layers_untangle_what_need_not_cross() -> None:
    placed = layers(list("abxy"), [("a", "y"), ("b", "x")], frozenset())
    assert placed.columns == (("a", "b"), ("y", "x"))


def test_layers_survive_a_circle_and_nothing_at_all() -> None:
    assert layers([], [], frozenset()).columns == ()
    placed = layers(list("ab"), [("a", "b"), ("b", "a")], frozenset())
    assert sorted(name for column in placed.columns for name in column) == ["a", "b"]


def test_what_is_not_drawn_is_passed_over() -> None:
    edges = [("a", "b"), ("b", "c"), ("b", "d"), ("d", "e"), ("x", "y")]
    assert contracted(edges, frozenset("ace")) == (("a", "c"), ("a", "e"))


def test_bars_and_heat() -> None:
    high, low, medium = SEGMENTS.values
    assert bars(low, SEGMENTS) == (160.0, 106.7)  # 900 is the longest; 600 of 900
    assert bars(medium, SEGMENTS) == (0.0, 48.5)  # 273 of 900
    assert bars(high, SEGMENTS)[0] == 17.8  # 100 of 900
    assert [heat(rows, 100) for rows in (0, 1, 20, 21, 100)] == [0, 1, 1, 2, 5]
    assert heat(0, 0) == 0


def test_only_addresses_of_web_pages_are_links() -> None:
    assert link("https://dashboards.example.com/1?a=b") is not None
    for url in (None, "javascript:alert(1)", "data:text/html,x", "//evil.example", "https://[", ""):
        assert link(url) is None


def test_reviews_of_every_verdict_render() -> None:
    for findings in (
        found(),
        found(node(data=data())),
        found(node(data=None, not_compared="it was not built")),
        document_case(),
    ):
        review = reviewed(findings)
        assert f"> {review.verdict.verdict}</h1>" in re.sub(r"</span>", ">", render(review))


def test_the_same_review_has_the_same_bytes() -> None:
    case = document_case()
    turned = replace(case, nodes=case.nodes[::-1], exposures=case.exposures[::-1])
    assert render(reviewed(case)) == render(reviewed(turned))


def test_every_dashboard_is_linked_to_its_page() -> None:
    links = {
        attributes.get("href") for tag, attributes in page_of(document_case()).tags if tag == "a"
    }
    assert links == {f"https://dashboards.example.com/{name}" for name in DASHBOARDS}
