"""Brings a team's files into the declared raw tables: read, check, convert, all or nothing."""

from __future__ import annotations

from marketing_analytics.load.model import Input, LoadError, LoadResult
from marketing_analytics.load.run import load

__all__ = ["Input", "LoadError", "LoadResult", "load"]
