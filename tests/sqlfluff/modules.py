"""Stand-in for dbt's `modules` when sqlfluff renders a model."""

from __future__ import annotations

import re

__all__ = ["re"]
