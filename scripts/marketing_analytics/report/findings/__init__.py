"""Sentences from figures: pure rules, no query. A low volume is said."""
