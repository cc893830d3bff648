"""Faults planted in the models' SQL are noticed by the tests, or could not be by any.

The short form plants the first of a draw and asks the judges that need no further compilation. The
full one goes on with the same draw, asks all of them, and prints the table of docs/reliability.md.
"""

from __future__ import annotations

import csv
import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from marketing_analytics.warehouse import connect
from mutants.artifacts import Artifacts, read_artifacts
from mutants.court import Court, Verdict
from mutants.courtroom import Courtroom
from mutants.formulas import ComparedActions, Formulas, formulas
from mutants.judges import Answers, DataTests, UnitTests
from mutants.table import as_table, shares
from mutants.tree import parsed, written
from mutants.worlds import References
from warehouse.compiled import OTHER_CHOICES
from warehouse.test_attribution import ALL
from warehouse.test_forecasts import CHOSEN, FORECASTS, NO_TESTS, cdnow_sql
from warehouse.trap_warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from marketing_analytics.dbt import DbtWorker
    from mutants.judges import Judge
    from mutants.scene import Scene

SEED = int(os.environ.get("MKTG_FAULT_SEED", "1"))
COUNT = int(os.environ.get("MKTG_FAULTS", "240"))
FEW = 30  # as many as there are kinds
WORLDS = 40
SOURCES = ("dbt_production", "lottery_raw", "marketing_raw")

EQUIVALENT = Path(__file__).parent / "equivalent.csv"


@pytest.fixture(scope="module")
def artifacts(sample_folder: Path, unit_tests_folder: Path) -> Artifacts:
    return read_artifacts(sample_folder, unit_tests_folder)


@pytest.fixture(scope="module")
def room(artifacts: Artifacts, sample_folder: Path) -> Courtroom:
    return Courtroom(compiled=artifacts, database=sample_folder / "sample.duckdb")


@pytest.fixture(scope="module")
def sample_scene(room: Courtroom) -> Iterator[Scene]:
    scene = room.sample()
    yield scene
    scene.close()


@pytest.fixture(scope="module")
def raw_traps(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for source in SOURCES:
        warehouse = Warehouse(folder=tmp_path_factory.mktemp(source), worker=worker)
        warehouse.load_traps(source)
        found[source] = warehouse.database
    return found


@pytest.fixture(scope="module")
def quick_judges(
    room: Courtroom, sample_scene: Scene, raw_traps: Mapping[str, Path]
) -> list[Judge]:
    on_sample = DataTests(name="data tests", scene=sample_scene, compiled=room.compiled)
    return [room.unit_tests(sample_scene), on_sample, *room.traps(raw_traps)]


@pytest.fixture(scope="module")
def all_judges(  # noqa: PLR0917 - fixtures
    room: Courtroom,
    sample_scene: Scene,
    quick_judges: list[Judge],
    worker: DbtWorker,
    compiled: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Judge]:
    cdnow = Warehouse(folder=tmp_path_factory.mktemp("cdnow"), worker=worker)
    connection = connect(cdnow.database)
    connection.execute(cdnow_sql())
    connection.close()
    assert cdnow.dbt("build", *FORECASTS, *NO_TESTS, *CHOSEN).success
    return [
        *quick_judges,
        room.answers_of_sample(sample_scene),
        *room.attribution(read_artifacts(compiled(ALL))),
        room.cdnow(read_artifacts(cdnow.folder), cdnow.database),
        ComparedActions(),
        formulas(worker, tmp_path_factory.mktemp("formulas")),
        *room.references(read_artifacts(compiled(OTHER_CHOICES)), WORLDS),
    ]


def explained() -> dict[str, str]:
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["reason"] for row in csv.DictReader(file)}


def unexplained(verdicts: list[Verdict], models: Artifacts) -> list[str]:
    known = explained()
    return [
        f"{key} {v.fault.model}, {v.fault.kind}: {v.fault.described(sql)}"
        for v in verdicts
        for sql in [models.models[v.fault.model].sql]
        if v.caught_by is None and (key := v.fault.key(sql)) not in known
    ]


def complaints(judges: list[Judge]) -> list[str]:
    """Return what the judges find without any fault."""
    found: list[str] = []
    for judge in judges:
        if isinstance(judge, UnitTests):
            tests = [test for tests in judge.tests.values() for test in tests]
            found += [test.name for test in tests if not judge.passes(test)]
        elif isinstance(judge, Answers):
            found += [name for name in judge.answers if not judge.holds(name)]
        elif isinstance(judge, References | Formulas):
            failing = (
                judge.failing()
                if isinstance(judge, Formulas)
                else judge.failing(judge.scene.models)
            )
            found += [failing] if failing else []
    return found


# ---------------------------------------------------------------- the short form


def test_the_judges_find_nothing_where_nothing_is_planted(quick_judges: list[Judge]) -> None:
    assert complaints(quick_judges) == []
    assert sum(len(j.answers) for j in quick_judges if isinstance(j, Answers)) > 100


def test_the_sample_in_memory_passes_its_data_tests_and_the_traps_all_but_warnings(
    quick_judges: list[Judge],
) -> None:
    on_sample, *on_traps = (judge for judge in quick_judges if isinstance(judge, DataTests))
    assert on_sample.failed_before() == []
    warnings = {test.name for test in on_sample.compiled.data_tests if test.is_warning}
    assert all(set(judge.failed_before()) < warnings for judge in on_traps)


def test_a_few_faults_are_noticed(
    artifacts: Artifacts, sample_scene: Scene, quick_judges: list[Judge]
) -> None:
    court = Court(models=artifacts.models, sample=sample_scene, judges=quick_judges)
    verdicts = [court.verdict(fault) for fault in islice(court.faults(SEED), FEW)]
    assert len(verdicts) == FEW
    survivors = unexplained(verdicts, artifacts)
    assert not survivors, "\n".join(survivors)


def test_each_reason_why_a_fault_changes_nothing_is_of_a_model(artifacts: Artifacts) -> None:
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["model"] for row in rows} <= set(artifacts.models)
    assert len({row["key"] for row in rows}) == len(rows)
    assert all(len(row["reason"].split()) > 3 for row in rows)


# ---------------------------------------------------------------- the full form


@pytest.mark.full
def test_no_judge_finds_anything_where_nothing_is_planted(
    artifacts: Artifacts, all_judges: list[Judge]
) -> None:
    assert complaints(all_judges) == []
    # Faults are written by sqlglot, which must not change anything else.
    unit_tests = next(judge for judge in all_judges if isinstance(judge, UnitTests))
    for test in (test for tests in artifacts.unit_tests.values() for test in tests):
        assert unit_tests.passes(test, written(parsed(test.model_sql))), test.name


@pytest.mark.full
def test_faults_in_all_models_are_noticed(
    artifacts: Artifacts,
    sample_scene: Scene,
    all_judges: list[Judge],
    capsys: pytest.CaptureFixture[str],
) -> None:
    court = Court(models=artifacts.models, sample=sample_scene, judges=all_judges)
    verdicts = [court.verdict(fault) for fault in islice(court.faults(SEED), COUNT)]
    known = explained()
    equivalent = {
        v.fault for v in verdicts if v.fault.key(artifacts.models[v.fault.model].sql) in known
    }
    table = as_table(verdicts, equivalent)
    with capsys.disabled():
        print(f"\nseed {SEED}\n{table}")
    assert len(verdicts) == COUNT
    survivors = unexplained(verdicts, artifacts)
    if "MKTG_FAULT_SEED" in os.environ:  # a draw of one's own: the survivors are printed
        print(*survivors, sep="\n")
        return
    page = (PROJECT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert not survivors, "\n".join(survivors)
    assert table in page
    assert shares(verdicts, equivalent) >= 0.95
