"""Deterministic synthetic raw data: a plan in Python, the rows in SQL, the files by COPY."""
