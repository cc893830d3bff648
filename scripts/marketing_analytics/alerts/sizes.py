"""Has a segment changed by more than it does from one build to the next?"""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from marketing_analytics.alerts.baseline import BAND, TWO_SIDES
from marketing_analytics.alerts.judged import Judged
from marketing_analytics.alerts.statistics import MEDIAN_VARIANCE, SPREAD_EFFICIENCY, spread, t_tail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from marketing_analytics.alerts.facts import Series

MOST_SNAPSHOTS = 57  # 56 changes
LEAST_SPREAD = 0.5  # of a root: what a hundredth to a tenth of the members makes of it


def judge_size(series: Series, day: date, settings: Mapping[str, float]) -> Judged | None:
    """Return how the last change of a size stands; None with too few builds before.

    Sizes go on from one build to the next, so what is compared is the change of their root, for
    the root of the days between two builds.
    """
    days = sorted(known for known in series.values if known <= day)[-MOST_SNAPSHOTS:]
    if len(days) <= settings["least_snapshots"] or days[-1] != day:
        return None
    roots = [math.sqrt(series.values[known]) for known in days]
    gaps = [math.sqrt((after - before).days) for before, after in pairwise(days)]
    changes = [
        (after - before) / gap for (before, after), gap in zip(pairwise(roots), gaps, strict=True)
    ]
    past = changes[:-1]
    usual = median(past)
    error = max(spread(past, usual), LEAST_SPREAD) * math.sqrt(1 + MEDIAN_VARIANCE / len(past))
    distance = (changes[-1] - usual) / error
    expected, width = roots[-2] + usual * gaps[-1], BAND * error * gaps[-1]
    return Judged(
        series=series,
        day=day,
        since=day,
        value=series.values[day],
        normal=max(expected, 0.0) ** 2,
        low=max(expected - width, 0.0) ** 2,
        high=(expected + width) ** 2,
        chance=TWO_SIDES * t_tail(abs(distance), SPREAD_EFFICIENCY * (len(past) - 1)),
    )
