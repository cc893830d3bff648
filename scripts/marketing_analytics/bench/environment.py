"""Virtual environments for programs that need not go together with the project's packages."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def installed(folder: Path, packages: Sequence[str]) -> Path:
    """Return the Python of an environment with the packages, made once in a folder of its own.

    Raises:
        MarketingAnalyticsError: pip cannot install them.
    """
    python = folder / "bin" / "python"
    done = folder / "installed"
    told = "\n".join(packages)
    if not done.exists() or done.read_text(encoding="utf-8") != told:
        printed([sys.executable, "-m", "venv", "--clear", str(folder)])
        printed([str(python), "-m", "pip", "install", "--quiet", *packages])
        done.write_text(told, encoding="utf-8")
    return python


def printed(command: Sequence[str]) -> str:
    """Run a program to its end and return what it has printed.

    Raises:
        MarketingAnalyticsError: it failed; with the end of what it said.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MarketingAnalyticsError(f"{' '.join(command)}: {done.stderr.strip()[-500:]}")
    return done.stdout
