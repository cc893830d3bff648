"""What is told where one version of a query has steps that the other has not."""

from __future__ import annotations

from marketing_analytics.review.code import code_changes
from review.code_builds import TYPES, build, uid

IMPORTS = (
    "with c as (select * from staging.stg_customers), r as (select * from staging.stg_orders), "
)
JOIN = "from c left join r on c.customer_id = r.customer_id"
ONE_STEP = (
    f"{IMPORTS}final as (select c.customer_id, coalesce(r.amount, 0) as net, "
    f"case when coalesce(r.amount, 0) >= 10000 then 'High' else 'Low' end as segment {JOIN}) "
    "select * from final"
)
THREE_STEPS = (
    f"{IMPORTS}sums as (select c.customer_id, coalesce(r.amount - r.refund_amount, 0) as net "
    f"{JOIN}), segments as (select *, case when net >= 5000 then 'High' "
    "when net >= 1000 then 'Medium' else 'Low' end as segment from sums), "
    "final as (select customer_id, net, cast(segment as text) as segment from segments) "
    "select * from final"
)


def told(base: str, head: str) -> tuple[str, ...]:
    return code_changes(build({"m": base}), build({"m": head}), TYPES)[uid("m")].sentences


def test_a_column_of_a_new_step_is_told_by_its_expression() -> None:
    assert told(ONE_STEP, THREE_STEPS) == (
        "net: coalesce(amount, 0) becomes coalesce(amount - refund_amount, 0)",
        "segment 'High': coalesce(amount, 0) >= 10000 becomes "
        "coalesce(amount - refund_amount, 0) >= 5000",
        "adds the case branch 'Medium' to segment: coalesce(amount - refund_amount, 0) >= 1000",
    )


def test_the_same_the_other_way_round() -> None:
    first, _, branch = told(THREE_STEPS, ONE_STEP)
    assert first == "net: coalesce(amount - refund_amount, 0) becomes coalesce(amount, 0)"
    assert branch.startswith("drops the case branch 'Medium' of segment")


def test_a_step_that_makes_other_rows_is_told_of_itself() -> None:
    grouped = THREE_STEPS.replace(f"{JOIN})", f"{JOIN} group by 1, 2)")
    assert any(sentence.startswith("adds the step sums") for sentence in told(ONE_STEP, grouped))
