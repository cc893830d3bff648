"""The comment: every section of the document, below GitHub's limit; a value stays a value."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from conftest import PROJECT
from marketing_analytics.review import findings as f
from marketing_analytics.review.render.escape import code, text
from marketing_analytics.review.render.markdown import MAX_LENGTH, marker, render
from review.fixtures import (
    MART_NODE,
    TODAY,
    categories,
    category,
    column,
    data,
    document_case,
    exposure,
    found,
    model_id,
    node,
    reviewed,
)
from review.hostile import HOSTILE, hostile_case

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = re.compile(r"</?(?:details|summary|sub|code)>|<!-- mktg review: \w+ -->")


def rendered(findings: f.Findings) -> str:
    return render(reviewed(findings))


def test_the_comment_has_every_section_of_the_document() -> None:
    comment = rendered(document_case())
    for said in (
        "## ⚠️ NOT SAFE TO MERGE",
        "- [ ] Finance approves",
        "- [ ] Growth approves",
        "- [ ] fct_customer_ltv handles Medium of cltv_segment",
        "| Customer Cohort Analysis | Growth team | Finance, Growth |",
        "| Finance Metrics | Finance team | Finance, Growth |",
        "| Retention Analytics | Growth team | Growth |",
        "| `High` | 100 | 127 customers | +27.0 % |",
        "total of net_revenue_90d: 1,250,000.00 → 1,180,000.00, -5.6 %; limit 1 %",
        "| `refund_amount_90d` | added |",
        "file: `models/marts/finance/mart_customer_revenue.sql`",
        "tags: `nightly`, `marketing`, `finance`, `revenue`, `high-impact`",
        "adds a filter: order_date",
        "8.1 s → 9.4 s",
        "&#36;4.10 → &#36;4.85",
        "&#36;123.00 (30 builds) → &#36;145.50 (30 builds)",  # 30 builds of 4.10 and of 4.85
        "Downstream: 8 models",
        "2 steps away: `customer_cohorts` (other data)",
        "| ❌ | `accepted_values_cltv_segment` | pass | fail | newly failing, 273 rows |",
        "- `net_revenue_90d`: Revenue of the last 90 days less refunds.",
        "- `tier`: **not described**",
        "dbt ls --select mart_customer_revenue+",
        "owner: Finance",
        "| **`Low`** | 39 | 596 | 265 |",
        "`dbt_updated_at` | the clock of the build",
    ):
        assert said in comment


def test_approvals_are_not_ticked() -> None:
    assert "[x]" not in rendered(document_case())


def test_the_first_screen_is_one() -> None:
    comment = rendered(document_case())
    before_folds = comment[: comment.index("<details>")]
    assert len(before_folds.splitlines()) < 60


def test_the_comment_begins_with_the_mark_that_the_workflow_looks_for() -> None:
    comment = rendered(document_case())
    assert comment.startswith(marker("sample"))
    assert marker("a-->b") == "<!-- mktg review: ab -->"


def test_a_safe_review_is_short() -> None:
    comment = rendered(found(node(code=f.CodeChange(change=f.Change.NO_EFFECT, columns=None))))
    assert "## ✅ SAFE" in comment
    assert "**Why**" not in comment
    assert "Before merging" not in comment


def test_three_hundred_models_fit_the_strongest_first() -> None:
    words = "A description as long as they are. " * 10
    many = [
        node(
            f"model_{number:03}",
            level=number % 7,
            description=words,
            data=data(
                column(
                    "tier",
                    categories=categories(
                        *(category(f"value {v}", 100, 100 + number) for v in range(8))
                    ),
                )
            ),
            column_descriptions={f"column_{c}": words for c in range(10)},
        )
        for number in range(300)
    ]
    boards = tuple(exposure(f"board_{n}", *(m.name for m in many)) for n in range(100))
    comment = rendered(found(*many, exposures=boards))
    assert 0.8 * MAX_LENGTH < len(comment) <= MAX_LENGTH
    assert re.search(r"\*\d+ sections did not fit into a comment; .*`review.html`", comment)
    assert comment.count("<details>") == comment.count("</details>")
    assert "`model_294`" in comment  # of those that are changed, the one that shifts most


def test_texts_of_signs_outside_the_basic_plane_fit_as_github_counts() -> None:
    # Each of them is two of GitHub's characters.
    many = [node(f"m{n}", description="\N{GRINNING FACE}" * 400) for n in range(200)]
    comment = rendered(found(*many))
    assert len(comment.encode("utf-16-le")) // 2 <= MAX_LENGTH


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_breaks_out_of_a_value(hostile: str) -> None:
    comment = rendered(hostile_case(hostile))
    harmless = rendered(hostile_case("harmless"))
    # The same tags of ours in the same order, and no other.
    assert OURS.findall(comment.replace("<code>", "").replace("</code>", "")) == OURS.findall(
        harmless.replace("<code>", "").replace("</code>", "")
    )
    assert "<" not in OURS.sub("", comment)
    assert shapes(comment) == shapes(harmless)


def shapes(comment: str) -> list[str]:
    """Return the blocks of a comment, and what is in them that is more than text."""
    found_shapes = []
    for token in MARKDOWN.parse(comment):
        if token.type == "html_block":
            continue  # OURS, as the test has seen
        found_shapes.append(token.type)
        inner = [child.type for child in token.children or ()]
        found_shapes += [kind for kind in inner if kind in ("link_open", "image", "em_open")]
        found_shapes += [kind for kind in inner if kind in ("strong_open", "s_open", "heading")]
    return found_shapes


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nobody_is_mentioned_and_nothing_linked(hostile: str) -> None:
    comment = rendered(hostile_case(hostile))
    # What GitHub looks at once the references are read; it leaves alone what stands in code.
    prose = re.sub(r"<code>.*?</code>|`[^`\n]*`", "", comment)
    prose = html.unescape(prose.replace("&#8203;", "\u200b"))
    assert not re.search(r"@[A-Za-z0-9]|#\d|\bGH-\d|://|\bwww\.|:tada:", prose)
    assert not re.search(r"[\u202e\x00\x1b]", comment)


def test_values_are_still_read_as_they_are() -> None:
    for value in HOSTILE[:8]:
        for written in (code(value), text(value)):
            seen = re.sub(r"</?code>", "", MARKDOWN.renderInline(written))
            plain = html.unescape(seen).replace("\u200b", "")
            assert plain == " ".join(value.split("\n"))


def test_long_values_are_cut() -> None:
    assert code("a" * 200) == f"<code>{'a' * 79}&#8230;</code>"


def test_the_same_review_has_the_same_bytes() -> None:
    case = document_case()
    turned = replace(case, nodes=case.nodes[::-1], tests=case.tests[::-1])
    assert rendered(case) == rendered(turned)


def test_no_clock_and_no_path_of_this_machine_is_in_it() -> None:
    comment = rendered(document_case())
    assert str(PROJECT) not in comment
    assert str(Path.home()) + "/" not in comment
    assert TODAY.isoformat() not in comment


def test_what_was_not_compared_is_said() -> None:
    comment = rendered(found(replace(MART_NODE, data=None, not_compared="it was not built")))
    assert "## ❓ NO EVIDENCE" in comment
    assert "**no evidence** · `mart_customer_revenue`: not compared: it was not built" in comment
    assert "- [ ] mart_customer_revenue is compared" in comment


def test_a_cost_without_prices_has_no_columns_for_them() -> None:
    timed = node("a", cost=f.Cost(base_seconds=75.4, head_seconds=7400.0))
    comment = rendered(found(timed))
    assert "| model | run time | schedule |" in comment
    assert "1 min 15 s → 2 h 3 min" in comment


def test_metrics_and_steps_are_counted() -> None:
    near = node("near", level=1, code=f.CodeChange(change=f.Change.UPSTREAM, columns=None))
    comment = rendered(
        found(
            node(),
            near,
            metrics=("metric.p.revenue",),
            edges=((model_id("customers"), model_id("near")),),
        )
    )
    assert "Downstream: 1 model" in comment
    assert "- 1 step away: `near` (data as they were)" in comment
    assert "- metrics: `revenue`" in comment
