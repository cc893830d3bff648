"""How far a peer's conversions by channel are from the exact ones."""

from __future__ import annotations

import json
from pathlib import Path


def read(path: str) -> dict[str, dict[str, float]]:
    """Read the exact conversions by model and channel."""
    exact: dict[str, dict[str, float]] = json.loads(Path(path).read_text())
    return exact


def deviations(found: dict[str, float], exact: dict[str, float]) -> dict[str, float | str]:
    """Return the misplaced credit as a share of all conversions, and the worst channel."""
    off = {name: abs(found.get(name, 0.0) - value) for name, value in exact.items()}
    relative = {name: off[name] / value for name, value in exact.items() if value}
    worst = max(relative, key=relative.__getitem__)
    return {
        "misplaced": sum(off.values()) / sum(exact.values()),
        "worst": relative[worst],
        "worst_channel": worst,
    }
