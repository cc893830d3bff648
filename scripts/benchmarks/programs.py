"""Runs programs and says what they used: the project's dbt, and the peers beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketing_analytics.bench.environment import installed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROJECT = Path(__file__).resolve().parents[2]


class ProgramError(Exception):
    """A program has ended with an error; the message is the end of what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a step used: CPU seconds, and the peak of its program's memory up to its end."""

    cpu_seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A program that has ended well: what it used, by the clock too, and all that it said."""

    used: Used
    wall_seconds: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run of dbt used, and each of its nodes by name."""

    all: Used
    nodes: dict[str, Used]

    @property
    def start(self) -> float:
        """CPU seconds outside of all nodes: dbt itself."""
        return self.all.cpu_seconds - sum(node.cpu_seconds for node in self.nodes.values())

    def of(self, *names: str) -> Used:
        """What some nodes used together."""
        chosen = [self.nodes[name] for name in names]
        return Used(
            cpu_seconds=sum(node.cpu_seconds for node in chosen),
            megabytes=max(node.megabytes for node in chosen),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The project on a database of its own, in a folder."""

    folder: Path
    variables: str = "{}"

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "local.duckdb"

    def dbt(self, command: str, *names: str) -> Run:
        """Run a command of dbt for some models or seeds."""
        folder = str(self.folder)
        used, lines = _run(
            *(sys.executable, "-m", "benchmarks.nodes", "--quiet", command, "--target", "local"),
            *("--target-path", f"{folder}/target", "--log-path", f"{folder}/logs"),
            *("--threads", "1", "--vars", self.variables, "--select", *names),
            MKTG_DATABASE_DIR=folder,
        )
        nodes = {name: Used(**node) for name, node in lines[-1]["nodes"].items()}
        return Run(all=used, nodes=nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A virtual environment with other programs, installed by name, and used again where it is."""

    folder: Path
    packages: tuple[str, ...]

    def install(self) -> None:
        """Set the environment up, once."""
        installed(self.folder, self.packages)

    def measure(self, module: str, *arguments: str) -> list[dict[str, Any]]:
        """Run a module of benchmarks.peers; what it tells of its steps."""
        _, lines = _run(
            *(self._python, "-m", f"benchmarks.peers.{module}", *arguments),
            PYTHONPATH=str(PROJECT / "scripts"),
        )
        return lines

    @property
    def _python(self) -> str:
        return str(self.folder / "bin" / "python")


def _run(*command: str, **environment: str) -> tuple[Used, list[dict[str, Any]]]:
    """Run a program to its end: what it used, and the lines of JSON among what it printed."""
    done = ended(command, PROJECT, environment)
    lines = [json.loads(line) for line in done.said.splitlines() if line.startswith("{")]
    return done.used, lines


def ended(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Ended:
    """Run a program in a folder to its end, and ask the kernel what it took.

    Linux never tells a peak of memory below that of the program that starts it.

    Raises:
        ProgramError: it failed; with the end of what it said.
    """
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise ProgramError(f"{' '.join(command)}\n{said[-2000:]}")
    return Ended(
        used=Used(cpu_seconds=usage.ru_utime + usage.ru_stime, megabytes=usage.ru_maxrss / 1024),
        wall_seconds=time.perf_counter() - began,
        said=said,
    )
