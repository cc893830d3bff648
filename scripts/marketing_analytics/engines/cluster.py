"""A Spark cluster on this machine: a master, workers, and a Thrift server that dbt connects to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from marketing_analytics.engines.java import java_home
from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

HOST = "127.0.0.1"
PATIENCE = 180  # seconds in which a part of the cluster has to come up
PACKAGE = "org.apache.spark"
MASTER, THRIFT = "master", "thrift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of the machine a cluster takes; memory as Java writes it, such as 1500m."""

    workers: int = 2
    cores: int = 1  # per worker
    memory: str = "1500m"  # per worker
    driver_memory: str = "2g"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running cluster: the port of its Thrift server and the processes by their names."""

    port: int
    processes: Mapping[str, int]

    def environment(self) -> dict[str, str]:
        """Return the variables that target spark of profiles.yml reads."""
        return {"MKTG_HOST": HOST, "MKTG_PORT": str(self.port)}


def start(folder: Path, size: Size | None = None) -> Cluster:
    """Start a cluster that keeps its tables and logs in a folder, or find it running.

    It listens on this machine only, and goes on after this process.

    Raises:
        MarketingAnalyticsError: Java or the package pyspark is missing, or a part does not come up.
    """
    size = size or Size()
    running = found(folder)
    if running:
        return running
    folder.mkdir(parents=True, exist_ok=True)
    launch = _Launch(folder=folder, environment=_environment(folder), pids={})
    try:
        _start_parts(launch, size)
    except MarketingAnalyticsError:
        _stop(launch.pids.values())
        raise
    cluster = Cluster(port=launch.port, processes=launch.pids)
    _record(folder).write_text(json.dumps(asdict(cluster)))
    return cluster


def found(folder: Path) -> Cluster | None:
    """Return the cluster of a folder, if it runs with all its parts."""
    record = _record(folder)
    if not record.exists():
        return None
    cluster = Cluster(**json.loads(record.read_text()))
    if all(_is_ours(pid) for pid in cluster.processes.values()) and _listens(cluster.port):
        return cluster
    stop(folder)
    return None


def stop(folder: Path) -> None:
    """Stop the cluster of a folder, if any of it runs; its tables stay."""
    record = _record(folder)
    if record.exists():
        cluster = Cluster(**json.loads(record.read_text()))
        _stop([pid for pid in cluster.processes.values() if _is_ours(pid)])
        record.unlink()


@dataclass(slots=True, kw_only=True)
class _Launch:
    """What is started so far."""

    folder: Path
    environment: dict[str, str]
    pids: dict[str, int]
    port: int = 0

    def run(self, name: str, command: str, *arguments: str) -> None:
        """Start one part in a session of its own, with its output in a log file."""
        program = Path(self.environment["SPARK_HOME"]) / "bin" / command
        with (self.folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [str(program), *arguments],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # It goes on after us: Python must not warn that nobody waited for it.
        process.returncode = 0
        self.pids[name] = process.pid

    def wait_for(self, name: str, is_up: Callable[[], bool]) -> None:
        """Wait until a part answers."""
        log = self.folder / f"{name}.log"
        for _ in range(PATIENCE * 4):
            if is_up():
                return
            if not is_alive(self.pids[name]):
                last = log.read_text(errors="replace").strip().splitlines()[-1:]
                raise MarketingAnalyticsError(f"Spark's {name} ended: {' '.join(last)}; see {log}")
            time.sleep(0.25)
        raise MarketingAnalyticsError(
            f"Spark's {name} is not up after {PATIENCE} seconds; see {log}"
        )


def _start_parts(launch: _Launch, size: Size) -> None:
    master_port, web_port, launch.port = _free_ports(3)
    master = f"spark://{HOST}:{master_port}"
    launch.run(
        MASTER,
        *("spark-class", f"{PACKAGE}.deploy.master.Master", "--host", HOST),
        *("--port", str(master_port), "--webui-port", str(web_port)),
    )
    launch.wait_for(MASTER, lambda: _listens(master_port))
    for number in range(1, size.workers + 1):
        launch.run(
            f"worker{number}",
            *("spark-class", f"{PACKAGE}.deploy.worker.Worker", "--host", HOST),
            *("--webui-port", "0", "--cores", str(size.cores), "--memory", size.memory),
            *("--work-dir", str(launch.folder / "work"), master),
        )
    launch.wait_for("worker1", lambda: _alive_workers(web_port) == size.workers)
    # Of a Thrift server spark-submit takes the memory from here, not from --driver-memory.
    launch.environment["SPARK_DAEMON_MEMORY"] = size.driver_memory
    launch.run(
        THRIFT,
        *("spark-submit", "--class", f"{PACKAGE}.sql.hive.thriftserver.HiveThriftServer2"),
        *("--master", master),
        *("--executor-cores", str(size.cores), "--executor-memory", size.memory),
        *("--total-executor-cores", str(size.cores * size.workers)),
        *(part for setting in _settings(launch, size) for part in ("--conf", setting)),
        "spark-internal",
    )
    launch.wait_for(THRIFT, lambda: _listens(launch.port))


def _settings(launch: _Launch, size: Size) -> list[str]:
    folder = launch.folder.resolve()
    return [
        f"spark.driver.host={HOST}",
        f"spark.driver.bindAddress={HOST}",
        "spark.ui.enabled=false",
        # What the page would show is kept all the same: a thousand plans fill the driver's memory.
        "spark.sql.ui.retainedExecutions=10",
        "spark.ui.retainedStages=100",
        "spark.ui.retainedJobs=100",
        "spark.sql.session.timeZone=UTC",
        # Small data in as many parts as there are cores; Spark joins them where they are tiny.
        f"spark.sql.shuffle.partitions={max(4, 2 * size.cores * size.workers)}",
        f"spark.sql.warehouse.dir={folder / 'warehouse'}",
        "spark.hadoop.javax.jdo.option.ConnectionURL="
        f"jdbc:derby:;databaseName={folder / 'metastore'};create=true",
        f"spark.driver.extraJavaOptions=-Dderby.system.home={folder}",
        f"spark.hadoop.hive.server2.thrift.bind.host={HOST}",
        f"spark.hadoop.hive.server2.thrift.port={launch.port}",
    ]


def _environment(folder: Path) -> dict[str, str]:
    found_spark = find_spec("pyspark")
    if found_spark is None or found_spark.origin is None:
        raise MarketingAnalyticsError(
            "no Spark here: run `make engines`, or set MKTG_HOST and MKTG_PORT to a Thrift server"
        )
    return os.environ | {
        "JAVA_HOME": str(java_home()),
        "SPARK_HOME": str(Path(found_spark.origin).parent),
        "SPARK_LOCAL_IP": HOST,  # the name of the machine may lead to another address
        "SPARK_LOCAL_DIRS": str(folder.resolve() / "scratch"),
        "SPARK_DAEMON_MEMORY": "512m",
    }


def _record(folder: Path) -> Path:
    return folder / "cluster.json"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in sockets]
    for listening in sockets:
        listening.close()
    return ports


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((HOST, port)) == 0


def _alive_workers(web_port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{web_port}/json/", timeout=5) as answer:
            return int(json.load(answer)["aliveworkers"])
    except (OSError, urllib.error.URLError, ValueError):
        return 0


def is_alive(pid: int) -> bool:
    """Say whether a process of that number runs."""
    with suppress(ChildProcessError):  # a child of ours that ended stays until we ask for it
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _is_ours(pid: int) -> bool:
    """Say whether a process of that number runs, and is Spark's: numbers are given again."""
    if not is_alive(pid):
        return False
    command = Path(f"/proc/{pid}/cmdline")
    return not command.parent.parent.is_dir() or PACKAGE.encode() in command.read_bytes()


def _stop(pids: Iterable[int]) -> None:
    """End processes and those they have started, the last one first: politely, then by force."""
    for pid in reversed(list(pids)):
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(pid, number)
            if _ended(pid):
                break


def _ended(pid: int) -> bool:
    for _ in range(40):
        if not is_alive(pid):
            return True
        time.sleep(0.25)
    return False
