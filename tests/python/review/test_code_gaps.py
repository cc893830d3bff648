"""Lists of values that a change makes incomplete: two tiers become three."""

from __future__ import annotations

from typing import Any

import pytest

from marketing_analytics.review import artifacts
from marketing_analytics.review.code import enumeration_gaps
from marketing_analytics.review.code.lines import line_of
from review.code_builds import TYPES, build, exposure, uid

SOURCE = uid("revenue")
NEW = {(SOURCE, "cltv_segment"): ({"High", "Low"}, {"High", "Low", "Medium"})}
GONE = {(SOURCE, "cltv_segment"): ({"High", "Low"}, {"High"})}
REVENUE = """
select customer_id, case when amount >= 5000 then 'High' else 'Low' end as cltv_segment, amount
from staging.stg_orders
"""


def gaps(
    values: Any = NEW, *, tests: Any = (), exposures: Any = (), **models: str
) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    head = build({"revenue": REVENUE, **models}, tests=tests, exposures=exposures)
    found = enumeration_gaps(head, head, values, TYPES)
    return [(g.node, g.construct, g.listed, g.uncovered, g.vanished) for g in found]


def reader(what: str) -> str:
    return f"select customer_id, {what} as x from marts.revenue"


def totals(what: str) -> str:
    return f"select {what} from marts.revenue"


CASE_OF_TWO = "case when cltv_segment = 'High' then 1 when cltv_segment = 'Low' then 2"


@pytest.mark.parametrize(
    ("code", "construct", "listed"),
    [
        (reader(f"{CASE_OF_TWO} end"), "case", ("High", "Low")),
        (reader(f"{CASE_OF_TWO} else null end"), "case", ("High", "Low")),
        (
            reader("case cltv_segment when 'High' then 1 when 'Low' then 2 end"),
            "case",
            ("High", "Low"),
        ),
        (reader("case when cltv_segment in ('High', 'Low') then 1 end"), "case", ("High", "Low")),
        (reader("cltv_segment in ('High', 'Low')"), "in", ("High", "Low")),
        (reader("1") + " where cltv_segment in ('Low', 'High')", "in", ("Low", "High")),
        (
            reader("1") + " where cltv_segment = 'Low' or cltv_segment = 'High'",
            "=",
            ("Low", "High"),
        ),
        (
            totals(
                "sum(case when cltv_segment = 'High' then 1 else 0 end) as high_count,"
                " sum(case when cltv_segment = 'Low' then 1 else 0 end) as low_count"
            ),
            "case",
            ("High", "Low"),
        ),
        (
            totals(
                "count(*) filter (where cltv_segment = 'High') as high_count,"
                " count(*) filter (where cltv_segment = 'Low') as low_count"
            ),
            "=",
            ("High", "Low"),
        ),
        (
            "with r as (select cltv_segment as seg from marts.revenue), s as (select * from r)"
            " select case s.seg when 'High' then 1 when 'Low' then 2 end as x from s",
            "case",
            ("High", "Low"),
        ),
        (
            "with r as (select max(cltv_segment) as seg from marts.revenue)"
            " select coalesce(seg, 'none') in ('High', 'Low', 'none') as x from r",
            "in",
            ("High", "Low", "none"),
        ),
    ],
)
def test_a_list_without_the_new_value_is_a_gap(
    code: str, construct: str, listed: tuple[str, ...]
) -> None:
    assert gaps(m=code) == [(uid("m"), construct, listed, ("Medium",), ())]


@pytest.mark.parametrize(
    "code",
    [
        reader(f"{CASE_OF_TWO} else 3 end"),  # the else takes it
        reader("case when cltv_segment = 'High' then 'vip' else 'other' end"),
        reader("case when cltv_segment = 'High' then 1 end"),  # one of several, on purpose
        reader("cltv_segment = 'High'"),
        reader("cltv_segment in ('High', 'Medium', 'Low')"),
        reader("cltv_segment not in ('High', 'Low')"),  # takes all others
        reader("1") + " where cltv_segment <> 'High' and cltv_segment <> 'Low'",
        reader("case when amount = 1 then 1 when amount = 2 then 2 end"),  # another column
        reader("case upper(cltv_segment) when 'HIGH' then 1 when 'LOW' then 2 end"),  # other values
        "select order_id in ('High', 'Low') as x from staging.stg_orders",
    ],
)
def test_a_list_that_takes_the_new_value_or_means_something_else_is_none(code: str) -> None:
    assert gaps(m=code) == []


def test_a_value_that_no_row_has_any_more_is_told_wherever_it_is_named() -> None:
    assert gaps(GONE, m=reader("cltv_segment = 'Low'")) == [(uid("m"), "=", ("Low",), (), ("Low",))]
    assert gaps(GONE, m=reader("cltv_segment <> 'Low'")) == [
        (uid("m"), "=", ("Low",), (), ("Low",))
    ]
    assert gaps(GONE, m=reader(f"{CASE_OF_TWO} else 3 end")) == [
        (uid("m"), "case", ("High", "Low"), (), ("Low",))
    ]
    assert gaps(GONE, m=reader("cltv_segment = 'High'")) == []


def test_a_list_two_models_further_is_found_once_and_blamed_on_the_first() -> None:
    values = {
        **NEW,
        (uid("ltv"), "seg"): ({"High", "Low"}, {"High", "Low", "Medium"}),
    }
    models = {
        "ltv": "select customer_id, cltv_segment as seg from marts.revenue",
        "m": "select case seg when 'High' then 1 when 'Low' then 0 end as x from marts.ltv",
    }
    head = build({"revenue": REVENUE, **models})
    (gap,) = enumeration_gaps(head, head, values)  # needs no types where the SQL names columns
    assert (gap.node, gap.source, gap.column) == (uid("m"), SOURCE, "cltv_segment")


def test_a_gap_names_the_line_of_its_list() -> None:
    code = "select\n    customer_id,\n    case cltv_segment\n        when 'High' then 1\n"
    code += "        when 'Low' then 2\n    end as x\nfrom marts.revenue\n"
    head = build({"revenue": REVENUE, "m": code})
    (gap,) = enumeration_gaps(head, head, NEW, TYPES)
    assert (gap.path, gap.line) == ("models/m.sql", 4)


def test_the_line_is_that_of_the_closest_values() -> None:
    text = "'a'\n\n\nx in (\n'b', 'a')\n"
    assert line_of(text, ("a", "b")) == 5
    assert line_of(text, ("a", "c")) is None
    assert line_of(None, ("a",)) is None


def accepted(model: str, column: str, values: list[str], *, nested: bool = False) -> artifacts.Test:
    arguments: dict[str, Any] = {"values": values}
    return artifacts.Test(
        unique_id=f"test.shop.accepted_{model}",
        name="accepted",
        kind="data",
        test="accepted_values",
        tested=(uid(model),),
        column=column,
        arguments={"arguments": arguments} if nested else arguments,
        severity="error",
        path=f"models/{model}.yml",
        description="",
    )


@pytest.mark.parametrize("nested", [False, True])
def test_accepted_values_are_a_list(nested: bool) -> None:
    ltv = "select cltv_segment as seg from marts.revenue"
    test = accepted("ltv", "seg", ["High", "Low"], nested=nested)
    assert gaps(ltv=ltv, tests=[test]) == [
        (test.unique_id, "accepted_values", ("High", "Low"), ("Medium",), ())
    ]
    assert gaps(ltv=ltv, tests=[accepted("ltv", "seg", ["High", "Medium", "Low"])]) == []
    assert gaps(ltv=ltv, tests=[accepted("ltv", "other", ["High"])]) == []


def test_a_dashboard_says_which_values_it_expects() -> None:
    ltv = "select cltv_segment as seg from marts.revenue"
    board = exposure("board", "ltv", meta={"expects": {"ltv.seg": ["High", "Low"]}})
    other = exposure("other", "ltv", meta={"expects": {"ltv.customer_id": ["High", "Low"]}})
    assert gaps(ltv=ltv, exposures=[board, other]) == [
        ("exposure.shop.board", "exposure", ("High", "Low"), ("Medium",), ())
    ]
