"""JSON: what is none, goes on too deep or too long, or says two things at once."""

from __future__ import annotations

from hostile.case import Case, Loaded, Refused, loads, refuses

ONE = '{"session_id":"s1","session_start":"2024-01-01","country":"DE"}'
TWO = ONE.replace("s1", "s2")
NONE = "has no JSON object that can be read"
HALF = r"holds one half of a character (\ud800 to \udfff)"
UNTRUE = "not a JSON object"


def jsonl(name: str, text: str | bytes, outcome: Loaded | Refused) -> Case:
    return Case(name=f"json-{name}", files={"sessions.jsonl": text}, outcome=outcome)


def json(name: str, text: str | bytes, outcome: Loaded | Refused) -> Case:
    return Case(name=f"json-{name}", files={"sessions.json": text}, outcome=outcome)


def ids(*values: str | None) -> list[tuple[str | None, None]]:
    return [(value, None) for value in values]


def of(value: str, key: str = "session_id") -> str:
    return f'{{"{key}":{value},"session_start":"2024-01-01"}}\n'


LINES = [
    jsonl(
        "values-of-every-type",
        "".join(map(of, ("1", "true", "null", '{"a":1}', "[1,2]", "1e400", "NaN", "-Infinity"))),
        loads(
            *ids("1", "true", '{"a": "1"}', '["1", "2"]', "1e400", "NaN", "-Infinity"),
            rejected=[(3, "session_id", "empty, but the column needs a value")],
        ),
    ),
    jsonl(
        "types-that-change-in-a-column",
        '{"session_id":1,"session_start":"2024-01-01","pages_viewed":"3"}\n'
        '{"session_id":2,"session_start":"2024-01-01","pages_viewed":{"n":3}}\n'
        '{"session_id":3,"session_start":"2024-01-01","pages_viewed":[3]}\n'
        '{"session_id":4,"session_start":["2024-01-01"],"pages_viewed":3.0}\n',
        Loaded(
            rows=[("1", 3)],
            columns="session_id, pages_viewed",
            rejected=[
                (2, "pages_viewed", "not a whole number"),
                (3, "pages_viewed", "not a whole number"),
                (4, "session_start", "not a time (YYYY-MM-DD HH:MM:SS)"),
            ],
        ),
    ),
    jsonl(
        "things-between-objects",
        f'1\n"x"\nnull\n[]\n{ONE}\n// note\n',
        loads(
            ("s1", "DE"),
            rejected=[(n, None, UNTRUE) for n in range(1, 5)]
            + [(6, None, f"{UNTRUE}: Expecting value")],
        ),
    ),
    jsonl("things-alone", "1\n2\n", refuses(NONE, "write an object per line")),
    jsonl("blank", " \n \n", refuses(NONE)),
    jsonl("single-quotes", "{'session_id':'s1'}\n", refuses(NONE, "enclosed in double quotes")),
    jsonl(
        "two-objects-on-a-line",
        ONE + TWO + "\n" + ONE + "\n",
        loads(("s1", "DE"), rejected=[(1, None, f"{UNTRUE}: Extra data")]),
    ),
    jsonl(
        "cut-in-the-middle",
        f"{ONE}\n{TWO[:30]}",
        loads(("s1", "DE"), rejected=[(2, None, f"{UNTRUE}: Unterminated string starting at")]),
    ),
    jsonl(
        "line-feeds-in-text",
        f"{ONE}\n" + TWO.replace("FR", "F\nR").replace("DE", "D\nE"),
        loads(
            ("s1", "DE"),
            rejected=[
                (2, None, f"{UNTRUE}: Unterminated string starting at"),
                (3, None, f"{UNTRUE}: Expecting value"),
            ],
        ),
    ),
    jsonl(
        "a-key-twice",
        ONE + '\n{"session_id":"s2","session_id":"s3"}\n',
        loads(("s1", "DE"), rejected=[(2, None, "names a key twice")]),
    ),
    jsonl(
        "a-key-twice-but-for-blanks",
        ONE + '\n{"session_id":"s2"," session_id":"s3"}\n',
        loads(("s1", "DE"), rejected=[(2, None, "names a key twice")]),
    ),
    jsonl(
        "a-key-twice-but-for-case",
        f"{ONE}\n{of(chr(34) + 's2' + chr(34), 'Session_ID')}",
        refuses("names 'Session_ID' twice"),
    ),
    jsonl("a-key-without-a-name", of('"s1"')[:-2] + ',"":1}\n', refuses("column 3", "no name")),
    jsonl("a-number-as-a-key", ONE[:-1] + ',"2024":1}\n', loads(("s1", "DE"))),
    jsonl("a-prototype", ONE[:-1] + ',"__proto__":{"x":1}}\n', loads(("s1", "DE"))),
    jsonl(
        "zero-bytes",
        ONE + "\n" + of(r'"s\u00002"'),
        loads(("s1", "DE"), rejected=[(2, "session_id", "holds a zero byte")]),
    ),
    jsonl(
        "half-a-character",
        ONE + "\n" + of(r'"s\ud8002"'),
        loads(("s1", "DE"), rejected=[(2, None, HALF)]),
    ),
    jsonl(
        "half-a-character-as-a-key",
        ONE + '\n{"\\udfff":1}\n',
        loads(("s1", "DE"), rejected=[(2, None, HALF)]),
    ),
    jsonl("half-a-character-and-nothing-else", of(r'"\ud800"'), refuses(NONE, HALF)),
    jsonl("a-number-of-5000-digits", of("9" * 5000), loads(*ids("9" * 5000))),
    jsonl(
        "brackets-in-brackets",
        ONE.replace('"DE"', "[" * 200 + "]" * 200),
        loads(("s1", "[" * 200 + "]" * 200)),
    ),
    jsonl("a-mark-of-utf8", "\ufeff" + ONE, loads(("s1", "DE"))),
    jsonl(
        "latin1",
        ONE.replace("DE", "Österreich").encode("latin-1"),
        Loaded(rows=[("s1", "Österreich")], notes=("(a guess",)),
    ),
    jsonl(
        "a-new-key-in-every-line",
        "".join(
            f'{{"session_id":{n},"session_start":"2024-01-01","k{n}":1}}\n' for n in range(200)
        ),
        loads(*ids(*map(str, range(200)))),
    ),
]

ARRAYS = [
    json("an-empty-array", "[]", refuses(NONE)),
    json("an-array-of-numbers", "[1, 2, null]", refuses(NONE, f"1: {UNTRUE}")),
    json("an-array-of-arrays", "[[1, 2], [3]]", refuses(NONE, f"1: {UNTRUE}")),
    json("an-array-in-an-object", f'{{"data":[{ONE}]}}', refuses("needs a value", "has: data")),
    json("an-array-and-garbage", f"[{ONE}] garbage", refuses("something stands after the end")),
    json("two-arrays", f"[{ONE}][{TWO}]", refuses("something stands after the end", "one array")),
    json(
        "an-array-and-garbage-far-away",
        f"[{ONE}]" + " " * 3_000_000 + "x",
        refuses("something stands after the end of the array"),
    ),
    json("blanks-before-an-array", " " * 3_000_000 + f"[{ONE}]", loads(("s1", "DE"))),
    json("an-array-without-commas", f"[{ONE}{TWO}]", loads(("s1", "DE"), ("s2", "DE"))),
    json("an-array-of-commas", f"[,,{ONE},,]", loads(("s1", "DE"))),
    json(
        "an-array-cut-in-an-item",
        f"[{ONE},{TWO[:30]}",
        refuses("is no complete JSON array (item 2)"),
    ),
    json("an-array-cut-between-items", f"[{ONE},", refuses("is no complete JSON array (item 2)")),
    json("an-array-with-a-broken-item", f"[{ONE},{{oops}},{TWO}]", refuses("(item 2)")),
    json(
        "an-array-with-half-a-character",
        f"[{ONE},{of(chr(34) + chr(92) + 'ud800' + chr(34))}]",
        loads(("s1", "DE"), rejected=[(2, None, HALF)]),
    ),
    json("csv-named-json", "session_id,session_start\ns1,2024-01-01\n", refuses(NONE, UNTRUE)),
]

CASES: list[Case] = [*LINES, *ARRAYS]
