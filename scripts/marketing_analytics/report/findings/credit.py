"""Who deserves the credit: where the models agree, and where a decision hangs on the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.report.facts import Finding, Row, Table
from marketing_analytics.report.figures.credit import MODELS
from marketing_analytics.report.words import count, listed, percent, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 10  # conversions below which models disagree by chance
AGREE = 0.25  # disagreement up to which channels count as agreed upon
MOST = 3
NO_TOUCH = "(none)"


def findings(credit: Table) -> tuple[Finding, ...]:
    """Return the channels that the models disagree on most, and those they agree on."""
    rows = [row for row in credit.rows if row["channel"] != NO_TOUCH]
    enough = [row for row in rows if max(_credits(row).values(), default=0) >= FEW]
    ranked = sorted(enough, key=lambda row: (-row["model_disagreement_rate"], row["channel"]))
    disputed = [row for row in ranked if row["model_disagreement_rate"] > AGREE]
    agreed = [row["channel"] for row in ranked if row["model_disagreement_rate"] <= AGREE]
    found = [_disputed(row, credit.query.name) for row in disputed[:MOST]]
    if agreed:
        text = f"All models agree to within {percent(AGREE)} on {listed(agreed)}."
        found.append(Finding(text=text, query=credit.query.name))
    few = [row["channel"] for row in rows if row not in enough]
    if few:
        text = f"Too few conversions to compare models: {listed(few)}."
        found.append(Finding(text=text, query=credit.query.name, tone="low volume"))
    return tuple(found)


def _disputed(row: Row, query: str) -> Finding:
    credits = _credits(row)
    least, most = (pick(credits, key=lambda name: credits[name]) for pick in (min, max))
    text = (
        f"{row['channel']}: from {shown(credits[least], 'estimate')} conversions ({least}) to "
        f"{shown(credits[most], 'estimate')} ({most}). {_role(row)}"
    )
    return Finding(text=text.strip(), query=query, channel=row["channel"])


def _role(row: Row) -> str:
    """Return what the first touches say against the last ones, where both models ran."""
    first, last = row["first_touch_conversions"], row["last_touch_conversions"]
    if first is None or last is None or first == last:
        return ""
    opens, closes = count(round(first)), count(round(last))
    if first > last:
        return f"It opens {opens} journeys and closes {closes}: last touch misses what it opens."
    return f"It closes {closes} journeys and opens {opens}: first touch misses what it closes."


def _credits(row: Row) -> dict[str, float]:
    return {
        label: row[f"{model}_conversions"]
        for model, label in MODELS
        if row[f"{model}_conversions"] is not None
    }


def models_run(rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """Return the models that have credited anything: others are switched off."""
    return tuple(
        (model, label)
        for model, label in MODELS
        if any(row[f"{model}_conversions"] is not None for row in rows)
    )
