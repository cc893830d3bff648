"""Packed files: gzip, workbooks and Parquet, torn, of wrong types, or larger than they look."""

from __future__ import annotations

import gzip

from hostile.case import (
    GOOD,
    HEADER,
    LOADED,
    NEXT,
    Case,
    Content,
    Loaded,
    Refused,
    loads,
    refuses,
)
from hostile.makers import damaged, edited, half, parquet, sheet

AGAIN = "export it again"
TIME = "not a time (YYYY-MM-DD HH:MM:SS)"
WHOLE = "not a whole number"
PACKED = gzip.compress((HEADER + GOOD).encode())
SMALL = {"encoding.UNPACKED": 1_000_000}
BLANK = b" " * 50_000_000


def gz(name: str, content: bytes, outcome: Loaded | Refused, file: str = "csv.gz") -> Case:
    return Case(
        name=f"gzip-{name}", files={f"sessions.{file}": content}, outcome=outcome, limits=SMALL
    )


def book(name: str, content: Content, outcome: Loaded | Refused, **more: object) -> Case:
    limits = more.get("limits", {})
    assert isinstance(limits, dict)
    file = f"sessions.{more.get('ending', 'xlsx')}"
    return Case(name=f"book-{name}", files={file: content}, outcome=outcome, limits=limits)


GZIP = [
    gz("whole", PACKED, loads(LOADED[0])),
    gz("named-as-if-it-were-not", PACKED, loads(LOADED[0]), "csv"),
    gz("only-in-name", (HEADER + GOOD).encode(), loads(LOADED[0])),
    gz("cut-in-the-middle", half(PACKED), refuses("ended before the end-of-stream", AGAIN)),
    gz("cut-before-the-checksum", PACKED[:-6], refuses("ended before the end-of-stream", AGAIN)),
    gz("with-a-wrong-checksum", PACKED[:-8] + bytes(8), refuses("CRC check failed", AGAIN)),
    gz(
        "with-a-changed-byte", PACKED[:20] + bytes([PACKED[20] ^ 255]) + PACKED[21:], refuses(AGAIN)
    ),
    gz("with-garbage-behind", PACKED + b"garbage", refuses("Not a gzipped file", AGAIN)),
    gz("two-in-one", PACKED + gzip.compress(NEXT.encode()), loads(*LOADED)),
    gz("gzipped-twice", gzip.compress(PACKED), refuses("is not a text file")),
    gz("of-nothing", gzip.compress(b""), refuses("is empty")),
    gz("nothing", b"", refuses("is empty")),
    gz(
        "bomb",
        gzip.compress(HEADER.encode() + BLANK),
        refuses("unpacks to more than", "unpack it first"),
    ),
    gz("bomb-of-brackets", gzip.compress(b"[" + BLANK), refuses("unpacks to more than"), "json.gz"),
]

ERROR = b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
START = b'<c r="B2" t="inlineStr"><is><t>2024-01-01</t></is></c>'
COUNTRY = b'<c r="C2" t="inlineStr"><is><t>DE</t></is></c>'
END = b"</sheetData>"
FAR = b'<row r="%d"><c r="%s%d"><v>1</v></c></row>'
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'
TOO_MUCH = "it takes more than 2 GB of memory or 10 minutes"
NO_BOOK = "cannot read"

BOOKS = [
    book("cut-in-the-middle", damaged(sheet(), half), refuses(NO_BOOK, AGAIN)),
    book("cut-at-the-end", damaged(sheet(), lambda it: it[:-30]), refuses(NO_BOOK, AGAIN)),
    book("csv-in-truth", HEADER + GOOD, refuses(NO_BOOK)),
    book("nothing", b"", refuses(NO_BOOK)),
    book("a-page-in-truth", "<html><table></table></html>", refuses(NO_BOOK), ending="xls"),
    book(
        "old-and-garbage",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 3000,
        refuses(NO_BOOK),
        ending="xls",
    ),
    book("an-empty-archive", b"PK\x05\x06" + bytes(18), refuses(NO_BOOK), ending="ods"),
    book("without-rows", edited(END, END), loads(LOADED[0])),
    book(
        "a-cell-at-the-far-corner",
        edited(END, FAR % (1048576, b"XFD", 1048576) + END),
        refuses(TOO_MUCH),
    ),
    book(
        "a-cell-beyond-every-sheet",
        edited(b'r="C2"', b'r="ZZZZZZ99999999999"'),
        refuses("sessions.xlsx"),
    ),
    book(
        "a-row-far-below",
        edited(END, FAR % (50_000, b"A", 50_000) + END),
        loads(
            LOADED[0], rejected=[(50_000, "session_start", "empty, but the column needs a value")]
        ),
    ),
    book(
        "bomb",
        edited(END, END + BLANK),
        refuses("no real workbook", "save the sheet as CSV"),
        limits=SMALL,
    ),
    book("errors-in-cells", edited(START, ERROR), loads(rejected=[(2, "session_start", TIME)])),
    book(
        "a-formula-and-its-value",
        edited(COUNTRY, b'<c r="C2" t="str"><f>HYPERLINK("x")</f><v>DE</v></c>'),
        loads(LOADED[0]),
    ),
    book(
        "a-formula-without-a-value",
        edited(COUNTRY, b'<c r="C2"><f>1+1</f></c>'),
        loads(("s1", None)),
    ),
    book(
        "formulas-as-text",
        sheet([["session_id", "session_start", "country"], ["=1+1", "2024-01-01", "@x"]]),
        loads(("=1+1", "@x")),
    ),
    book("entities-of-other-files", edited(b"<worksheet", ENTITIES), loads(LOADED[0])),
    book("an-entity-in-a-cell", edited(b">DE<", b">&e;<"), refuses(NO_BOOK)),
    book(
        "dates-as-numbers",
        sheet([["session_id", "session_start"], ["s1", 45292], ["s2", 1e300]]),
        loads(rejected=[(2, "session_start", TIME), (3, "session_start", TIME)]),
    ),
    book("a-name-twice", sheet([["session_id", "session_start", "Session_ID"]]), refuses("twice")),
    book(
        "a-line-feed-in-a-name",
        sheet([["session_id", "session_start", "a\nb"], ["s1", "2024-01-01", "x"]]),
        loads(("s1", None), notes=(r"columns not loaded: a\nb",)),
    ),
]


def pq(name: str, make: Content, outcome: Loaded | Refused) -> Case:
    return Case(name=f"parquet-{name}", files={"sessions.parquet": make}, outcome=outcome)


def one(values: str) -> Content:
    return parquet(f"select {values}")


GOOD_FILE = parquet(
    "select 's' || i as session_id, timestamp '2024-01-01' as session_start from range(1000) t(i)"
)
STAMP = "timestamp '2024-01-01' as session_start"

PARQUET = [
    pq(
        "lists-and-structs",
        one("[1] as session_id, {'a': 1} as session_start"),
        loads(rejected=[(1, "session_start", TIME)]),
    ),
    pq("maps-as-keys", one(f"map(['a'], [1]) as session_id, {STAMP}"), loads(("{a=1}", None))),
    pq(
        "bytes-as-text",
        one(rf"'a\x00\xffb'::blob as session_id, {STAMP}"),
        loads((r"a\x00\xFFb", None)),
    ),
    pq(
        "intervals",
        one("'s1' as session_id, interval 1 day as session_start"),
        loads(rejected=[(1, "session_start", TIME)]),
    ),
    pq(
        "times-of-day",
        one("'s1' as session_id, time '10:00' as session_start"),
        loads(rejected=[(1, "session_start", TIME)]),
    ),
    pq(
        "numbers-as-times",
        one("'s1' as session_id, 1704067200 as session_start"),
        loads(rejected=[(1, "session_start", TIME)]),
    ),
    pq(
        "truth-as-a-time",
        one("'s1' as session_id, true as session_start"),
        loads(rejected=[(1, "session_start", TIME)]),
    ),
    pq(
        "an-infinite-time",
        one("'s1' as session_id, timestamp 'infinity' as session_start"),
        loads(rejected=[(1, "session_start", "outside the years 1900 to 2200")]),
    ),
    pq(
        "a-date-beyond-times",
        one(f"'s1' as session_id, {STAMP}, date '5881580-07-10' as date"),
        loads(rejected=[(1, "date", "not a date (YYYY-MM-DD)")]),
    ),
    pq(
        "a-date-before-christ",
        one("'s1' as session_id, date '0044-03-15 (BC)' as session_start"),
        loads(rejected=[(1, "session_start", "outside the years 1900 to 2200")]),
    ),
    pq(
        "doubles-as-counts",
        parquet(
            f"select 's' || i as session_id, {STAMP}, x::double as pages_viewed from (values "
            "(1, 'nan'), (2, '-inf'), (3, '1e300'), (4, '1.5'), (5, '2')) t(i, x)"
        ),
        Loaded(
            rows=[("s5", 2)],
            columns="session_id, pages_viewed",
            rejected=[(n, "pages_viewed", WHOLE) for n in range(1, 5)],
        ),
    ),
    pq(
        "a-decimal-below-zero",
        one(f"'s1' as session_id, {STAMP}, (-5)::decimal(10, 0) as pages_viewed"),
        loads(rejected=[(1, "pages_viewed", "negative")]),
    ),
    pq(
        "zero-bytes",
        one(f"'s' || chr(0) as session_id, {STAMP}"),
        loads(rejected=[(1, "session_id", "holds a zero byte")]),
    ),
    pq("no-rows", parquet(f"select 's' as session_id, {STAMP} where false"), loads()),
    pq(
        "sql-as-a-name",
        one(f'\'s1\' as session_id, {STAMP}, 1 as "a"") drop"'),
        loads(("s1", None)),
    ),
    pq(
        "a-name-that-the-loader-uses",
        one(f"'s1' as session_id, {STAMP}, 1 as \"mktg:line\""),
        refuses("no column may be called 'mktg:line'; rename it"),
    ),
    pq(
        "a-name-that-the-engine-uses",
        one(f"'s1' as session_id, {STAMP}, 9 as file_row_number"),
        refuses("no column may be called 'file_row_number'; rename it"),
    ),
    pq(
        "a-name-twice-but-for-case",  # the engine calls the second one otherwise
        one(f"'s1' as session_id, {STAMP}, 's2' as \"SESSION_ID\""),
        Loaded(rows=[("s1", None)], notes=("columns not loaded: SESSION_ID_1",)),
    ),
    pq("a-blank-name", one(f"'s1' as session_id, {STAMP}, 9 as \" \""), refuses("has no name")),
    pq("cut-in-the-middle", damaged(GOOD_FILE, half), refuses("No magic bytes", AGAIN)),
    pq("cut-at-the-end", damaged(GOOD_FILE, lambda it: it[:-4]), refuses("No magic bytes", AGAIN)),
    pq(
        "with-a-hole",
        damaged(GOOD_FILE, lambda it: it[:200] + bytes(500) + it[700:]),
        refuses(AGAIN),
    ),
    pq("a-footer-of-2-gb", b"PAR1\xff\xff\xff\x7fPAR1", refuses("cannot read", AGAIN)),
    pq("nothing", b"", refuses("too small", AGAIN)),
    pq("csv-in-truth", HEADER + GOOD, refuses("No magic bytes", AGAIN)),
    Case(
        name="parquet-more-rows-than-bytes",
        files={
            "sessions.parquet": parquet(f"select 's1' as session_id, {STAMP} from range(100_000)")
        },
        outcome=refuses("says that it has 100,000 rows", "write it as CSV first"),
        limits={"prepare.MOST_ROWS": 1000},
    ),
    Case(
        name="parquet-in-a-folder-with-a-value",
        files={"session_id=9/sessions.parquet": one(f"'s1' as session_id, {STAMP}")},
        given="session_id=9",
        outcome=loads(("s1", None)),
    ),
]

CASES: list[Case] = [*GZIP, *BOOKS, *PARQUET]
