"""A file that nobody should trust, how it is made, and what `mktg load` is to make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Content = bytes | str | Callable[[Path], Any]
Rejected = tuple[int, str | None, str]  # line, column and reason

HEADER = "session_id,session_start,country\n"
GOOD = "s1,2024-01-01,DE\n"
NEXT = "s2,2024-01-02,FR\n"
LOADED = [("s1", "DE"), ("s2", "FR")]


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """Exit code 0: these rows are in the table, and those are rejected with line and reason.

    `notes` are in what the command prints.
    """

    rows: list[tuple[Any, ...]]
    rejected: Sequence[Rejected] = ()
    columns: str = "session_id, country"
    table: str = "sessions"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """Exit code 2: one line, which names `culprit` and says what to do."""

    says: tuple[str, ...]
    culprit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """Files below the folder of --from, a mapping if any, and the outcome.

    `limits` are constants of the loader that are made smaller for the case, by module and name.
    """

    name: str
    files: Mapping[str, Content]
    outcome: Loaded | Refused
    mapping: str | None = None
    given: str = "."
    arguments: tuple[str, ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    full: bool = False

    @property
    def culprit(self) -> str:
        """Return what a message is to name."""
        if isinstance(self.outcome, Refused) and self.outcome.culprit is not None:
            return self.outcome.culprit
        return "map.yml" if self.mapping is not None else next(iter(self.files))

    @property
    def kind(self) -> str:
        """Return the class of the outcome."""
        if isinstance(self.outcome, Refused):
            return "refused"
        return "rejected" if self.outcome.rejected else "loaded"


def loads(*rows: tuple[Any, ...], rejected: Sequence[Rejected] = (), **more: Any) -> Loaded:
    """Return the outcome that these rows are loaded and those rejected."""
    return Loaded(rows=list(rows), rejected=rejected, **more)


def refuses(*says: str, culprit: str | None = None) -> Refused:
    """Return the outcome that the command refuses, with these words."""
    return Refused(says, culprit)


def csv(name: str, text: str | bytes, outcome: Loaded | Refused, **more: Any) -> Case:
    """Return the case of one file sessions.csv."""
    return Case(name=name, files={"sessions.csv": text}, outcome=outcome, **more)


def rows(name: str, text: str | bytes, outcome: Loaded | Refused, **more: Any) -> Case:
    """Return the case of one file sessions.csv with these lines below the header."""
    lines = HEADER.encode() + (text if isinstance(text, bytes) else text.encode())
    return csv(name, lines, outcome, **more)


def mapped(name: str, mapping: str, outcome: Loaded | Refused, **more: Any) -> Case:
    """Return the case of a good file and a mapping, or some keys of the one input of a mapping."""
    if not mapping.startswith(("tables", "&", "[", "{", "!", "a:")):
        mapping = f"tables: {{sessions: {{files: sessions.csv, {mapping}}}}}"
    files = more.pop("files", {"sessions.csv": HEADER + GOOD})
    return Case(name=name, files=files, outcome=outcome, mapping=mapping, **more)
