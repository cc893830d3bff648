"""Stand-in for dbt's `run_started_at` when sqlfluff renders a model."""

from __future__ import annotations


def strftime(text: str) -> str:
    return "2024-06-30 00:00:00"
