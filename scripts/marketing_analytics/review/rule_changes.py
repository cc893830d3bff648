"""What a branch does to the rules that it is judged by: nobody loosens them in passing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketing_analytics.review.rules import Rule, Rules


def rule_changes(base: Rules, head: Rules) -> tuple[str, ...]:
    """Return in sentences how the rules of two sides differ, for `Findings.rule_changes`."""
    return tuple(_changes(base, head))


def _changes(base: Rules, head: Rules) -> Iterator[str]:
    for key in head.settings:
        before, after = _settings(base.of(key)), _settings(head.of(key))
        for name, value in after.items():
            if before.get(name) != value:
                yield f"{key}.{name}: {before.get(name, 'not there')} → {value}"
    # Without what holds for every model, which has been said.
    if [o for o in base.overrides if o.tags or o.models != ("*",)] != [
        o for o in head.overrides if o.tags or o.models != ("*",)
    ]:
        yield "the overrides are others"
    ignored = [name for name in head.ignored_columns if name not in base.ignored_columns]
    if ignored:
        yield f"ignored_columns has more: {', '.join(ignored)}"
    known = {(e.rule, e.model, e.column, e.until) for e in base.exceptions}
    for exception in head.exceptions:
        if (exception.rule, exception.model, exception.column, exception.until) not in known:
            yield (
                f"an exception from {exception.rule} for {exception.model} until "
                f"{exception.until.isoformat()}: {exception.reason}"
            )


def _settings(rule: Rule) -> dict[str, str]:
    def level(name: str) -> str:
        severity = getattr(rule, name)
        return str(severity) if severity is not None else "off"

    numbers = {name: f"{float(value):g}" for name, value in rule.numbers.items()}
    patterns = {name: ", ".join(value) for name, value in rule.patterns.items()}
    return {name: level(name) for name in ("severity", "elsewhere")} | numbers | patterns
