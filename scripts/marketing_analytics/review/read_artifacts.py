"""Reads dbt's artifacts, of this version and of later ones: what is not there is left out."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.review.artifacts import (
    Build,
    Column,
    Exposure,
    Kind,
    Node,
    Result,
    Test,
)
from marketing_analytics.review.keys import primary_keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KINDS = ("model", "seed", "snapshot")
BUILDS = ("build", "run", "test", "seed", "snapshot", "retry")
# Of a test's config, where it is not dbt's default: what makes it stricter or looser.
TEST_SETTINGS = {"where": None, "error_if": "!= 0", "warn_if": "!= 0", "limit": None}

Raw = dict[str, Any]
A_LITTLE = timedelta(milliseconds=1)  # from the start of dbt to that of its run


def read_build(manifest: Path, run_results: Path | None) -> Build:
    """Read what a build was made of, and with `run_results` how each of its nodes ended.

    Raises:
        MarketingAnalyticsError: a file is missing, or is not of a build.
    """
    declared = _json(manifest, "nodes", "dbt build")
    ran, arguments = Raw(), Raw()
    results: dict[str, Result] = {}
    if run_results is not None:
        ran = _json(run_results, "results", "dbt build")
        arguments = ran.get("args") or {}
        _check_command(run_results, str(arguments.get("which") or "build"))
        results = {
            result["unique_id"]: _result(result)
            for result in ran["results"]
            if not result["unique_id"].startswith("operation.")  # hooks come first
        }
    tests = {
        **{id_: _data_test(raw) for id_, raw in declared["nodes"].items() if _is(raw, "test")},
        **{id_: _unit_test(raw) for id_, raw in (declared.get("unit_tests") or {}).items()},
    }
    keys = primary_keys(tests.values())
    metadata = declared.get("metadata") or {}
    return Build(
        project=metadata.get("project_name") or "",
        target=arguments.get("target") or "",
        adapter=metadata.get("adapter_type") or "",
        nodes={
            id_: _node(raw, keys.get(id_, ()))
            for id_, raw in declared["nodes"].items()
            if raw.get("resource_type") in KINDS and _is_built(raw)
        },
        tests=tests,
        exposures={id_: _exposure(raw) for id_, raw in (declared.get("exposures") or {}).items()},
        metrics={id_: _parents(raw) for id_, raw in (declared.get("metrics") or {}).items()},
        children=_children(declared),
        results=results,
        moments=_moments(
            metadata.get("run_started_at"),
            metadata.get("invocation_started_at"),
            (ran.get("metadata") or {}).get("invocation_started_at"),
        ),
        databases=frozenset(
            raw["database"] for raw in declared["nodes"].values() if raw.get("database")
        ),
    )


def _moments(*known: str | None) -> tuple[str, ...]:
    """Return the seconds in which a build may have begun.

    After a partial parse `run_started_at` of the manifest is that of the full parse long before.
    """
    began = [datetime.fromisoformat(text) for text in known if text]
    return tuple(
        sorted(
            {
                f"{moment + late:%Y-%m-%d %H:%M:%S}"
                for moment in began
                for late in (timedelta(), A_LITTLE)
            }
        )
    )


def _json(path: Path, must_have: str, command: str) -> Raw:
    if not path.is_file():
        raise MarketingAnalyticsError(f"{path} does not exist; `{command}` writes it")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise MarketingAnalyticsError(
            f"{path} is no JSON ({error}); run `{command}` again"
        ) from error
    if not isinstance(found, dict) or must_have not in found:
        raise MarketingAnalyticsError(
            f"{path} has no {must_have}, so it is no {path.name} of dbt; `{command}` writes one"
        )
    return found


def _check_command(path: Path, which: str) -> None:
    if which not in BUILDS:
        command = "dbt docs generate" if which == "generate" else f"dbt {which}"
        raise MarketingAnalyticsError(
            f"{path} is of `{command}`, which has written over that of the build; run `dbt build` "
            f"again and copy its run_results.json before `{command}` (or give that another "
            "--target-path)"
        )


def _is(raw: Raw, kind: str) -> bool:
    return bool(raw.get("resource_type") == kind)


def _is_built(raw: Raw) -> bool:
    """Has it a table or view of its own? An ephemeral model has none."""
    return bool(_config(raw).get("materialized") != "ephemeral")


def _config(raw: Raw) -> Raw:
    return cast("Raw", raw.get("config") or {})


def _meta(raw: Raw) -> Raw:
    return cast("Raw", _config(raw).get("meta") or raw.get("meta") or {})


def _parents(raw: Raw) -> tuple[str, ...]:
    return tuple((raw.get("depends_on") or {}).get("nodes") or ())


def _children(declared: Raw) -> dict[str, tuple[str, ...]]:
    """Return who reads what; worked out again where the manifest does not say."""
    listed = declared.get("child_map")
    if listed is not None:
        return {id_: tuple(children) for id_, children in listed.items()}
    found: dict[str, list[str]] = {}
    for group in ("nodes", "exposures", "metrics", "unit_tests"):
        for id_, raw in (declared.get(group) or {}).items():
            for parent in _parents(raw):
                found.setdefault(parent, []).append(id_)
    return {id_: tuple(children) for id_, children in found.items()}


def _node(raw: Raw, key: tuple[str, ...]) -> Node:
    config = _config(raw)
    schema = raw.get("schema") or ""
    return Node(
        unique_id=raw["unique_id"],
        name=raw["name"],
        kind=cast("Kind", raw["resource_type"]),
        path=raw.get("original_file_path") or "",
        schema=schema,
        relation=f"{schema}.{raw.get('alias') or raw['name']}",
        compiled_code=raw.get("compiled_code"),
        checksum=(raw.get("checksum") or {}).get("checksum") or "",
        materialized=config.get("materialized") or "",
        columns=_columns(raw),
        primary_key=_own_key(raw, key),
        is_contracted=bool((raw.get("contract") or config.get("contract") or {}).get("enforced")),
        access=raw.get("access") or config.get("access") or "protected",
        group=raw.get("group") or config.get("group"),
        tags=tuple(raw.get("tags") or config.get("tags") or ()),
        meta=_meta(raw),
        description=(raw.get("description") or "").strip(),
        depends_on=_parents(raw),
        raw_code=raw.get("raw_code"),
        config=config,
    )


def _columns(raw: Raw) -> dict[str, Column]:
    return {
        name: Column(
            name=name,
            data_type=column.get("data_type"),
            description=(column.get("description") or "").strip(),
        )
        for name, column in (raw.get("columns") or {}).items()
    }


def _own_key(raw: Raw, tested: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that a constraint or a test says are unique.

    dbt lists every column that is unique and never null by itself; one of them is enough.
    """
    if tested:
        return tested
    order = list(raw.get("columns") or {})
    named = raw.get("primary_key") or []
    return tuple(sorted(named, key=lambda name: order.index(name) if name in order else len(order)))


def _data_test(raw: Raw) -> Test:
    metadata = raw.get("test_metadata") or {}
    config = _config(raw)
    given = dict(metadata.get("kwargs") or {})
    given.pop("model", None)
    column = raw.get("column_name") or given.pop("column_name", None)
    given.pop("column_name", None)
    return Test(
        unique_id=raw["unique_id"],
        name=raw["name"],
        kind="data",
        test=metadata.get("name") or raw["name"],
        tested=_tested(raw),
        column=column,
        arguments=given,
        severity=str(config.get("severity") or "error").lower(),
        path=raw.get("original_file_path") or "",
        description=(raw.get("description") or "").strip(),
        settings={
            name: config[name]
            for name, default in TEST_SETTINGS.items()
            if config.get(name) not in (None, default)
        },
    )


def _tested(raw: Raw) -> tuple[str, ...]:
    """Return what a test reads, what it is attached to first."""
    parents = _parents(raw)
    attached = raw.get("attached_node")
    if attached not in parents:
        return parents
    return (attached, *(parent for parent in parents if parent != attached))


def _unit_test(raw: Raw) -> Test:
    return Test(
        unique_id=raw["unique_id"],
        name=raw["name"],
        kind="unit",
        test=raw["name"],
        tested=_parents(raw),
        column=None,
        arguments={},
        severity="error",
        path=raw.get("original_file_path") or "",
        description=(raw.get("description") or "").strip(),
    )


def _exposure(raw: Raw) -> Exposure:
    owner = raw.get("owner") or {}
    meta = _meta(raw)
    return Exposure(
        unique_id=raw["unique_id"],
        name=raw["name"],
        label=raw.get("label") or raw["name"],
        type=str(raw.get("type") or ""),
        url=raw.get("url"),
        owner=owner.get("name") or owner.get("email") or "",
        email=owner.get("email"),
        approvals=tuple(meta.get("approvals") or ()),
        meta=meta,
        depends_on=_parents(raw),
    )


def _result(raw: Mapping[str, Any]) -> Result:
    response = raw.get("adapter_response") or {}
    billed = response.get("bytes_billed", response.get("bytes_processed"))
    return Result(
        status=str(raw.get("status") or ""),
        seconds=float(raw.get("execution_time") or 0),
        failures=raw.get("failures"),
        message=raw.get("message"),
        bytes_billed=None if billed is None else int(billed),
    )
