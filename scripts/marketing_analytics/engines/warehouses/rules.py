"""Constructs that some engine refuses, or answers in another way, in compiled SQL.

sqlglot reads nearly everything in every dialect, so what is not run by an engine itself has to be
looked for. The rules hold in every dialect, so that a check of one warehouse finds what another one
lacks; what a dispatched macro says in DuckDB's and PostgreSQL's alone is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.tokenizer_core import TokenType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlglot.tokenizer_core import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A construct, who does not have it or reads it in another way, and what to write."""

    construct: str
    trouble: str
    instead: str

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"{self.construct}: {self.trouble}; {self.instead}"


def _rule(construct: str, trouble: str, instead: str) -> Rule:
    return Rule(construct=construct, trouble=trouble, instead=instead)


DOUBLE_COLON = _rule("::", "BigQuery refuses it", "write cast(… as …)")
INTEGER_DIVISION = _rule(
    "integer division", "PostgreSQL and Redshift cut the fraction off", "use safe_ratio"
)
QUOTIENT_TO_INTEGER = _rule(
    "a quotient cast to an integer",
    "Spark and Databricks cut it off, others round it",
    "use floor or round first",
)
NULL_ORDER = _rule(
    "a window's order without nulls first or last",
    "PostgreSQL, Redshift and Snowflake put nulls elsewhere than BigQuery and Spark",
    "say where they go",
)
DOUBLE_QUOTES = _rule(
    "a name in double quotes", "BigQuery and Databricks read a text", "use a plain name"
)
BARE_UNION = _rule("bare union", "BigQuery refuses it", "write union all and group")
BARE_DECIMAL = _rule(
    "decimal without digits", "each engine has other digits", "use type_decimal or type_money"
)
WEEK = _rule(
    "week",
    "BigQuery's begins on Sunday, Snowflake's on a day that is set, the others' on Monday",
    "use iso_day_of_week",
)
LIST = _rule("list or struct", "Redshift and PostgreSQL lack it", "use rows")
NODES: Mapping[type[exp.Expr], Rule] = {
    exp.Qualify: _rule("qualify", "PostgreSQL refuses it", "filter in a step of its own"),
    exp.Filter: _rule(
        "filter (where", "BigQuery, Redshift and Snowflake refuse it", "write sum(case when …)"
    ),
    exp.ILike: _rule("ilike", "BigQuery refuses it", "compare lower(…)"),
    exp.RegexpLike: _rule("regular expression", "each engine has its own", "use like"),
    exp.SimilarTo: _rule("similar to", "BigQuery and Databricks refuse it", "use like"),
    exp.NullSafeEQ: _rule("is not distinct from", "Redshift lacks it", "compare with coalesce"),
    exp.NullSafeNEQ: _rule("is distinct from", "Redshift lacks it", "compare with coalesce"),
    exp.IgnoreNulls: _rule("ignore nulls", "PostgreSQL refuses it", "filter nulls out first"),
    exp.Values: _rule("values as a table", "BigQuery and Redshift refuse it", "use union all"),
    exp.Array: LIST,
    exp.Struct: LIST,
    exp.Bracket: LIST,
    exp.Unnest: LIST,
    exp.Lambda: LIST,
    exp.Explode: LIST,
}
NO_COMMON = "no form that all engines have"
# By name, whatever a dialect takes them for. Redshift's are those of "Unsupported PostgreSQL
# functions" in its manual.
FUNCTIONS: Mapping[str, Rule] = {
    name: _rule(f"{name}()", trouble, instead)
    for trouble, instead, names in [
        ("Redshift lacks it", NO_COMMON, "array_agg every xml_agg corr covar_pop"),
        ("Redshift lacks it", NO_COMMON, "covar_samp clock_timestamp transaction_timestamp div"),
        ("Redshift lacks it", NO_COMMON, "justify_days justify_hours justify_interval setseed"),
        ("Redshift lacks it", NO_COMMON, "width_bucket generate_series generate_subscripts"),
        ("Redshift lacks it", NO_COMMON, "bit_length overlay convert_from convert_to encode"),
        ("Redshift lacks it", NO_COMMON, "format quote_nullable regexp_matches"),
        ("Redshift lacks it", NO_COMMON, "regexp_split_to_array regexp_split_to_table"),
        ("only some engines have it", NO_COMMON, "median quantile percentile_cont percentile_disc"),
        ("only some engines have it", "use first_row_per_key", "max_by min_by arg_max arg_min"),
        ("only some engines have it", "use dbt.listagg", "listagg string_agg group_concat"),
        ("only some engines have it", "write sum(case when …)", "countif count_if"),
        ("only some engines have it", "use rows", "list unnest struct_pack explode flatten"),
        ("only some engines have it", "use dbt.position", "strpos charindex instr"),
        ("only some replace every match", "use dbt.replace", "regexp_replace"),
    ]
    for name in names.split()
}
# What dbt.listagg says in a dialect; in the others it breaks a rule.
LISTAGG = {"bigquery": "string_agg", "redshift": "listagg", "snowflake": "listagg"}
WEEK_UNITS = ("WEEK", "DOW", "DAYOFWEEK", "ISODOW", "DAYOFWEEKISO", "WEEKDAY")

Schema = dict[str, dict[str, dict[str, str]]]
Found = tuple[int, Rule]


def broken_rules(sql: str, dialect: str, schema: Schema) -> list[Found]:
    """Return what no query may have, each with the line of the SQL, in the order of lines.

    `schema` has the columns of the tables and their types as DuckDB names them.
    """
    found: set[Found] = set()
    try:
        found.update(_in_tokens(sql, sqlglot.tokenize(sql, read=dialect), LISTAGG.get(dialect)))
        query = sqlglot.parse_one(sql, read=dialect)
    except SqlglotError:
        pass  # what runs the query says so, and where
    else:
        found.update(_in_tree(query), _by_types(query, dialect, schema))
    return sorted(found, key=lambda pair: (pair[0], str(pair[1])))


def _in_tokens(sql: str, tokens: Sequence[Token], listagg: str | None) -> Iterator[Found]:
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        text = token.text.lower()
        if token.token_type is TokenType.DCOLON:
            yield token.line, DOUBLE_COLON
        elif token.token_type is TokenType.STRING and sql[token.start] == '"':
            yield token.line, DOUBLE_QUOTES
        elif (
            following
            and following.token_type is TokenType.L_PAREN
            and text in FUNCTIONS
            and text != listagg
        ):
            yield token.line, FUNCTIONS[text]
        elif token.token_type is TokenType.UNION:
            if following and following.text.lower() not in ("all", "distinct"):
                yield token.line, BARE_UNION
        elif token.token_type is TokenType.OVER:
            yield from _window_order(tokens[place:])


def _window_order(tokens: Sequence[Token]) -> Iterator[Found]:
    """Find items of a window's order, from its `over (` on, that do not place nulls."""
    depth = 0
    item: list[Token] | None = None  # what is being read of the order's items
    for token in tokens[1:]:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        ends = depth == 0 or (
            depth == 1 and token.token_type in (TokenType.COMMA, TokenType.ROWS, TokenType.RANGE)
        )
        if ends:
            if item and "nulls" not in (part.text.lower() for part in item):
                yield item[0].line, NULL_ORDER
            item = [] if item is not None and token.token_type is TokenType.COMMA else None
        elif depth == 1 and token.token_type is TokenType.ORDER_BY:
            item = []
        elif item is not None:
            item.append(token)
        if depth == 0:
            return


def _in_tree(query: exp.Expr) -> Iterator[Found]:
    for node in query.walk():
        rule = NODES.get(type(node)) or _structure(node)
        if rule:
            yield _line(node), rule


def _structure(node: exp.Expr) -> Rule | None:
    """Return the rule that a node breaks by what it consists of."""
    return next((rule for rule, breaks in STRUCTURES if breaks(node)), None)


def _leaves_columns_out(node: exp.Expr) -> bool:
    parts = ("except", "except_", "replace", "rename")
    return isinstance(node, exp.Star) and any(node.args.get(part) for part in parts)


def _counts_several(node: exp.Expr) -> bool:
    is_counted = isinstance(node, exp.Distinct) and isinstance(node.parent, exp.Count)
    return is_counted and len(node.expressions) > 1


def _counts_distinct_over(node: exp.Expr) -> bool:
    counted = isinstance(node, exp.Window) and isinstance(node.this, exp.Count)
    return counted and isinstance(node.this.this, exp.Distinct)


def _names_week(node: exp.Expr) -> bool:
    truncates = isinstance(node, exp.TimestampTrunc | exp.DateTrunc | exp.Extract)
    return truncates and _unit(node) in WEEK_UNITS


def _has_type(node: exp.Expr, *types: str) -> bool:
    return isinstance(node, exp.Cast) and bool(node.to.is_type(*types))


# With a condition each, for what the kind of a node does not say.
STRUCTURES: Sequence[tuple[Rule, Callable[[exp.Expr], bool]]] = (
    (
        _rule("* except", "Redshift and PostgreSQL refuse it", "name the columns"),
        _leaves_columns_out,
    ),
    (
        _rule("group by all", "PostgreSQL refuses it", "use ordinals"),
        lambda node: isinstance(node, exp.Group) and bool(node.args.get("all")),
    ),
    (_rule("count(distinct a, b)", "most refuse it", "group in a step first"), _counts_several),
    (
        _rule("count(distinct) over", "PostgreSQL refuses it", "group in a step first"),
        _counts_distinct_over,
    ),
    (LIST, lambda node: _has_type(node, "array", "list", "struct", "map")),
    (BARE_DECIMAL, lambda node: _has_type(node, "decimal") and not node.args["to"].expressions),
    (WEEK, _names_week),
)


def _unit(node: exp.Expr) -> str:
    unit = node.args.get("unit") or node.this
    if isinstance(unit, exp.WeekStart):  # what BigQuery's week is read as: from a day on
        return "ISOWEEK" if unit.name.upper() == "MONDAY" else "WEEK"
    return str(unit.name).upper().partition("(")[0]


def _by_types(query: exp.Expr, dialect: str, schema: Schema) -> Iterator[Found]:
    typed = query.copy()
    # All tables of the project would take longer to read than the query.
    tables: Schema = {}
    for table in typed.find_all(exp.Table):
        table.set("catalog", None)
        folder, name = table.db.lower(), table.name.lower()
        if name in schema.get(folder, {}):
            tables.setdefault(folder, {})[name] = schema[folder][name]
    known: dict[str, object] = {**tables}
    try:
        typed = annotate_types(
            qualify(typed, schema=known, dialect=dialect, validate_qualify_columns=False),
            schema=known,
            dialect=dialect,
        )
    except SqlglotError:
        return
    whole = exp.DataType.INTEGER_TYPES
    for node in typed.walk():
        if isinstance(node, exp.Div):
            if node.this.is_type(*whole) and node.expression.is_type(*whole):
                yield _line(node), INTEGER_DIVISION
        elif isinstance(node, exp.Cast) and node.to.is_type(*whole):
            yield from _cut_off(node)


def _cut_off(cast: exp.Expr) -> Iterator[Found]:
    """Find a quotient that a cast to an integer cuts off or rounds."""
    if isinstance(cast.this.unnest(), exp.Div | exp.Avg):
        yield _line(cast), QUOTIENT_TO_INTEGER


def _line(node: exp.Expr) -> int:
    """Return the first line that a node, or else what it stands in, is known to be on."""
    at: exp.Expr | None = node
    while at is not None:
        lines = [part.meta["line"] for part in at.walk() if "line" in part.meta]
        if lines:
            return int(min(lines))
        at = at.parent
    return 1
