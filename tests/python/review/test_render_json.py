"""The JSON of a review: what the published schema says, the same bytes for the same review."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # of dbt, without types
import pytest

from marketing_analytics.review import findings as f
from marketing_analytics.review.render.json import SCHEMA, render
from review.fixtures import column, data, document_case, found, node, numbers, reviewed

CONTENT: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(CONTENT)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(CONTENT)


def test_the_document_s_own_case_is_as_the_schema_says() -> None:
    content = json.loads(render(reviewed(document_case())))
    VALIDATOR.validate(content)
    assert content["verdict"]["verdict"] == "NOT SAFE TO MERGE"
    mart = content["findings"]["nodes"][0]
    assert mart["data"]["columns"][0]["numbers"]["head_total"] == "1180000.00"
    assert mart["cost"]["head_money"] == 4.85


@pytest.mark.parametrize("broken", ["verdict", "findings", "version"])
def test_the_schema_refuses_what_lacks_a_part(broken: str) -> None:
    content = json.loads(render(reviewed(document_case())))
    del content[broken]
    assert not VALIDATOR.is_valid(content)


def test_the_schema_refuses_another_verdict_and_a_field_it_does_not_know() -> None:
    content = json.loads(render(reviewed(found())))
    assert VALIDATOR.is_valid(content)
    assert not VALIDATOR.is_valid({**content, "more": 1})
    content["verdict"]["verdict"] = "PROBABLY"
    assert not VALIDATOR.is_valid(content)


def test_the_schema_has_every_field_of_the_findings() -> None:
    facts = [item for item in vars(f).values() if isinstance(item, type) and is_dataclass(item)]
    for fact in facts:
        if fact is not f.Review:  # its parts stand at the top
            known = [field.name for field in fields(fact)]
            assert CONTENT["$defs"][fact.__name__]["required"] == known


def test_values_of_every_kind_can_be_read_back() -> None:
    samples = tuple(
        f.Sample(key=(1, "ä\u2028"), base=value, head=None)
        for value in (
            Decimal("1.10"),
            float("nan"),
            float("inf"),
            b"\x00\xff",
            datetime(2024, 6, 30, 12, tzinfo=UTC),
            {"b": 1, "a": [True, None]},
            2**70,
        )
    )
    changed = node(data=data(column("a", samples=samples, numbers=numbers(1.5, float("-inf")))))
    content = json.loads(render(reviewed(found(changed))))
    VALIDATOR.validate(content)
    read = content["findings"]["nodes"][0]["data"]["columns"][0]
    assert [sample["base"] for sample in read["samples"]] == [
        "1.10",
        "nan",
        "inf",
        "00ff",
        "2024-06-30 12:00:00+00:00",
        {"a": [True, None], "b": 1},
        2**70,
    ]
    assert read["numbers"]["head_total"] == "-inf"


def test_the_same_review_has_the_same_bytes() -> None:
    case = document_case()
    columns = frozenset(map(str, range(50)))
    lineage = replace(case.nodes[0], code=replace(case.nodes[0].code, columns=columns))
    noise = {"b": {"y": "1", "x": "2"}, "a": {}}
    first = replace(case, nodes=(lineage,), noise=noise)
    again = replace(first, noise={"a": {}, "b": {"x": "2", "y": "1"}})
    assert render(reviewed(first)) == render(reviewed(again))
    assert json.loads(render(reviewed(first)))["findings"]["nodes"][0]["code"]["columns"] == sorted(
        columns
    )
