"""dbt finds no deprecated syntax in the project, not even what it lets pass on DuckDB."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from conftest import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

# dbt holds the files of a project against its JSON schemas on four warehouses only. The name is
# private: where it is gone, this fails and has to be looked at.
PARSE = """
import sys
from dbt.jsonschemas import jsonschemas
from dbt.cli.main import dbtRunner

jsonschemas._JSONSCHEMA_SUPPORTED_ADAPTERS.add("duckdb")
arguments = ["--warn-error", "parse", "--no-partial-parse", "--show-all-deprecations"]
result = dbtRunner().invoke([*arguments, "--target-path", sys.argv[1], "--log-path", sys.argv[1]])
sys.exit(0 if result.success else 1)
"""


def test_no_file_of_the_project_uses_deprecated_syntax(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PARSE, str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
