"""How far a change gets: along chains of models, by columns."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from marketing_analytics.review.code import Readers, code_changes, column_readers, readers_of
from marketing_analytics.review.findings import Change
from review.code_builds import TYPES, build, exposure, node, uid

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.review.artifacts import Build, Node
    from marketing_analytics.review.findings import CodeChange

# orders -> revenue per customer -> tiers -> two marts
CHAIN = {
    "revenue": """
        select customer_id, sum(amount) as revenue, count(*) as order_count,
            max(order_date) as last_order_date
        from staging.stg_orders
        group by 1
    """,
    "tiers": """
        with revenue as (select * from marts.revenue)
        select *, case when revenue >= 5000 then 'high' else 'low' end as tier from revenue
    """,
    "high_customers": "select customer_id, order_count from marts.tiers where tier = 'high'",
    "tier_totals": """
        select tier, sum(order_count) as order_count, max(last_order_date) as last_order_date
        from marts.tiers
        group by 1
    """,
    "names": """
        select c.customer_id, c.name, t.last_order_date
        from staging.stg_customers as c
        left join marts.tiers as t on c.customer_id = t.customer_id
    """,
}
COLUMNS = {
    "marts.revenue": ("customer_id", "revenue", "order_count", "last_order_date"),
    "marts.tiers": ("customer_id", "revenue", "order_count", "last_order_date", "tier"),
    "marts.high_customers": ("customer_id", "order_count"),
    "marts.tier_totals": ("tier", "order_count", "last_order_date"),
    "marts.names": ("customer_id", "name", "last_order_date"),
}
CHAIN_TYPES = TYPES | {name: dict.fromkeys(columns, "text") for name, columns in COLUMNS.items()}
KEYS = {"tiers": ("customer_id",)}


def chain(**changed: str) -> Build:
    return build(CHAIN | changed, keys=KEYS)


def changes(before: Build, after: Build) -> dict[str, CodeChange]:
    found = code_changes(before, after, CHAIN_TYPES)
    return {name.rpartition(".")[2]: change for name, change in found.items()}


def columns(found: dict[str, CodeChange]) -> dict[str, tuple[str, list[str] | None]]:
    return {
        name: (change.change.value, None if change.columns is None else sorted(change.columns))
        for name, change in found.items()
    }


def test_a_column_reaches_what_is_made_of_it_and_all_where_it_filters_or_groups() -> None:
    after = chain(revenue=CHAIN["revenue"].replace("sum(amount)", "sum(amount - refund_amount)"))
    assert columns(changes(chain(), after)) == {
        "revenue": ("logic", ["revenue"]),
        "tiers": ("upstream", ["revenue", "tier"]),
        "high_customers": ("upstream", None),  # filters by tier
        "tier_totals": ("upstream", None),  # groups by tier
        "names": ("none", []),  # reads another column
    }


def test_a_column_that_one_mart_sums_and_nothing_filters_by_reaches_that_column_alone() -> None:
    after = chain(revenue=CHAIN["revenue"].replace("count(*)", "count(distinct order_id)"))
    assert columns(changes(chain(), after)) == {
        "revenue": ("logic", ["order_count"]),
        "tiers": ("upstream", ["order_count"]),
        "high_customers": ("upstream", ["order_count"]),
        "tier_totals": ("upstream", ["order_count"]),
        "names": ("none", []),
    }


def test_other_rows_reach_all_columns_but_those_of_the_table_that_a_left_join_keeps() -> None:
    after = chain(revenue=CHAIN["revenue"].replace("group", "where amount > 0 group"))
    assert columns(changes(chain(), after)) == {
        "revenue": ("rows", None),
        "tiers": ("upstream", None),
        "high_customers": ("upstream", None),
        "tier_totals": ("upstream", None),
        "names": ("upstream", ["last_order_date"]),
    }


def test_without_a_known_key_a_left_join_may_multiply_rows() -> None:
    after = CHAIN["revenue"].replace("group", "where amount > 0 group")
    found = changes(build(CHAIN), build(CHAIN | {"revenue": after}))
    assert found["names"].columns is None


def test_a_star_passes_on_a_column_that_was_added() -> None:
    after = chain(revenue=CHAIN["revenue"].replace("count(*)", "min(amount) as least, count(*)"))
    assert columns(changes(chain(), after)) == {
        "revenue": ("column added", ["least"]),
        "tiers": ("upstream", ["least"]),
        "high_customers": ("none", []),
        "tier_totals": ("none", []),
        "names": ("none", []),
    }


def test_a_reader_of_a_column_that_was_removed_is_affected_whole() -> None:
    after = chain(revenue=CHAIN["revenue"].replace("sum(amount) as revenue, ", ""))
    found = changes(chain(), after)
    assert found["revenue"].change is Change.COLUMN_REMOVED
    assert (found["tiers"].change, found["tiers"].columns) == (Change.UPSTREAM, None)
    assert found["tiers"].sentences == ("its SQL could not be read: there is no column revenue",)


def test_columns_that_a_union_matches_by_place_move_when_a_star_gains_one() -> None:
    models = {
        "one": "select order_id, amount from staging.stg_orders",
        "both": "select * from marts.one union all select refund_id, refund_amount, order_id"
        " from staging.stg_refunds",
    }
    before = build(models | {"one": "select order_id, amount, channel from staging.stg_orders"})
    after = build(models | {"one": "select order_id, channel, amount from staging.stg_orders"})
    found = columns(code_changes_by_name(before, after))
    assert found["one"] == ("no effect", [])
    assert found["both"] == ("upstream", ["amount", "channel"])


def code_changes_by_name(before: Build, after: Build) -> dict[str, CodeChange]:
    found = code_changes(before, after, TYPES)
    return {name.rpartition(".")[2]: change for name, change in found.items()}


def test_nothing_changed_is_nothing_found() -> None:
    assert code_changes(chain(), chain(), CHAIN_TYPES) == {}


def test_another_schema_or_database_does_not_matter() -> None:
    moved = {
        name: code.replace("marts.", '"review"."pr_7_marts".').replace("staging.", "pr_7_staging.")
        for name, code in CHAIN.items()
    }
    nodes = {}
    for made in build(CHAIN, keys=KEYS).nodes.values():
        code = moved.get(made.name, made.compiled_code)
        relation = f"pr_7_{made.relation}"
        nodes[made.unique_id] = replace(
            made, compiled_code=code, schema=f"pr_7_{made.schema}", relation=relation
        )
    after = replace(chain(), nodes=nodes)
    types = {n if n.startswith("raw") else f"pr_7_{n}": c for n, c in CHAIN_TYPES.items()}
    assert code_changes(chain(), after, types) == {}
    text = (moved["revenue"] or "").replace("count(*)", "count(order_id)")
    nodes[uid("revenue")] = replace(nodes[uid("revenue")], compiled_code=text, checksum="new")
    found = code_changes(chain(), after, types)
    assert found[uid("tiers")].columns == frozenset({"order_count"})


def test_a_renamed_model_goes_on_under_its_new_name() -> None:
    models = {name.replace("tiers", "segments"): c for name, c in CHAIN.items() if name == "tiers"}
    others = {n: c.replace("marts.tiers", "marts.segments") for n, c in CHAIN.items()}
    after = build(others | models, keys={"segments": ("customer_id",)})
    nodes = {n: made for n, made in after.nodes.items() if n != uid("tiers")}
    after = replace(after, nodes=nodes)
    found = changes(chain(), after)
    assert "tiers" not in found
    assert found["segments"].change is Change.RENAMED
    assert found["segments"].renamed_from == uid("tiers")
    assert found["segments"].columns == frozenset()
    assert {n: c.change for n, c in found.items() if n != "segments"} == {
        "high_customers": Change.NO_EFFECT,
        "names": Change.NO_EFFECT,
        "tier_totals": Change.NO_EFFECT,
    }


def test_a_step_that_becomes_a_model_of_its_own_changes_nothing() -> None:
    before = build(
        {
            "m": "with paid as (select order_id, amount from staging.stg_orders where amount > 0)"
            " select order_id, amount * 2 as x from paid"
        }
    )
    after = build(
        {
            "paid": "select order_id, amount from staging.stg_orders where amount > 0",
            "m": "select order_id, amount * 2 as x from marts.paid",
        }
    )
    found = code_changes_by_name(before, after)
    assert found["paid"].change is Change.ADDED
    assert (found["m"].change, found["m"].columns) == (Change.NO_EFFECT, frozenset())
    back = code_changes_by_name(after, before)
    assert back["paid"].change is Change.REMOVED
    assert back["m"].change is Change.NO_EFFECT


def test_settings_are_named_and_reach_nobody() -> None:
    before, after = chain(), chain()
    changed: Node = replace(
        after.nodes[uid("tiers")], materialized="table", tags=("nightly",), is_contracted=True
    )
    found = changes(before, replace(after, nodes={**after.nodes, uid("tiers"): changed}))
    assert columns(found) == {"tiers": ("settings", [])}
    assert found["tiers"].sentences == (
        "materialized: view becomes table",
        "its columns become a contract",
        "tag nightly added",
    )


def test_a_model_that_the_head_did_not_compile_is_read_as_the_base_has_it() -> None:
    after = chain(revenue=CHAIN["revenue"].replace("count(*)", "count(order_id)"))
    nodes = {
        n: made if made.name == "revenue" else replace(made, compiled_code=None)
        for n, made in after.nodes.items()
    }
    found = changes(chain(), replace(after, nodes=nodes))
    assert found["tiers"].columns == frozenset({"order_count"})
    gone = {**nodes, uid("names"): replace(nodes[uid("names")], checksum="edited")}
    found = changes(chain(), replace(after, nodes=gone))
    assert (found["names"].change, found["names"].columns) == (Change.UNKNOWN, None)


SEED = "kind,rate,note\nsearch,0.1,\nsocial,0.2,\n"


@pytest.mark.parametrize(
    ("after", "change", "changed", "says"),
    [
        (SEED.replace("0.2", "0.3"), "logic", ["rate"], ("row social: rate 0.2 becomes 0.3",)),
        (SEED + "mail,0.4,new\n", "rows", None, ("adds the row mail, 0.4, new",)),
        (SEED.replace("social,0.2,\n", ""), "rows", None, ("drops the row social, 0.2, ",)),
        (SEED.replace("note", "remark"), "column removed", ["note", "remark"], None),
        (SEED.replace("\n", "\r\n"), "no effect", [], ()),
    ],
)
def test_a_seed_is_compared_row_by_row(
    tmp_path: Path,
    after: str,
    change: str,
    changed: list[str] | None,
    says: tuple[str, ...] | None,
) -> None:
    builds = []
    for side, text in (("base", SEED), ("head", after)):
        (tmp_path / side / "models").mkdir(parents=True)
        (tmp_path / side / "models" / "rules.sql").write_bytes(text.encode())
        seed = node("rules", None, checksum=text, primary_key=("kind",))
        reader = "select o.order_id, r.rate from staging.stg_orders as o"
        reader += " left join marts.rules as r on o.channel = r.kind"
        builds.append(build({"rules": seed, "m": reader}))
    types = TYPES | {"marts.rules": dict.fromkeys(("kind", "rate", "note"), "text")}
    found = code_changes(builds[0], builds[1], types, (tmp_path / "base", tmp_path / "head"))
    seed_change = found[uid("rules")]
    assert columns({"rules": seed_change})["rules"] == (change, changed)
    if says is not None:
        assert seed_change.sentences == says
    if change == "no effect":
        assert uid("m") not in found
    else:
        assert found[uid("m")].columns == frozenset({"rate"} if change in ("logic", "rows") else ())
    without = code_changes(builds[0], builds[1], types)
    assert (without[uid("rules")].change, without[uid("rules")].columns) == (Change.ROWS, None)


READ = exposure("board", "high_customers"), exposure("names_board", "names")


def test_readers_are_models_that_read_a_column_and_exposures_that_it_feeds() -> None:
    head = build(CHAIN, keys=KEYS, exposures=READ)
    assert column_readers(head, CHAIN_TYPES, uid("tiers"), "tier") == (
        uid("high_customers"),
        uid("tier_totals"),
        "exposure.shop.board",
    )
    assert column_readers(head, CHAIN_TYPES, uid("tiers"), "LAST_ORDER_DATE") == (
        uid("names"),
        uid("tier_totals"),
        "exposure.shop.names_board",
    )
    assert column_readers(head, CHAIN_TYPES, uid("revenue"), "revenue") == (
        uid("tiers"),
        "exposure.shop.board",  # by the tier that is made of it
    )
    asked = [(uid("tiers"), "revenue"), (uid("tiers"), "customer_id")]
    assert readers_of(head, CHAIN_TYPES, asked) == {
        asked[0]: (),
        asked[1]: (uid("high_customers"), uid("names"), *(e.unique_id for e in READ)),
    }


def test_an_unreadable_model_reads_every_column_that_it_names() -> None:
    head = build(CHAIN | {"odd": "select tier from marts.tiers where where"}, keys=KEYS)
    readers = Readers(head, CHAIN_TYPES)
    assert uid("odd") in readers.of(uid("tiers"), "tier")
    assert uid("odd") not in readers.of(uid("tiers"), "revenue")


UNSTABLE = {
    "clock": ("select order_id, now() as x from raw.orders", "reads the clock: now"),
    "clock cut to its day": ("select order_id, cast(now() as date) as x from raw.orders", None),
    "chance": ("select order_id, random() as x from raw.orders", "is drawn by chance: rand"),
    "unique id": ("select order_id, uuid() as x from raw.orders", "is drawn by chance: uuid"),
    "number without an order": (
        "select order_id, row_number() over () as x from staging.stg_orders",
        "row_number has no order",
    ),
    "number in an order that may tie": (
        "select order_id, row_number() over (order by order_date) as x from staging.stg_orders",
        "the order of row_number may tie",
    ),
    "number in a complete order": (
        "select order_id, row_number() over (order by order_date, order_id) as x"
        " from staging.stg_orders",
        None,
    ),
    "number over rows of which no key is known": (
        "select order_id, row_number() over (order by order_date) as x from raw.orders",
        None,
    ),
    "rank": (
        "select order_id, rank() over (order by order_date) as x from staging.stg_orders",
        None,
    ),
    "list without an order": (
        "select channel as order_id, string_agg(status, ',') as x from raw.orders group by 1",
        "group_concat has no order",
    ),
    "through a step": (
        "with a as (select order_id, random() as y from raw.orders)"
        " select order_id, y + 1 as x from a",
        "is drawn by chance: rand",
    ),
}


@pytest.mark.parametrize("case", UNSTABLE)
def test_columns_that_differ_between_two_builds_of_the_same_code_are_named(case: str) -> None:
    code, reason = UNSTABLE[case]
    before = "select order_id, 1 as x from staging.stg_orders"
    found = code_changes(build({"m": before}), build({"m": code}), TYPES)
    assert found[uid("m")].unstable == (None if reason is None else {"x": reason})


def test_the_row_that_is_kept_may_be_another_one() -> None:
    code = (
        "with n as (select *, row_number() over (partition by customer_id order by order_date)"
        " as place from staging.stg_orders)"
        " select customer_id, order_date, amount from n where place = 1"
    )
    found = code_changes(build({"m": "select 1 as x"}), build({"m": code}), TYPES)
    assert found[uid("m")].unstable == {"amount": "the order of row_number may tie"}


def test_the_moment_of_the_build_is_noise_and_no_change() -> None:
    code = "select order_id, cast('2026-03-01 {}' as timestamp) as built_at from raw.orders"
    child = "select order_id, built_at from marts.m"

    def side(time: str, code: str, checksum: str = "1") -> Build:
        models: dict[str, str | Node | None] = {
            "m": node("m", code.format(time), checksum=checksum),
            "child": child,
        }
        return build(models, moments=(f"2026-03-01 {time}",))

    base = side("06:00:00", code)
    assert code_changes(base, side("06:05:09", code), TYPES) == {}
    edited = code.replace("order_id", "amount, order_id")
    found = code_changes(base, side("06:05:09", edited, "2"), TYPES)
    assert found[uid("m")].change is Change.COLUMN_ADDED
    assert found[uid("m")].unstable == {"built_at": "holds the moment of the build"}
    assert found[uid("child")].unstable == {"built_at": "holds the moment of the build"}
    # Another time in the SQL is a change: a var may hold one.
    other = code.replace("2026-03-01 {}", "2025-12-31 {}")
    found = code_changes(base, side("06:05:09", other), TYPES)
    assert found[uid("m")].columns == frozenset({"built_at"})


def test_the_same_builds_give_the_same_words() -> None:
    after = chain(revenue=CHAIN["revenue"].replace("count(*)", "count(order_id)"))
    first, second = (
        json.dumps({n: (c.change, c.sentences, sorted(c.columns or ())) for n, c in found.items()})
        for found in (changes(chain(), after), changes(chain(), after))
    )
    assert first == second
