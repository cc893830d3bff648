"""A draw of faults by a seed: all kinds alike, and in each the models that have had the fewest."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

from mutants.faults import faults_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mutants.artifacts import Model
    from mutants.faults import Fault


# Its query holds the numbers of a fit, which dbt has found while it compiled: nothing of a rule.
NO_RULES = ("int_forecast_fits",)


def drawn(models: Mapping[str, Model], seed: int) -> Iterator[Fault]:
    """Yield faults in turn of their kinds, each planted query once, until there are none left.

    Within a kind the next fault is one of a model from which the fewest have been drawn, and of
    those models one in the domain from which the fewest have.
    """
    chance = random.Random(seed)
    waiting: dict[str, dict[str, list[Fault]]] = {}
    for model in models.values():
        if model.name in NO_RULES:
            continue
        for fault in faults_of(model.name, model.sql):
            waiting.setdefault(fault.kind, {}).setdefault(model.name, []).append(fault)
    kinds = sorted(waiting)
    chance.shuffle(kinds)
    per_model: Counter[str] = Counter()
    per_domain: Counter[str] = Counter()
    planted: set[tuple[str, str | None]] = set()
    while waiting:
        for kind in [k for k in kinds if k in waiting]:
            by_model = waiting[kind]
            order = sorted(by_model)
            chance.shuffle(order)
            name = min(order, key=lambda n: (per_model[n], per_domain[models[n].domain]))
            faults = by_model[name]
            fault = faults.pop(chance.randrange(len(faults)))
            if not faults:
                del by_model[name]
            if not by_model:
                del waiting[kind]
            query = (name, fault.planted(models[name].sql, models[name].sql))
            if query in planted:
                continue
            planted.add(query)
            per_model[name] += 1
            per_domain[models[name].domain] += 1
            yield fault
