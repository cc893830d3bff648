"""Random-looking numbers that depend on nothing but the seed and a name, in Python and in SQL.

They come from MD5, so they are the same on every machine and every version of DuckDB.
"""

from __future__ import annotations

import hashlib
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# `slot(number, k)` is the k-th (0 to 3) 16-bit part of a 64-bit number as a share, 0 to below 1.
# `pick(items, share)` is the item of a list at that share of its length.
# `skewed_by(number, sigma)` is a positive factor with mean 1, distributed much like a log-normal:
# the sum of the four parts stands in for the normal distribution.
# `padded(prefix, number)` is an id; ids have one width, so that they sort as text as numbers do.
SQL_MACROS = """
create or replace macro slot(number, k) as
    cast((number >> (16 * k)) & 65535 as double) * 0.0000152587890625;
create or replace macro pick(items, share) as
    items[1 + cast(floor(share * len(items)) as integer)];
create or replace macro skewed_by(number, sigma) as exp(
    sigma
    * 1.7320508
    * (slot(number, 0) + slot(number, 1) + slot(number, 2) + slot(number, 3) - 2)
    - sigma * sigma / 2
);
create or replace macro padded(prefix, number) as
    concat(prefix, lpad(cast(number as varchar), getvariable('id_width'), '0'));
create or replace macro width_of(number) as
    greatest(5, cast(length(cast(number as varchar)) as integer));
"""


def draw(*name: object) -> float:
    """Return a share, 0 to below 1, that depends on the parts of the name only."""
    digest = hashlib.md5("|".join(map(str, name)).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def slices(weights: Iterable[tuple[str, float]], count: int) -> list[str]:
    """Return `count` items in which each item is present in proportion to its weight.

    An even draw from the list is then a weighted draw from the items.
    """
    pairs = list(weights)
    total = sum(weight for _, weight in pairs)
    items: list[str] = []
    below = 0.0
    for item, weight in pairs:
        below += weight
        items.extend([item] * (round(below / total * count) - len(items)))
    return items


def intervals(weights: Sequence[float]) -> list[tuple[float, float]]:
    """Return adjoining intervals from 0 to 1, each as long as its weight's share."""
    bounds = list(accumulate(weights, initial=0.0))
    return [(low / bounds[-1], high / bounds[-1]) for low, high in pairwise(bounds)]
