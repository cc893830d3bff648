"""Values: numbers and dates that are none, and text that another program would obey."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hostile.case import HEADER, NEXT, Case, Loaded, csv, loads, rows

WHOLE, NUMBER = "not a whole number", "not a number"
TIME, DAY = "not a time (YYYY-MM-DD HH:MM:SS)", "not a date (YYYY-MM-DD)"
OUTSIDE, LARGE = "outside the years 1900 to 2200", "too large a number"
COMMA = '; where the comma is the decimal sign, set `decimal: ","` in the mapping'
Given = Sequence[tuple[str, Any]]


def values(name: str, column: str, given: Given, table: str = "ad_creatives") -> Case:
    """Return a case of one value per row: what it becomes, or (a text) why it is rejected."""
    key = {"ad_creatives": "creative_id", "sessions": "session_id"}[table]
    needed = ";session_start" if table == "sessions" and column != "session_start" else ""
    lines = [f"{key};{column}{needed}"]
    lines += [f"k{i};{text}{';2024-01-01' if needed else ''}" for i, (text, _) in enumerate(given)]
    outcome = Loaded(
        rows=[(f"k{i}", it) for i, (_, it) in enumerate(given) if not isinstance(it, str)],
        rejected=[(i, column, it) for i, (_, it) in enumerate(given, 2) if isinstance(it, str)],
        columns=f"{key}, {column}",
        table=table,
    )
    return Case(name=name, files={f"{table}.csv": "\n".join([*lines, ""])}, outcome=outcome)


def texts(name: str, *given: str) -> Case:
    """Return a case of texts that are loaded as they are, as keys and as values."""
    lines = "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in (text, "2024-01-01", text)) + "\n"
        for text in given
    )
    return rows(name, lines, loads(*((text, text) for text in given)))


NUMBERS = [
    values("counts-below-zero", "impressions", [("-1", "negative"), ("-0", 0), ("0", 0)]),
    values("amounts-below-zero", "spend", [("-0.01", "negative"), ("-5", "negative")]),
    values("numbers-with-exponents", "impressions", [("1e3", WHOLE), ("1E400", WHOLE)]),
    values(
        "amounts-with-exponents",
        "spend",
        [("1e10", Decimal("10000000000.00")), ("1e-10", Decimal("0.00")), ("1e400", LARGE)],
    ),
    values("infinities", "spend", [(text, NUMBER) for text in ("inf", "-inf", "Infinity", "∞")]),
    values("no-numbers", "spend", [(text, NUMBER) for text in ("NaN", "nan", "null", "#REF!")]),
    values(
        "doubles-beyond-doubles",
        "ctr",
        [("1e308", 1e308), ("1e309", "not a finite number"), ("1e-400", 0.0), ("inf", NUMBER)],
    ),
    values(
        "counts-too-large",
        "impressions",
        [
            ("9223372036854775807", 2**63 - 1),
            ("9223372036854775808", LARGE),
            ("9" * 400, LARGE),
        ],
    ),
    values(
        "amounts-too-large",
        "spend",
        [
            ("9999999999999999.99", Decimal("9999999999999999.99")),
            ("99999999999999999", LARGE),
            ("12345678901234567890123456.123456789012345", LARGE),
        ],
    ),
    values(
        "digits-of-other-scripts",
        "impressions",
        [("９９", WHOLE), ("٣", WHOLE), ("½", WHOLE), ("Ⅻ", WHOLE)],
    ),
    values(
        "numbers-of-programs",
        "impressions",
        [("0x10", WHOLE), ("1_000", WHOLE), ("0b1", WHOLE), ("true", WHOLE), ("+5", 5)],
    ),
    values(
        "thousands-marked",
        "impressions",
        [("1 000", WHOLE), ("1\u00a0000", WHOLE), ("1'000", WHOLE), ("1,000", WHOLE)],
    ),
    values(
        "amounts-with-thousands",
        "spend",
        [("1,234.56", NUMBER), ("1.234,56", NUMBER + COMMA), ("1 234.56", NUMBER)],
    ),
    values(
        "amounts-with-signs",
        "spend",
        [("$5", NUMBER), ("5 €", NUMBER), ("5%", NUMBER), ("(5)", NUMBER), ("--5", NUMBER)],
    ),
    values(
        "half-numbers", "spend", [(".", NUMBER), ("1e", NUMBER), ("1/2", NUMBER), ("-", NUMBER)]
    ),
    Case(
        name="counts-that-cannot-be-divided",
        files={"ads.csv": "creative_id,n\na,120\nb,125\nc,99999999999999999999\n"},
        mapping="tables: {ad_creatives: {files: ads.csv, columns: "
        "{impressions: {from: n, divide_by: 10}}}}",
        outcome=loads(
            ("a", 12),
            table="ad_creatives",
            columns="creative_id, impressions",
            rejected=[(3, "impressions", WHOLE), (4, "impressions", WHOLE)],
        ),
    ),
    Case(
        name="more-clicks-than-impressions",  # a platform's own figures: the models report them
        files={
            "campaigns_daily.csv": "campaign_id,date,spend,impressions,clicks,ctr\n"
            "c1,2024-01-01,1,1,100,100\nc2,2024-01-01,1,,5,-1\n"
        },
        outcome=loads(
            (1, 100, 100.0),
            (None, 5, -1.0),
            table="campaigns_daily",
            columns="impressions, clicks, ctr",
        ),
    ),
]

DATES = [
    values(
        "years-out-of-bounds",
        "session_start",
        [
            ("0000-01-01", OUTSIDE),
            ("0001-01-01", OUTSIDE),
            ("1899-12-31", OUTSIDE),
            ("1900-01-01", datetime(1900, 1, 1)),
            ("2200-12-31 23:59:59", datetime(2200, 12, 31, 23, 59, 59)),
            ("2201-01-01", OUTSIDE),
            ("9999-12-31", OUTSIDE),
        ],
        "sessions",
    ),
    values(
        "years-of-too-many-digits",
        "session_start",
        [("-0001-01-01", TIME), ("10000-01-01", TIME), ("99999999-01-01", TIME)],
        "sessions",
    ),
    values(
        "days-that-never-were",
        "date",
        [("2024-02-30", DAY), ("2023-02-29", DAY), ("2024-13-01", DAY), ("2024-00-00", DAY)],
        "sessions",
    ),
    values(
        "dates-of-several-kinds",
        "date",
        [
            ("2024-01-02", date(2024, 1, 2)),
            ("01/02/2024", DAY),
            ("2.1.2024", DAY),
            ("2024/01/02", DAY),
            ("20240102", DAY),
            ("Jan 2, 2024", DAY),
            ("2024-W01-2", DAY),
            ("45293", DAY),
            ("1704153600", DAY),
        ],
        "sessions",
    ),
    values(
        "times-that-are-none",
        "session_start",
        [
            ("2024-01-01 24:00:00", datetime(2024, 1, 2)),  # the end of a day, as ISO 8601 has it
            ("2024-01-01 24:00:01", TIME),
            ("2024-01-01 23:60", TIME),
            ("2024-01-01 23:59:60", TIME),
            ("2024-01-01 10h", TIME),
        ],
        "sessions",
    ),
    values(
        "offsets-that-no-clock-has",
        "session_start",
        [
            ("2024-01-01T00:00:00+14:00", datetime(2023, 12, 31, 10)),
            ("2024-01-01T00:00:00-12:00", datetime(2024, 1, 1, 12)),
            ("2024-01-01T00:00:00+25:00", TIME),
            ("2024-01-01T00:00:00+15:00", TIME),
            ("2024-01-01T00:00:00+02:99", TIME),
            ("2024-01-01T00:00:00 Europe/Berlin", TIME),
        ],
        "sessions",
    ),
    values(
        "words-that-an-engine-takes-for-times",
        "session_start",
        [(text, TIME) for text in ("infinity", "-infinity", "epoch", "now", "today", "1 (BC)")],
        "sessions",
    ),
    values(
        "dates-in-other-digits",
        "date",
        [("٢٠٢٤-٠١-٠١", DAY), ("２０２４-０１-０１", DAY)],
        "sessions",
    ),
    values(
        "parts-of-a-second",
        "session_start",
        [
            ("2200-12-31T23:59:59.999999999Z", datetime(2200, 12, 31, 23, 59, 59, 999999)),
            ("2024-01-01 00:00:00.1234567891", TIME),
        ],
        "sessions",
    ),
]

TEXTS = [
    texts(
        "sql-in-values", "'; drop schema marketing_raw cascade; --", "1) union select 1", "$$;$$"
    ),
    texts(
        "formulas-in-values", "=1+1", "+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "|x", "%0A"
    ),
    texts("a-script-in-values", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'),
    texts(
        "templates-in-values", "{{ 7 * 7 }}", "${jndi:ldap://x}", "$(touch owned)", "`touch owned`"
    ),
    texts("paths-in-values", "../../etc/passwd", "/dev/null", "C:\\CON", "file:///etc/passwd"),
    texts("markup-of-the-terminal-in-values", "[red]x[/red]", "[/]", "[link=http://x]y[/link]"),
    texts("words-for-nothing-in-values", "null", "NULL", "None", "nan", "undefined", "-", "0"),
    rows(
        "sql-in-a-value-that-is-rejected",
        "s1,'); drop table marketing_raw.sessions; --,DE\n" + NEXT,
        loads(("s2", "FR"), rejected=[(2, "session_start", TIME)]),
    ),
    rows(
        "keys-that-differ-in-nothing-one-sees",
        " s1 ,2024-01-01,a\ns1\u200b,2024-01-02,b\nS1,2024-01-03,c\n",
        loads(
            ("s1", "b"),
            ("S1", "c"),
            rejected=[(2, "session_id", "duplicate key, a later row replaced it")],
        ),
    ),
    csv(
        "one-key-in-1000-rows",
        HEADER + "".join(f"s1,2024-01-01,c{i}\n" for i in range(1000)),
        loads(
            ("s1", "c999"),
            rejected=[
                (line, "session_id", "duplicate key, a later row replaced it")
                for line in range(2, 1001)
            ],
        ),
    ),
    rows(
        "blanks-for-values",
        "s1,2024-01-01,\u00a0 \t\n \u200b,2024-01-01,x\n",
        loads(("s1", None), rejected=[(3, "session_id", "empty, but the column needs a value")]),
    ),
]

CASES: list[Case] = [*NUMBERS, *DATES, *TEXTS]
