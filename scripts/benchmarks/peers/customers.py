"""The simulated customers as the libraries take them."""

from __future__ import annotations

from typing import Any

import duckdb

QUERY = """
select customer_id, repeat_count::double as frequency, recency_days / 7 as recency,
    age_days / 7 as "T", repeat_amount::double / greatest(repeat_count, 1) as monetary_value
from intermediate.int_forecast_customers
order by customer_id
"""


def read(database: str) -> tuple[Any, Any]:
    """All customers, and those who have paid something for a repeat purchase, as data frames."""
    customers = duckdb.connect(database, read_only=True).execute(QUERY).df()
    return customers, customers[(customers.frequency > 0) & (customers.monetary_value > 0)]
