"""Whether to believe it: how fresh, what reconciles, what failed, what was refused."""

from __future__ import annotations

from marketing_analytics.reconciliations import RECONCILIATIONS
from marketing_analytics.report.facts import Column, Query


def _reconciliation(domain: str, mart: str) -> Query:
    return Query(
        name=f"{domain}_reconciliation",
        mart=mart,
        title=f"From raw data to {domain}",
        sql=f"""
select
    stage,
    source_total,
    mart_total,
    source_total - mart_total - unexplained_total as explained_total,
    unexplained_total,
    as_of_date
from {mart}
where as_of_date is not null  -- a domain of which nothing is loaded has none
order by stage
""",
        columns=(
            Column(name="stage", label="what"),
            Column(name="source_total", label="raw", unit="estimate"),
            Column(name="mart_total", label="in the marts", unit="estimate"),
            Column(
                name="explained_total",
                label="left out, with a reason",
                unit="estimate",
                means="Raw less mart less unexplained: the mart's other columns say why, one each.",
            ),
            Column(name="unexplained_total", label="unexplained", unit="estimate"),
            Column(name="as_of_date", label="as of", unit="day"),
        ),
    )


BUILDS = Query(
    name="builds",
    mart="audit.builds",
    title="The last builds",
    sql="""
select
    invocation_id,
    command,
    finished_at,
    passed_count,
    warned_count,
    failed_count,
    error_count,
    skipped_count
from audit.builds
order by finished_at desc, invocation_id
limit 5
""",
    columns=(
        Column(name="invocation_id", label="id", is_hidden=True),
        Column(name="command", label="command"),
        Column(name="finished_at", label="finished (UTC)", unit="day"),
        Column(name="passed_count", label="tests passed", unit="count"),
        Column(name="warned_count", label="warned", unit="count"),
        Column(name="failed_count", label="failed", unit="count"),
        Column(name="error_count", label="errors", unit="count"),
        Column(name="skipped_count", label="skipped", unit="count"),
    ),
)
QUERIES = (BUILDS, *(_reconciliation(domain, mart) for domain, mart in RECONCILIATIONS.items()))
