"""A review as people read it: a comment, a page, and JSON for programs.

view        what all of them show, put in order
markdown    a comment under a pull request, below GitHub's limit
html        a page that needs nothing but itself
json        everything, as schema.json says
"""
