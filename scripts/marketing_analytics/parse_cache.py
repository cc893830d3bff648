"""Keeps dbt's parse of a project for its next run, wherever that one builds.

dbt itself keeps one, in the target folder, and parses every file again as soon as the target, a var
or the path of the database differs from those of the last run. Here each target and each set of
vars has its own. Whether one still fits, and which files have changed since, is for dbt to say.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FOLDER = Path("target") / "parsed"
MOST = 12  # files that are kept, of some 10 MB each
FILE = "partial_parse.msgpack"  # dbt's name
SETTING = "DBT_PARTIAL_PARSE_FILE_PATH"  # dbt reads the kept one from there, and never writes it
# What a parse depends on beside the files; dbt compares the values with those of the kept one.
OPTIONS = ("--profile", "--target", "--vars")
VARIABLES = ("MKTG_DATABASE",)
# Where a database is, in the words of dbt's adapters: no relation is named after it.
PLACES = ("path", "host", "port", "user")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseCache:
    """The kept parses of a project; `folder` need not exist."""

    folder: Path

    @contextmanager
    def used(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
        """Give dbt the parse that is kept for a command, and keep the one that it makes.

        A project elsewhere (`--project-dir`), such as another version of this one, begins with what
        is kept here and goes on with its own; nothing of it is kept, since seeds know their folder.
        """
        elsewhere = _option(arguments, "--project-dir")
        if elsewhere and Path(elsewhere).resolve() == Path.cwd():
            elsewhere = None
        kept = self.folder / f"{_key(arguments, environment)}.msgpack"
        made = Path(elsewhere or ".", _target_path(arguments), FILE)
        before = _modified(made)
        if kept.exists() and not (elsewhere and (before or not _has_our_settings(elsewhere))):
            os.environ[SETTING] = str(kept)
            with suppress(OSError):  # another process may just have let it go
                os.utime(kept)  # what is in use is not the oldest
        try:
            yield
        finally:
            os.environ.pop(SETTING, None)
        if not elsewhere and _modified(made) != before:  # dbt writes when it has parsed something
            self._keep(made, kept)

    def _keep(self, made: Path, kept: Path) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / ".gitignore").write_text("*\n")  # in a project that has none
            with NamedTemporaryFile(dir=self.folder, suffix=".new", delete=False) as new:
                copyfile(made, new.name)
            Path(new.name).replace(kept)
            for old in sorted(self.folder.glob("[!.]*"), key=_modified, reverse=True)[MOST:]:
                old.unlink(missing_ok=True)
        except OSError:
            return  # no room, or not ours to write: the next run parses again


def without_places() -> None:
    """Let dbt keep its parse when only the place of the database differs."""
    from dbt.adapters.contracts.connection import Credentials  # noqa: PLC0415 (takes a second)

    found = Credentials.connection_info

    def connection_info(self: Any, *, with_aliases: bool = False) -> Iterator[tuple[str, Any]]:
        for key, value in found(self, with_aliases=with_aliases):
            if with_aliases or key not in PLACES:  # with them it is `target`, which messages name
                yield key, value

    setattr(Credentials, "connection_info", connection_info)  # noqa: B010 (mypy wants no assignment)


def _key(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    facts = [_option(arguments, name) for name in OPTIONS]
    facts += [environment.get(name, os.environ.get(name)) for name in VARIABLES]
    return sha256(repr(facts).encode()).hexdigest()[:20]


def _has_our_settings(project: str) -> bool:
    """Tell whether dbt would take a parse of this project for one of that project."""
    ours, theirs = (Path(folder) / "dbt_project.yml" for folder in (".", project))
    try:
        return ours.read_bytes() == theirs.read_bytes()
    except OSError:
        return False


def _target_path(arguments: Sequence[str]) -> str:
    return _option(arguments, "--target-path") or os.environ.get("DBT_TARGET_PATH") or "target"


def _option(arguments: Sequence[str], name: str) -> str | None:
    """Return the value of `--name value` or `--name=value`, the last one as dbt does."""
    value = None
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if argument == name:
            value = following
        elif argument.startswith(f"{name}="):
            value = argument.removeprefix(f"{name}=")
    return value


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
