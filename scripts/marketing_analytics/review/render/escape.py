"""Text that stays text in GitHub's Markdown: no tag, cell, mention or link comes of a value."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from marketing_analytics.review.words import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_VALUE = 80
MAX_TEXT = 400
PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_ .,:+/-]*[A-Za-z0-9_])?")
IN_WORD = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")  # snake_case, which formats nothing
LINK = re.compile(r"://|www\.|GH-\d", re.IGNORECASE)
SPECIAL = frozenset("\\`*_[]<>#|~&@$")
ZERO_WIDTH = "&#8203;"


def code(value: str, most: int = MAX_VALUE) -> str:
    """Return a value in a fixed-width font, whatever is in it.

    A span of backticks where nothing in it could end one; else a tag whose content is written in
    character references, which are read after Markdown's own signs are.
    """
    short = cut(clean(value), most)
    if PLAIN.fullmatch(short) and "  " not in short:
        return f"`{short}`"
    return tag(value, most)


def tag(value: str, most: int = MAX_VALUE) -> str:
    """Return the same as a tag, for a line that Markdown does not look into."""
    written = "".join(
        sign if sign.isalnum() or sign == " " else f"&#{ord(sign)};"
        for sign in cut(clean(value), most)
    )
    return f"<code>{written or ZERO_WIDTH}</code>"


def text(value: str, most: int = MAX_TEXT) -> str:
    """Return a text in a line or a cell, in which nothing is formatted, mentioned or linked."""
    short = cut(clean(value), most)
    parts = []
    in_words = {
        place for found in IN_WORD.finditer(short) for place in range(found.start(), found.end())
    }
    for place, sign in enumerate(short):
        if sign in SPECIAL and place not in in_words:
            parts.append(f"&#{ord(sign)};")
            parts.append(ZERO_WIDTH if sign in "@#" else "")
        else:
            parts.append(sign)
    written = LINK.sub(lambda found: f"{found[0][0]}{ZERO_WIDTH}{found[0][1:]}", "".join(parts))
    written = re.sub(r":(?=[a-z0-9_+-]+:)", f":{ZERO_WIDTH}", written)  # :tada:
    # What begins a list, a heading or a rule where a line does.
    return re.sub(
        r"^\s*(-(?=[\s-]|$)|\+(?=\s|$)|=|\d+(?=[.)](\s|$)))",
        lambda found: "".join(f"&#{ord(sign)};" for sign in found[1]),
        written,
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: int = 0) -> str:
    """Return a table of cells that are escaped already, its last `right` columns to the right."""
    marks = ["---"] * (len(head) - right) + ["--:"] * right
    lines = [head, marks, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def clean(value: str) -> str:
    """Return a text on one line, without signs that cannot be seen or that turn its direction."""
    return "".join(
        " " if sign.isspace() else "\N{REPLACEMENT CHARACTER}" if _is_hidden(sign) else sign
        for sign in value
    )


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn")
