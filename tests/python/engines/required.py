"""Whether an engine that is not here is a reason to skip or to fail."""

from __future__ import annotations

import os
import warnings
from importlib import import_module
from typing import NoReturn

import pytest


def require(engine: str, *modules: str) -> None:
    """Skip the tests of a file, or fail, where a module that the engine needs is not installed."""
    for module in modules:
        try:
            with warnings.catch_warnings():  # of packages, when they are imported
                warnings.simplefilter("ignore")
                import_module(module)
        except ImportError as error:
            unavailable(engine, f"{error}; run `make engines`")


def unavailable(engine: str, reason: str) -> NoReturn:
    """Skip; fail where MKTG_REQUIRE_ENGINES names the engine, as CI does."""
    if engine in os.environ.get("MKTG_REQUIRE_ENGINES", "").split(","):
        pytest.fail(f"{engine} is required here: {reason}")
    pytest.skip(reason, allow_module_level=True)
