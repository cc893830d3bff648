"""The folder of a review: checked-out projects, databases, what dbt writes.

What dbt has read of a project stays, so that the next review reads only what has changed since.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketing_analytics.lock import alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT = "project"  # below a side: its files
READ_BEFORE = "partial_parse.msgpack"  # … below its target: what dbt has read of them


@contextmanager
def work_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder below this one, empty but for what an earlier review has read.

    Raises:
        MarketingAnalyticsError: another review is at work there.
    """
    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    with alone(
        folder / "work.lock",
        who="another review",
        instead="wait, or give this one a folder with --out",
    ):
        _clear(work)
        try:
            yield work
        finally:
            _clear(work)


def _clear(work: Path) -> None:
    """Remove what this review, or one that was killed, has built."""
    for path in sorted(work.rglob("*"), reverse=True):  # what is in a folder before the folder
        _, *below = path.relative_to(work).parts
        if below[:1] == [PROJECT] or path.name == READ_BEFORE:
            continue
        if not path.is_dir() or path.is_symlink():
            path.unlink()
        elif not any(path.iterdir()):
            path.rmdir()
