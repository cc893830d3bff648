"""Whether to believe it, said first where the answer is no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.reconciliations import RECONCILIATIONS
from marketing_analytics.report.facts import Finding, Row, Table
from marketing_analytics.report.words import count, listed, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.report.results import Failure, Rejected, Results

MOST = 5


def findings(
    tables: Mapping[str, Table],
    results: Results | None,
    rejected: tuple[Rejected, ...],
    gaps: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    """Return what is missing, whether totals reconcile, tests passed and rows were refused.

    Last of all, how fresh it is.
    """
    return (
        *(Finding(text=gap[0].upper() + gap[1:], query="gaps", tone="bad") for gap in gaps),
        *_reconciled(tables),
        *_tested(tables, results),
        *_rejected(rejected),
        *_fresh(tables),
    )


def _reconciled(tables: Mapping[str, Table]) -> list[Finding]:
    found, fine = [], 0
    for domain in RECONCILIATIONS:
        query = f"{domain}_reconciliation"
        rows = tables[query].rows if query in tables else ()
        open_ = [row for row in rows if row["unexplained_total"]]
        fine += len(rows) - len(open_)
        if open_:
            parts = [
                f"{row['stage']} ({shown(row['unexplained_total'], 'estimate')})" for row in open_
            ]
            text = f"{domain.capitalize()} does not reconcile: {listed(parts)} without a reason."
            found.append(Finding(text=text, query=query, tone="bad"))
    if fine and not found:
        totals = count(fine, "totals")
        text = f"Nothing is lost between raw data and marts without a reason ({totals})."
        query = next(f"{name}_reconciliation" for name in RECONCILIATIONS if _has(tables, name))
        found.append(Finding(text=text, query=query, tone="good"))
    return found


def _has(tables: Mapping[str, Table], domain: str) -> bool:
    return f"{domain}_reconciliation" in tables


def _tested(tables: Mapping[str, Table], results: Results | None) -> list[Finding]:
    build = tables["builds"].rows[0] if "builds" in tables else None
    if results is not None and (build is None or results.invocation == build["invocation_id"]):
        return _of_results(results)
    if build is None:
        return [Finding(text="No build is on record.", query="builds", tone="low volume")]
    return [_of_build(build)]


def _of_results(results: Results) -> list[Finding]:
    if not results.failures:
        return [_passed(results.passed_count)]
    tests = sum(failure.is_test for failure in results.failures)
    kinds = ((len(results.failures) - tests, "models"), (tests, "tests"))
    what = listed(count(number, kind) for number, kind in kinds if number)
    text = f"{what} of the last build did not pass: "
    names = [_failed(failure) for failure in results.failures]
    return [Finding(text=f"{text}{listed(names, MOST)}.", query="builds", tone="bad")]


def _failed(failure: Failure) -> str:
    rows = f", {count(failure.row_count, 'rows')}" if failure.row_count else ""
    return f"{failure.name} ({failure.status}{rows})"


def _of_build(build: Row) -> Finding:
    bad = build["failed_count"] + build["error_count"] + build["warned_count"]
    if bad:
        what = count(bad, "tests") + (" or models" if build["error_count"] else "")
        text = f"{what} of the last build did not pass; its results are not at hand."
        return Finding(text=text, query="builds", tone="bad")
    return _passed(build["passed_count"])


def _passed(number: int) -> Finding:
    if not number:
        text = "No test ran in the last build."
        return Finding(text=text, query="builds", tone="low volume")
    text = f"All {count(number, 'tests')} of the last build passed."
    return Finding(text=text, query="builds", tone="good")


def _rejected(rejected: tuple[Rejected, ...]) -> list[Finding]:
    if not rejected:
        return []
    parts = [f"{one.table} ({count(one.row_count)})" for one in rejected]
    total = sum(one.row_count for one in rejected)
    text = f"{count(total, 'rows')} of the raw files were refused while loading: {listed(parts)}."
    return [Finding(text=text, query="rejected", tone="bad")]


def _fresh(tables: Mapping[str, Table]) -> list[Finding]:
    days = {
        domain: tables[f"{domain}_reconciliation"].rows[0]["as_of_date"]
        for domain in RECONCILIATIONS
        if f"{domain}_reconciliation" in tables
    }
    if not days:
        return []
    latest = max(days.values())
    behind = [f"{domain} ({day})" for domain, day in days.items() if day < latest]
    text = f"The numbers are those of {latest}"
    if behind:
        text += f", but older for {listed(behind)}"
    build = tables["builds"].rows[0] if "builds" in tables else None
    if build is not None:
        text += f"; built on {build['finished_at']:%Y-%m-%d %H:%M} UTC"
    query = next(f"{domain}_reconciliation" for domain in days)
    return [Finding(text=f"{text}.", query=query, tone="bad" if behind else "plain")]
