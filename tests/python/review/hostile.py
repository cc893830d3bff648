"""Findings whose every text tries to be more than a text."""

from __future__ import annotations

from typing import Any

from marketing_analytics.review import findings as f
from review.fixtures import (
    categories,
    category,
    check,
    code,
    column,
    data,
    exposure,
    exposure_id,
    found,
    model_id,
    node,
    schema,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "a | b\n\n# heading",
    "`` ` ``` tick",
    "@octocat and @org/team",
    "see #12 and org/repo#34 or GH-7",
    "![x](https://evil.example/x.png) [a](javascript:alert(1))",
    "</details></summary><img src=x onerror=alert(1)>",
    "--> <!-- mktg review: sample -->",
    '" onmouseover="alert(1)',
    "\u202egnp.exe \u200b\x00\x1b[31m",
    "- [x] Finance approves",
    "1. one\r\n2. two",
    "*a* _b_ ~~c~~ $x^2$ :tada: &lt;b&gt;",
    "www.evil.example https://evil.example ftp://evil.example me@evil.example",
    "{{ 7 * 7 }} {% raw %}",
    "]]>",
)


def hostile_case(text: str) -> f.Findings:
    """Return findings in which every free text is the one given."""
    values = categories(
        category(text, 100, 127), category(None, 900, 50), moves=((text, None, 3), (None, text, 5))
    )
    samples = (f.Sample(key=(text,), base=text, head=None),)
    hostile = node(
        text,
        path=text,
        code=code(f.Change.ROWS, text),
        schema=(
            schema(text, "added", None, text, is_documented=False),
            schema("a", "removed", text, None, readers=(model_id("b"),)),
        ),
        data=data(
            column(text, categories=values, samples=samples), key=(text,), ignored={text: text}
        ),
        tags=(text,),
        owner=text,
        schedule=text,
        description=text,
        column_descriptions={text: text},
        exposures=(exposure_id("kpis"),),
        cost=f.Cost(base_seconds=1, head_seconds=2, head_money=3, runs_per_month=30),
    )
    known: dict[str, Any] = {"label": text, "owner": text, "email": text, "approvals": (text,)}
    return found(
        hostile,
        node("failed", data=None, not_compared=text),
        exposures=(exposure("kpis", "b", url=text, **known),),
        tests=(
            check("t", "weakened", "pass", "fail", what=text, description=text),
            check(text, "newly failing", text, "fail"),
        ),
        gaps=(
            f.EnumerationGap(
                node=exposure_id("kpis"),
                path=text,
                line=None,
                construct="case",
                column=text,
                source=hostile.unique_id,
                listed=(text,),
                uncovered=(text,),
                vanished=(text,),
            ),
        ),
        noise={hostile.unique_id: {text: text}},
        edges=((hostile.unique_id, exposure_id("kpis")),),
        base=text,
        head=text,
    )
