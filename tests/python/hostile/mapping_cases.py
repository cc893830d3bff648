"""Mappings: paths that lead out, expressions that do more than compute, YAML that is none."""

from __future__ import annotations

from hostile.case import GOOD, HEADER, Case, loads, mapped, refuses

FILE = HEADER + GOOD
OUT = ("leads out of", "give the other folder with --from")
SECRET = {"in/sessions.csv": FILE, "secret.csv": FILE}
BOMB = "".join(
    f"      {column}: &{here} [{', '.join([what] * 9)}]\n"
    for column, here, what in (
        ("user_id", "a", "x"),
        ("channel", "b", "*a"),
        ("country", "c", "*b"),
        ("device_type", "d", "*c"),
        ("session_id", "e", "*d"),
    )
)
NO_YAML = "is not YAML"
NO_TEXT = "a character that no text has"

CASES: list[Case] = [
    mapped(
        "a-path-to-the-folder-above",
        "tables: {sessions: {files: ../secret.csv}}",
        refuses(*OUT),
        files=SECRET,
        given="in",
    ),
    mapped(
        "a-pattern-above",
        "tables: {sessions: {files: '../*.csv'}}",
        refuses(*OUT),
        files=SECRET,
        given="in",
    ),
    mapped(
        "a-path-down-and-up",
        "tables: {sessions: {files: 'x/../../secret.csv'}}",
        refuses(*OUT),
        files=SECRET,
        given="in",
    ),
    mapped("a-path-from-the-root", "tables: {sessions: {files: /etc/passwd}}", refuses(*OUT)),
    mapped("a-pattern-from-the-root", "tables: {sessions: {files: '/**/*.csv'}}", refuses(*OUT)),
    mapped(
        "a-file-in-an-expression",
        "columns: {country: {sql: \"read_text('/etc/passwd')\"}}",
        refuses("table function"),
    ),
    mapped(
        "a-query-in-an-expression",
        "columns: {country: {sql: (select 1)}}",
        refuses("is not allowed"),
    ),
    mapped(
        "two-statements",
        "columns: {country: {sql: 1; drop schema marketing_raw}}",
        refuses("not an expression"),
    ),
    mapped(
        "a-statement-that-writes",
        "columns: {country: {sql: \"1); copy (select 1) to 'owned' --\"}}",
        refuses("not an expression"),
    ),
    mapped(
        "a-statement-that-attaches",
        "columns: {country: {sql: \"1); attach 'owned.db'; select (1\"}}",
        refuses("not an expression"),
    ),
    mapped(
        "an-extension",
        "columns: {country: {sql: \"load_extension('x')\"}}",
        refuses("does not exist"),
    ),
    mapped(
        "a-text-of-10-gb",
        "columns: {country: {sql: \"repeat('x', 10000000000)\"}}",
        refuses("maximum supported string size"),
    ),
    mapped(
        "a-text-larger-than-memory",
        'columns: {country: {sql: "repeat(country, 60000000)"}}',
        refuses("needs more than 50MB of memory"),
        limits={"run.MEMORY_LIMIT": "50MB"},
    ),
    mapped(
        "a-list-of-100-billion",
        "columns: {country: {sql: len(range(100000000000))}}",
        refuses("not supported"),
    ),
    mapped(
        "an-expression-that-sleeps",
        "columns: {country: {sql: pg_sleep(10)}}",
        refuses("does something instead of giving a value"),
    ),
    mapped(
        "a-slow-pattern",
        "columns: {country: {sql: \"regexp_matches(repeat('a', 50) || 'b', '(a+)+$')\"}}",
        loads(("s1", "false")),
    ),
    mapped(
        "brackets-in-an-expression",
        f"columns: {{country: {{sql: '{'(' * 3000}1{')' * 3000}'}}}}",
        refuses("depth limit"),
    ),
    mapped(
        "a-long-sum", f"columns: {{country: {{sql: '{'1+' * 20000}1'}}}}", refuses("depth limit")
    ),
    mapped(
        "sql-in-a-value",
        'columns: {country: {value: "x\'); drop schema marketing_raw; --"}}',
        loads(("s1", "x'); drop schema marketing_raw; --")),
    ),
    mapped(
        "sql-in-translated-values",
        'columns: {country: {from: country, values: {DE: "x\'); drop --"}}}',
        loads(("s1", "x'); drop --")),
    ),
    mapped("sql-in-empty", 'empty: ["x\'); drop --", DE]', loads(("s1", None))),
    mapped(
        "sql-in-a-time-zone", 'time_zone: "UTC\'); drop table x; --"', refuses("unknown time zone")
    ),
    mapped(
        "sql-in-a-format",
        'columns: {session_start: {from: session_start, format: "%Y\'); drop table x --"}}',
        loads(rejected=[(2, "session_start", "not a time in the format %Y'); drop table x --")]),
    ),
    mapped(
        "zero-bytes-in-a-value",
        r'columns: {country: {value: "a\0b"}}',
        loads(rejected=[(2, "country", "holds a zero byte")]),
    ),
    mapped(
        "half-a-character-in-a-value",
        r'columns: {country: {value: "a\ud800b"}}',
        refuses(NO_YAML, NO_TEXT),
    ),
    mapped(
        "half-a-character-in-an-expression",
        r"""columns: {country: {sql: "'\ud800'"}}""",
        refuses(NO_YAML, NO_TEXT),
    ),
    mapped("half-a-character-as-delimiter", r'delimiter: "\ud800"', refuses(NO_YAML, NO_TEXT)),
    mapped(
        "an-object-of-python",
        "!!python/object/apply:os.system ['touch owned']",
        refuses(NO_YAML, "constructor"),
    ),
    mapped(
        "a-key-twice-in-a-mapping",
        "tables: {sessions: {files: x, files: sessions.csv}}",
        refuses("the key 'files' stands twice"),
    ),
    mapped(
        "a-table-twice-in-a-mapping",
        "tables: {sessions: {files: sessions.csv}, sessions: {files: x}}",
        refuses("the key 'sessions' stands twice"),
    ),
    mapped("a-mapping-in-itself", "&a {tables: *a}", refuses("unknown key 'tables'")),
    mapped(
        "lists-of-lists-of-lists",
        f"tables:\n  sessions:\n    files: sessions.csv\n    columns:\n{BOMB}",
        refuses("must be one text"),
    ),
    mapped("a-deep-mapping", "[" * 2000, refuses("brackets are nested too deeply")),
    mapped(
        "a-day-that-never-was", "tables: {sessions: {files: 2024-99-99}}", refuses(NO_YAML, "month")
    ),
    mapped("a-number-of-5000-digits", f"header_row: 1{'0' * 5000}", refuses(NO_YAML, "limit")),
    mapped(
        "a-header-far-below",
        "header_row: 99999999999999999999",
        refuses("has no line 99999999999999999999"),
    ),
    mapped("two-mappings-in-one", "a: 1\n---\nb: 2\n", refuses(NO_YAML, "single document")),
]
