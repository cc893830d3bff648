"""How many rejected rows a load puts up with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from marketing_analytics.load.model import LoadError


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of rows, or a share of the rows read when `text` ends in %."""

    text: str

    def __post_init__(self) -> None:
        """Refuse what is neither a number nor a percentage.

        Raises:
            LoadError: it is neither.
        """
        is_share = re.fullmatch(r"\d+(\.\d+)?%", self.text)
        if not re.fullmatch(r"\d+", self.text) and not (is_share and self._number() <= 100):  # noqa: PLR2004
            raise LoadError(
                f"--max-rejected {self.text}: give a share such as 0.1% or a number of rows"
            )

    def allows(self, rejected_count: int, row_count: int) -> bool:
        """Return whether so many rejected rows of so many read ones are few enough."""
        if self.text.endswith("%"):
            return rejected_count * 100 <= self._number() * row_count
        return rejected_count <= self._number()

    def _number(self) -> Decimal:
        return Decimal(self.text.removesuffix("%"))
