"""What a change to the models does to the numbers and to the people who rely on them.

    build       base and head, from the same raw data        → two databases and their artifacts
    artifacts   manifest.json and run_results.json            → Build
    code        the SQL of both, by syntax tree and lineage   → CodeChange, EnumerationGap
    data        the tables of both, by key                    → DataChange
    reach       who reads what has changed                    → Reach
    verdict     the written rules                             → Verdict
    render      Markdown, HTML, JSON                          → what people read

`findings` holds what these steps hand on.
"""
