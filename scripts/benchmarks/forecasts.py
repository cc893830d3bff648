"""Times the forecasts of many customers against lifetimes 0.11.3, on the same simulated customers.

    .venv/bin/python scripts/benchmarks/forecasts.py --customers 1000000

Sets up a virtual environment of its own for lifetimes (pip, by name) and a database in a temporary
folder. Prints CPU seconds, which other work on the machine disturbs less than wall seconds, and
the peak of memory. lifetimes is timed on its fit and its value of 12 months alone, the project on
all it does from customers to forecasts, the start of dbt included and shown apart.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
PEER = """
import resource, sys, numpy, pandas, duckdb
from lifetimes import BetaGeoFitter, GammaGammaFitter
numpy.seterr(all="ignore")
data = duckdb.connect(sys.argv[1], read_only=True).execute(
    "select repeat_count::double x, recency_days / 7 t_x, age_days / 7 t, "
    "repeat_amount::double / greatest(repeat_count, 1) m from intermediate.int_forecast_customers"
).df()
def cpu():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
before = cpu()
purchases = BetaGeoFitter().fit(data.x, data.t_x, data.t)
fitted = cpu()
some = data[(data.x > 0) & (data.m > 0)]
spend = GammaGammaFitter().fit(some.x, some.m)
spent = cpu()
value = spend.customer_lifetime_value(
    purchases, data.x, data.t_x, data.t, data.m, time=12, discount_rate=0.01, freq="W"
)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
parameters = list(purchases.params_) + list(spend.params_)
print(fitted - before, spent - fitted, cpu() - spent, memory, value.sum(), *parameters)
"""
SIMULATE = """
import sys, numpy, duckdb, pandas
count, path = int(sys.argv[1]), sys.argv[2]
draw = numpy.random.default_rng(1)
r, alpha, a, b, p, q, v = .2426, 4.4136, .7929, 2.4259, 6.25, 3.744, 15.44  # as CDNOW
rate = draw.gamma(r, 1 / alpha, count)
leave = draw.beta(a, b, count)
age = draw.integers(27 * 7, 39 * 7 + 1, count)
time, x, recency = numpy.zeros(count), numpy.zeros(count, int), numpy.zeros(count, int)
here = numpy.arange(count)
while here.size:
    time[here] += draw.exponential(1 / rate[here]) * 7
    here = here[time[here] <= age[here]]
    day = numpy.ceil(time[here]).astype(int)
    new = day > recency[here]  # one purchase a day
    x[here] += new
    recency[here] = day
    here = here[draw.random(here.size) > leave[here]]
spend = numpy.round(draw.gamma(p * numpy.maximum(x, 1), draw.gamma(q, 1 / v, count) ** -1), 2)
data = pandas.DataFrame({"n": numpy.arange(count), "x": x, "t": recency, "age": age,
                         "m": numpy.where(x > 0, spend, 0)})
connection = duckdb.connect(path)
connection.execute("create schema intermediate; create schema marketing")
# dbt will not start without any raw table.
connection.execute("create schema dbt_production")
for table in ("customers", "orders", "payments"):
    connection.execute(
        f"create table dbt_production.{table} (id varchar, order_id varchar, user_id varchar, "
        "order_date date, status varchar, cycle_name varchar, payment_method varchar, "
        "amount bigint)"
    )
connection.execute('''create table intermediate.int_forecast_customers as
select 'shop' as domain, 'forecast' as period, n::varchar as customer_id,
    date '2024-06-30' as fitted_through_date, date '2024-06-30' as as_of_date,
    date '2024-06-30' - age::integer as first_purchase_date,
    date '2024-06-30' - (age - t)::integer as last_purchase_date, 'one' as segment,
    x::bigint as repeat_count, m::decimal(18, 2) as repeat_amount, 0::bigint as later_count,
    0::decimal(18, 2) as later_amount, t::bigint as recency_days, age::bigint as age_days
from data''')
connection.execute('''create table intermediate.int_forecast_periods as select 'shop' as domain,
'forecast' as period, date '2024-06-30' as fitted_through_date, date '2024-06-30' as as_of_date''')
"""
FIT = ("int_purchase_statistics", "int_spend_statistics", "int_forecast_fits")
SCORE = (
    *("int_forecast_populations", "int_forecast_histories", "int_forecast_curves"),
    *("int_forecast_tails", "int_forecast_rates", "forecast_parameters", "int_forecast_scores"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a program used."""

    cpu_seconds: float
    megabytes: float


def run(*command: str, folder: Path) -> Used:
    """Run a program to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "MKTG_DATABASE_DIR": str(folder)}
    subprocess.run(command, check=True, cwd=PROJECT, env=environment, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Used(cpu_seconds=seconds, megabytes=after.ru_maxrss / 1024)


def main() -> None:
    """Simulate, fit and score with both, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--peers", type=Path, help="environment of lifetimes to keep and use again")
    chosen = parser.parse_args()
    count = chosen.customers
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peers = chosen.peers or folder / "peers"
        python = str(peers / "bin" / "python")
        if not peers.exists():
            run(sys.executable, "-m", "venv", str(peers), folder=folder)
            wanted = ("lifetimes==0.11.3", "duckdb")
            run(python, "-m", "pip", "install", "--quiet", *wanted, folder=folder)
        database = str(folder / "local.duckdb")
        run(python, "-c", SIMULATE, str(count), database, folder=folder)
        dbt = (str(Path(sys.executable).parent / "dbt"), "--quiet", "run", "--target", "local")
        place = ("--target-path", str(folder / "target"), "--log-path", str(folder / "logs"))
        run(*dbt, *place, "--select", "stg_orders", folder=folder)  # reads the project
        start = run(*dbt, *place, "--select", "stg_payments", folder=folder)
        fit = run(*dbt, *place, "--select", *FIT, folder=folder)
        score = run(*dbt, *place, "--select", *SCORE, folder=folder)
        connection = duckdb.connect(database, read_only=True)
        ours = connection.execute(
            "select purchase_step_count, spend_step_count, r, alpha, a, b, p, q, v, "
            "(select sum(expected_value_12m) from intermediate.int_forecast_scores) "
            "from marketing.forecast_parameters where segment = '(all)'"
        ).fetchone()
        connection.close()
        peer = subprocess.run(
            [python, "-c", PEER, database], check=True, capture_output=True, text=True
        ).stdout.split()
    print(f"{count:,} customers, CPU seconds")
    print(f"project: start of dbt {start.cpu_seconds:.2f}")
    print(f"project: statistics and both fits {fit.cpu_seconds - start.cpu_seconds:.2f} after that")
    print(f"project: scores and value of 12 months {score.cpu_seconds - start.cpu_seconds:.2f}")
    print(f"project: peak {max(fit.megabytes, score.megabytes):.0f} MB, {ours}")
    print(f"lifetimes: BG/NBD {peer[0]}, Gamma-Gamma {peer[1]}, value {peer[2]}, {peer[3]} MB")
    print(f"lifetimes: value {peer[4]}, parameters {' '.join(peer[5:])}")


if __name__ == "__main__":
    main()
