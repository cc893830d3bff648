"""One page for a head of marketing, from finished marts.

figures   what is read: a table per query, a small module per section
findings  sentences that rules make of those tables
page      charts and templates: one file that needs nothing but itself
"""
