"""What happens next: the forecast with its backtest in the same breath, and whom to contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketing_analytics.report.facts import Finding, Row, Table
from marketing_analytics.report.words import amount, count, currency_of, percent, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

BUYERS = {"gaming": "players"}
MOST_ACTIONS = 3


def findings(tables: Mapping[str, Table], currency: str) -> tuple[Finding, ...]:
    """Return a sentence per forecast domain, then the actions worth most."""
    backtests = (
        {row["domain"]: row for row in tables["backtests"].rows} if "backtests" in tables else {}
    )
    found: list[Finding] = []
    if "forecasts" in tables:
        for row in tables["forecasts"].rows:
            money = currency_of(row, "expected_value", currency)
            found.append(_forecast(row, backtests.get(row["domain"]), money))
    if "next_actions" in tables:
        found += _actions(tables["next_actions"], currency)
    return tuple(found)


def _forecast(row: Row, backtest: Row | None, currency: str) -> Finding:
    who = BUYERS.get(row["domain"], "customers")
    if row["no_forecast_reason"] is not None and row["expected_purchases"] is None:
        text = f"No forecast for {row['domain']}: {row['no_forecast_reason']}."
        return Finding(text=text, query="forecasts", tone="low volume")
    worth = (
        f" worth {amount(row['expected_value'], currency)}"
        if row["expected_value"] is not None
        else ""
    )
    text = (
        f"{row['domain'].capitalize()}: {count(row['customer_count'], who)} are expected to buy "
        f"{shown(row['expected_purchases'], 'count')} times{worth} in the next "
        f"{count(row['horizon_days'], 'days')}. {_tested(backtest)}"
    )
    return Finding(text=text.strip(), query="forecasts")


def _tested(backtest: Row | None) -> str:
    if backtest is None:
        return "It has not been tested against the past."
    if backtest["no_backtest_reason"] is not None:
        return f"It cannot be tested against the past yet ({backtest['no_backtest_reason']})."
    bias = backtest["bias_ratio"]  # None where nothing came: there is no share of it
    told = (
        f"Made on {backtest['fitted_through_date']}, it would have said "
        f"{shown(backtest['expected_purchases'], 'count')} where "
        f"{count(backtest['actual_purchase_count'] or 0)} came"
    )
    if bias:
        told += f" ({percent(abs(bias))} too {'many' if bias > 0 else 'few'})"
    money = backtest["value_bias_ratio"]
    if money is not None:
        told += f", and revenue {percent(abs(money))} too {'much' if money > 0 else 'little'}"
    own, naive = backtest["mean_absolute_error"], backtest["naive_rate_mean_absolute_error"]
    if own is None or naive is None:
        return f"{told}."
    is_better = own < naive
    rule = "each customer's rate carried on"
    return (
        f"{told}; per customer it is {'closer' if is_better else 'not closer'} than {rule} "
        f"(mean error {shown(own, 'ratio')} against {shown(naive, 'ratio')})."
    )


def _actions(actions: Table, currency: str) -> list[Finding]:
    told = [row for row in actions.rows if row["to_do_count"]][:MOST_ACTIONS]
    return [
        Finding(
            text=f"Next: {row['next_action']} to {count(row['to_do_count'], 'customers')}"
            + (
                f", with {amount(row['value_at_risk_12m'], currency)} at risk over 12 months"
                if row["value_at_risk_12m"]
                else ""
            )
            + f"; {_held_out(row['holdout_count'])}.",
            query="next_actions",
        )
        for row in told
    ]


def _held_out(customers: int) -> str:
    if not customers:
        return "nobody is held out, so what it adds will not be measured"
    return f"{count(customers, 'customers')} held out to measure what it adds"
