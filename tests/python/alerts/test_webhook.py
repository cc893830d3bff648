"""Posting: what arrives, and what is said where it does not."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from alerts.made import last, looked, series, steady, world
from marketing_analytics.alerts import payload, webhook
from marketing_analytics.errors import MarketingAnalyticsError

SECRET = "T0000-S3CRET"


@contextmanager
def server(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Run a webhook that answers with a status and keeps what it was sent."""
    received: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append({"type": self.headers["Content-Type"], "body": json.loads(body)})
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    running = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/services/{SECRET}?key={SECRET}", received
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_message_arrives_as_json() -> None:
    with server() as (address, received):
        webhook.post(address, {"text": "größer"})
    assert received == [{"type": "application/json; charset=utf-8", "body": {"text": "größer"}}]


@pytest.mark.parametrize("status", [302, 403, 404, 500])
def test_a_refusal_is_one_line_without_the_secret(status: int) -> None:
    with server(status) as (address, _), pytest.raises(MarketingAnalyticsError) as error:
        webhook.post(address, {})
    assert str(error.value) == (
        f"the webhook of 127.0.0.1 did not take the alerts: it answered {status}"
    )


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd?" + SECRET,
        "hooks.example.com/" + SECRET,
        "https://",
        "http://[::1/" + SECRET,
        "http://127.0.0.1:1/a b" + SECRET,
        "http://127.0.0.1:port/" + SECRET,
    ],
)
def test_an_address_that_is_none_is_refused_without_saying_it(address: str) -> None:
    with pytest.raises(MarketingAnalyticsError) as error:
        webhook.post(address, {})
    assert SECRET not in str(error.value)
    assert "\n" not in str(error.value)


def test_nobody_there_is_one_line() -> None:
    with pytest.raises(MarketingAnalyticsError, match="Connection refused") as error:
        webhook.post(f"http://127.0.0.1:{closed_port()}/{SECRET}", {})
    assert SECRET not in str(error.value)


def test_slack_gets_text_and_blocks_that_show_names_as_they_are() -> None:
    doubled = last(steady(200, 5), [400])
    many = [
        series("spend", "amount", doubled, name=f"c{n}", label="Sales <b> & *more*")
        for n in range(30)
    ]
    message = payload.slack(looked(world(*many)))
    assert message["text"].startswith("30 alerts for sample as of 2024-06-30: spend of Sales &lt;b")
    kinds = [block["type"] for block in message["blocks"]]
    assert kinds == ["header", *["section"] * 20, "context"]
    assert "Sales &lt;b&gt; &amp; *more*" in message["blocks"][2]["text"]["text"]
    assert message["blocks"][-1]["elements"][0]["text"].startswith("… and 10 more · Looked at:")
    # Else Slack makes links of addresses, and calls everyone for a campaign named @channel.
    texts = [block.get("text") or block["elements"][0] for block in message["blocks"][1:]]
    assert all(text["verbatim"] for text in texts)
    assert all(len(str(block)) < 3000 for block in message["blocks"])


def test_without_findings_slack_would_say_so() -> None:
    message = payload.slack(looked(world()))
    assert message["text"] == "No alerts for sample as of 2024-06-30"
