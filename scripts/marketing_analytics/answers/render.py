"""Turns the answers into tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from marketing_analytics.answers.compute import domains_with_data, reasons, unexplained
from marketing_analytics.answers.facts import Finance, Marketing, Shop
from marketing_analytics.answers.layout import whole
from marketing_analytics.answers.render_finance import finance_sections
from marketing_analytics.answers.render_gaming import gaming_sections
from marketing_analytics.answers.render_marketing import marketing_sections
from marketing_analytics.answers.render_shop import shop_sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rich.console import RenderableType

    from marketing_analytics.answers.facts import Answers, Domain
    from marketing_analytics.answers.layout import Section

WIDE = 110  # columns from which the whole tables fit


def render(answers: Answers, *, width: int) -> Iterator[RenderableType]:
    """Yield what to print, in the order in which a reader asks; a narrow screen gets less."""
    domains = domains_with_data(answers)
    shown_day: date | None = None
    gap = ""
    for domain in domains:
        for section in _sections(domain, is_narrow=width < WIDE):
            day = domain.as_of_date
            as_of = f"  as of {day}" if day and day != shown_day else ""
            yield Text(f"{gap}{section.question}{as_of}", style="bold")
            yield from section.parts
            shown_day = day
            gap = "" if isinstance(section.parts[-1], Table) else "\n"  # a table ends in one
    if not domains:
        yield Text("There are no data yet: load some with `mktg load`, then run `mktg build`.")
    elif gap:
        yield Text()
    yield from _trust(domains)
    yield from _not_built(answers)


def _sections(domain: Domain, *, is_narrow: bool) -> Iterator[Section]:
    if isinstance(domain, Marketing):
        return marketing_sections(domain, is_narrow=is_narrow)
    if isinstance(domain, Shop):
        return shop_sections(domain, is_narrow=is_narrow)
    if isinstance(domain, Finance):
        return finance_sections(domain, is_narrow=is_narrow)
    return gaming_sections(domain, is_narrow=is_narrow)


def _trust(domains: Sequence[Domain]) -> Iterator[Text]:
    wrong = [domain for domain in domains if unexplained(domain)]
    for domain in wrong:
        yield Text(
            f"Do not trust these yet: {', '.join(unexplained(domain))} do not reconcile; "
            f"see {_reconciliation(domain)}",
            style="bold red",
        )
    if domains and not wrong:
        totals = sum(len(domain.stages) for domain in domains)
        sentences = [f"All {totals} totals reconcile from raw to mart."]
        for domain in domains:
            sentences.extend(_without_campaign(domain))
        yield Text(" ".join(sentences))
        for domain in domains:
            yield from _left_out(domain)


def _reconciliation(domain: Domain) -> str:
    if isinstance(domain, Marketing):
        return "marketing.funnel_reconciliation"
    if isinstance(domain, Shop):
        return "marketing.shop_reconciliation"
    if isinstance(domain, Finance):
        return "mart_marketing.finance_reconciliation"
    return "customer.gaming_reconciliation"


def _without_campaign(domain: Domain) -> Iterator[str]:
    if isinstance(domain, Marketing) and domain.sessions_without_known_campaign:
        yield (
            f"{domain.sessions_without_known_campaign:,} of {domain.sessions:,} sessions have no "
            "known campaign: they count by channel, not by campaign."
        )


def _left_out(domain: Domain) -> Iterator[Text]:
    if isinstance(domain, Shop) and reasons(domain.left_out):
        amounts = [f"{whole(amount)} of {whose}" for whose, amount in reasons(domain.left_out)]
        yield Text(
            f"Of the shop's successful revenue of {whole(domain.left_out.total)} its segments "
            f"leave out {_listed(amounts)}."
        )


def _listed(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _not_built(answers: Answers) -> Iterator[Text]:
    domains = {
        "marketing": answers.marketing,
        "shop": answers.shop,
        "finance": answers.finance,
        "gaming": answers.gaming,
    }
    missing = [name for name, domain in domains.items() if domain is None]
    if missing:
        yield Text(
            f"The {_listed(missing)} marts are not built yet; run `mktg build` or `dbt build`, "
            "with the same --target.",
            style="yellow",
        )
