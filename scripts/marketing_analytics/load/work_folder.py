"""The folder of a load: copies of files in UTF-8, data that does not fit into memory."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marketing_analytics.load.model import LoadError


@contextmanager
def work_folder(database: Path) -> Iterator[Path]:
    """Yield a folder next to the database for copies and spilled data, and remove it afterwards.

    Raises:
        LoadError: there is no place for it.
    """
    parent = database.parent
    try:
        is_new_parent = not parent.exists()
        folder = _created(parent, f".{database.name}.load-")
    except OSError as error:
        raise LoadError(
            f"cannot write to {parent}, the folder of the database {database} "
            f"({error.strerror or error}); give a file in a folder of yours with --database"
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if is_new_parent and not any(parent.iterdir()):
            parent.rmdir()


def _created(parent: Path, prefix: str) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    for left_over in parent.glob(f"{prefix}*"):
        if not _is_running(left_over.name.removeprefix(prefix).split("-")[0]):
            shutil.rmtree(left_over, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))


def _is_running(process: str) -> bool:
    """Return whether the program that made a folder may still need it."""
    if os.name != "posix" or not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
