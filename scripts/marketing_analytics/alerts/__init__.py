"""Finds what is wrong with the data or the business since the last build, and says it."""
