"""Times pymc-marketing: argv is the database of the simulated customers.

Flat priors, so that the mode of the posterior is the maximum of the likelihood. Each model is
fitted to a few customers first, because that compiles it.
"""

from __future__ import annotations

import sys
from typing import Any

from pymc_extras.prior import Prior
from pymc_marketing.clv import BetaGeoModel, GammaGammaModel

from benchmarks.peers.customers import read
from marketing_analytics.bench.programs.own_use import tell, timed

FEW = 1_000


def main() -> None:
    """Fit both models."""
    everyone, spenders = read(sys.argv[1])
    for step, model, customers, names in [
        ("purchases", BetaGeoModel, everyone, ("r", "alpha", "a", "b")),
        ("spend", GammaGammaModel, spenders, ("p", "q", "v")),
    ]:
        _fitted(model, customers.head(FEW), names)
        found, used = timed(lambda: _fitted(model, customers, names))  # noqa: B023
        tell(step=step, found=found, **used)


def _fitted(model: Any, customers: Any, names: tuple[str, ...]) -> list[float]:
    fitted = model(customers, model_config={name: Prior("HalfFlat") for name in names})
    fitted.fit(method="map", progressbar=False)
    return [float(fitted.fit_result[name].mean()) for name in names]


if __name__ == "__main__":
    main()
