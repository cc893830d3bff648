"""What a change does to the SQL of the models, by syntax tree and column lineage.

    query      with from_clause, joins, rows, scope, expressions, conditions, windows, functions,
               stability, names, parts, terms:
               SQL → Relation, which rows there are and what the columns mean
    side       a build's queries, read when they are asked for
    changes    with compare, canonical, renames, settings, seeds, graph:
               two sides → what happened to each node
    sentences  with steps, clauses, column_sentences, wording: the same in words
    gaps       with comparisons, lines: lists of values that do not fit any more
    readers    who reads a column

Two columns are the same where their keys are: expressions with every name resolved to the columns
of tables (`terms`). What cannot be resolved is unknown, never harmless.

`types` are the columns of every table of the database, raw ones too: schema.table, column, data
type; the head's, and the base's of what the head no longer has.

An exposure lists the values that a dashboard expects of a column under `meta.expects`:
`{mart_customer_revenue.cltv_segment: [High, Low]}`.
"""

from marketing_analytics.review.code.changes import code_changes
from marketing_analytics.review.code.gaps import enumeration_gaps
from marketing_analytics.review.code.readers import Readers, column_readers, readers_of
from marketing_analytics.review.code.terms import is_certain

__all__ = [
    "Readers",
    "code_changes",
    "column_readers",
    "enumeration_gaps",
    "is_certain",
    "readers_of",
]
