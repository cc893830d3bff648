"""Warehouses that a laptop cannot start: the models compiled for them and run by stand-ins."""
