"""Simulates customers and writes them as the forecasts read them: argv are number and database.

They buy as the published parameters of CDNOW say, have been customers for 27 to 39 weeks and buy
once a day at most. The same number gives the same customers.
"""

from __future__ import annotations

import sys

import duckdb
import numpy
import pandas

R, ALPHA, A, B, P, Q, V = 0.2426, 4.4136, 0.7929, 2.4259, 6.25, 3.744, 15.44
TABLES = """
create schema intermediate;
create schema dbt_production;
create table intermediate.int_forecast_customers as
select 'shop' as domain, 'forecast' as period, number::varchar as customer_id,
    date '2024-06-30' as fitted_through_date, date '2024-06-30' as as_of_date,
    date '2024-06-30' - age::integer as first_purchase_date,
    date '2024-06-30' - (age - recency)::integer as last_purchase_date, 'one' as segment,
    repeat_count::bigint as repeat_count, repeat_amount::decimal(18, 2) as repeat_amount,
    0::bigint as later_count, 0::decimal(18, 2) as later_amount, recency::bigint as recency_days,
    age::bigint as age_days
from customers;
create table intermediate.int_forecast_periods as
select 'shop' as domain, 'forecast' as period, date '2024-06-30' as fitted_through_date,
    date '2024-06-30' as as_of_date;
-- Nothing to fit a spend model to yet, so that the purchase model can be timed alone.
create table intermediate.int_spend_statistics (
    domain varchar, period varchar, segment varchar, repeat_count bigint,
    repeat_amount decimal(18, 2), customer_count bigint
);
"""
RAW = """
create table dbt_production.{table} (
    id varchar, order_id varchar, user_id varchar, order_date date, status varchar,
    cycle_name varchar, payment_method varchar, amount bigint
)
"""


def main() -> None:
    """Simulate and write."""
    count, path = int(sys.argv[1]), sys.argv[2]
    draw = numpy.random.default_rng(1)
    rate, leave = draw.gamma(R, 1 / ALPHA, count), draw.beta(A, B, count)
    age = draw.integers(27 * 7, 39 * 7 + 1, count)
    time, here = numpy.zeros(count), numpy.arange(count)
    repeat_count, recency = numpy.zeros(count, int), numpy.zeros(count, int)
    while here.size:
        time[here] += draw.exponential(1 / rate[here]) * 7
        here = here[time[here] <= age[here]]
        day = numpy.ceil(time[here]).astype(int)
        repeat_count[here] += day > recency[here]
        recency[here] = day
        here = here[draw.random(here.size) > leave[here]]
    mean = 1 / draw.gamma(Q, 1 / V, count)
    amount = numpy.round(draw.gamma(P * numpy.maximum(repeat_count, 1), mean), 2)
    connection = duckdb.connect(path)
    customers = pandas.DataFrame({
        "number": numpy.arange(count), "repeat_count": repeat_count, "recency": recency, "age": age,
        "repeat_amount": numpy.where(repeat_count > 0, amount, 0),
    })  # fmt: skip
    connection.register("customers", customers)
    connection.execute(TABLES)
    for table in ("customers", "orders", "payments"):  # dbt does not start without raw tables
        connection.execute(RAW.format(table=table))


if __name__ == "__main__":
    main()
