"""The first answers after a build: where campaigns leak, who buys what, and what is left of it."""
