"""The two consoles: results to stdout, progress and errors to stderr; plain off a terminal."""

from __future__ import annotations

import sys

from rich.console import Console

# Off a terminal there is no width to ask for; this one holds every table without wrapping.
PLAIN_WIDTH = 132

# A name such as a:fire:sale stays that name.
stdout = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)
stderr = Console(stderr=True, highlight=False, emoji=False)


def printable(text: str) -> str:
    r"""Return one line in which characters that a terminal obeys, or hides, are written as \x1b."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
