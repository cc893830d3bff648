"""A review as a page that needs nothing but itself: no script, no request, no outside font."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from marketing_analytics.review import words
from marketing_analytics.review.judge_data import rows_sentence
from marketing_analytics.review.render.leading import leading
from marketing_analytics.review.render.lineage import HEIGHT, SIGNS, WIDTH, picture_of
from marketing_analytics.review.render.markdown_node import QUANTILES
from marketing_analytics.review.render.view import (
    BANNERS,
    change_words,
    growth,
    matrix,
    monthly,
    state,
    view_of,
)
from marketing_analytics.web_page import allowed, environment, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

    from marketing_analytics.review.findings import Categories, Category, Numbers, Review

TEMPLATES = Path(__file__).with_name("templates")
BAR = 160  # the longest bar
HEATS = 5
# Signs of every font: a browser without colour emoji shows these, too.
SIGN_OF_VERDICT = {
    "SAFE": "✓",
    "NEEDS APPROVAL": "◐",
    "NOT SAFE TO MERGE": "⚠",
    "NO EVIDENCE": "?",
}
SIGN_OF_TEST = {
    "newly failing": "✗",
    "still failing": "✗",
    "weakened": "⚠",
    "removed": "⚠",
    "added": "+",
    "fixed": "✓",
    "same": "✓",
}
CLASSES = {
    "SAFE": "safe",
    "NEEDS APPROVAL": "approval",
    "NOT SAFE TO MERGE": "unsafe",
    "NO EVIDENCE": "unknown",
}


MAX_REASONS = 12


def render(review: Review) -> str:
    """Return the page."""
    css = style(TEMPLATES / "page.css")
    view = view_of(review)
    first, rest = leading(review.verdict.reasons, MAX_REASONS)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            view=view,
            findings=review.findings,
            verdict=review.verdict,
            first_reasons=first,
            more_reasons=rest,
            sign=SIGN_OF_VERDICT[review.verdict.verdict],
            meaning=BANNERS[review.verdict.verdict][1],
            css_class=CLASSES[review.verdict.verdict],
            picture=picture_of(view),
            box={"width": WIDTH, "height": HEIGHT},
            signs=SIGNS,
            style=Markup(css),  # our own files
            style_hash=allowed(css),
        )
    )


def _environment() -> Environment:
    return environment(
        TEMPLATES,
        count=words.count,
        plain=words.plain,
        bars=bars,
        heat=heat,
        growth=growth,
        joined=joined,
        link=link,
        matrix=matrix,
        money=words.money,
        must_agree=words.must_agree,
        monthly=monthly,
        number_rows=number_rows,
        rows_of=words.rows_of,
        rows_sentence=rows_sentence,
        seconds=words.seconds,
        shown=words.shown,
        short_name=words.short_name,
        size=words.size,
        state=state,
        test_signs=SIGN_OF_TEST,
        change_words=change_words,
    )


def link(url: str | None) -> str | None:
    """Return an address that leads to a web page; None for any other."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def joined(values: Sequence[Any]) -> str:
    """Return texts or tags one after the other."""
    return ", ".join(map(words.shown, values))


def bars(category: Category, categories: Categories) -> tuple[float, float]:
    """Return the lengths of two bars, before and after, beside those of the other values."""
    most = max(max(value.base, value.head) for value in categories.values) or 1
    return round(BAR * category.base / most, 1), round(BAR * category.head / most, 1)


def heat(rows: int, of: int) -> int:
    """Return how warm a cell is, from 0 for none to 5 for all of its row."""
    return 0 if not rows or not of else max(1, math.ceil(HEATS * rows / of))


def number_rows(numbers: Numbers) -> list[tuple[str, str, str, str]]:
    """Return total, mean and quantiles, before and after."""
    pairs = [
        ("total", numbers.base_total, numbers.head_total),
        ("mean", numbers.base_mean, numbers.head_mean),
        *zip(QUANTILES, numbers.base_quantiles, numbers.head_quantiles, strict=False),
    ]
    return [
        (name, words.amount(base), words.amount(head), growth(base, head))
        for name, base, head in pairs
        if base is not None or head is not None
    ]
