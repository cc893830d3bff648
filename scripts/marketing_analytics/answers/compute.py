"""What the answers choose and sum up, without a warehouse or a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketing_analytics.answers.facts import (
        Answers,
        Domain,
        Product,
        RevenueLeftOut,
        RevenueSegment,
    )

BEST_PRODUCTS = 4
TROUBLED_PRODUCTS = 3
TROUBLE = ("Problem", "Declining")
CLASSES_THAT_COUNT = ("A", "B")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChoice:
    """The products to show, and how many are not."""

    best: tuple[Product, ...]
    troubled: tuple[Product, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueTotals:
    """Net revenue and refunds of all segments; shares are None where there is nothing to share."""

    net_revenue: Decimal
    refunds: Decimal
    shares: tuple[float | None, ...]


def domains_with_data(answers: Answers) -> tuple[Domain, ...]:
    """Return the domains that have a total at all, in the order in which they are printed."""
    built = (answers.marketing, answers.shop, answers.finance, answers.gaming)
    return tuple(domain for domain in built if domain is not None and _has_data(domain))


def _has_data(domain: Domain) -> bool:
    return any(
        stage.source_total or stage.mart_total or not stage.is_reconciled for stage in domain.stages
    )


def unexplained(domain: Domain) -> tuple[str, ...]:
    """Return the stages that lose or double something without a reason."""
    return tuple(stage.name for stage in domain.stages if not stage.is_reconciled)


def choose_products(products: Sequence[Product]) -> ProductChoice:
    """Return the best sellers and, of the others, the large ones in trouble."""
    best = tuple(products[:BEST_PRODUCTS])
    troubled = tuple(
        product
        for product in products[BEST_PRODUCTS:]
        if product.status in TROUBLE and product.abc_category in CLASSES_THAT_COUNT
    )[:TROUBLED_PRODUCTS]
    return ProductChoice(
        best=best, troubled=troubled, left_out=len(products) - len(best) - len(troubled)
    )


def sum_up(segments: Sequence[RevenueSegment]) -> RevenueTotals:
    """Return the totals over segments and the share of each in the net revenue."""
    net_revenue = sum((segment.net_revenue for segment in segments), Decimal(0))
    return RevenueTotals(
        net_revenue=net_revenue,
        refunds=sum((segment.refunds for segment in segments), Decimal(0)),
        shares=tuple(
            float(segment.net_revenue / net_revenue) if net_revenue > 0 else None
            for segment in segments
        ),
    )


def reasons(left_out: RevenueLeftOut) -> tuple[tuple[str, Decimal], ...]:
    """Return whose revenue is left out and how much, without those who have none."""
    amounts = (
        ("guests", left_out.guests),
        ("unknown customers", left_out.unknown_customers),
        ("test users", left_out.test_users),
    )
    return tuple((whose, amount) for whose, amount in amounts if amount)
