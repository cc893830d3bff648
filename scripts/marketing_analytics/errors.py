"""Errors that a user can put right: each says what is wrong and what to do about it."""

from __future__ import annotations


class MarketingAnalyticsError(Exception):
    """A fault in what the user gave, with the way to mend it; the command exits with 2."""
