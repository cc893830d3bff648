"""All judges together: who catches each fault of a draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mutants.draw import drawn
from mutants.scene import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mutants.artifacts import Model
    from mutants.faults import Fault
    from mutants.judges import Judge
    from mutants.scene import Scene

REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A fault, the kind of judge that catches it, and the test that fails; None if none does."""

    fault: Fault
    caught_by: str | None
    test: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """The judges, cheapest first, and a scene that says whether a fault runs at all."""

    models: Mapping[str, Model]
    sample: Scene
    judges: Sequence[Judge]

    def faults(self, seed: int) -> Iterator[Fault]:
        """Yield the faults of a draw that the database and the contracts let through."""
        return filter(self._runs, drawn(self.models, seed))

    def _runs(self, fault: Fault) -> bool:
        sql = fault.planted(self.models[fault.model].sql, self.models[fault.model].sql)
        assert sql is not None
        try:
            self.sample.outcome(fault.model, sql)
        except RefusedError:
            return False
        return True

    def verdict(self, fault: Fault) -> Verdict:
        """Return the first judge that catches a fault; a refusal only where no other does."""
        refusal = None
        for judge in self.judges:
            test = judge.caught_by(fault, self.models[fault.model].sql)
            if test is None:
                continue
            if not test.startswith(REFUSED):
                return Verdict(fault=fault, caught_by=judge.name, test=test)
            refusal = test
        return Verdict(fault=fault, caught_by=REFUSED if refusal else None, test=refusal)
