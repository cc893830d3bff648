"""What the pages of a review and of a report have in common: one style, one policy, no request."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from marketing_analytics.review.render.escape import clean

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = Path(__file__).with_name("base.css")


def environment(templates: Path, **helpers: Callable[..., Any] | Any) -> Environment:
    """Return how templates are filled: every value is escaped, a missing one is an error."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )
    made.globals.update(helpers)
    return made


def style(own: Path) -> str:
    """Return the style of a page: the common one and what it adds."""
    return BASE.read_text(encoding="utf-8") + own.read_text(encoding="utf-8")


def allowed(content: str) -> str:
    """Return how a policy names the one style or script that it lets run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _visible(value: Any) -> Any:
    """Return a text without what cannot be seen or turns its direction; what is ours as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return clean(value).replace(" %", "\N{NO-BREAK SPACE}%")
