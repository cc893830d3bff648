"""Command line around the marketing_analytics dbt project: bring data, build, read the answers."""
