"""What is built for a review: as little as shows the difference, and never in the user's file."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.review.build import both_built
from marketing_analytics.review.checkout import check_out, common_commit
from marketing_analytics.review.data.compare import compare_tables
from marketing_analytics.review.data.raw_views import RAW, copy_without, new_database
from marketing_analytics.review.data.session import duckdb_session
from marketing_analytics.review.selection import changed_nodes, same_text, select
from marketing_analytics.review.work_folder import work_folder
from marketing_analytics.warehouse import connect
from review.artifacts_made import P, build, data_test, model

if TYPE_CHECKING:
    from pathlib import Path

    from marketing_analytics.review.artifacts import Build


def ids(*names: str) -> set[str]:
    return {f"model.{P}.{name}" for name in names}


def shop(**codes: str) -> Build:
    """orders → months → revenue, and customers apart; with other SQL where it is given."""
    return build(
        model("raw"),
        model("orders", "raw", compiled_code=codes.get("orders", "select 1")),
        model("months", "orders"),
        model("revenue", "months", "customers"),
        model("customers"),
        model("apart"),
        data_test("not_null", "revenue"),
    )


def test_what_differs_and_what_reads_it_is_built() -> None:
    selection = select(shop(), shop(orders="select 2"))
    assert selection.changed == ids("orders")
    assert selection.affected == selection.tested == ids("orders", "months", "revenue")
    assert selection.needed == ids("raw", "customers")


def test_nothing_is_built_where_nothing_differs() -> None:
    selection = select(shop(), shop())
    assert not selection.changed | selection.affected | selection.tested | selection.needed


def test_a_test_that_differs_runs_without_building_its_model_again() -> None:
    head = shop()
    test = next(iter(head.tests.values()))
    weaker = replace(head, tests={test.unique_id: replace(test, severity="warn")})
    selection = select(head, weaker)
    assert not selection.affected
    assert selection.tested == ids("revenue")
    assert selection.retested == {test.unique_id}


def test_what_a_test_reads_besides_is_needed() -> None:
    test = replace(data_test("agree", "orders"), tested=tuple(sorted(ids("orders", "apart"))))
    base, head = (
        replace(made, tests={**made.tests, test.unique_id: test})
        for made in (shop(), shop(orders="select 2"))
    )
    assert ids("apart") <= select(base, head).needed


def test_settings_that_make_a_table_count_words_about_it_do_not() -> None:
    base = build(model("orders", config={"materialized": "table", "tags": ["a"]}))
    assert not changed_nodes(
        base, build(model("orders", config={"materialized": "table", "tags": ["b"]}))
    )
    assert changed_nodes(
        base, build(model("orders", config={"materialized": "table", "unique_key": "id"}))
    )
    assert changed_nodes(base, build(model("orders", kind="seed", checksum="b")))


def test_the_start_of_a_build_is_no_difference() -> None:
    node = model("orders", compiled_code="select '2024-01-31 10:20:30' as dbt_updated_at")
    first = replace(build(node), moments=("2024-01-30 09:00:00", "2024-01-31 10:20:30"))
    later = replace(node, compiled_code="select '2024-02-01 11:00:00' as dbt_updated_at")
    second = replace(build(later), moments=("2024-02-01 11:00:00",))
    assert not changed_nodes(first, second)
    assert changed_nodes(first, replace(second, moments=("2024-02-01 11:00:01",)))


def test_another_schema_is_no_difference() -> None:
    first = build(model("orders"), model("revenue", compiled_code='from "marts"."orders"'))
    orders = model("orders", schema="ci_marts", relation="ci_marts.orders")
    second = build(orders, model("revenue", compiled_code='from "ci_marts"."orders"'))
    assert same_text('from "marts"."orders"', first) == same_text(
        'from "ci_marts"."orders"', second
    )
    assert not changed_nodes(first, second)


def test_what_a_killed_review_left_is_removed_but_not_what_dbt_has_read(tmp_path: Path) -> None:
    read_before = tmp_path / "work/base/target/partial_parse.msgpack"
    model_file = tmp_path / "work/base/project/models/orders.sql"
    for left in (read_before, model_file, tmp_path / "work/base/base.duckdb"):
        left.parent.mkdir(parents=True, exist_ok=True)
        left.touch()

    def files() -> set[Path]:
        return {path for path in tmp_path.rglob("*") if path.is_file()}

    with pytest.raises(KeyboardInterrupt), work_folder(tmp_path) as work:
        assert files() == {tmp_path / "work.lock", model_file, read_before}
        (work / "head").mkdir()
        (work / "head" / "head.duckdb").touch()
        raise KeyboardInterrupt
    assert files() == {tmp_path / "work.lock", model_file, read_before}


def test_two_reviews_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        work_folder(tmp_path),
        pytest.raises(MarketingAnalyticsError, match=r"another review .* is at work"),
        work_folder(tmp_path),
    ):
        pass
    with work_folder(tmp_path):  # the first one is over
        pass


# The databases of a build


def test_raw_tables_are_read_where_they_are(tmp_path: Path) -> None:
    origin = tmp_path / "local.duckdb"
    connection = connect(origin)
    connection.execute("create schema shop_raw; create table shop_raw.orders as select 7 as id")
    connection.execute("create schema marts; create table marts.orders as select 8 as id")
    connection.close()
    before = origin.read_bytes()
    new_database(tmp_path / "base.duckdb", origin, {"shop_raw", "not_loaded"})
    copy_without(tmp_path / "base.duckdb", tmp_path / "head.duckdb", ())
    with duckdb_session(
        tmp_path / "base.duckdb", tmp_path / "head.duckdb", others={RAW: origin}
    ) as session:
        assert session.types("head") == {"shop_raw.orders": {"id": "INTEGER"}}  # not the marts
        relation = session.relation("head", "shop_raw.orders")
        assert session.rows(f"select * from {relation}") == [(7,)]
    assert origin.read_bytes() == before


def test_what_is_built_again_is_left_out_of_the_copy(tmp_path: Path) -> None:
    connection = connect(tmp_path / "base.duckdb")
    connection.execute("create schema marts; create table marts.orders as select 7 as id")
    connection.execute("create view marts.totals as from marts.orders")
    connection.close()
    again = {"marts.orders", "marts.never_built"}
    copy_without(tmp_path / "base.duckdb", tmp_path / "head.duckdb", again)
    connection = connect(tmp_path / "head.duckdb", read_only=True)
    assert connection.execute("select table_name from duckdb_tables()").fetchall() == []
    assert connection.execute(
        "select view_name from duckdb_views() where not internal"
    ).fetchall() == [("totals",)]
    connection.close()


def test_a_missing_database_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(MarketingAnalyticsError, match=r"base\.duckdb does not exist; give"):
        duckdb_session(tmp_path / "base.duckdb", tmp_path / "head.duckdb").__enter__()


# With git and dbt


ALL_DOMAINS = "domains: [marketing, shop, finance, gaming]"


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two domains of this project as its first commit, on branch main."""
    folder = tmp_path_factory.mktemp("repository")
    for part in ("macros", "models", "seeds", "tests/data_tests"):
        shutil.copytree(PROJECT / part, folder / part)
    for part in ("dbt_project.yml", "profiles.yml", ".gitignore"):
        shutil.copy(PROJECT / part, folder)
    settings = folder / "dbt_project.yml"
    text = settings.read_text()
    assert ALL_DOMAINS in text
    settings.write_text(text.replace(ALL_DOMAINS, "domains: [shop, finance]"))
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "As it was")
    return folder


def test_a_commit_is_checked_out_without_a_trace_in_git(repository: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in (repository / ".git").iterdir())
    folder = check_out(repository, git(repository, "rev-parse", "HEAD"), tmp_path / "base")
    settings = "dbt_project.yml"
    assert (folder / settings).read_text() == (repository / settings).read_text()
    assert not (folder / ".git").exists()
    assert sorted(path.name for path in (repository / ".git").iterdir()) == before


def test_another_commit_in_the_same_folder_writes_what_differs(tmp_path: Path) -> None:
    folder, repository = tmp_path / "base", tmp_path / "repository"
    commits = []
    for texts in (
        {"dbt_project.yml": "name: a", "same": "1", "changed": "1", "gone/deep": "1", "kind": "1"},
        {"dbt_project.yml": "name: a", "same": "1", "changed": "2", "kind/file": "1", "new": "1"},
    ):
        for path in repository.glob("[a-z]*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name, text in texts.items():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            (repository / name).write_text(text)
        (repository / "link").symlink_to("same")
        git(repository, "init", "--quiet")
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", "One")
        commits.append((git(repository, "rev-parse", "HEAD"), texts))
    for commit, texts in [*commits, commits[0]]:
        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
        check_out(repository, commit, folder)
        found = {
            str(path.relative_to(folder)): path.read_text()
            for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink()
        }
        assert found == texts
        assert (folder / "link").resolve() == folder / "same"
        if before:
            assert (folder / "same").stat().st_mtime_ns == before[folder / "same"]
            assert (folder / "changed").stat().st_mtime_ns > before[folder / "changed"]


def test_the_base_is_where_both_have_gone_apart(repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "-b", "branch")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Ours")
    git(repository, "checkout", "--quiet", "main")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Theirs")
    try:
        assert common_commit(repository, "main", "branch") == first
        with pytest.raises(MarketingAnalyticsError, match="git fetch origin nowhere"):
            common_commit(repository, "nowhere", "branch")
    finally:
        git(repository, "reset", "--quiet", "--hard", first)


@pytest.mark.full  # in every run test_document_case.py builds both sides of a larger one
def test_builds_both_sides_of_a_change(repository: Path, tmp_path: Path) -> None:
    """A var moves the bound of High: no model is edited, and dbt's state selection sees nothing."""
    settings = repository / "dbt_project.yml"
    text = settings.read_text()
    assert "cltv_high_amount: 5000" in text
    settings.write_text(text.replace("cltv_high_amount: 5000", "cltv_high_amount: 1500"))
    try:
        with both_built(repository, tmp_path, base="main", head=None, target="sample") as built:
            mart = f"model.{P}.mart_customer_revenue"
            selection = select(built.base, built.head)
            assert selection.changed == {mart}
            assert f"model.{P}.mart_retention_segments" in selection.affected
            assert built.base.results[mart].status == "success"
            assert built.head.results[mart].status == "success"
            tests = [id_ for id_ in built.head.results if id_.startswith("test.")]
            assert tests
            assert all(built.base.results[id_].status == "pass" for id_ in tests)
            with built.open() as session:
                change = compare_tables(
                    session,
                    "mart_marketing.mart_customer_revenue",
                    "mart_marketing.mart_customer_revenue",
                    key=("customer_id",),
                )
                reached = compare_tables(
                    session, "marketing.orders", "marketing.orders", key=("order_id",)
                )
            assert [column.column for column in change.columns] == ["cltv_segment"]
            assert reached.is_identical
        assert not list(tmp_path.rglob("*.duckdb"))
        # Once more, when dbt has read both sides before.
        with both_built(repository, tmp_path, base="main", head=None, target="sample") as built:
            assert select(built.base, built.head) == selection
    finally:
        settings.write_text(text)
