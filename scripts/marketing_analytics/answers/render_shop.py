"""Turns the answers of the shop into sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from marketing_analytics.answers.compute import choose_products
from marketing_analytics.answers.layout import (
    NOTHING,
    Section,
    cut,
    number,
    percent,
    table,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from marketing_analytics.answers.facts import CustomerSegment, Product, Shop

ACTION_LENGTH = 48  # the whole table then takes 125 columns
NARROW_ACTION_LENGTH = 24
STATUS_STYLES = {
    "Problem": "bold red",
    "Declining": "yellow",
    "Star": "bold green",
    "Cash Cow": "green",
}


def shop_sections(shop: Shop, *, is_narrow: bool) -> Iterator[Section]:
    """Yield who the customers are and which products carry the shop, as far as there are any."""
    if shop.segments:
        yield Section(
            question="Who are the shop's customers, and what to do?",
            parts=(_segment_table(shop.segments, is_narrow=is_narrow),),
        )
    if shop.products:
        yield Section(
            question="Which products carry the shop?",
            parts=(_product_table(shop.products, is_narrow=is_narrow),),
        )


def _segment_table(segments: Sequence[CustomerSegment], *, is_narrow: bool) -> Table:
    headers = ["segment", "customers", "revenue each", "orders each", "churn risk", "do"]
    shown = [0, 1, 5] if is_narrow else range(len(headers))
    filled = table(*(headers[column] for column in shown), right=headers[1:5])
    for segment in segments:
        cells = (
            Text(segment.name),
            Text(f"{segment.customers:,}"),
            Text(number(segment.revenue_each)),
            Text(f"{segment.orders_each:,.1f}"),
            Text(NOTHING if segment.churn_risk is None else whole(segment.churn_risk)),
            Text(cut(segment.action, NARROW_ACTION_LENGTH if is_narrow else ACTION_LENGTH)),
        )
        filled.add_row(*(cells[column] for column in shown))
    return filled


def _product_table(products: Sequence[Product], *, is_narrow: bool) -> Table:
    headers = ["product", "revenue", "share", "class", "status", "returned", "offer beside it"]
    shown = [0, 1, 4] if is_narrow else range(len(headers))
    filled = table(*(headers[column] for column in shown), right=("revenue", "share", "returned"))
    choice = choose_products(products)

    def add(product: Product) -> None:
        cells = _product_cells(product)
        filled.add_row(*(cells[column] for column in shown))

    for product in choice.best:
        add(product)
    if choice.left_out:
        filled.add_row(Text(f"... {choice.left_out} more", style="dim"))
    for product in choice.troubled:
        add(product)
    return filled


def _product_cells(product: Product) -> tuple[Text, ...]:
    return (
        Text(product.name),
        Text(whole(product.revenue)),
        Text(percent(product.share)),
        Text(product.abc_category),
        Text(product.status, style=STATUS_STYLES.get(product.status, "")),
        Text(percent(product.return_rate)),
        Text(NOTHING if product.offer is None else product.offer),
    )
