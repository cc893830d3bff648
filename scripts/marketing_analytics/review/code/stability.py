"""Why two builds of the same code give different values.

The clock counts where more than the day is kept of it: two builds of one review are of one day. A
filter by the clock is not followed. An order may tie where it is known what rows do not share, and
the order has it not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from marketing_analytics.review.code.functions import PICKING, function_name, written_name
from marketing_analytics.review.code.terms import CHANCE, CLOCK, Term, is_clock, may_tie

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketing_analytics.review.code.scope import Scope

CLOCKS = frozenset(
    {"now", "getdate", "sysdate", "clock_timestamp", "statement_timestamp", "transaction_timestamp"}
    | {"get_current_timestamp", "current_localtimestamp", "sysdatetime"}
)
CHANCES = frozenset({"random", "rand", "uuid", "gen_random_uuid", "uuid_string", "generate_uuid"})
CHANCES |= {"nextval", "uuidv4", "uuidv7", "randn", "randstr"}
CLOCK_CLASSES = (
    exp.CurrentTimestamp,
    exp.CurrentTime,
    exp.CurrentDatetime,
    exp.CurrentTimestampLTZ,
    exp.Localtimestamp,
    exp.Localtime,
)
CHANCE_CLASSES = (exp.Rand, exp.Randn, exp.Uuid)
DAYS = {"day", "week", "month", "quarter", "year"}

# A cheap look before a query is read: may two builds of it differ by themselves?
MAY_BE_UNSTABLE = re.compile(
    r"\b(?:now|rand|randn|random|uuid\w*|gen_random_uuid|generate_uuid|nextval|getdate|sysdate\w*"
    r"|current_timestamp|current_time|current_datetime|localtime\w*|\w+_timestamp)\b",
    re.IGNORECASE,
)

# What a row's place among rows of equal order decides.
BY_PLACE = (
    exp.RowNumber,
    exp.FirstValue,
    exp.LastValue,
    exp.NthValue,
    exp.Lag,
    exp.Lead,
    exp.Ntile,
)
WITHOUT_ORDER = (exp.GroupConcat, exp.ArrayAgg, exp.First, exp.Last, exp.AnyValue)


def instability(node: exp.Expr, scope: Scope, made: Term, terms: Sequence[Term]) -> str | None:
    """Why two builds get different values from a function, None where they do not."""
    if made.unstable and is_clock(made.unstable) and _is_cut_to_days(node):
        return None
    reason = made.unstable or _drawn(node)
    if reason or scope.core is None or not terms:
        return reason
    if isinstance(node, WITHOUT_ORDER) and not any(node.find_all(exp.Order)):
        is_key = terms[0].key in scope.group_keys
        return None if is_key else f"{written_name(node)} has no order"
    if isinstance(node, (exp.ArgMin, exp.ArgMax)) or function_name(node) in PICKING:
        by = _order_keys(node, scope) | scope.group_keys
        if may_tie(scope.source, by) and terms[0].key not in by:
            return "picks one of several rows that may tie"
    return None


def _order_keys(node: exp.Expr, scope: Scope) -> frozenset[str]:
    order = node.args.get("expression") or node.expressions[-1]
    parts = order.expressions if isinstance(order, exp.Tuple) else [order]
    return frozenset(scope.term(part).key for part in parts)


def _drawn(node: exp.Expr) -> str | None:
    """Why two builds get different values from a function by itself."""
    name = function_name(node)
    if isinstance(node, CLOCK_CLASSES) or name in CLOCKS:
        return f"{CLOCK}: {name or node.sql().lower().rstrip('()')}"
    if isinstance(node, CHANCE_CLASSES) or name in CHANCES:
        return f"{CHANCE}: {name or node.key}"
    return None


def _is_cut_to_days(node: exp.Expr) -> bool:
    """Does this leave no more of a time than its day?"""
    if isinstance(node, exp.Cast):
        return bool(node.to.this == exp.DType.DATE)
    if isinstance(node, (exp.DateTrunc, exp.TimestampTrunc)):
        unit = node.args.get("unit")
        return unit is not None and str(unit.name).lower() in DAYS
    return isinstance(node, (exp.TsOrDsToDate, exp.Date))


def depends_on_place(function: exp.Expr, frame: str) -> bool:
    """Do rows of equal order get different values?"""
    is_whole = frame.count("UNBOUNDED") > 1
    return isinstance(function, BY_PLACE) or (frame.startswith("ROWS") and not is_whole)


def tie(function: exp.Expr, keys: frozenset[str], is_ordered: bool, scope: Scope) -> str | None:
    """Why a window function may give rows of equal order one value or another."""
    argument = function.args.get("this")
    is_ordering = isinstance(argument, exp.Expr) and scope.term(argument).key in keys
    if is_ordering and isinstance(function, BY_PLACE):
        return None  # rows that tie have the same value
    name = written_name(function)
    if not is_ordered:
        return f"{name} has no order"
    return f"the order of {name} may tie" if may_tie(scope.relation, keys) else None
