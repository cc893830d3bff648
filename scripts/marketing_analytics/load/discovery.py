"""Finds the files of a call and, without a mapping, the raw table that each one feeds."""

from __future__ import annotations

import difflib
import glob
from collections.abc import Sequence
from pathlib import Path

from marketing_analytics.load.model import Input, LoadError
from marketing_analytics.load.prepare import file_format, file_stem, refuse_pipe
from marketing_analytics.raw_schema import RawSource


def expand(given: Sequence[str]) -> list[Path]:
    """Return what --from names: files and folders, patterns replaced by what they match.

    Raises:
        LoadError: nothing is there.
    """
    paths: dict[Path, None] = {}
    for text in given:
        try:
            matches = [Path(text)] if Path(text).exists() else _glob(text)
            for match in matches:
                if not match.is_dir():
                    refuse_pipe(match)
        except OSError as error:
            raise LoadError(f"cannot read --from {text}: {error.strerror or error}") from error
        if not matches:
            raise LoadError(f"--from {text}: there is no such file or folder")
        paths.update(dict.fromkeys(matches))
    return list(paths)


def _glob(pattern: str) -> list[Path]:
    # Path.glob refuses patterns that begin at the root.
    return sorted(Path(match) for match in glob.glob(pattern, recursive=True))  # noqa: PTH207


def data_files(folder: Path) -> list[Path]:
    """Return the data files of a folder and of those directly below it, in order.

    Raises:
        LoadError: a folder cannot be read.
    """
    try:
        found = [
            *folder.iterdir(),
            *(p for sub in folder.iterdir() if sub.is_dir() for p in sub.iterdir()),
        ]
    except OSError as error:
        raise LoadError(f"cannot read {error.filename}: {error.strerror or error}") from error
    return sorted(
        path
        for path in found
        if path.is_file() and file_format(path) and not path.name.startswith((".", "~$"))
    )


def inputs_by_name(source: RawSource, given: Sequence[Path]) -> tuple[list[Input], list[str]]:
    """Return an input for every table that a file or a folder is named after, and notes.

    Raises:
        LoadError: a file names no table, two files name one, or no file is found.
    """
    tables = [table.name for table in source.tables]
    files: dict[str, list[Path]] = {}
    notes: list[str] = []
    for path in given:
        for file in data_files(path) if path.is_dir() else [path]:
            table = _table(file, tables)
            if table is not None:
                files.setdefault(table, []).append(file)
            elif path.is_dir():
                notes.append(f"{file}: names no table of {source.name}, not loaded")
            else:
                raise LoadError(_unknown(file, source, tables))
    if not files:
        raise LoadError(
            f"no file in {', '.join(str(path) for path in given)} is named after a table of "
            f"{source.name} ({', '.join(tables)}); rename the files, or write a mapping: "
            f"mktg load {source.name} --init --from …"
        )
    inputs = [
        _input(table, list(dict.fromkeys(files[table]))) for table in tables if table in files
    ]
    return inputs, notes


def _input(table: str, files: list[Path]) -> Input:
    if len(files) > 1 and any(file.absolute().parent.name.lower() != table for file in files):
        raise LoadError(
            f"several files for {table}: {', '.join(str(file) for file in files)}; "
            f"put them into a folder named {table}, or name them in a mapping"
        )
    return Input(table=table, files=tuple(files), where=str(files[0]))


def _table(file: Path, tables: list[str]) -> str | None:
    stem, folder = file_stem(file), file.absolute().parent.name.lower()
    return stem if stem in tables else folder if folder in tables else None


def _unknown(file: Path, source: RawSource, tables: list[str]) -> str:
    close = difflib.get_close_matches(file_stem(file), tables, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else "."
    return (
        f"{file}: {source.name} has no table {file_stem(file)!r}{hint} It has: "
        f"{', '.join(tables)}. A mapping (--map) may say which table it feeds"
    )
