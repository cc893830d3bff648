"""Names as a database compares them."""

from __future__ import annotations

from functools import cache

from sqlglot import Dialect, exp


class Names:
    """The rules of a dbt adapter's dialect: case counts in quotes, always, or never."""

    def __init__(self, adapter: str) -> None:
        self.is_known = Dialect.get(adapter) is not None
        self.dialect = dialect = adapter if self.is_known else ""
        rules = Dialect.get_or_raise(dialect)

        @cache
        def normal(name: str, quoted: bool) -> str:
            return str(rules.normalize_identifier(exp.to_identifier(name, quoted=quoted)).name)

        self._normal = normal

    def of(self, identifier: exp.Expr) -> str:
        """Return a name of a query."""
        if not isinstance(identifier, exp.Identifier):
            return self._normal(identifier.name, False)
        return self._normal(identifier.name, bool(identifier.args.get("quoted")))

    def stored(self, name: str) -> str:
        """Return a name as the database lists it."""
        return self._normal(name, True)
