"""A small shop, and what changes in its raw tables between two builds; in SQL of every engine."""

from __future__ import annotations

# The latest order is of the 31st of March: the 30 days of the look-back begin on the 2nd.
RAW = """
    insert into dbt_production.customers values
        ('a', 'Ann', 'A.', false), ('b', 'Bob', 'B.', false), ('c', 'Cid', 'C.', false),
        ('t', 'Tea', 'T.', true);
    insert into dbt_production.orders values
        ('paid_back_late', 'a', '2024-01-10', 'completed', 'Bag'),
        ('of_the_same_day', 'b', '2024-01-10', 'completed', 'Hat'),
        ('forgotten_refund', 'a', '2024-02-05', 'returned', 'Hat'),
        ('long_ago', 'c', '2024-02-06', 'completed', 'Bag'),
        ('last_day_out', 'a', '2024-03-01', 'completed', 'Cap'),
        ('first_day_in', 'b', '2024-03-02', 'placed', 'Cap'),
        ('paid_in_parts', 'c', '2024-03-10', 'completed', 'Bag'),
        ('moves_to_a_new_day', 'a', '2024-03-12', 'completed', 'Hat'),
        ('deleted', 'b', '2024-03-14', 'completed', 'Cap'),
        ('moves_to_an_old_day', 'c', '2024-03-15', 'completed', 'Hat'),
        ('stays', 'a', '2024-03-15', 'shipped', 'Bag'),
        ('of_a_test_user', 't', '2024-03-30', 'shipped', 'Bag'),
        ('latest', 'b', '2024-03-31', 'shipped', 'Bag');
    insert into dbt_production.payments (id, order_id, payment_method, amount)
    select 'p_' || id, id, 'credit_card', 10000 + 100 * row_number() over (order by id)
    from dbt_production.orders;
    insert into dbt_production.refunds values
        ('r1', 'paid_in_parts', 'c', 500, '2024-03-11 12:00:00'),
        ('r2', 'of_the_same_day', 'b', 700, '2024-03-25 12:00:00');
    insert into dbt_production.order_items values
        ('i1', 'paid_in_parts', 'Bag', 1, 6000), ('i2', 'paid_in_parts', 'Cap', 2, 4000);
"""
CHANGES = """
    insert into dbt_production.customers values ('d', 'Dan', 'D.', false);
    insert into dbt_production.orders values
        ('new', 'a', '2024-04-01', 'completed', 'Bag'),
        ('new_guest', null, '2024-04-03', 'completed', 'Hat'),
        ('new_customer', 'd', '2024-04-03', 'placed', 'Cap');
    insert into dbt_production.payments (id, order_id, payment_method, amount) values
        ('q1', 'new', 'gift_card', 9000), ('q2', 'new_guest', 'bank_transfer', 8000),
        ('q3', 'paid_in_parts', 'coupon', 2500);
    update dbt_production.payments set amount = 1 where order_id = 'stays';
    delete from dbt_production.payments where order_id = 'latest';
    update dbt_production.orders set status = 'completed' where id = 'first_day_in';
    update dbt_production.orders set status = 'returned' where id = 'stays';
    update dbt_production.orders set order_date = '2024-03-20' where id = 'moves_to_a_new_day';
    update dbt_production.orders set order_date = '2024-03-05' where id = 'moves_to_an_old_day';
    delete from dbt_production.orders where id = 'deleted';
    insert into dbt_production.refunds values
        ('r3', 'paid_back_late', 'a', 900, '2024-04-02 12:00:00'),
        ('r4', 'forgotten_refund', 'a', 100, '2024-03-02 00:00:00');
"""
