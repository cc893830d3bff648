"""Sizes: lines, rows and columns without end."""

from __future__ import annotations

from hostile.case import GOOD, LOADED, NEXT, Case, loads, refuses, rows

LONG = "x" * 3_000_000
SIZE = "longer than 2 MB"
WIDE = "session_id,session_start,country," + ",".join(f"x{i}" for i in range(9997))

CASES: list[Case] = [
    rows(
        "a-value-of-3-mb",
        f"s1,2024-01-01,{LONG}\n" + NEXT,
        loads(LOADED[1], rejected=[(2, None, SIZE)]),
    ),
    rows(
        "a-quoted-value-of-3-mb",
        f's1,2024-01-01,"{LONG}"\n' + NEXT,
        loads(LOADED[1], rejected=[(2, None, SIZE)]),
    ),
    rows(
        "a-record-of-3-mb-in-lines",
        f's1,2024-01-01,"{LONG[:1_500_000]}\n{LONG[:1_500_000]}"\n' + NEXT,
        loads(LOADED[1], rejected=[(2, None, SIZE)]),
    ),
    rows(
        "letters-of-4-bytes",
        f"s1,2024-01-01,{'😀' * 600_000}\n" + NEXT,
        loads(LOADED[1], rejected=[(2, None, SIZE)]),
    ),
    rows(
        "quotes-by-the-million",
        's1,2024-01-01,"' + '""' * 900_000 + '"\n' + NEXT,
        loads(("s1", '"' * 900_000), LOADED[1]),
    ),
    rows("a-line-of-30-mb", "a" * 30_000_000, loads(rejected=[(2, None, SIZE)])),
    rows(
        "quotes-that-every-line-opens",
        '5",",\n' * 3000,
        refuses("quotes are opened and never closed"),
        limits={"records.MOST_LOST": 100_000},
    ),
    Case(
        name="a-header-of-3-mb",
        files={"sessions.csv": LONG},
        outcome=refuses(f"line 1 is {SIZE}", "is it a CSV file?"),
    ),
    Case(
        name="json-a-line-of-3-mb",
        files={
            "sessions.jsonl": f'{{"session_id":"{LONG}"}}\n'
            '{"session_id":"s2","session_start":"2024-01-02","country":"FR"}\n'
        },
        outcome=loads(LOADED[1], rejected=[(1, None, SIZE)]),
    ),
    Case(
        name="json-an-item-without-end",
        files={"sessions.json": f'[{{"session_id":"{LONG}{LONG}'},
        outcome=refuses(f"item 1: {SIZE}"),
    ),
    Case(
        name="columns-by-the-thousand",
        files={
            "sessions.csv": ",".join(WIDE.split(",")[:1000]) + "\n" + GOOD[:-1] + "," * 997 + "\n"
        },
        outcome=loads(LOADED[0], notes=("and 947 more",)),
    ),
    Case(
        name="columns-by-the-ten-thousand",
        files={"sessions.csv": WIDE + "\n" + GOOD[:-1] + "," * 9997 + "\n"},
        outcome=loads(LOADED[0], notes=("and 9,947 more",)),
        full=True,
    ),
    Case(
        name="one-column-too-many",
        files={"sessions.csv": WIDE + ",y\n" + GOOD},
        outcome=refuses("has 10,001 columns", "leave some out"),
    ),
]
