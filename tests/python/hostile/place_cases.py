"""Names, links and folders: what stands around a file."""

from __future__ import annotations

from hostile.case import GOOD, HEADER, LOADED, Case, Content, loads, refuses
from hostile.makers import folder, link, parquet

FILE = HEADER + GOOD
# A file in a folder that is called like its table may have any name.
NAMES = {
    "blanks": "a b",
    "a-quote": "it's",
    "a-double-quote": 'q"uote',
    "a-star": "st*r",
    "a-question-mark": "wh?t",
    "brackets": "br[a]cket",
    "braces": "br{a,b}ce",
    "a-line-feed": "new\nline",
    "a-command": "$(touch owned)",
    "two-commands": "; touch owned;",
    "percents": "%s%n",
    "text-that-turns-round": "\u202egpj",
    "an-option": "--from",
    "a-home": "~",
    "a-comment": "#x",
    "escape-codes": "\x1b[2J",
    "markup": "[red]",
    "sql": "x') ; drop schema marketing_raw; --",
}


def one(key: str) -> Content:
    return parquet(f"select '{key}' as session_id, timestamp '2024-01-01' as session_start")


NAMED = [
    Case(
        name=f"a-name-with-{name}",
        files={f"sessions/{text}.csv": FILE},
        given="sessions",
        outcome=loads(LOADED[0]),
    )
    for name, text in NAMES.items()
]

PLACES = [
    Case(
        name="parquet-with-a-star-beside-another",
        files={"sessions/a*.parquet": one("star"), "sessions/ab.parquet": one("ab")},
        given="sessions",
        outcome=loads(("star", None), ("ab", None)),
    ),
    Case(
        name="parquet-with-brackets-beside-another",
        files={"sessions/[a].parquet": one("bracket"), "sessions/a.parquet": one("a")},
        given="sessions",
        outcome=loads(("bracket", None), ("a", None)),
    ),
    Case(
        name="a-folder-with-brackets-beside-another",
        files={"x[1]/sessions.parquet": one("right"), "x1/sessions.parquet": one("wrong")},
        given="x[1]",
        outcome=loads(("right", None)),
    ),
    Case(
        name="a-name-that-is-no-utf8",
        files={"sessions/\udcff.csv": FILE},
        given="sessions",
        outcome=refuses("its name is not UTF-8; rename it", culprit=r"\udcff.csv"),
    ),
    Case(
        name="a-link-to-a-file",
        files={"real.txt": FILE, "sessions.csv": link("real.txt")},
        given="sessions.csv",
        outcome=loads(LOADED[0]),
    ),
    Case(
        name="a-link-to-itself",
        files={"sessions.csv": link("sessions.csv")},
        given="sessions.csv",
        outcome=refuses("is a link to a file that is not there"),
    ),
    Case(
        name="a-link-to-nothing",
        files={"sessions.csv": link("nowhere")},
        given="sessions.csv",
        outcome=refuses("is a link to a file that is not there"),
    ),
    Case(
        name="a-link-to-a-device-without-end",
        files={"sessions.csv": link("/dev/zero")},
        given="sessions.csv",
        outcome=refuses("is not a regular file; save what it gives to a file first"),
    ),
    Case(
        name="a-link-to-a-file-of-the-system",
        files={"sessions.csv": link("/etc/passwd")},
        given="sessions.csv",
        outcome=refuses("needs a value, and the file has no column of that name"),
    ),
    Case(
        name="a-folder-that-holds-itself",
        files={"sessions.csv": FILE, "loop": link(".")},
        outcome=refuses("several files for sessions", "name them in a mapping"),
    ),
    Case(
        name="a-folder-that-is-called-like-a-file",
        files={"sessions.csv": folder},
        given="sessions.csv",
        outcome=refuses("no file in", "rename the files, or write a mapping"),
    ),
    Case(
        name="hidden-files-and-files-of-an-open-workbook",
        files={"sessions.csv": FILE, ".sessions.csv": "x", "~$sessions.xlsx": "x"},
        outcome=loads(LOADED[0]),
    ),
    Case(
        name="a-folder-without-files",
        files={"x": folder},
        given="x",
        outcome=refuses("no file in", "rename the files, or write a mapping"),
    ),
]

CASES: list[Case] = [*NAMED, *PLACES]
