"""A lock of the operating system's on a file: it ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(path: Path, *, who: str, instead: str) -> Iterator[None]:
    """Hold the lock at a path, whose file stays; `who` is told to the next one who wants it.

    Raises:
        MarketingAnalyticsError: another process holds it; the message ends with `instead`.
    """
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise MarketingAnalyticsError(f"{lock.read()} is at work there; {instead}") from None
        lock.truncate(0)
        lock.write(f"{who} (process {os.getpid()})")
        lock.flush()
        yield
