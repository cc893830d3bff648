"""Which reasons stand on the first screen."""

from __future__ import annotations

from marketing_analytics.review.findings import Reason, Severity
from marketing_analytics.review.render.leading import leading


def reason(
    rule: str, node: str, text: str, *, column: str | None = None, level: Severity = Severity.UNSAFE
) -> Reason:
    return Reason(rule=rule, severity=level, node=node, text=text, column=column)


def test_what_readers_repeat_does_not_push_out_what_else_there_is() -> None:
    reasons = [
        reason("segment_shift", "mart", "Low falls", column="segment"),
        reason("segment_shift", "mart", "High grows", column="segment"),
        reason("segment_shift", "report", "Low falls", column="segment"),
        reason("total_change", "mart", "revenue falls", column="revenue"),
        reason("total_change", "report", "revenue falls there", column="revenue"),
        reason("data_change", "mart", "rows differ", level=Severity.APPROVAL),
        reason("column_added", "mart", "a note", level=Severity.NOTE),
    ]
    first, rest = leading(reasons, 3)
    assert [one.text for one in first] == ["Low falls", "High grows", "revenue falls"]
    assert [one.text for one in rest] == ["Low falls", "revenue falls there", "rows differ"]
    assert [one.text for one in leading(reasons, 9)[0]] == [
        *("Low falls", "High grows", "revenue falls", "rows differ")
    ]
