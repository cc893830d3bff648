"""`mktg load --init` looks at the same files: it writes a mapping that is one, or refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from conftest import PROJECT
from hostile.makers import made
from hostile.test_corpus import MODULES, TABLES
from marketing_analytics.cli import main
from marketing_analytics.console import printable


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
def test_a_first_mapping_is_written_or_refused(
    module: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(PROJECT)
    for case in getattr(module, "CASES", ()):
        if case.mapping is not None or case.limits or case.full:
            continue
        folder, mapping = tmp_path / case.name, tmp_path / f"{case.name}.yml"
        folder.mkdir()
        command = ["mktg", "load", "marketing_raw", "--init", "--map", str(mapping)]
        monkeypatch.setattr("sys.argv", [*command, *made(case, folder)])
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        if stop.value.code:
            assert stop.value.code == 2
            assert not mapping.exists(), case.name
            assert printed.err.count("\n") == 1, case.name
            assert printable(printed.err[:-1]) == printed.err[:-1], case.name
        else:
            found = yaml.safe_load(mapping.read_text(encoding="utf-8"))
            assert set(found) == {"tables"}, case.name
            assert set(found["tables"]) <= TABLES, case.name


def test_a_name_cannot_add_keys_to_the_mapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    path, mapping = tmp_path / "x.jsonl", tmp_path / "map.yml"
    path.write_text('{"a\\n  sessions: {files: x}\\n#": 1, "b\\u2028tables: {}": 2}\n')
    command = ["mktg", "load", "marketing_raw", "--init", "--from", str(path)]
    monkeypatch.setattr("sys.argv", [*command, "--map", str(mapping)])
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    assert yaml.safe_load(mapping.read_text(encoding="utf-8")) == {"tables": {}}
