"""What a program has used itself; needs nothing but Python, since other environments run it too."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def cpu_seconds() -> float:
    """CPU seconds of this process so far."""
    return time.process_time()


def megabytes() -> float:
    """Peak of this process's own memory so far; getrusage may know its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(step: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Run a step; its result, and what it used."""
    before = cpu_seconds()
    result = step()
    return result, {"cpu_seconds": cpu_seconds() - before, "megabytes": megabytes()}


def tell(**facts: object) -> None:
    """Print a line that the benchmark reads."""
    print(json.dumps(facts), flush=True)
