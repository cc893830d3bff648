"""The page in a browser: it is styled under its own policy, and a phone scrolls one way only."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from marketing_analytics.review.render.html import render
from review.fixtures import document_case, reviewed
from review.hostile import HOSTILE, hostile_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium to open the page in")

# A page around it looks into it, as wide as it is told; the page itself runs no script.
AROUND = """<!doctype html><body>
<iframe id="page" src="page.html" width="{width}" height="800"></iframe>
<pre id="seen"></pre><script>
addEventListener('load', () => {{
  const page = document.getElementById('page').contentWindow;
  const root = page.document.documentElement;
  const box = page.document.querySelector('svg .changed .box');
  document.getElementById('seen').textContent = JSON.stringify({{
    overflow: root.scrollWidth - root.clientWidth,
    requests: page.performance.getEntriesByType('resource').length,
    border: box && page.getComputedStyle(box).strokeWidth,
    wide: [...page.document.querySelectorAll('body *')]
      .filter((one) => !one.closest('.scroll, pre'))
      .filter((one) => one.getBoundingClientRect().right > {width} + 1)
      .map((one) => one.tagName),
    title: page.document.title,
  }});
}});
</script>"""


def seen(folder: Path, page: str, width: int) -> dict[str, Any]:
    site = folder / "site"
    site.mkdir()
    (site / "page.html").write_text(page, encoding="utf-8")
    (site / "around.html").write_text(AROUND.format(width=width), encoding="utf-8")
    with served(site) as address:
        dom = opened(f"{address}/around.html", folder / "profile")
    found = re.search(r'<pre id="seen">(.+?)</pre>', dom)
    assert found is not None, dom
    looked: dict[str, Any] = json.loads(found[1])
    return looked


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder: of files a browser does not say what they ask for."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def opened(address: str, profile: Path) -> str:
    done = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={profile}",
            "--virtual-time-budget=5000",
            "--dump-dom",
            address,
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_fits_asks_for_nothing_and_is_styled(width: int, tmp_path: Path) -> None:
    looked = seen(tmp_path, render(reviewed(document_case())), width)
    assert looked == {
        "overflow": 0,
        "requests": 0,
        "border": "3.5px",
        "wide": [],
        "title": "NOT SAFE TO MERGE: working tree",
    }


def test_long_words_do_not_widen_the_page(tmp_path: Path) -> None:
    looked = seen(tmp_path, render(reviewed(hostile_case("long_" * 60))), 390)
    assert (looked["overflow"], looked["wide"]) == (0, [])


def test_a_page_of_hostile_values_asks_for_nothing(tmp_path: Path) -> None:
    looked = seen(tmp_path, render(reviewed(hostile_case(" ".join(HOSTILE)))), 390)
    assert (looked["overflow"], looked["requests"]) == (0, 0)


def test_a_request_would_be_seen(tmp_path: Path) -> None:
    page = '<!doctype html><title>x</title><img src="missing.png"><p>wide</p>'
    assert seen(tmp_path, page, 390)["requests"] == 1
