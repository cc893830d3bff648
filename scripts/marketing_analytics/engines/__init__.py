"""Other engines than DuckDB: a server to try the models on, and the proof that it answers alike."""
