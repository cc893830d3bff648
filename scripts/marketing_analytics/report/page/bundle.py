"""The chart library, as one script that the page carries with it."""

from __future__ import annotations

from functools import cache

import vl_convert

SNIPPET = "window.vegaEmbed = vegaEmbed;"  # nothing of the bundle can be reached without


@cache
def bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as a module; it takes seconds to put together."""
    script: str = vl_convert.javascript_bundle(snippet=SNIPPET)
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
