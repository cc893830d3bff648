"""Times lifetimes: argv is the database of the simulated customers."""

from __future__ import annotations

import sys

import numpy
from lifetimes import BetaGeoFitter, GammaGammaFitter

from benchmarks.peers.customers import read
from marketing_analytics.bench.programs.own_use import tell, timed


def main() -> None:
    """Fit both models, value all customers."""
    numpy.seterr(all="ignore")
    everyone, spenders = read(sys.argv[1])
    purchases, used = timed(
        lambda: BetaGeoFitter().fit(everyone.frequency, everyone.recency, everyone["T"])
    )
    tell(step="purchases", found=list(purchases.params_), **used)
    spend, used = timed(lambda: GammaGammaFitter().fit(spenders.frequency, spenders.monetary_value))
    tell(step="spend", found=list(spend.params_), **used)
    columns = (everyone.frequency, everyone.recency, everyone["T"], everyone.monetary_value)
    value, used = timed(
        lambda: spend.customer_lifetime_value(
            purchases, *columns, time=12, discount_rate=0.01, freq="W"
        )
    )
    tell(step="value", found=[float(value.sum())], **used)


if __name__ == "__main__":
    main()
