"""What one model says changes nothing for the faults that are drawn of the others."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from mutants.artifacts import Model
from mutants.draw import drawn

QUERY = "select a, b + 1 as c from t where a > b and not c or a = 'x'"
BEFORE = dict.fromkeys(("customers", "funnel", "orders"), QUERY)


def _models(queries: dict[str, str]) -> dict[str, Model]:
    return {
        name: Model(schema="s", name=name, sql=sql, parents=frozenset(), has_contract=False)
        for name, sql in queries.items()
    }


def test_a_model_that_comes_leaves_the_faults_of_the_others_in_their_order() -> None:
    faults = list(drawn(_models(BEFORE), seed=4))
    added = _models({**BEFORE, "segments": QUERY.replace("a > b", "a <= b")})
    with_added = [fault for fault in drawn(added, seed=4) if fault.model in BEFORE]
    by_kind = [[f for f in faults if f.kind == kind] for kind in {f.kind for f in faults}]
    assert {fault.model for fault in faults} == set(BEFORE)
    for same in by_kind:
        assert [fault for fault in with_added if fault.kind == same[0].kind] == same


def test_a_model_that_changes_leaves_the_faults_of_the_others() -> None:
    changed = _models({**BEFORE, "orders": "select coalesce(a, 0) as a from t"})
    before = [f for f in drawn(_models(BEFORE), seed=4) if f.model != "orders"]
    after = [f for f in drawn(changed, seed=4) if f.model != "orders"]
    assert sorted(map(repr, after)) == sorted(map(repr, before))


def test_kinds_take_turns_and_each_model_gives_one_before_any_gives_a_second() -> None:
    faults = list(drawn(_models(dict.fromkeys("abcd", QUERY)), seed=1))
    kinds = {fault.kind for fault in faults}
    assert Counter(f.kind for f in islice(faults, len(kinds))) == dict.fromkeys(kinds, 1)
    for kind in kinds:
        first_turn = [fault.model for fault in faults if fault.kind == kind][:4]
        assert sorted(first_turn) == list("abcd")


def test_another_seed_draws_others_and_no_query_is_planted_twice() -> None:
    models = _models(dict.fromkeys("abcdefgh", QUERY))
    first = list(drawn(models, seed=1))
    assert list(drawn(models, seed=2)) != first
    assert len({(f.model, f.planted(QUERY, QUERY)) for f in first}) == len(first)
