"""Removal effects of Markov chains by plain Gaussian elimination, from the definition.

A state is a window of `order` touches, of fewer where the journey has fewer; equal states in a row
are one. Taking a channel out makes every state that holds it lead nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

State = tuple[str, ...]
START: State = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The channels of a journey in order, and what it brought in if it led to a conversion."""

    channels: tuple[str, ...]
    is_converted: bool
    revenue: Fraction = Fraction(0)


def removal_effects(
    journeys: list[Journey], order: int
) -> dict[str, tuple[Fraction, Fraction | None]]:
    """Return by channel the share of conversions, and of revenue, that is gone without it."""
    steps: dict[State, dict[State, int]] = defaultdict(lambda: defaultdict(int))
    ends: dict[State, list[Journey]] = defaultdict(list)
    for journey in journeys:
        width = min(order, len(journey.channels))
        last = START
        for first in range(len(journey.channels) - width + 1):
            state = journey.channels[first : first + width]
            if state != last:
                steps[last][state] += 1
            last = state
        ends[last].append(journey)
    whole = _chances(steps, ends, without=None)
    effects = {}
    for channel in sorted({c for journey in journeys for c in journey.channels}):
        rest = _chances(steps, ends, without=channel)
        effects[channel] = (
            1 - rest[0] / whole[0],
            1 - rest[1] / whole[1] if whole[1] else None,
        )
    return effects


def _chances(
    steps: dict[State, dict[State, int]], ends: dict[State, list[Journey]], without: str | None
) -> tuple[Fraction, Fraction]:
    """Return the chance of a conversion and the mean revenue of a journey, exactly."""
    states = [s for s in {START, *steps, *ends} if without not in s]
    place = {state: number for number, state in enumerate(states)}
    rows = []
    for state in states:
        total = sum(steps[state].values()) + len(ends[state])
        row = [Fraction(0)] * len(states)
        row[place[state]] += 1
        for target, count in steps[state].items():
            if target in place:
                row[place[target]] -= Fraction(count, total)
        converted = [j for j in ends[state] if j.is_converted]
        revenue = sum((j.revenue for j in converted), Fraction(0))
        rows.append([*row, Fraction(len(converted), total), revenue / total])
    solved = _solved(rows)
    return solved[place[START]][0], solved[place[START]][1]


def _solved(rows: list[list[Fraction]]) -> list[tuple[Fraction, Fraction]]:
    """Return the two solutions of the equations whose right sides are the last two columns."""
    for pivot in range(len(rows)):
        swap = next(r for r in range(pivot, len(rows)) if rows[r][pivot])
        rows[pivot], rows[swap] = rows[swap], rows[pivot]
        factor = rows[pivot][pivot]
        rows[pivot] = [value / factor for value in rows[pivot]]
        for other in range(len(rows)):
            if other != pivot and rows[other][pivot]:
                scale = rows[other][pivot]
                rows[other] = [a - scale * b for a, b in zip(rows[other], rows[pivot], strict=True)]
    return [(row[-2], row[-1]) for row in rows]
