"""Times steps of a program in its own process."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def cpu_seconds() -> float:
    """CPU seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def megabytes() -> float:
    """Peak of this process's memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(step: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Run a step; its result, and what it used."""
    before = cpu_seconds()
    result = step()
    return result, {"cpu_seconds": cpu_seconds() - before, "megabytes": megabytes()}


def tell(**facts: object) -> None:
    """Print a line that the benchmark reads."""
    print(json.dumps(facts), flush=True)
