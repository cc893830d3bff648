"""Keeps what the data are written into to their owner: others on the machine cannot read it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHERS = 0o077  # their rights, and those of the group, in the bits of a file's mode


@contextmanager
def for_the_owner_alone() -> Iterator[None]:
    """Give the files and folders that are made in here no rights for anybody else."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def close_folder(folder: Path) -> None:
    """Make a folder, or close it, so that nobody else reaches what is in it.

    A folder of somebody else's stays as it is, and so does one that cannot be made: whoever writes
    there next says so.
    """
    with suppress(OSError), for_the_owner_alone():
        folder.mkdir(exist_ok=True)
        mode = folder.stat().st_mode
        if mode & OTHERS:
            folder.chmod(mode & ~OTHERS)
