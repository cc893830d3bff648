"""The forecasts on the CDNOW sample, against what has been published about it.

data/cdnow/statistics.csv counts the 2,357 customers of the 1/10 sample of Fader and Hardie
(brucehardie.com, Creating an RFM Summary) by what the models need: repeat purchases, days from the
first to the last and to 1997-09-30, money of the repeat purchases; and purchases of the 39 weeks
after. Orders are made up that have these numbers, so that the whole chain runs.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from typing import TYPE_CHECKING, TypeAlias

import pytest

from conftest import DATA
from marketing_analytics.warehouse import connect, in_memory
from warehouse.restored import raw_tables
from warehouse.trap_warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from marketing_analytics.dbt import DbtWorker

Forecast: TypeAlias = "Callable[..., list[dict[str, float]]]"

CALIBRATED_THROUGH = date(1997, 9, 30)
FORECASTS = ("--select", "+path:models/marts/forecasts")
NO_TESTS = ("--exclude-resource-type", "unit_test", "test")
PROMISES = ("--select", "path:models/intermediate/forecasts", "path:models/marts/forecasts")
HOLDOUT = "as_of_date: 1998-06-30, forecast_horizon_days: 273"  # 39 weeks
POOLED = "forecast_min_segment_repeat_buyers: 100000"
CHOSEN = ("--vars", f"{{{HOLDOUT}, {POOLED}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Customers who share a row of statistics.csv."""

    repeat_count: int
    recency_days: int
    age_days: int
    repeat_cents: int
    later_count: int
    customer_count: int

    def purchases(self) -> Iterator[tuple[date, int]]:
        """Yield days and cents of one such customer."""
        first = CALIBRATED_THROUGH - timedelta(self.age_days)
        yield first, 0
        for day in range(1, self.repeat_count):
            yield first + timedelta(day), 0
        if self.repeat_count:
            yield first + timedelta(self.recency_days), self.repeat_cents
        for day in range(1, self.later_count + 1):
            yield CALIBRATED_THROUGH + timedelta(day), 0


def cells() -> list[Cell]:
    with (DATA / "cdnow" / "statistics.csv").open(encoding="utf-8", newline="") as file:
        return [
            Cell(
                repeat_count=int(row["repeat_count"]),
                recency_days=int(row["recency_days"]),
                age_days=int(row["age_days"]),
                repeat_cents=round(float(row["repeat_amount"]) * 100),
                later_count=int(row["later_count"]),
                customer_count=int(row["customer_count"]),
            )
            for row in csv.DictReader(file)
        ]


def cdnow_sql() -> str:
    """Return the statements that fill the raw tables of the shop."""
    customers, orders, payments = [], [], []
    for number, cell in enumerate(cells()):
        for place in range(cell.customer_count):
            customer = f"c{number:04}-{place}"
            customers.append(f"('{customer}', null, null, false)")
            for position, (day, cents) in enumerate(cell.purchases()):
                order = f"{customer}-{position:03}"
                orders.append(f"('{order}', '{customer}', '{day}', 'completed', 'cd')")
                payments.append(f"('{order}', '{order}', 'credit_card', {cents}, 'cd')")
    return raw_tables("dbt_production") + "".join(
        f"insert into dbt_production.{table} values {', '.join(rows)};"
        for table, rows in (("customers", customers), ("orders", orders), ("payments", payments))
    )


@pytest.fixture(scope="module")
def cdnow(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = Warehouse(folder=tmp_path_factory.mktemp("cdnow"), worker=worker)
    connection = connect(warehouse.database)
    connection.execute(cdnow_sql())
    connection.close()
    assert warehouse.dbt("build", *FORECASTS, *NO_TESTS, *CHOSEN).success
    return warehouse


def test_the_tables_keep_their_promises(cdnow: Warehouse) -> None:
    run = cdnow.dbt("test", *PROMISES, "--exclude-resource-type", "unit_test", *CHOSEN)
    assert run.success, cdnow.statuses("error", "fail")


def test_the_purchase_model_has_the_published_parameters(cdnow: Warehouse) -> None:
    ((r, alpha, a, b, likelihood, score, steps),) = cdnow.rows(
        "select r, alpha, a, b, purchase_log_likelihood, purchase_max_score, purchase_step_count "
        "from marketing.forecast_parameters where period = 'backtest' and segment = '(all)'"
    )
    # Fader, Hardie and Lee 2005, table 2 (dates to two decimals of a week there).
    assert (round(r, 3), round(a, 3), round(b, 3)) == (0.243, 0.793, 2.426)
    assert alpha == pytest.approx(4.414, abs=0.001)
    assert round(likelihood, 1) == -9582.4
    # The optimum on exact days: numpy and scipy, slope 2e-16.
    exact = (0.2425945224, 4.4136020190, 0.7929220172, 2.4259067768)
    assert (r, alpha, a, b) == pytest.approx(exact, rel=1e-8)
    assert likelihood == pytest.approx(-9582.429206674, abs=1e-6)
    assert score < 1e-10
    assert steps < 15


def test_the_spend_model_has_the_published_parameters(cdnow: Warehouse) -> None:
    ((p, q, v, likelihood, count, correlation),) = cdnow.rows(
        "select p, q, v, spend_log_likelihood, spender_count, count_spend_correlation "
        "from marketing.forecast_parameters where period = 'backtest' and segment = '(all)'"
    )
    # Fader and Hardie, The Gamma-Gamma Model of Monetary Value, 2013: 6.25, 3.74, 15.44.
    assert (round(p, 2), round(q, 2), round(v, 2)) == (6.25, 3.74, 15.44)
    exact = (6.2495722713, 3.7442246671, 15.4435209626)
    assert (p, q, v) == pytest.approx(exact, rel=1e-8)
    assert likelihood == pytest.approx(-4055.917694802, abs=1e-6)
    assert count == 946
    assert correlation == pytest.approx(0.114, abs=5e-4)


def test_standard_errors_are_those_of_the_observed_information(cdnow: Warehouse) -> None:
    (found,) = cdnow.rows(
        "select se_r, se_alpha, se_a, se_b, se_p, se_q, se_v from marketing.forecast_parameters "
        "where period = 'backtest' and segment = '(all)'"
    )
    # From a numerical Hessian in scipy.
    expected = (0.01256, 0.3782, 0.1857, 0.7054, 1.190, 0.290, 4.159)
    assert found == pytest.approx(expected, rel=1e-3)


def test_the_holdout_is_forecast_as_well_as_published(cdnow: Warehouse) -> None:
    (found,) = cdnow.rows(
        "select customer_count, actual_purchase_count, expected_purchases, purchase_correlation, "
        "mean_absolute_error, root_mean_square_error, bias_ratio, actual_active_rate, "
        "expected_active_rate, auc_rate, brier_score, naive_rate_bias_ratio, "
        "naive_rate_mean_absolute_error, naive_rate_root_mean_square_error, naive_same_bias_ratio, "
        "naive_same_mean_absolute_error, naive_same_root_mean_square_error, expected_value "
        "from marketing.forecast_backtests where domain = 'shop'"
    )
    assert found[:2] == (2357, 1882)
    forecast = (1653.41, 0.62565, 0.78545, 1.60798, 1653.41 / 1882 - 1)
    activity = (684 / 2357, 0.2618, 0.7569, 0.1612)
    mean_rate = (2930.1 / 1882 - 1, 1.02367, 2.21192)
    same_again = (2457 / 1882 - 1, 0.89733, 1.97105)
    expected = (*forecast, *activity, *mean_rate, *same_again, 59931.626165)
    assert found[2:] == pytest.approx(expected, abs=6e-5, rel=6e-6)


def test_the_top_tenth_makes_the_published_share_of_purchases(cdnow: Warehouse) -> None:
    ((share,),) = cdnow.rows(
        "select top_decile_capture_rate from marketing.forecast_backtests where domain = 'shop'"
    )
    assert share == pytest.approx(0.470, abs=0.003)  # customers who tie may go either way


def test_each_number_of_repeat_purchases_is_forecast_as_published(cdnow: Warehouse) -> None:
    rows = cdnow.rows(
        "select least_repeat_count, customer_count, round(actual_mean_purchases, 4), "
        "round(expected_mean_purchases, 4) from marketing.forecast_calibration order by 1"
    )
    assert rows == [
        (0, 1411, 0.2367, 0.2251),
        (1, 439, 0.6970, 0.5231),
        (2, 214, 1.3925, 1.0441),
        (3, 100, 1.5600, 1.5203),
        (4, 62, 2.5323, 2.1639),
        (5, 38, 2.9474, 2.6538),
        (6, 29, 3.8621, 3.5040),
        (7, 64, 6.3594, 6.1572),
    ]


def test_what_customers_pay_is_expected_as_published(cdnow: Warehouse) -> None:
    # The first customers of the sample (lifetimes' test of the Gamma-Gamma model): twice 22.35 on
    # average, once 11.77, never again; p v / (q - 1) for the last one.
    for count, amount, expected in ((2, 44.69, 24.65), (1, 11.77, 18.91), (0, 0, 35.17)):
        rows = cdnow.rows(
            "select distinct round(expected_order_value, 4) from intermediate.int_forecast_scores "
            f"where period = 'backtest' and repeat_count = {count} and repeat_amount = {amount}"
        )
        assert rows == [(pytest.approx(expected, abs=0.01),)]


def test_a_year_is_worth_what_lifetimes_computes(cdnow: Warehouse) -> None:
    # Twelve months of 4.345 weeks at 1 % a month: lifetimes' customer_lifetime_value gives
    # 71,507.953316 with its own, looser optimum.
    ((value,),) = cdnow.rows(
        "select sum(expected_value_12m) from intermediate.int_forecast_scores "
        "where period = 'backtest'"
    )
    assert value == pytest.approx(71507.951757, rel=1e-8)


@pytest.fixture(scope="module")
def formulas(
    worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., list[dict[str, float]]]:
    """Return a function that forecasts 364 days for some histories, by some parameters.

    A segment beside has the same histories and parameters of its own.
    """
    folder = tmp_path_factory.mktemp("formulas")
    names = ("int_forecast_histories", "int_forecast_curves", "int_forecast_tails")
    compiled = Warehouse(folder=folder, worker=worker)
    chosen = ("--vars", "{forecast_horizon_days: 364}", "--indirect-selection", "empty")
    assert compiled.dbt("compile", "--select", *names, *chosen).success
    queries = folder / "compiled/marketing_analytics/models/intermediate/forecasts"

    def forecast(
        parameters: tuple[float, ...],
        histories: Sequence[tuple[int, float, float]],
        beside: tuple[float, ...] | None = None,
    ) -> list[dict[str, float]]:
        segments = {"(all)": parameters} | ({} if beside is None else {"beside": beside})
        connection = in_memory()
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_forecast_fits (domain text, period text, segment text, "
            "is_purchase_fit_converged boolean, r double, alpha double, a double, b double)"
        )
        connection.executemany(
            "insert into intermediate.int_forecast_fits values "
            "('shop', 'forecast', ?, true, ?, ?, ?, ?)",
            [(segment, *fitted) for segment, fitted in segments.items()],
        )
        rows = ", ".join(
            f"('shop', 'forecast', '{segment}', {x}, {place}, {place}, {recency!r}::double, "
            f"{age!r}::double)"
            for segment in segments
            for place, (x, recency, age) in enumerate(histories)
        )
        connection.execute(
            f"create table intermediate.int_purchase_statistics as from (values {rows}) as s "
            "(domain, period, segment, repeat_count, recency_days, age_days, recency_weeks, "
            "age_weeks)"
        )
        for name in names:
            sql = (queries / f"{name}.sql").read_text()
            connection.execute(f"create table intermediate.{name} as {sql}")
        result = connection.execute(
            "select h.still_there_rate, h.purchase_probability_horizon, c.horizon_purchases, "
            "h.still_there_rate * c.horizon_purchases as expected, t.* exclude (segment) "
            "from intermediate.int_forecast_histories h join intermediate.int_forecast_curves c "
            "using (segment, age_days) "
            "join (select segment, age_days, max(at_least_rate) filter "
            "(purchase_count = 1) as one, max(at_least_rate) filter (purchase_count = 2) as two, "
            "max(at_least_rate) filter (purchase_count = 3) as three "
            "from intermediate.int_forecast_tails group by 1, 2) t using (segment, age_days) "
            "where segment = '(all)' order by age_days"
        )
        columns = [column[0] for column in result.description]
        found = [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
        connection.close()
        return found

    return forecast


YEAR_WEEKS = 52.14
EXACT = (0.242594522430157, 4.413602019013503, 0.7929220172256299, 2.4259067768264577)


def test_a_year_of_single_customers_is_forecast_as_published(formulas: Forecast) -> None:
    histories = [(26, 216 / 7, 31.0), (0, 0.0, 0.0)] + [(x, 20.0, 39.0) for x in (10, 15, 20, 25)]
    found = [row["expected"] for row in formulas(EXACT, histories)]
    # BTYD's vignette gives 25.75659 for customer 1516; the rest are 40-digit numbers of mpmath.
    exact = (25.757337, 1.444012, 0.347484, 0.042837, 0.0041593, 0.00035839)
    assert found == pytest.approx(exact, rel=2e-5)
    assert formulas(EXACT, histories)[0]["still_there_rate"] == pytest.approx(0.968854441, abs=1e-9)


def test_a_hand_example(formulas: Forecast) -> None:
    # r = a = b = 1, seen for no time at all, 52 weeks of scale: the number of purchases without
    # leaving is geometric, P(N >= k) = (52 / 104)^k within 52 weeks, and of uniform chances to
    # leave 1 / k stay for k - 1 more. Their sum over k is ln 2.
    (row,) = formulas((1.0, 52.0, 1.0, 1.0), [(0, 0.0, 0.0)])
    assert row["still_there_rate"] == 1
    assert row["horizon_purchases"] == pytest.approx(log(2), rel=1e-11)
    assert row["purchase_probability_horizon"] == pytest.approx(1 / 2, rel=1e-12)
    share = 52.14 / 104.14  # tails are those of 12 months
    for name, k in (("one", 1), ("two", 2), ("three", 3)):
        assert row[name] == pytest.approx(share**k / k, rel=1e-12)


def test_a_segment_beside_changes_nothing(formulas: Forecast) -> None:
    # It has the same repeat purchases and ages, but buys faster and leaves sooner.
    histories = [(0, 0.0, 0.0), (3, 20.0, 39.0)]
    alone = formulas((1.0, 52.0, 1.0, 1.0), histories)
    found = formulas((1.0, 52.0, 1.0, 1.0), histories, beside=(3.0, 26.0, 4.0, 0.5))
    assert found == [pytest.approx(row, rel=1e-12) for row in alone]


@pytest.mark.parametrize("a", [1e-6, 0.02, 0.999999, 1.0, 1.000001, 30.0, 1e6])
@pytest.mark.parametrize("b", [1e-6, 0.3, 1.0, 40.0, 1e6])
def test_no_parameters_are_out_of_reach(formulas: Forecast, a: float, b: float) -> None:
    # The expectation lies between that of leaving at once and that of never leaving; where the
    # chance of leaving is the same for all, it is elementary.
    (row,) = formulas((0.5, 26.0, a, b), [(3, 5.0, 26.0)])
    never = 3.5 * 52 / 52
    at_once = 1 - 2.0**-3.5
    assert at_once - 1e-9 <= row["horizon_purchases"] <= never + 1e-9
    if a < 1e-5 and b > 0.1:
        assert row["horizon_purchases"] == pytest.approx(never, rel=1e-4)
    if a >= 1e6 and b < 1:
        assert row["horizon_purchases"] == pytest.approx(at_once, rel=1e-4)
    if a == b == 1e6:  # everybody leaves with one half
        assert row["horizon_purchases"] == pytest.approx((1 - 1.5**-3.5) / 0.5, rel=1e-5)


def test_so_many_purchases_or_more_are_as_likely_as_the_rules_say(
    sample: DuckDBPyConnection,
) -> None:
    """Purchases before leaving are negative binomial; after each, a customer stays or leaves."""
    rows = sample.execute(
        "select domain, period, segment, repeat_count, age_days, shape, weeks_scale, a, b, "
        "list(at_least_rate order by purchase_count) "
        "from intermediate.int_forecast_curves join intermediate.int_forecast_tails "
        "using (domain, period, segment, repeat_count, age_days) group by all"
    ).fetchall()
    assert len(rows) > 500
    for *history, shape, scale, a, b, found in rows:
        none = (scale / (scale + YEAR_WEEKS)) ** shape  # the probability of no purchase at all
        again = YEAR_WEEKS / (scale + YEAR_WEEKS)
        stays, less, exactly = 1.0, none, none
        for count, rate in enumerate(found, 1):
            assert rate == pytest.approx(stays * (1 - less), rel=1e-6, abs=1e-9), (history, count)
            exactly *= (shape + count - 1) / count * again
            less += exactly
            stays *= (b + count - 1) / (a + b + count - 1)


@pytest.fixture(scope="module")
def degenerate(worker: DbtWorker, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Return a shop without repeat buyers, users who are all alike, and one player."""
    warehouse = Warehouse(folder=tmp_path_factory.mktemp("degenerate"), worker=worker)
    connection = connect(warehouse.database)
    connection.execute(
        "".join(raw_tables(s) for s in ("dbt_production", "marketing_raw", "lottery_raw"))
        + """
        insert into dbt_production.customers select 'c' || i, null, null, false from range(60) r(i);
        insert into dbt_production.orders
        select 'o' || i, 'c' || i, date '2024-06-30', 'completed', 'x' from range(60) r(i);
        insert into dbt_production.orders  -- not yet
        select 'p' || i, 'c' || i, date '2024-07-05', 'completed', 'x' from range(60) r(i);
        insert into dbt_production.payments
        select 'p' || i, 'o' || i, 'credit_card', 1000, 'x' from range(60) r(i);
        insert into marketing_raw.conversions (
            conversion_id, user_id, conversion_value, date, timestamp
        )
        select 'k' || i || '-' || m, 'u' || i, 10, make_date(2024, m, 1),
            make_date(2024, m, 1)::timestamp
        from range(60) r(i), range(1, 4, 2) s(m);
        insert into lottery_raw.signups values ('w', 's', '2024-01-01', 'US');
        insert into lottery_raw.ticket_purchases (
            purchase_id, user_id, game_id, purchase_amount_usd, purchase_timestamp
        ) values ('t', 'w', 'g', 2, '2024-01-02');
        """
    )
    connection.close()
    chosen = ("--vars", "{as_of_date: 2024-06-30}")
    assert warehouse.dbt("build", *FORECASTS, *NO_TESTS, *chosen).success
    run = warehouse.dbt("test", *PROMISES, "--exclude-resource-type", "unit_test", *chosen)
    assert run.success, warehouse.statuses("error", "fail")
    return warehouse


def test_too_little_data_is_an_answer(degenerate: Warehouse) -> None:
    rows = degenerate.rows(
        "select domain, no_forecast_reason, no_value_reason, no_backtest_reason, "
        "count(*), count(expected_purchases), count(discounted_value_12m) "
        "from marketing.customer_forecasts where domain <> 'marketing' group by all order by 1"
    )
    none = "no repeat buyers"
    assert rows == [
        ("gaming", none, none, none, 1, 0, 0),
        ("shop", none, none, "no customers at the time", 60, 0, 0),
    ]
    states = degenerate.rows(
        "select distinct customer_state, next_action from marketing.next_best_action"
    )
    assert states == [("no forecast", "newsletter")]


def test_customers_who_are_all_alike_say_nothing_about_others(degenerate: Warehouse) -> None:
    # 60 users who bought on the first of January and of March: whether each left then or buys once
    # in a quarter of a year fits as well, so no parameters are the best.
    rows = degenerate.rows(
        "select no_forecast_reason, no_value_reason, count(*), count(expected_purchases), "
        "count(discounted_value_12m) from marketing.customer_forecasts "
        "where domain = 'marketing' group by all"
    )
    reason = "the purchase model did not converge"
    assert rows == [(reason, reason, 60, 0, 0)]
