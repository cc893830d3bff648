"""Robust statistics in plain Python: medians, spreads, and how improbable a value is.

- MAD and its factor: Rousseeuw and Croux (1993), Alternatives to the Median Absolute Deviation,
  JASA 88, 1273-1283; small samples: Croux and Rousseeuw (1992), COMPSTAT, 411-428. The spread
  that bounds the distances at three of it, and its efficiency: Maronna and Zamar (2002),
  Robust Estimates of Location and Dispersion, Technometrics 44, 307-317.
- Slopes: Theil (1950) and Sen (1968), JASA 63, 1379-1389.
- Tail of Student's t: Wallace (1959), Annals of Mathematical Statistics 30, 1121-1130.
- Correction for many tests: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
- Trimmed means: Yuen (1974), Biometrika 61, 165-170.
- Autocorrelation of few values: Kendall (1954), Biometrika 41, 403-404; what it does to means and
  variances: Bayley and Hammersley (1946), Supplement to the JRSS 8, 184-197.
"""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAD_FACTOR = 1.4826  # makes the MAD of normal values their standard deviation
MAD_SMALL_SAMPLE = 0.8
FURTHEST = 3  # MADs
SPREAD_EFFICIENCY = 0.8  # its degrees of freedom, for each of a standard deviation
MEDIAN_VARIANCE = math.pi / 2  # of a median, for each of a mean
TRIMMED = 0.2  # of each end, as Yuen
MOST_AUTOCORRELATION = 0.9
NEGLIGIBLE = 1e-12  # what rounding makes of values that are all the same
LEAST_SUCCESSES = 10  # below, a normal approximation of a rate is off
EXACT_UP_TO = 1000  # expected events; a normal tail is the same above


def spread(values: Sequence[float], centre: float | None = None) -> float:
    """Return the standard deviation of all but the wild values, which count as three MADs at most.

    Where more than half of the values are the same the MAD is 0 and says nothing: then that of all.
    """
    middle = median(values) if centre is None else centre
    count = len(values)
    distances = [abs(value - middle) for value in values]
    typical = MAD_FACTOR * median(distances) * count / max(count - MAD_SMALL_SAMPLE, 1)
    furthest = FURTHEST * typical if typical > 0 else math.inf
    squares = sum(min(distance, furthest) ** 2 for distance in distances)
    return math.sqrt(squares / max(count - 1, 1))


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the value at which half of the weight is reached."""
    half, reached = sum(weights) / 2, 0.0
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if reached >= half:
            return value
    raise ValueError("no weights")


def t_tail(distance: float, freedom: float) -> float:
    """Return the chance of a Student's t this far above 0, or further."""
    scaled = math.sqrt(freedom * math.log1p(distance * distance / freedom))
    normal = scaled * (8 * freedom + 1) / (8 * freedom + 3)
    return math.erfc(math.copysign(normal, distance) / math.sqrt(2)) / 2


def poisson_tail(events: float, mean: float, *, above: bool) -> float:
    """Return the chance of so many events or more, or of so few or fewer."""
    if mean <= 0:
        return 1.0 if not above or events <= 0 else 0.0
    count = math.ceil(events) if above else math.floor(events)
    if count < 0:
        return 1.0 if above else 0.0
    if above == (count <= mean):  # from the mean outwards, where the terms become smaller
        return 1 - poisson_tail(count + (-1 if above else 1), mean, above=not above)
    first = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    return _summed(first, count, above=above, ratio=lambda k: mean / k)


def binomial_tail(successes: float, trials: float, rate: float, *, above: bool) -> float:
    """Return the chance of so many successes or more, or of so few or fewer."""
    hits, tries = round(successes), round(trials)
    if not 0 < rate < 1:
        expected = tries if rate >= 1 else 0
        return 1.0 if (hits <= expected if above else hits >= expected) else 0.0
    if not 0 <= hits <= tries:
        return 1.0 if (hits < 0) == above else 0.0
    if above == (hits <= tries * rate):
        return 1 - binomial_tail(hits + (-1 if above else 1), tries, rate, above=not above)
    odds = rate / (1 - rate)
    first = math.exp(
        math.lgamma(tries + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(tries - hits + 1)
        + hits * math.log(rate)
        + (tries - hits) * math.log1p(-rate)
    )
    return _summed(first, hits, above=above, ratio=lambda k: odds * (tries - k + 1) / k)


def _summed(first: float, count: int, *, above: bool, ratio: Callable[[int], float]) -> float:
    """Sum chances from a count outwards; `ratio(k)` is the chance of k over that of k - 1."""
    total, term, k = first, first, count
    while True:
        if above:
            k += 1
            term *= ratio(k)
        else:
            if k == 0:
                break
            term /= ratio(k)
            k -= 1
        total += term
        if term <= total * 1e-12 and (ratio(k + 1) < 1 if above else ratio(max(k, 1)) > 1):
            break
    return min(total, 1.0)


def holm(chances: Sequence[float]) -> list[float]:
    """Return each chance corrected for being one of many, in the order given."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    corrected, least = [1.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        least = max(least, min(1.0, chances[place] * (len(chances) - rank)))
        corrected[place] = least
    return corrected


def slope(values: Sequence[float]) -> float:
    """Return the median of the slopes between any two of values in a row."""
    return median(
        (values[late] - values[early]) / (late - early)
        for late in range(1, len(values))
        for early in range(late)
    )


def without_trend(values: Sequence[float]) -> list[float]:
    """Return values turned level around their middle, which leaves their mean."""
    steep, middle = slope(values), (len(values) - 1) / 2
    return [value - steep * (place - middle) for place, value in enumerate(values)]


def autocorrelation(values: Sequence[float]) -> float:
    """Return how much a day resembles the one before, from 0, corrected for few values."""
    count = len(values)
    mean = sum(values) / count
    around = [value - mean for value in values]
    total = sum(value * value for value in around)
    if total <= NEGLIGIBLE * count:
        return 0.0
    raw = sum(a * b for a, b in pairwise(around)) / total
    return min(max((count * raw + 1) / (count - 3), 0.0), MOST_AUTOCORRELATION)


def trimmed_mean(values: Sequence[float]) -> tuple[float, float, int]:
    """Return the mean without both ends, its variance, and how many values it is of."""
    ordered = sorted(values)
    cut = int(TRIMMED * len(ordered))
    kept = ordered[cut : len(ordered) - cut]
    winsorised = [kept[0]] * cut + kept + [kept[-1]] * cut
    middle = sum(winsorised) / len(winsorised)
    squares = sum((value - middle) ** 2 for value in winsorised)
    left = len(kept)
    return sum(kept) / left, squares / (left * (left - 1)), left


def rate_fall_chance(
    before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]]
) -> float:
    """Return the chance that a rate falls this far by accident; days are (successes, trials).

    Two pooled rates, with the variance of the binomial times what the days vary beyond it:
    McCullagh and Nelder (1989), Generalized Linear Models, section 4.5.
    """
    parts = [
        (sum(hits for hits, _ in days), sum(tries for _, tries in days)) for days in (before, after)
    ]
    (hits_before, tries_before), (hits_after, tries_after) = parts
    pooled = (hits_before + hits_after) / (tries_before + tries_after)
    expected = min(tries_before, tries_after) * pooled
    was, now = hits_before / tries_before, hits_after / tries_after
    if now >= was or expected < LEAST_SUCCESSES or pooled >= 1:
        return 1.0
    residuals = [
        [(hits - tries * rate) / math.sqrt(tries * pooled * (1 - pooled)) for hits, tries in days]
        for days, rate in ((before, was), (after, now))
    ]
    freedom = len(before) + len(after) - len(parts)
    beyond = max(1.0, sum(one * one for some in residuals for one in some) / freedom)
    alike = sum(autocorrelation(some) for some in residuals) / len(parts)
    variance = pooled * (1 - pooled) * (1 / tries_before + 1 / tries_after)
    error = math.sqrt(variance * beyond * (1 + alike) / (1 - alike))
    return t_tail((was - now) / error, freedom * (1 - alike**2) / (1 + alike**2))


def fall_chance(before: Sequence[float], after: Sequence[float]) -> float:
    """Return the chance that values fall this far by accident, by Yuen's test of trimmed means.

    The noise is what is left of a straight line in each part. A day that resembles the one before
    tells less that is new: the variance of a mean grows by (1 + r) / (1 - r), its degrees of
    freedom shrink by (1 - r^2) / (1 + r^2).
    """
    before, after = without_trend(before), without_trend(after)
    (mean_before, variance_before, left_before) = trimmed_mean(before)
    (mean_after, variance_after, left_after) = trimmed_mean(after)
    variance = variance_before + variance_after
    if mean_after >= mean_before:
        return 1.0
    if variance <= 0:
        return 0.0
    freedom = variance**2 / (
        variance_before**2 / (left_before - 1) + variance_after**2 / (left_after - 1)
    )
    alike = (autocorrelation(before) + autocorrelation(after)) / 2
    error = math.sqrt(variance * (1 + alike) / (1 - alike))
    return t_tail((mean_before - mean_after) / error, freedom * (1 - alike**2) / (1 + alike**2))
