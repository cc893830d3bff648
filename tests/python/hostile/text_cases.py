"""CSV: delimiters, quotes, line ends, encodings and headers that are wrong, or of several kinds."""

from __future__ import annotations

from hostile.case import GOOD, HEADER, LOADED, NEXT, Case, csv, loads, refuses, rows

NEEDS = "needs a value, and the file has no column of that name"
NO_TEXT = "is not a text file, whatever its name says"
OPEN = "a quote is opened and never closed"
ALONE = "a carriage return in a value without quotes"
TORN = "the text around it is: the file is cut, damaged or put together from several"
TWO = (HEADER + GOOD + NEXT).encode()

DELIMITERS = [
    csv("tilde-as-delimiter", TWO.replace(b",", b"~"), refuses(NEEDS, "session_id~session_start")),
    csv("caret-as-delimiter", TWO.replace(b",", b"^"), refuses(NEEDS, "say in a mapping where it")),
    rows(
        "a-row-with-semicolons",
        GOOD + NEXT.replace(",", ";"),
        loads(LOADED[0], rejected=[(3, None, "1 fields, but the header has 3")]),
    ),
    csv(
        "header-with-commas-rows-with-tabs",
        HEADER + GOOD.replace(",", "\t"),
        loads(rejected=[(2, None, "1 fields, but the header has 3")]),
    ),
    rows("a-delimiter-at-the-end-of-rows", "s1,2024-01-01,DE,\n" + NEXT, loads(*LOADED)),
    rows(
        "a-value-too-many",
        GOOD + "s2,2024-01-02,FR,x\n",
        loads(LOADED[0], rejected=[(3, None, "4 fields, but the header has 3")]),
    ),
    rows(
        "delimiters-and-nothing-else",
        ",,\n" + GOOD,
        loads(LOADED[0], rejected=[(2, "session_id", "empty, but the column needs a value")]),
    ),
    csv("sep-line-with-a-quote", b'sep="\n' + TWO, refuses(NEEDS)),
    csv("sep-line-with-a-backslash", b"sep=\\\n" + TWO, refuses(NEEDS)),
    csv("sep-line-with-another-letter", "sep=€\n".encode() + TWO, refuses(NEEDS)),
    csv("sep-line-with-a-zero-byte", b"sep=\0\n" + TWO, refuses(NO_TEXT)),
]

QUOTES = [
    rows(
        "single-quotes",
        "'s1','2024-01-01','DE'\n",
        loads(rejected=[(2, "session_start", "not a time (YYYY-MM-DD HH:MM:SS)")]),
    ),
    rows(
        "single-quotes-around-a-delimiter",
        "'s1',2024-01-01,'D,E'\n" + NEXT,
        loads(LOADED[1], rejected=[(2, None, "4 fields, but the header has 3")]),
    ),
    rows(
        "quotes-escaped-by-a-backslash",
        's1,2024-01-01,"a\\"b"\n' + NEXT,
        loads(LOADED[1], rejected=[(2, None, "a quote inside a quoted value is not doubled")]),
    ),
    rows("quotes-as-a-value", 's1,2024-01-01,"""DE"""\n', loads(("s1", '"DE"'))),
    rows(
        "a-quote-that-swallows-the-end",
        GOOD + 's2,2024-01-02,"FR\n' + "s3,2024-01-03,IT\n",
        loads(("s1", "DE"), ("s3", "IT"), rejected=[(3, None, OPEN)]),
    ),
    rows(
        "a-quote-that-nothing-follows",
        GOOD + 's2,2024-01-02,"FR',
        loads(LOADED[0], rejected=[(3, None, OPEN)]),
    ),
    rows(
        "line-feeds-in-a-quoted-key",
        '"s\n\n1",2024-01-01,DE\n' + NEXT + "s3,never,IT\n",
        loads(
            ("s\n\n1", "DE"),
            LOADED[1],
            rejected=[(6, "session_start", "not a time (YYYY-MM-DD HH:MM:SS)")],
        ),
    ),
    rows("crlf-in-a-quoted-value", 's1,2024-01-01,"D\r\nE"\r\n', loads(("s1", "D\nE"))),
    rows(
        "a-record-of-1500-lines",
        's1,2024-01-01,"' + "\n" * 1500 + '"\n' + NEXT,
        loads(LOADED[1], rejected=[(2, None, OPEN), (1502, None, OPEN)]),
    ),
    csv("a-header-with-an-open-quote", 'session_id,"session_start\n' + GOOD, refuses("the header")),
]

LINE_ENDS = [
    csv(
        "line-feeds-and-crlf",
        HEADER.replace("\n", "\r\n") + GOOD + NEXT.replace("\n", "\r\n"),
        loads(*LOADED),
    ),
    csv(
        "carriage-returns-and-one-line-feed",
        (HEADER + GOOD).replace("\n", "\r") + NEXT,
        refuses("some lines end with a carriage return alone, others do not"),
    ),
    rows(
        "rows-by-carriage-returns",
        (GOOD + NEXT).replace("\n", "\r"),
        loads(rejected=[(2, None, ALONE)]),
    ),
    rows(
        "a-carriage-return-in-a-value",
        "s1,x,D\rE\n" + NEXT,
        loads(LOADED[1], rejected=[(2, None, ALONE)]),
    ),
    rows(
        "a-split-and-a-joined-row",  # as many records as lines, but not one on each
        's0,2024-01-01,"a\nb"\n' + GOOD[:-1] + "\r" + NEXT + "s3,2024-01-03,IT\n",
        loads(("s0", "a\nb"), ("s3", "IT"), rejected=[(4, None, ALONE)]),
    ),
    rows(
        "marks-that-end-lines-elsewhere",
        "s1,2024-01-01,a\vb\fc\x85d\u2028e\x1ef\n" + NEXT,
        loads(("s1", "a\vb\fc\x85d\u2028e\x1ef"), LOADED[1]),
    ),
    csv("no-line-end", HEADER[:-1], loads()),
    csv("nothing", b"", refuses("is empty; its first line should name the columns")),
    csv("blank-lines", b"\n\r\n  \n", refuses("is empty; its first line should name the columns")),
]

ENCODINGS = [
    csv("a-mark-and-nothing", b"\xef\xbb\xbf", refuses("is empty")),
    csv("a-utf16-mark-and-nothing", b"\xff\xfe", refuses("is empty")),
    csv("two-marks", b"\xef\xbb\xbf\xef\xbb\xbf" + TWO, loads(*LOADED)),
    csv(
        "two-files-with-marks-in-one",
        HEADER.encode("utf-8-sig") + GOOD.encode() + NEXT.encode("utf-8-sig"),
        loads(*LOADED),
    ),
    rows("marks-without-a-width", "\u200bs1\u200b,2024-01-01,\u00a0DE\ufeff\n", loads(LOADED[0])),
    csv("utf16-with-half-a-character", TWO.decode().encode("utf-16")[:-1], refuses(NO_TEXT)),
    csv(
        "utf16-with-a-lone-surrogate",
        (HEADER + "s1,2024-01-01,").encode("utf-16") + b"\x00\xd8\n\x00",
        refuses(NO_TEXT),
    ),
    csv("utf8-behind-a-utf16-mark", b"\xff\xfe" + TWO, refuses(NO_TEXT)),
    rows(
        "utf8-in-two-bytes-too-many",
        b"s1,2024-01-01,\xc0\xaf\n",
        loads(("s1", "ŔŻ"), notes=("read as cp1250 (a guess",)),
    ),
    rows(
        "latin1-between-utf8",
        "s1,2024-01-01,Österreich\n".encode() + "s2,2024-01-01,Österreich\n".encode("latin-1"),
        refuses("byte 74 is no UTF-8", TORN),
    ),
    rows(
        "cut-in-the-middle-of-a-letter",
        "s1,2024-01-01,Österreich\ns2,2024-01-02,Ö".encode()[:-1],
        refuses(TORN, "export it again"),
    ),
    rows("utf7", "s1,2024-01-01,+ADw-script+AD4-\n", loads(("s1", "+ADw-script+AD4-"))),
    csv("ebcdic", TWO.decode().encode("cp037"), refuses(NO_TEXT)),
    rows("text-that-turns-round", "s1,2024-01-01,\u202eED\n", loads(("s1", "\u202eED"))),
    rows("letters-of-many-parts", "s1,2024-01-01,👩\u200d👩 Z͑ͫ\n", loads(("s1", "👩\u200d👩 Z͑ͫ"))),
]

BYTES = [
    rows(
        "zero-bytes-in-values",
        "s\x001,2024-01-01,DE\n" + NEXT,
        loads(LOADED[1], rejected=[(2, "session_id", "holds a zero byte")]),
    ),
    rows(
        "zero-bytes-in-a-quoted-value",
        's1,2024-01-01,"D\n\0E"\n' + NEXT,
        loads(LOADED[1], rejected=[(2, "country", "holds a zero byte")]),
    ),
    csv("zero-bytes-alone", b"\0" * 5000, refuses(NO_TEXT)),
    csv("zero-bytes-in-the-header", TWO.replace(b"coun", b"co\0un"), refuses(NO_TEXT)),
    rows(
        "zero-bytes-where-the-disk-was-full",
        GOOD * 150 + "\0" * 4096,
        loads(
            LOADED[0],
            rejected=[
                *(
                    (line, "session_id", "duplicate key, a later row replaced it")
                    for line in range(2, 151)
                ),
                (152, None, "1 fields, but the header has 3"),
            ],
        ),
    ),
    csv("zero-bytes-after-a-short-file", TWO + b"\0" * 4096, refuses(NO_TEXT)),
    rows(
        "escape-codes-of-a-terminal",
        "s1,2024-01-01,\x1b[2J\x1b]0;owned\x07\n" + NEXT,
        loads(("s1", "\x1b[2J\x1b]0;owned\x07"), LOADED[1]),
    ),
    csv(
        "escape-codes-in-the-header",
        TWO.replace(b"country", b"\x1b[2Jred"),
        loads(("s1", None), ("s2", None), notes=(r"columns not loaded: \x1b[2Jred",)),
    ),
    csv("a-pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", refuses(NEEDS)),
    csv("a-page-that-asks-to-sign-in", "<!DOCTYPE html>\n<html>Sign in</html>\n", refuses(NEEDS)),
    csv("a-picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), refuses(NO_TEXT)),
    csv("json-named-csv", '[{"session_id": "s1"}]', refuses(NEEDS)),
]

HEADERS = [
    csv(
        "a-column-twice",
        "session_id,session_start,country,country\ns1,2024-01-01,DE,FR\n",
        refuses("names 'country' twice"),
    ),
    csv(
        "a-column-twice-but-for-case-and-blanks",
        "session_id,session_start,country, COUNTRY \ns1,2024-01-01,DE,FR\n",
        refuses("names 'COUNTRY' twice"),
    ),
    csv(
        "a-column-twice-but-for-an-accent",
        "session_id,session_start,É,é\ns1,2024-01-01,1,2\n",
        refuses("names 'é' twice"),
    ),
    csv(
        "a-letter-that-looks-like-another",
        TWO.replace(b"session_id", "sеssion_id".encode()),
        refuses(NEEDS, "it has 'sеssion_id'"),
    ),
    csv("numbers-as-names", "1,2,3\n" + GOOD, refuses("'1' in the header looks like data")),
    csv(
        "a-name-that-the-loader-uses",
        TWO.replace(b"country", b"mktg:line"),
        refuses("no column may be called 'mktg:line'; rename it"),
    ),
    csv(
        "sql-as-a-name",
        'session_id,session_start,"x"" from (select 1)); drop schema marketing_raw cascade; --"\n'
        + GOOD,
        loads(("s1", None), notes=('columns not loaded: x" from (select 1)); drop',)),
    ),
    csv(
        "a-type-as-a-name",
        "session_id,session_start,a': 'INTEGER'}) --\n" + GOOD,
        loads(("s1", None), notes=("columns not loaded: a': 'INTEGER'}) --",)),
    ),
    csv(
        "markup-as-a-name",
        "session_id,session_start,[red]x[/red]\n" + GOOD,
        loads(("s1", None), notes=("columns not loaded: [red]x[/red]",)),
    ),
    csv(
        "another-file-below",
        HEADER + GOOD + HEADER + NEXT,
        loads(*LOADED, rejected=[(3, "session_start", "not a time (YYYY-MM-DD HH:MM:SS)")]),
    ),
]

CASES: list[Case] = [*DELIMITERS, *QUOTES, *LINE_ENDS, *ENCODINGS, *BYTES, *HEADERS]
