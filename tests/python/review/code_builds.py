"""Builds made of a few queries, for the tests of what a change of SQL does."""

from __future__ import annotations

import re
from hashlib import md5
from typing import TYPE_CHECKING, Any

from marketing_analytics.review.artifacts import Build, Column, Exposure, Node, Test

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Raw tables, and three models that never change; the first column of each is its key.
ORDERS = ("order_id", "customer_id", "amount", "refund_amount", "status", "channel", "order_date")
CUSTOMERS = ("customer_id", "name", "segment", "country", "is_test_user")
REFUNDS = ("refund_id", "order_id", "refund_amount", "refund_date")
TABLES = {"orders": ORDERS, "customers": CUSTOMERS, "refunds": REFUNDS}
TYPES = {f"raw.{name}": dict.fromkeys(columns, "text") for name, columns in TABLES.items()}
TYPES |= {f"staging.stg_{name}": dict.fromkeys(c, "text") for name, c in TABLES.items()}


def uid(name: str) -> str:
    return f"seed.shop.{name}" if name.startswith("rules") else f"model.shop.{name}"


def node(name: str, code: str | None, **given: Any) -> Node:
    schema = "staging" if name.startswith("stg_") else given.pop("schema", "marts")
    facts: dict[str, Any] = {
        "unique_id": uid(name),
        "name": name,
        "kind": "seed" if name.startswith("rules") else "model",
        "path": f"models/{name}.sql",
        "schema": schema,
        "relation": f"{schema}.{name}",
        "compiled_code": code,
        "checksum": md5((code or name).encode(), usedforsecurity=False).hexdigest(),
        "materialized": "view",
        "columns": {},
        "primary_key": (),
        "is_contracted": False,
        "access": "protected",
        "group": None,
        "tags": (),
        "meta": {},
        "description": "",
        "depends_on": (),
        "raw_code": code,
    }
    return Node(**(facts | given))


def build(
    models: Mapping[str, str | Node | None],
    *,
    adapter: str = "duckdb",
    keys: Mapping[str, tuple[str, ...]] | None = None,
    tests: Sequence[Test] = (),
    exposures: Sequence[Exposure] = (),
    moments: tuple[str, ...] = (),
) -> Build:
    """Return a build of some models over the three of staging; who reads whom is in their SQL."""
    staging = {f"stg_{table}": f"select * from raw.{table}" for table in TABLES}
    code: dict[str, Any] = {**staging, **models}
    keys = {f"stg_{table}": columns[:1] for table, columns in TABLES.items()} | dict(keys or {})
    nodes, children = {}, dict[str, list[str]]()
    for name, given in code.items():
        made = given if isinstance(given, Node) else node(name, given)
        text = made.compiled_code or ""
        parents = tuple(uid(n) for n in code if n != name and re.search(rf"\.\"?{n}\b", text))
        facts = {f: getattr(made, f) for f in Node.__dataclass_fields__}
        facts |= {"depends_on": made.depends_on or parents}
        facts |= {"primary_key": made.primary_key or keys.get(name, ())}
        nodes[made.unique_id] = Node(**facts)
        for parent in facts["depends_on"]:
            children.setdefault(parent, []).append(made.unique_id)
    return Build(
        project="shop",
        target="local",
        adapter=adapter,
        nodes=nodes,
        tests={test.unique_id: test for test in tests},
        exposures={exposure.unique_id: exposure for exposure in exposures},
        metrics={},
        children={parent: tuple(sorted(found)) for parent, found in children.items()},
        moments=moments,
    )


def documented(*names: str) -> dict[str, Column]:
    return {name: Column(name=name, data_type=None, description="") for name in names}


def exposure(name: str, *reads: str, **given: Any) -> Exposure:
    facts: dict[str, Any] = {
        "unique_id": f"exposure.shop.{name}",
        "name": name,
        "label": name,
        "type": "dashboard",
        "url": None,
        "owner": "Finance",
        "email": None,
        "approvals": (),
        "meta": {},
        "depends_on": tuple(uid(one) for one in reads),
    }
    return Exposure(**(facts | given))
