"""A draw of faults by a seed, in which what one model says changes nothing for the others."""

from __future__ import annotations

from hashlib import sha256
from itertools import chain, zip_longest
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

    Within a kind each model gives one before any gives a second. Models and faults stand in the
    order of a hash of their names: who changes a model meets other faults of that model, and who
    adds one those few faults that come before others.
    """
    by_kind: dict[str, dict[str, list[Fault]]] = {}
    for name in sorted(set(models) - set(NO_RULES)):
        for fault in faults_of(name, models[name].sql):
            by_kind.setdefault(fault.kind, {}).setdefault(name, []).append(fault)
    kinds = [_of_kind(kind, by_kind[kind], models, seed) for kind in sorted(by_kind)]
    planted: set[tuple[str, str | None]] = set()
    for fault in chain.from_iterable(zip_longest(*kinds)):
        if fault is None:
            continue
        sql = models[fault.model].sql
        query = (fault.model, fault.planted(sql, sql))
        if query not in planted:
            planted.add(query)
            yield fault


def _of_kind(
    kind: str, by_model: Mapping[str, list[Fault]], models: Mapping[str, Model], seed: int
) -> Iterator[Fault]:
    names = sorted(by_model, key=lambda name: _rank(seed, kind, name))
    ranked: dict[str, list[Fault]] = {}
    for turn in range(max(map(len, by_model.values()))):
        for name in names:
            if name not in ranked:  # a name of a fault takes a parse: only of those that are asked
                sql = models[name].sql
                ranked[name] = sorted(by_model[name], key=lambda f: _rank(seed, f.key(sql)))
            if turn < len(ranked[name]):
                yield ranked[name][turn]


def _rank(seed: int, *parts: str) -> str:
    return sha256("|".join((str(seed), *parts)).encode()).hexdigest()
