"""What docs/sample-data.md promises of the shop: loosely on the sample, tightly on twenty of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from conftest import PROJECT
from generated import by_key, generated, one
from marketing_analytics.generate.request import Request
from marketing_analytics.generate.shop_world import SHOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

AS_OF = date(2024, 6, 30)

DERIVED = """
create view paid as
select
    order_id,
    count(*) as parts,
    count(distinct payment_method) as methods,
    sum(amount) as amount,
    sum(amount) filter (payment_method in ('coupon', 'gift_card')) as promotional
from payments
group by 1;

create view sales as
select
    orders.*,
    coalesce(parts, 0) as parts,
    methods,
    coalesce(paid.amount, 0) as amount,
    promotional,
    status in ('shipped', 'completed') as is_successful,
    status in ('returned', 'return_pending') as is_returned,
    customers.id is not null and is_test_user is not true as is_customer,
    is_test_user
from orders
left join paid on orders.id = order_id
left join customers on user_id = customers.id;

create view product_sales as
select product, sales.*, order_items.amount as line_amount
from sales inner join order_items on sales.id = order_id;

create view people as
select
    user_id,
    min(date_trunc('month', order_date)) as cohort,
    count(*) as orders,
    sum(amount) as revenue,
    date '2024-06-30' - max(order_date) as quiet_days,
    count(*) filter (promotional is not null) as promotional_orders
from sales
where is_customer and is_successful
group by 1;

create view returned_money as
select
    refunds.*,
    sales.order_date,
    sales.amount as order_amount,
    sales.is_returned,
    date_diff('day', order_date, cast(refunded_at as date)) as after_days
from refunds
left join sales on order_id = sales.id;
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("sample")
    with generated("dbt_production", folder, Request(days=730), DERIVED) as data:
        yield data


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("large")
    with generated("dbt_production", folder, Request(days=730, scale=20), DERIVED) as data:
        yield data


def test_the_sample_is_small() -> None:
    files = list((PROJECT / "seeds" / "sample" / "dbt_production").glob("*.csv"))
    assert len(files) == 6
    assert sum(path.stat().st_size for path in files) < 420_000


def test_the_sample_has_enough_of_everything(sample: DuckDBPyConnection) -> None:
    assert 420 < one(sample, "select count(*) from customers") < 580
    assert 1600 < one(sample, "select count(*) from orders") < 2100
    assert 100 < one(sample, "select count(*) from refunds") < 200
    assert 150 < one(sample, "select count(*) from customer_contacts") < 350
    assert one(sample, "select count(distinct cycle_name) from orders") == len(SHOP.products)


def test_scale_multiplies_everything(sample: DuckDBPyConnection, large: DuckDBPyConnection) -> None:
    for table in ("customers", "orders", "payments", "order_items", "refunds"):
        count = f"select count(*) from {table}"
        assert one(large, count) / one(sample, count) == pytest.approx(20, rel=0.25)


def test_some_accounts_are_the_teams_own(large: DuckDBPyConnection) -> None:
    marks = by_key(large, "select is_test_user, count(*) from customers group by 1")
    assert 0.006 < marks[True] / sum(marks.values()) < 0.02
    assert 0 < marks[None] < 0.15 * sum(marks.values())
    assert one(large, "select count(*) from sales where is_test_user") > 100


def test_kinds_of_buyers(large: DuckDBPyConnection) -> None:
    guests, unknown = one(
        large,
        """
        select
            avg(cast(user_id is null as integer)),
            avg(cast(user_id is not null and customers.id is null as integer))
        from orders left join customers on user_id = customers.id
        """,
    )
    assert 0.01 < guests < 0.04
    assert unknown == 0
    never = one(
        large, "select avg(cast(id not in (select user_id from people) as integer)) from customers"
    )
    assert 0.08 < never < 0.2


def test_statuses_follow_from_age(large: DuckDBPyConnection) -> None:
    shares = by_key(large, "select status, count(*) / sum(count(*)) over () from orders group by 1")
    assert shares["completed"] > 0.85
    assert 0.055 < shares["returned"] + shares["return_pending"] < 0.08
    assert shares["return_pending"] < 0.006
    recent = by_key(
        large,
        "select status, min(order_date) from orders where id in (select order_id from payments)"
        " group by 1",
    )
    assert (AS_OF - recent["placed"]).days < 10
    assert (AS_OF - recent["shipped"]).days < 25
    assert (AS_OF - recent["return_pending"]).days < 35


@pytest.mark.parametrize("size", ["sample", "large"])
def test_products_with_a_story(size: str, request: pytest.FixtureRequest) -> None:
    data: DuckDBPyConnection = request.getfixturevalue(size)
    first = by_key(data, "select cycle_name, min(order_date) from orders group by 1")
    last = by_key(data, "select cycle_name, max(order_date) from orders group by 1")
    assert (AS_OF - first["Gravel Scout"]).days < 30
    assert (AS_OF - last["Fold Compact"]).days > 60
    assert all((AS_OF - first[name]).days > 90 for name in first if name != "Gravel Scout")
    returned = by_key(
        data,
        "select product, avg(cast(is_returned as integer)) from product_sales"
        " group by 1 having count(*) >= 30",
    )
    assert {name for name, rate in returned.items() if rate > 0.2} == {"Trail Basic"}
    revenue = by_key(
        data,
        "select product, sum(line_amount) from product_sales where is_successful group by 1",
    )
    assert max(revenue, key=lambda name: revenue[name]) == "Mountain Pro"


def test_one_favourite_fades_and_one_rises(large: DuckDBPyConnection) -> None:
    growth = by_key(
        large,
        """
        select
            cycle_name,
            count(*) filter (order_date > '2023-07-02') / count(*)
        from orders
        group by 1
        """,
    )
    assert growth["City Cruiser"] < growth["Mountain Pro"] < growth["E-Tour Max"]


def test_baskets(large: DuckDBPyConnection) -> None:
    has_lines = by_key(
        large,
        """
        select order_date >= '2022-12-31', avg(cast(id in (select order_id from order_items)
            as integer))
        from sales where parts > 0 group by 1
        """,
    )
    assert has_lines == {False: 0, True: 1}
    several = one(
        large,
        "select avg(cast(n > 1 as integer)) from"
        " (select count(*) as n from order_items group by order_id)",
    )
    assert 0.3 < several < 0.6
    fleets = "select count(*) from order_items where quantity > 1 and amount / quantity > 20000"
    assert one(large, fleets) > 100


def test_promotions_bring_orders_and_coupons(large: DuckDBPyConnection) -> None:
    """The spring sale of 2024 against the same number of days before it."""
    sale, before = large.execute(
        """
        select count(*), avg(cast(promotional is not null as integer))
        from sales
        where order_date between '2024-02-26' and '2024-04-07'
        group by order_date >= '2024-03-18'
        order by order_date >= '2024-03-18' desc
        """
    ).fetchall()
    assert sale[0] > 1.3 * before[0]
    assert sale[1] > 2 * before[1]
    share = one(large, "select avg(cast(promotional is not null as integer)) from sales")
    assert 0.1 < share < 0.25


def test_people_who_come_for_the_promotion_do_not_come_back(large: DuckDBPyConnection) -> None:
    orders = by_key(
        large,
        "select promotional_orders = orders, avg(orders) from people"
        " where cohort < '2024-01-01' group by 1",
    )
    assert orders[False] > 2 * orders[True]


def test_payments_are_split_in_two_ways(large: DuckDBPyConnection) -> None:
    methods, same = one(
        large,
        "select avg(cast(methods = 2 as integer)), avg(cast(parts = 2 and methods = 1 as integer))"
        " from sales",
    )
    assert 0.05 < methods < 0.25
    assert 0.005 < same < 0.04
    assert 0.005 < one(large, "select avg(cast(parts = 0 as integer)) from sales") < 0.02


def test_weekends_are_busy(large: DuckDBPyConnection) -> None:
    share = one(large, "select avg(cast(isodow(order_date) >= 6 as integer)) from orders")
    assert 0.33 < share < 0.45
    assert (
        one(
            large,
            "select count(*) from (select user_id from sales where is_customer group by 1"
            " having count(*) >= 4 and min(isodow(order_date)) >= 6)",
        )
        > 50
    )


def test_the_shop_grows(large: DuckDBPyConnection) -> None:
    months = by_key(
        large,
        "select date_diff('month', date '2022-07-01', order_date), count(*) from orders group by 1",
    )
    assert set(months) == set(range(24))
    assert months[23] > 2 * months[5]


@pytest.mark.parametrize("size", ["sample", "large"])
def test_refunds_of_every_kind(size: str, request: pytest.FixtureRequest) -> None:
    data: DuckDBPyConnection = request.getfixturevalue(size)
    kinds = one(
        data,
        """
        select
            count(*) filter (is_returned and amount = order_amount) / 40,
            count(*) filter (is_returned and amount < order_amount) / 5,
            count(*) filter (not is_returned),
            count(*) filter (after_days > 90),
            count(*) filter (order_id is null and user_id is not null) / 3,
            count(*) - count(distinct order_id) - count(*) filter (order_id is null)
        from returned_money
        """,
    )
    assert all(kind >= 1 for kind in kinds), kinds
    assert one(data, "select count(*) from refunds where order_id is null and user_id is null") == 0
    silent = """
        select count(*) from sales where status = 'returned'
        and id not in (select order_id from refunds where order_id is not null)
    """
    assert one(data, silent) == 0


@pytest.mark.parametrize("size", ["sample", "large"])
def test_every_value_of_the_last_90_days_occurs(size: str, request: pytest.FixtureRequest) -> None:
    tiers = by_key(
        request.getfixturevalue(size),
        """
        with refunded as (select order_id, sum(amount) as amount from refunds group by 1),
        recent as (
            select
                user_id,
                sum(sales.amount - coalesce(refunded.amount, if(is_returned, sales.amount, 0)))
                    as net
            from sales left join refunded on sales.id = order_id
            where is_customer and order_date > date '2024-06-30' - 90
            group by 1
        )
        select case when net >= 500000 then 'High' when net >= 100000 then 'Medium' else 'Low' end,
            count(*) / sum(count(*)) over ()
        from recent group by 1
        """,
    )
    assert 0.01 < tiers["High"] < tiers["Medium"] < tiers["Low"]


def test_cohorts_differ_in_what_they_become(large: DuckDBPyConnection) -> None:
    retention = by_key(
        large,
        """
        with months as (
            select distinct cohort, user_id, date_trunc('month', order_date) as month
            from sales inner join people using (user_id)
            where is_successful
        )
        select strftime(cohort, '%Y-%m'), 100 / 6 * count(*) filter (
            date_diff('month', cohort, month) between 1 and 6
        ) / count(distinct user_id)
        from months
        group by 1
        """,
    )
    assert retention["2022-08"] > 40
    assert 30 < retention["2023-01"] < 40
    assert 15 < retention["2023-05"] < 30
    assert retention["2023-08"] < 12


@pytest.mark.parametrize(
    ("habit", "share"),
    [
        ("quiet_days < 45 and orders >= 8", (0.1, 0.3)),  # loyal
        ("quiet_days > 200 and orders >= 4", (0.02, 0.15)),  # gone, after much
        ("quiet_days > 300 and orders = 1", (0.08, 0.3)),  # gone, after once
        ("quiet_days < 45 and orders = 1 and revenue < 30000", (0.02, 0.1)),  # new
        ("revenue > 1000000", (0.005, 0.1)),  # big
    ],
)
@pytest.mark.parametrize("size", ["sample", "large"])
def test_people_of_every_habit(
    size: str, habit: str, share: tuple[float, float], request: pytest.FixtureRequest
) -> None:
    found = one(request.getfixturevalue(size), f"select avg(cast({habit} as integer)) from people")
    assert share[0] < found < share[1]


def test_the_team_writes_to_those_who_are_quiet(large: DuckDBPyConnection) -> None:
    actions = by_key(large, "select action, count(*) from customer_contacts group by 1")
    assert actions["win-back mail"] > actions["voucher"] > actions["service call"] > 100
    back = one(
        large,
        """
        select avg(cast(exists (
            select 1 from orders
            where orders.user_id = customer_contacts.user_id and order_date > contacted_at
        ) as integer))
        from customer_contacts where action = 'win-back mail'
        """,
    )
    assert 0.1 < back < 0.6


BREACHES = {
    "items that are not what was paid": """
        from (select order_id, sum(amount) as amount from order_items group by 1) as items
        left join paid using (order_id) where items.amount is distinct from paid.amount
    """,
    "product that is not the line with the greatest amount": """
        from product_sales
        where not exists (
            from order_items as other where other.order_id = product_sales.id
            and other.product = product_sales.cycle_name
            and other.amount >= product_sales.line_amount
        )
    """,
    "payment of an order or product that is not known": """
        from payments left join orders on order_id = orders.id
        where orders.cycle_name is distinct from payments.cycle_name
    """,
    "amount that is not positive": """
        from (
            select amount from payments union all select amount from refunds
            union all select amount from order_items
        ) where amount <= 0
    """,
    "more given back than paid": """
        from (select order_id, sum(amount) as amount from refunds group by 1) as given
        inner join paid using (order_id) where given.amount > paid.amount
    """,
    "refund before its order": "from returned_money where after_days < 0",
    "refund to another customer": """
        from refunds inner join orders on order_id = orders.id
        where refunds.user_id is distinct from orders.user_id
    """,
    "anything outside of the period": """
        from (
            select order_date as day from orders
            union all select cast(refunded_at as date) from refunds
            union all select cast(contacted_at as date) from customer_contacts
        ) where day not between '2022-07-02' and '2024-06-30'
    """,
    "contact with somebody unknown": """
        from customer_contacts left join customers on user_id = customers.id
        where customers.id is null or is_test_user
    """,
    "win-back mail to somebody who has just bought": """
        from customer_contacts inner join orders using (user_id)
        where action = 'win-back mail'
            and date_diff('day', order_date, cast(contacted_at as date)) between 0 and 60
    """,
}


@pytest.mark.parametrize("breach", BREACHES)
def test_no(breach: str, large: DuckDBPyConnection) -> None:
    assert one(large, f"select count(*) from (select 1 {BREACHES[breach]})") == 0


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("customers", "id"),
        ("orders", "order_date, id"),
        ("payments", "id"),
        ("refunds", "refunded_at, id"),
        ("order_items", "id"),
        ("customer_contacts", "contacted_at, id"),
    ],
)
def test_files_are_in_order_and_keys_unique(
    large: DuckDBPyConnection, table: str, columns: str
) -> None:
    rows = large.execute(f"select {columns} from {table}").fetchall()
    assert rows == sorted(set(rows))
