"""The mart of each domain that says what is between raw data and marts."""

from __future__ import annotations

RECONCILIATIONS = {
    "marketing": "marketing.funnel_reconciliation",
    "shop": "marketing.shop_reconciliation",
    "finance": "mart_marketing.finance_reconciliation",
    "gaming": "customer.gaming_reconciliation",
}
