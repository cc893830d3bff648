"""Posts alerts to a webhook, and never says the address: whoever knows it can post, too."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from marketing_analytics.errors import MarketingAnalyticsError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 10
SCHEMES = ("http", "https")


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirection: a POST would arrive there as a GET, without the alerts."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Return no request, which makes an error of the redirection."""


def check(address: str) -> str:
    """Return the host of an address, by which it may be named.

    Raises:
        MarketingAnalyticsError: it is no web address.
    """
    try:
        parts = urlsplit(address)
        host, scheme = parts.hostname, parts.scheme
    except ValueError:
        host = scheme = None
    if not host or scheme not in SCHEMES:
        raise MarketingAnalyticsError(
            "the webhook is no address that begins with https://; look at --webhook or "
            "MKTG_ALERT_WEBHOOK"
        )
    return host


def post(address: str, message: Mapping[str, Any]) -> None:
    """Send a message as JSON.

    Raises:
        MarketingAnalyticsError: it was not taken; the text names the host alone.
    """
    host = check(address)
    try:
        request = Request(
            address,
            data=json.dumps(message, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
            method="POST",
        )
        with build_opener(_NoRedirect).open(request, timeout=SECONDS):
            return
    except HTTPError as error:
        error.close()
        reason = f"it answered {error.code}"
    except URLError as error:
        said = error.reason.strerror if isinstance(error.reason, OSError) else None
        reason = said or "no connection"
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = type(error).__name__  # its text may hold the address
    raise MarketingAnalyticsError(f"the webhook of {host} did not take the alerts: {reason}")
