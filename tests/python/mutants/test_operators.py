"""Each kind of fault changes what it says it changes, and nothing that no row could tell."""

from __future__ import annotations

import pytest

from mutants.faults import Fault, faults_of
from mutants.operators import OPERATORS
from mutants.tree import parsed, written

PLANTED = {
    "bound": [
        ("select a < 1 as x", ["select a <= 1 as x"]),
        ("select a >= b", ["select a > b"]),
        ("select case when a > b then b else a end", []),
    ],
    "equality": [
        ("select a from t where a <> 'x'", ["select a from t where a = 'x'"]),
        ("select a from t join u on t.a = u.a", []),
    ],
    "filter": [
        (
            "select a from t where a > b and c",
            ["select a from t where c", "select a from t where a > b"],
        ),
        ("select a from t group by 1 having a > b", ["select a from t group by 1 having true"]),
    ],
    "and, or": [("select a and b", ["select a or b"]), ("select a or b", ["select a and b"])],
    "not": [("select not a", ["select a"])],
    "is null": [("select a is null", ["select not a is null"])],
    "join": [
        ("select * from t left join u on t.a = u.a", ["select * from t inner join u on t.a = u.a"]),
        ("select * from t inner join u on t.a = u.a", ["select * from t left join u on t.a = u.a"]),
        ("select * from t cross join u", []),
    ],
    "join condition": [
        (
            "select * from t left join u on t.a = u.a and t.b = u.b",
            [
                "select * from t left join u on t.b = u.b",
                "select * from t left join u on t.a = u.a",
            ],
        ),
        ("select * from t left join u on t.a = u.a", []),
    ],
    "constant": [
        ("select a + 30", ["select a + 31"]),
        ("select a * 0.6", ["select a * 0.7"]),
        ("select a * 52.14", ["select a * 52.15"]),
        ("select a * 1e-9", ["select a * 1.1e-09"]),
        ("select cast(a as decimal(18, 2)) from t group by 1 order by 1", []),
    ],
    "text": [
        ("select a = 'x'", ["select a = 'x?'"]),
        (
            "select case when a then 'x' else 'y' end",
            [
                "select case when a then 'x' else 'y?' end",
                "select case when a then 'x?' else 'y' end",
            ],
        ),
    ],
    "coalesce": [("select coalesce(a, 0)", ["select a"]), ("select coalesce(a, null)", [])],
    "nullif": [
        ("select b / nullif(a, 0)", ["select b / a"]),
        ("select case when a > 0 then b / nullif(cast(a as double), 0) end", []),
        (
            "select case when c > 0 then b / nullif(a, 0) end",
            ["select case when c > 0 then b / a end"],
        ),
    ],
    "arithmetic": [("select a + b * c", ["select a - b * c", "select a + b / c"])],
    "operands": [("select a - b", ["select b - a"]), ("select a / b", ["select b / a"])],
    "least, greatest": [("select least(a, b)", ["select greatest(a, b)"])],
    "rounding": [("select ceil(a)", ["select floor(a)"])],
    "function": [("select lower(a)", ["select a"]), ("select abs(cast('1.96' as double))", [])],
    "unit": [("select date_trunc('month', a)", ["select date_trunc('quarter', a)"])],
    "branch": [
        (
            "select case when a then 1 when b then 2 else 3 end",
            [
                "select case when b then 2 else 3 end",
                "select case when a then 1 else 3 end",
            ],
        ),
        ("select case when a then 1 else 3 end", ["select 3"]),
        ("select case when 'x' = 'y' then a else b end", []),
    ],
    "order of branches": [
        (
            "select case when a > 1 then 1 when b then 2 end",
            ["select case when b then 2 when a > 1 then 1 end"],
        ),
        ("select case when a = 'x' then 1 when a = 'y' then 2 end", []),
        ("select case when a = 'x' then 1 when a in ('y', 'z') then 2 end", []),
        (
            "select case when a = 'x' then 1 when a in ('x', 'z') then 2 end",
            ["select case when a in ('x', 'z') then 2 when a = 'x' then 1 end"],
        ),
        ("select case a when 'x' then 1 when 'y' then 2 end", []),
        ("select case when a is null then 1 when not a is null then 2 end", []),
        ("select case when a is null then 1 when a < b then 2 end", []),
    ],
    "else": [("select case when a then 1 else 0 end", ["select case when a then 1 end"])],
    "aggregate": [("select sum(a)", ["select max(a)"]), ("select min(a)", ["select max(a)"])],
    "count": [("select count(a)", ["select count(*)"]), ("select count(*)", [])],
    "distinct": [
        ("select count(distinct a)", ["select count(a)"]),
        ("select distinct a from t", ["select a from t"]),
        ("select a from t union select a from u", ["select a from t union all select a from u"]),
    ],
    "union all": [
        ("select a from t union all select a from u", ["select a from t union select a from u"]),
        ("select 'x' as p, sum(a) from t union all select 'y' as p, sum(a) from t", []),
    ],
    "union part": [("select a from t union all select a from u", ["select a from t"])],
    "order": [
        ("select row_number() over (order by a)", ["select row_number() over (order by a desc)"])
    ],
    "partition": [
        (
            "select sum(a) over (partition by b, c)",
            [
                "select sum(a) over (partition by c)",
                "select sum(a) over (partition by b)",
            ],
        )
    ],
    "frame": [
        (
            "select sum(a) over (order by b rows between unbounded preceding and current row)",
            [
                "select sum(a) over "
                "(order by b rows between unbounded preceding and unbounded following)"
            ],
        )
    ],
    "columns": [
        ("select t.a, t.b as c from t", ["select t.b as a, t.a as c from t"]),
        ("select cast(a as int) as a, cast(b as text) as b from t", []),
    ],
}


def plain(sql: str) -> str:
    return written(parsed(sql))


def faults(sql: str, kind: str) -> list[Fault]:
    return [fault for fault in faults_of("m", sql) if fault.kind == kind]


def test_every_kind_has_an_example() -> None:
    assert set(PLANTED) == {operator.kind for operator in OPERATORS}


@pytest.mark.parametrize(
    ("kind", "sql", "expected"),
    [(kind, sql, expected) for kind, cases in PLANTED.items() for sql, expected in cases],
)
def test_a_kind_of_fault_plants_what_it_says(kind: str, sql: str, expected: list[str]) -> None:
    found = [fault.planted(sql, sql) for fault in faults(sql, kind)]
    assert found == [plain(one) for one in expected]


def test_a_fault_is_planted_at_the_same_place_of_another_compilation() -> None:
    original = 'with o as (select * from "s"."orders") select a from o where a > 10 and b'
    of_a_test = (
        "with __dbt__cte__orders as (select 1 as a, true as b), "
        "o as (select * from __dbt__cte__orders) select a from o where a > 20 and b"
    )
    (fault,) = faults(original, "bound")
    assert fault.planted(original, of_a_test) == plain(of_a_test.replace("> 20", ">= 20"))
    (fault,) = faults(original, "constant")
    assert fault.planted(original, of_a_test) == plain(of_a_test.replace("> 20", "> 21"))


def test_a_fault_is_not_planted_where_the_other_compilation_differs() -> None:
    original = "with o as (select a from t) select a from o where a > 10"
    (fault,) = faults(original, "bound")
    for other in (
        "with o as (select a from t) select a from o where c > 10",
        "with o as (select a from t) select a from o",
        "with p as (select a from t) select a from p",
    ):
        assert fault.planted(original, other) is None
