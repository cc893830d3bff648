"""A small shop as a dbt project with raw data, of which a test changes something."""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING

from conftest import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CUSTOMERS = 200
FIRST_DAY = date(2024, 1, 1)
OF_CUSTOMER = ("customer_id", "country", "email", "is_test_user")
OF_ORDER = (
    *("order_id", "customer_id", "order_date", "status", "channel", "amount", "refund_amount"),
)
CHANNELS = ("web", "shop", "phone")


def shop_project(folder: Path) -> Path:
    """Copy the project into a new folder, write its raw data, and return it."""
    shutil.copytree(DATA / "review_shop", folder)
    numbers = range(1, CUSTOMERS + 1)
    _write(folder / "seeds" / "raw_customers.csv", OF_CUSTOMER, map(_customer, numbers))
    orders = (_order(customer, order) for customer in numbers for order in range(customer % 4))
    _write(folder / "seeds" / "raw_orders.csv", OF_ORDER, orders)
    return folder


def _customer(number: int) -> tuple[object, ...]:
    """Return a customer: two of five live in Austria, one in 25 is a test user."""
    email = f"c{number}@example.com"
    country = "AT" if number % 5 < 2 else "DE"
    return f"c{number:03}", country, email, str(number % 25 == 0).lower()


def _order(customer: int, order: int) -> tuple[object, ...]:
    """Return one of up to three orders of a customer: one in ten cancelled, one in twelve returned.

    A returned one is paid back in full.
    """
    day = FIRST_DAY + timedelta(days=(customer * 7 + order * 31) % 180)
    amount = f"{20 * (customer % 10 + 1) + 10 * order}.25"
    status = "completed"
    if (customer + order) % 10 == 0:
        status = "cancelled"
    elif (customer + order) % 12 == 1:
        status = "returned"
    return (
        *(f"o{customer:03}{order}", f"c{customer:03}", day.isoformat(), status),
        *(CHANNELS[(customer + order // 2) % 3], amount, amount if status == "returned" else ""),
    )


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
