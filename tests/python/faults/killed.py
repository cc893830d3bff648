"""Kills programs at random moments, and says what they have left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from conftest import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


def start(command: Sequence[str], databases: Path) -> subprocess.Popen[str]:
    """Start a program in a process group of its own, with its databases in a folder."""
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**os.environ, "MKTG_DATABASE_DIR": str(databases)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(command: Sequence[str], databases: Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    process = start(command, databases)
    output, errors = process.communicate(timeout=600)
    return subprocess.CompletedProcess(command, process.returncode, output, errors)


def kills(
    number: int, command: Callable[[], Sequence[str]], databases: Path, duration: float
) -> Iterator[tuple[float, bool]]:
    """Kill programs at moments up to a tenth after their usual end; yield moment and outcome.

    One that has ended before its moment says that the machine has become faster: none after it is
    waited for any longer than that.
    """
    drawn = random.Random(20240630)
    for _ in range(number):
        moment = drawn.uniform(0, 1.1) * duration
        was_killed = kill_at(command(), databases, moment)
        if not was_killed:
            duration = min(duration, moment)
        yield moment, was_killed


def kill_at(command: Sequence[str], databases: Path, moment: float) -> bool:
    """Kill a program and all that it has started, unless it has ended; return whether it was."""
    process = start(command, databases)
    time.sleep(moment)
    was_killed = process.poll() is None
    if was_killed:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return was_killed


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    begun = time.monotonic()
    work()
    return time.monotonic() - begun
