"""Builds beside the published database and puts the new one into its place at once.

Readers of the old file keep it until they let go of it: they see the old state or the new one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError
from marketing_analytics.lock import alone
from marketing_analytics.private import for_the_owner_alone
from marketing_analytics.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

FICLONE = 0x40049409  # of Linux: the copy shares the blocks that neither side has changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A database that is being built; its file has the published one's name, as its views say."""

    published: Path
    path: Path

    @property
    def folder(self) -> Path:
        """Return the folder that holds nothing else."""
        return self.path.parent

    def publish(self) -> None:
        """Put it into the place of the published one, in one step of the file system."""
        _write_out(self.path)
        self.path.replace(self.published)
        _write_out(self.published.parent)

    def keep(self) -> Path:
        """Put it aside, in the place of the last one that was, and return where it is."""
        kept = self.published.with_name(f"failed-{self.published.stem}") / self.published.name
        shutil.rmtree(kept.parent, ignore_errors=True)
        self.folder.replace(kept.parent)
        return kept


@contextmanager
def built_beside(published: Path) -> Iterator[Candidate]:
    """Yield a copy of the published database, with its raw data and all that builds add to.

    Nobody can write to the published one meanwhile: what they wrote would be gone afterwards. What
    is neither published nor kept is removed, also what a killed build has left.

    Raises:
        MarketingAnalyticsError: another build or load is at work, or there is no room for a copy.
    """
    try:
        published.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MarketingAnalyticsError(
            f"cannot write to {published.parent} ({error.strerror}); MKTG_DATABASE_DIR names the "
            "folder of the databases"
        ) from error
    folder = published.with_name(f".building-{published.stem}")
    with (
        alone(
            published.with_name(f".{published.stem}.lock"),
            who="another `mktg build`",
            instead="wait until it has ended, or end it, and run this again",
        ),
        _held(published) as content,
    ):
        shutil.rmtree(folder, ignore_errors=True)
        try:
            yield _begun(published, folder, content)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _begun(published: Path, folder: Path, content: BinaryIO | None) -> Candidate:
    candidate = Candidate(published=published, path=folder / published.name)
    try:
        with for_the_owner_alone():
            folder.mkdir()
            if content is not None:
                _copy(content, candidate.path)
                shutil.copymode(published, candidate.path)
    except OSError as error:
        raise MarketingAnalyticsError(
            f"cannot copy {published} to build beside it ({error.strerror or error}); make room, "
            "or build with --in-place"
        ) from error
    return candidate


@contextmanager
def _held(published: Path) -> Iterator[BinaryIO | None]:
    """Keep others from writing to a database by reading it; yield its content.

    The content is closed last: whatever of a file a process closes ends its locks on that file.
    """
    if not published.is_file():
        yield None
        return
    if _log_of(published).exists():
        # Of a program that was killed: belongs to the old file, and must not be found by the new.
        connect(published).close()
    with published.open("rb") as content:
        holder = connect(published, read_only=True)
        try:
            yield content
        finally:
            holder.close()


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")


def _copy(content: BinaryIO, target: Path) -> None:
    with target.open("wb") as written:
        try:
            fcntl.ioctl(written.fileno(), FICLONE, content.fileno())
        except OSError:  # a file system without copy-on-write
            shutil.copyfileobj(content, written, 1 << 20)


def _write_out(path: Path) -> None:
    """Have the operating system write a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
