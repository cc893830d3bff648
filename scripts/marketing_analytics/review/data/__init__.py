"""What a change does to the rows of a table.

    session     both builds, read from one connection         → Session
    columns     the columns that both sides have, and how     → Column
    sides       one table, its columns under our own names    → Sides
    keyed, bag  which rows came, went and changed             → Differences
    shifts      totals, quantiles, categories, samples        → ColumnChange
    compare     all of it for one table                       → DataChange

All of it is SQL that runs where the data are; what comes back are counts and a few samples.
"""
