"""`mktg bench`: what it prints, writes and ends with."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from conftest import MKTG, PROJECT

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 20_000
MARTS = ("creative_performance", "customer_lifetime_value")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def ended(data: Path) -> subprocess.CompletedProcess[str]:
    """Measure two marts beside a baseline that neither can keep."""
    baseline = data / "baseline.json"
    baseline.write_text(json.dumps({"cpu_ratios": {str(ROWS): dict.fromkeys(MARTS, 0.001)}}))
    return bench(data, "--baseline", str(baseline), "--memory", "--output", str(data / "written"))


def bench(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MKTG, "bench", "--data", str(data), "--pairs", "1", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def asked(marts: tuple[str, ...]) -> list[str]:
    return ["--rows", str(ROWS), *(word for mart in marts for word in ("--mart", mart))]


def test_a_run_leaves_its_figures_as_table_json_and_chart(
    ended: subprocess.CompletedProcess[str], data: Path
) -> None:
    written = data / "written"
    (size,) = json.loads((written / "bench.json").read_text())["sizes"]
    told = (written / "bench.md").read_text()
    drawn = "".join(ET.parse(written / "bench.svg").getroot().itertext())
    for mart in MARTS:
        found = size["marts"][mart]
        assert found["difference"] is None
        assert found["rows"] > 0
        # A process with Python and DuckDB takes more than ten megabytes, and these two no gigabyte.
        assert 10 < found["hand_megabytes"] < 1024
        assert 10 < found["project_megabytes"] < 1024
        assert mart in ended.stdout
        assert f"| {mart} | {found['rows']:,} |" in told
        assert mart in drawn


def test_a_ratio_above_the_baseline_is_a_finding(
    ended: subprocess.CompletedProcess[str],
) -> None:
    assert ended.returncode == 1, ended.stderr
    for mart in MARTS:
        assert f"worse: {mart} at 20,000 rows takes" in ended.stdout
    assert ended.stdout.count("0.00 times before") == len(MARTS)


def test_same_answers_and_nothing_to_compare_with_is_no_finding(data: Path) -> None:
    ended = bench(data, *asked(MARTS[:1]))

    assert ended.returncode == 0, ended.stderr
    assert "worse:" not in ended.stdout


@pytest.mark.full
def test_a_domain_above_the_baseline_is_a_finding(data: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps({"cpu_ratios": {str(ROWS): {"all of marketing": 0.001}}}))

    ended = bench(data, "--baseline", str(baseline))

    assert ended.returncode == 1, ended.stderr
    assert "worse: all of marketing at 20,000 rows takes" in ended.stdout


def test_a_mart_that_nobody_knows_is_told(data: Path) -> None:
    ended = bench(data, *asked(("orderz",)))

    assert ended.returncode == 2
    assert "orderz has no query by hand; there are acquisition_cohort_value" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.full
def test_other_programs_give_the_same_answers(data: Path, tmp_path: Path) -> None:
    marts = ("customer_lifetime_value", "funnel_conversion_analysis")

    ended = bench(data, *asked(marts), "--peers", "--output", str(tmp_path))

    assert ended.returncode == 0, ended.stderr
    (size,) = json.loads((tmp_path / "bench.json").read_text())["sizes"]
    found = {(one["mart"], one["library"]): one["difference"] for one in size["peers"]}
    assert found == {
        ("customer_lifetime_value", "pandas"): None,
        ("customer_lifetime_value", "polars"): None,
        ("customer_lifetime_value", "sqlmesh"): None,
        ("funnel_conversion_analysis", "pandas"): None,
        ("funnel_conversion_analysis", "polars"): None,
    }
