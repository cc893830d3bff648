"""The rules of .github/CONTRIBUTING.md that no linter knows; each test names its rule."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from conftest import PROJECT
from marketing_analytics.raw_schema import raw_sources

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MODELS = PROJECT / "models"
SQL = sorted(MODELS.rglob("*.sql"))
MARTS = [path for path in SQL if "marts" in path.parts]
# The second document counts them among the staging models although they read others.
COMBINED_STAGING = {"stg_order_payments", "stg_customer_activity"}
MART_SCHEMAS = ("marketing", "mart_marketing", "customer")
# Doubles that are money by their name.
MONEY = (
    r"(avg_order_value|(revenue|value)_per_customer|acquisition_cost|acquisition_cost_proxy"
    r"|cost_per_click|cost_per_acquisition|expected_value|expected_value_12m|discounted_value_12m"
    r"|expected_order_value|leak_lost_revenue|value_at_risk_12m|credited_revenue)$"
)
MAX_LINES = 80
MAX_COLUMNS = 100
MAX_MODULE_LINES = 300
MAX_POSTGRESQL_NAME = 63

# Constructs that some engine refuses, or reads in another way, outside a dispatched macro.
NOT_PORTABLE = {
    "::": r"::",
    "qualify": r"\bqualify\b",
    "filter (where": r"\bfilter\s*\(\s*where\b",
    "arg_min": r"\barg_m(in|ax)",
    "group by all": r"\bgroup by all\b",
    "bare numeric": r"\bas (numeric|decimal)\b",
    "median": r"\b(median|percentile_cont|quantile)\s*\(",
    "list type": r"\b(list|array_agg|unnest|struct_pack)\s*\(",
    "bare union": r"\bunion\b(?!\s+all\b)",
    "ilike": r"\bilike\b",
    "string_agg": r"\b(string_agg|listagg)\s*\(",
    "except or exclude": r"\*\s*(except|exclude)\b",
    "using": r"\busing\s*\(",
    "right or full join": r"\b(right|full)\s+(outer\s+)?join\b",
}
KINDS = {"models", "seeds", "exposures", "semantic_models", "metrics"}
CLOCK = r"\b(current_date|current_timestamp|now\(\)|getdate|today\(\))"

ENDINGS = {
    "_id": {"VARCHAR"},
    "_key": {"VARCHAR"},
    "_at": {"TIMESTAMP"},
    "_date": {"DATE"},
    "_month": {"DATE"},
    "_count": {"BIGINT"},
    "_amount": {"DECIMAL(18,2)"},
    "_rate": {"DOUBLE"},
    "_ratio": {"DOUBLE"},
    "_days": {"BIGINT"},
    "_rank": {"INTEGER"},
}
# Columns that keep the name of a requirement document, whatever their ending says here.
DOCUMENT_COLUMNS = {
    "channel_efficiency_score",
    "first_purchase_date",
    "funnel_efficiency_score",
    "last_purchase_date",
    "purchases_per_month",
}


@pytest.fixture(scope="session")
def manifest(sample_folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((sample_folder / "manifest.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def code(path: Path) -> str:
    """Return the SQL without comments."""
    return re.sub(r"--.*", "", path.read_text())


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", SQL, ids=name)
def test_n1_the_layer_is_in_the_name(path: Path) -> None:
    layer = path.relative_to(MODELS).parts[0]
    prefix = {"staging": "stg_", "intermediate": "int_"}.get(layer, "")
    assert path.stem.startswith(prefix)
    assert prefix or not path.stem.startswith(("stg_", "int_"))


def test_n3_the_ending_of_a_column_fixes_its_type(sample: DuckDBPyConnection) -> None:
    columns = sample.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where schema_name in ('marketing', 'mart_marketing', 'customer', 'intermediate')"
    ).fetchall()
    assert len(columns) > 100
    wrong = [
        (table, column, data_type)
        for table, column, data_type in columns
        for ending, allowed in ENDINGS.items()
        if column.endswith(ending)
        and column not in DOCUMENT_COLUMNS
        and table.split(".")[0] in MART_SCHEMAS
        and data_type not in allowed
    ]
    wrong += [
        (table, column, data_type)
        for table, column, data_type in columns
        if column.startswith(("is_", "has_")) and data_type != "BOOLEAN"
    ]
    assert wrong == []


@pytest.mark.parametrize("path", SQL, ids=name)
def test_s1_a_model_ends_with_select_from_final_and_fits_one_screen(path: Path) -> None:
    text = path.read_text()
    assert text.endswith("\n\nselect * from final\n")
    lines = text.splitlines()
    if path in MARTS:
        lines = lines[: lines.index("final as (")]
    assert len(lines) <= MAX_LINES
    assert max(len(line) for line in text.splitlines()) <= MAX_COLUMNS


@pytest.mark.parametrize("path", SQL, ids=name)
def test_s2_a_model_has_no_subquery(path: Path) -> None:
    assert not re.search(r"\b(from|join)\s*\(", code(path))


@pytest.mark.parametrize("path", SQL, ids=name)
def test_s4_groups_are_ordinals(path: Path) -> None:
    for group in re.findall(r"group by ([^\n)]+)", code(path)):
        assert re.fullmatch(r"\d+(, \d+)*", group.strip()), group


@pytest.mark.parametrize(
    "path",
    [p for p in SQL if "staging" in p.parts and p.stem not in COMBINED_STAGING],
    ids=name,
)
def test_s5_staging_reads_one_source_in_sections(path: Path) -> None:
    text = path.read_text()
    assert len(re.findall(r"raw_rows\(", text)) == 1
    assert "ref(" not in text
    sections = re.findall(r"-- (keys|dimensions|measures|dates)$", text, flags=re.MULTILINE)
    assert sections == [s for s in ("keys", "dimensions", "measures", "dates") if s in sections]
    assert sections[:1] == ["keys"] and len(sections) > 1


@pytest.mark.parametrize("path", MARTS, ids=name)
def test_s7_a_mart_lists_its_columns(path: Path) -> None:
    final = path.read_text().split("final as (")[1].split("\nselect * from final")[0]
    assert "*" not in re.sub(r"'[^']*'", "", final).replace(" * ", "")


@pytest.mark.parametrize("path", SQL, ids=name)
def test_s10_a_model_asks_no_clock(path: Path) -> None:
    assert not re.search(CLOCK, code(path))


@pytest.mark.parametrize("construct", NOT_PORTABLE)
def test_models_are_portable(construct: str) -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()}"
        for path in SQL
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(NOT_PORTABLE[construct], line.split("--")[0])
    ]
    assert found == []


@pytest.mark.parametrize("path", SQL, ids=name)
def test_a_join_asks_for_no_day(path: Path) -> None:
    # Both macros are subqueries, which BigQuery refuses in the condition of a join.
    joined = re.split(r"\bjoin\b", code(path))[1:]
    for text in joined:
        condition = re.split(r"\bwhere\b|\bgroup by\b|\bunion all\b|\n\)", text)[0]
        assert not re.search(r"(as_of_date|lookback_start_date)\(", condition)


def test_a_nullable_window_order_says_where_nulls_go_or_has_none(
    sample: DuckDBPyConnection,
) -> None:
    # Every column that a window of ours orders by must be free of nulls, on the sample at least.
    for column, view in [
        ("overall_funnel_efficiency", "int_campaign_verdicts"),
        ("click_through_rate", "int_campaign_verdicts"),
        ("session_to_conversion_rate", "int_campaign_verdicts"),
        ("activity_month", "int_cohort_value_by_month"),
        ("months_since_first_purchase", "int_cohort_retention"),
        ("successful_revenue", "int_product_totals"),
    ]:
        query = f"select count(*) from intermediate.{view} where {column} is null"
        assert sample.execute(query).fetchall() == [(0,)]


def test_y1_each_model_has_one_properties_file_of_its_name() -> None:
    for path in SQL:
        properties = yaml.safe_load(path.with_suffix(".yml").read_text())
        assert [model["name"] for model in properties["models"]] == [path.stem]
    stems = {path.stem for path in SQL}
    others = {
        path.stem
        for path in MODELS.rglob("*.yml")
        if not path.stem.startswith("_") and "sources" not in path.parts
    }
    assert others == stems


def test_y2_y3_every_model_and_column_is_described_in_the_order_of_the_sql(
    models: list[dict[str, Any]], sample: DuckDBPyConnection
) -> None:
    assert len(models) > 20
    for model in models:
        assert re.match(r"One row( per |: )", model["description"]), model["name"]
        built = sample.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = ? "
            "and table_name = ? order by column_index",
            [model["schema"], model["name"]],
        ).fetchall()
        declared = list(model["columns"].values())
        assert [column["name"] for column in declared] == [column for column, _ in built]
        assert all(column["description"] and column["data_type"] for column in declared)


def test_y3_a_text_that_three_models_share_is_a_doc_block() -> None:
    texts: dict[str, set[str]] = {}
    for path in SQL:
        for column in yaml.safe_load(path.with_suffix(".yml").read_text())["models"][0]["columns"]:
            if "doc(" not in column["description"]:
                texts.setdefault(column["description"], set()).add(path.stem)
    shared = {text: names for text, names in texts.items() if len(names) > 2 and len(text) > 40}
    assert shared == {}


def never_null(manifest: dict[str, Any], model: str) -> set[str]:
    """Return the columns of a model of which a test says that they are not null."""
    columns: set[str] = set()
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node") == model:
            test = node.get("test_metadata") or {"name": ""}
            if test["name"] == "not_null":
                columns.add(node["column_name"])
            if test["name"] == "column_promises":
                columns |= set(test["kwargs"].get("never_null", []))
    return columns


def unsaid(column: dict[str, Any], *, is_never_null: bool) -> set[str]:
    """Return what the description of a mart's column leaves open."""
    name, text = column["name"], column["description"]
    is_money = column["data_type"] == "decimal(18, 2)" or re.search(MONEY, name)
    needed = {
        "what null means": not is_never_null and r"\b[Nn]ull\b",
        "its currency": is_money and r"currency|dollars|cents|\bunit\b",
        "its range": name.endswith("_rate") and r"\b0 to 1(00)?\b|above 1\b",
        "its time zone": column["data_type"] == "timestamp" and r"\bUTC\b",
    }
    return {what for what, said in needed.items() if said and not re.search(said, text)}


def test_y3_a_column_of_a_mart_says_its_unit_its_range_and_what_null_means(
    manifest: dict[str, Any], models: list[dict[str, Any]]
) -> None:
    marts = [model for model in models if model["name"] in {path.stem for path in MARTS}]
    assert len(marts) == len(MARTS)
    left_open = {}
    for model in marts:
        promised = never_null(manifest, model["unique_id"])
        for column in model["columns"].values():
            missing = unsaid(column, is_never_null=column["name"] in promised)
            if missing:
                left_open[f"{model['name']}.{column['name']}"] = missing
    assert left_open == {}


@pytest.mark.parametrize(
    ("name", "data_type", "text", "missing"),
    [
        ("revenue", "decimal(18, 2)", "Revenue.", {"what null means", "its currency"}),
        ("repeat_rate", "double", "Share; null without any.", {"its range"}),
        ("paid_at", "timestamp", "Null without one, in UTC.", set()),
    ],
)
def test_y3_a_description_that_leaves_something_open_is_found(
    name: str, data_type: str, text: str, missing: set[str]
) -> None:
    column = {"name": name, "data_type": data_type, "description": text}
    assert unsaid(column, is_never_null=False) == missing
    assert "what null means" not in unsaid(column, is_never_null=True)


def test_y4_every_model_tests_its_grain(manifest: dict[str, Any]) -> None:
    tested = {
        node["attached_node"].split(".")[-1]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") in ("unique", "unique_combination")
        and node["attached_node"]
    }
    assert {path.stem for path in SQL} - tested == set()


def test_y6_every_var_is_declared_once_with_its_meaning_and_used() -> None:
    text = (PROJECT / "dbt_project.yml").read_text()
    declared = yaml.safe_load(text)["vars"]["marketing_analytics"]
    for var in declared:
        assert re.search(rf"^    {var}: .*  # \S", text, flags=re.MULTILINE), var
    used: set[str] = set()
    tests = (PROJECT / "tests" / "data_tests").rglob("*.sql")
    for path in [*SQL, *(PROJECT / "macros").glob("*.sql"), *tests, *MODELS.rglob("*.yml")]:
        text = re.sub(r"env_var\(", "", path.read_text())
        used |= set(re.findall(r"\bvar\(\s*['\"](\w+)['\"]\s*\)", text))
        assert "var(" not in re.sub(r"\bvar\(\s*(['\"])\w+\1\s*\)", "", text), path
    assert used == set(declared)


def test_y7_every_mart_has_a_reader(manifest: dict[str, Any]) -> None:
    read = {
        unique_id.split(".")[-1]
        for exposure in manifest["exposures"].values()
        for unique_id in exposure["depends_on"]["nodes"]
    }
    assert {path.stem for path in MARTS} - read == set()


def test_y8_what_belongs_to_a_domain_is_built_with_it() -> None:
    shop = "'shop' in var('domains') or 'finance' in var('domains')"
    conditions = {
        **{name: f"'{name}' in var('domains')" for name in ("marketing", "finance", "gaming")},
        "shop": shop,  # finance counts its orders
        "attribution": f"'marketing' in var('domains') or {shop}",
        "forecasts": "var('domains') != []",
        "utilities": "var('domains') != []",
    }
    of_the_shop = {
        *("int_attribution_orders", "int_action_outcomes", "next_best_actions", "action_list"),
        "action_report",
        *("next_best_action", "next_best_action_history", "next_best_action_results"),
    }
    files = [path.with_suffix(".yml") for path in SQL]
    files += (PROJECT / "seeds" / "rules").glob("*.yml")
    files += MODELS.rglob("_*__exposures.yml")
    files += MODELS.rglob("_*__metrics.yml")
    for path in files:
        content = yaml.safe_load(path.read_text())
        for kind in content.keys() & KINDS:
            for resource in content[kind]:
                group = resource["config"].get("group", path.parent.name)
                domain = "shop" if resource["name"] in of_the_shop else group
                assert resource["config"]["enabled"] == f"{{{{ {conditions[domain]} }}}}", path
    singular = list((PROJECT / "tests" / "data_tests" / "singular").glob("*.sql"))
    assert singular
    for path in singular:
        content = path.read_text()
        assert ("in var('domains')" in content) == ("ref(" in content or "source(" in content), path
    for path in (MODELS / "sources").glob("*.yml"):
        content = yaml.safe_load(path.read_text())
        (condition,) = content["anchors"]
        for source in content["sources"]:
            assert "in var('domains')" in source["config"]["enabled"]
            holders = [
                holder for table in source["tables"] for holder in (table, *table["columns"])
            ]
            tests = [test for holder in holders for test in holder.get("data_tests", [])]
            assert tests
            for test in tests:
                (body,) = test.values()
                assert body["config"]["enabled"] == condition, (path, test)


def test_t1_a_unit_test_stands_where_its_model_stands() -> None:
    folder = PROJECT / "tests" / "unit_tests"
    files = list(folder.rglob("*.yml"))
    assert files
    for path in files:
        assert (MODELS / path.relative_to(folder)).with_suffix(".sql").is_file(), path
        for test in yaml.safe_load(path.read_text())["unit_tests"]:
            assert test["model"] == path.stem


def test_t1_every_model_has_a_unit_test() -> None:
    tested = {path.stem for path in (PROJECT / "tests" / "unit_tests").rglob("*.yml")}
    assert {path.stem for path in SQL} - tested == set()


def test_t1_a_unit_test_has_a_name_of_its_own_that_postgresql_allows() -> None:
    # dbt builds a unit test as a relation of its name; PostgreSQL allows 63 characters.
    names = [
        test["name"]
        for path in (PROJECT / "tests" / "unit_tests").rglob("*.yml")
        for test in yaml.safe_load(path.read_text())["unit_tests"]
    ]
    assert [name for name in names if len(name) > MAX_POSTGRESQL_NAME] == []
    assert len(set(names)) == len(names)


def test_p6_modules_fit_on_a_few_screens() -> None:
    modules = sorted((PROJECT / "scripts").rglob("*.py"))
    long = {
        str(path.relative_to(PROJECT)): lines
        for path in modules
        if (lines := len(path.read_text().splitlines())) > MAX_MODULE_LINES
    }
    assert long == {}


def test_raw_columns_of_the_sample_are_typed_as_declared() -> None:
    for source in raw_sources(PROJECT).values():
        folder = PROJECT / "seeds" / "sample" / source.name
        properties = yaml.safe_load((folder / f"_sample_{source.name}__seeds.yml").read_text())
        typed = {seed["name"]: seed["config"]["column_types"] for seed in properties["seeds"]}
        assert typed == {
            f"sample_{source.name}__{table.name}": {
                column.name: column.data_type for column in table.columns
            }
            for table in source.tables
        }


def test_no_file_names_a_registry_host_or_is_large() -> None:
    hosts = re.compile(r"https?://[^\s\"']*(pypi|pythonhosted|npmjs|debian)[^\s\"']*")
    for path in PROJECT.rglob("*"):
        inside = path.relative_to(PROJECT).parts
        if not path.is_file() or inside[0] in (".git", ".venv", "target", "logs"):
            continue
        if inside[0].startswith(".") and inside[0].endswith(("cache", "hypothesis")):
            continue
        assert path.stat().st_size < 1_000_000, path
        if path.suffix in (".py", ".yml", ".toml", ".md", ".lock", ".sql", ""):
            assert not hosts.search(path.read_text(errors="replace")), path
