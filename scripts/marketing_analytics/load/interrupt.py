"""Ctrl-C while the engine works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def interruptible() -> Iterator[None]:
    """Make a query that Ctrl-C ended a KeyboardInterrupt; the engine has errors of its own for it.

    Raises:
        KeyboardInterrupt: a query was interrupted.
    """
    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except RuntimeError as error:
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from error
