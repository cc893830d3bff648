"""SQL for texts of a closed list: what a file calls them, and which of them a column accepts."""

from __future__ import annotations

from marketing_analytics.load import sql
from marketing_analytics.load.model import Translation
from marketing_analytics.raw_schema import RawColumn

FLOATS = ("FLOAT", "DOUBLE")
TRANSLATE = "translate it with `values` in a mapping"


def as_text(value: str, data_type: str) -> str:
    """Return a value of any type as text, null where nothing is left."""
    if data_type in FLOATS:  # an id that some tool kept as 12.0 is 12
        return (
            f"case when {value} = trunc({value}) and abs({value}) < 1e15 "
            f"then cast(cast({value} as bigint) as varchar) else cast({value} as varchar) end"
        )
    return f"nullif(trim(cast({value} as varchar)), '')"


def translated(value: str, data_type: str, translation: Translation) -> str:
    """Return the text that a value stands for; no value stays no value."""
    text = value if data_type == "VARCHAR" else as_text(value, data_type)
    cases = " ".join(
        f"when {_literal(old)} then {_literal(new)}" for old, new in translation.values
    )
    others = text if translation.keeps_others else _literal(translation.otherwise)
    return f"case when {text} is not null then case {text} {cases} else {others} end end"


def _literal(text: str | None) -> str:
    return "cast(null as varchar)" if text is None else sql.text(text)


def not_accepted(column: RawColumn, value: str) -> list[tuple[str, str]]:
    """Return conditions and reasons for values that are none of those that a column accepts."""
    if not column.accepted:
        return []
    kind = column.data_type
    listed = ", ".join(f"cast({sql.text(text)} as {kind})" for text in column.accepted)
    refused = f"{value} not in ({listed})"
    known = f"not one of {', '.join(column.accepted)}"
    cases = []
    if kind == "varchar":
        folded = _folded(value)
        cases = [
            (
                f"{refused} and {folded} = {_folded(sql.text(text))}",
                f"{known}; did you mean {text!r}? {TRANSLATE.capitalize()}",
            )
            for text in column.accepted
        ]
    return [*cases, (refused, f"{known}; {TRANSLATE}")]


def _folded(text: str) -> str:
    """Return a text without what people write in several ways: case, blanks, hyphens."""
    return f"trim(regexp_replace(lower({text}), '[^[:alnum:]]+', '_', 'g'), '_')"
