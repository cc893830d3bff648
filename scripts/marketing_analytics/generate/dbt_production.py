"""The source dbt_production: customers, orders and payments of a made-up bicycle shop."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from marketing_analytics.generate import plan_table
from marketing_analytics.generate import shop_plan as plan
from marketing_analytics.generate import shop_tables as tables
from marketing_analytics.generate.draws import SQL_MACROS, slices
from marketing_analytics.generate.shop_orders import ORDERS, PEOPLE
from marketing_analytics.generate.shop_world import SHOP

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from marketing_analytics.generate.request import Request

MARKED_FROM = 0.1  # share of the period after which accounts carry the mark of a test user
LINES_FROM = 0.25  # share of the period after which orders have lines

TYPES = """
create type kind as enum ('account', 'tester', 'guest');
create type status as enum ('placed', 'shipped', 'completed', 'return_pending', 'returned');
create type payment_method as enum ('credit_card', 'bank_transfer', 'coupon', 'gift_card');
create type give_back as enum (
    'nothing', 'all', 'part', 'twice', 'late', 'goodwill', 'without order'
);
"""

# `leading_product` is the name of the product with the greatest amount, the first of these.
MACROS = """
create macro discounted(price, discount) as price * (100 - discount) // 100;
create macro leading_product(product_1, amount_1, product_2, amount_2, product_3, amount_3) as
    getvariable('product_names')[
        case
            when amount_1 >= coalesce(amount_2, 0) and amount_1 >= coalesce(amount_3, 0)
                then product_1
            when amount_2 >= coalesce(amount_3, 0) then product_2
            else product_3
        end
    ];
"""

ID_WIDTH = """
set variable id_width = (
    select width_of(greatest(
        (select max(person) from people),
        (select count(*) from placed_orders)
    ))
)
"""

QUERIES = {
    "customers": tables.CUSTOMERS,
    "orders": tables.ORDERS,
    "payments": tables.PAYMENTS,
    "refunds": tables.REFUNDS,
    "order_items": tables.ORDER_ITEMS,
    "customer_contacts": tables.CUSTOMER_CONTACTS,
}


class DbtProduction:
    """People first, then their orders with all that hangs on them."""

    default_days = 730

    def prepare(self, connection: DuckDBPyConnection, request: Request) -> None:
        """Create the plan's tables, the people and the orders."""
        connection.execute(SQL_MACROS)
        plan_table.create(connection, "personas", plan.personas(SHOP))
        plan_table.create(connection, "products", plan.products(SHOP))
        plan_table.create(connection, "days", plan.days(request, SHOP))
        plan_table.create(connection, "arrivals", plan.arrivals(request, SHOP))
        plan_table.create(connection, "assortment", plan.assortment(request, SHOP))
        for name, value in _variables(request).items():
            connection.execute(f"set variable {name} = $1", [value])
        for query in (TYPES, MACROS, PEOPLE, ORDERS, ID_WIDTH):
            connection.execute(query)

    def query(self, table: str) -> str:
        """Return a query for the rows of a raw table, in order."""
        return QUERIES[table]


def _variables(request: Request) -> dict[str, object]:
    first_accessory = len(SHOP.bicycles) + 1
    weights = (
        (str(number), product.weight[0])
        for number, product in enumerate(SHOP.accessories, start=first_accessory)
    )
    return {
        "seed": request.seed,
        "as_of": request.as_of,
        "marked_from": request.first_day + timedelta(days=round(MARKED_FROM * request.days)),
        "lines_from": request.first_day + timedelta(days=round(LINES_FROM * request.days)),
        "product_names": [product.name for product in SHOP.products],
        "prices": [product.price for product in SHOP.products],
        "accessories": [int(number) for number in slices(weights, 100)],
        "first_names": list(SHOP.first_names),
    }
