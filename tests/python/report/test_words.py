"""Numbers as the page writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketing_analytics.report.words import amount, change, out_of, percent, shown


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (900, 1000, "9 of 10"),
        (896, 1000, "9 of 10"),  # 89.6 %: less than half a percent from it
        (890, 1000, "89 of 100"),
        (9914, 10_000, "99 of 100"),
        (9995, 10_000, "9,995 of 10,000"),  # not 999 or 1,000 of 1,000: halves are told
        (28_555, 28_568, "28,555 of 28,568"),  # never "all" where it is not so
        (3, 10, "3 of 10"),
        (1, 3, "1 of 3"),
        (0, 1000, "0 of 1,000"),
        (1000, 1000, "1,000 of 1,000"),
    ],
)
def test_a_share_is_told_as_people_count(part: int, whole: int, said: str) -> None:
    assert out_of(part, whole) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.2714, "27.1 %"), (0.0054, "0.54 %"), (0, "0.0 %"), (1.5, "150.0 %"), (-0.02, "-2.00 %")],
)
def test_small_rates_keep_their_digits(share: float, said: str) -> None:
    assert percent(share) == said


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        (Decimal("2899.60"), "$", "$2,900"),
        (Decimal("27.224"), "$", "$27.22"),
        (Decimal("2899.60"), "EUR", "2,900 EUR"),
        (-250, "$", "-$250"),
        (Decimal("2899.60"), "", "2,900"),
        (0, "", "0.00"),
    ],
)
def test_money_has_cents_where_they_matter(value: float, currency: str, said: str) -> None:
    assert amount(value, currency) == said


def test_a_change_from_nothing_is_no_percentage() -> None:
    assert change(5, 0) == "none before"
    assert change(0, 0) == "as before: none"
    assert change(None, 4) == "not to compare"
    assert change(3, 4) == "-25.0 %"
    assert change(5, 4) == "+25.0 %"


def test_what_is_not_known_is_no_zero() -> None:
    assert shown(None, "money", "$") == "\N{EN DASH}"
    assert shown(0, "count") == "0"
