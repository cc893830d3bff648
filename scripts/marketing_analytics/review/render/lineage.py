"""The picture of what a change reaches: what it changes, what that feeds, the dashboards.

Kinds are told apart by their border, a sign and a word, not by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketing_analytics.review.render.layers import contracted, layers
from marketing_analytics.review.render.view import state
from marketing_analytics.review.words import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketing_analytics.review.findings import NodeReview
    from marketing_analytics.review.render.layers import Layers
    from marketing_analytics.review.render.view import View

MAX_BOXES = 60
MAX_LABEL = 25
WIDTH, HEIGHT = 216, 42
GAP_X, GAP_Y = 48, 14
THIN = 12  # the room of an edge that passes by
MARGIN = 6
SIGNS = {"changed": "●", "other": "▲", "same": "=", "unknown": "?", "dashboard": "▣", "still": "▢"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A model or a dashboard in the picture."""

    x: int
    y: int
    kind: str  # a key of SIGNS
    label: str
    name: str  # in full
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Boxes, lines between them as paths of SVG, and how many boxes did not fit."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    left_out: int


def picture_of(view: View) -> Picture:
    """Return the picture of a review."""
    nodes = {node.unique_id: node for node in view.nodes}
    exposures = {exposure.unique_id: exposure for exposure in view.exposures}
    every = [*nodes, *exposures]
    kept = sorted(every, key=lambda name: _weight(name, view, nodes))[:MAX_BOXES]
    placed = layers(
        sorted(kept),
        contracted(view.review.findings.edges, frozenset(kept)),
        frozenset(exposures) & frozenset(kept),
    )
    places, width, height = _places(placed)
    boxes = []
    for name in sorted(kept):
        x, y = places[name]
        if name in nodes:
            kind, words = _kind(nodes[name], view), state(nodes[name], view)
        else:
            is_touched = exposures[name].is_touched
            kind = "dashboard" if is_touched else "still"
            words = view.data_of(exposures[name])
        label = view.name(name)
        boxes.append(Box(x=x, y=y, kind=kind, label=cut(label, MAX_LABEL), name=label, state=words))
    return Picture(
        width=width,
        height=height,
        boxes=tuple(boxes),
        lines=tuple(_line(path, places) for path in placed.paths),
        left_out=len(every) - len(kept),
    )


def _weight(name: str, view: View, nodes: Mapping[str, NodeReview]) -> tuple[int, str]:
    """Return what is drawn first: the change, dashboards that it touches, what else it touches."""
    node = nodes.get(name)
    if node is None:
        touched = {exposure.unique_id for exposure in view.exposures if exposure.is_touched}
        return (1 if name in touched else 3, name)
    if node.level == 0:
        return (0, name)
    return (2 if name in view.touched or node.not_compared is not None else 3, name)


def _kind(node: NodeReview, view: View) -> str:
    if node.not_compared is not None:
        return "unknown"
    if node.level == 0:
        return "changed"
    return "other" if node.unique_id in view.touched else "same"


def _places(placed: Layers) -> tuple[dict[str, tuple[int, int]], int, int]:
    """Return where each box and each edge that passes by has its upper left corner."""
    heights = [
        sum((THIN if "\0" in name else HEIGHT) + GAP_Y for name in column) - GAP_Y
        for column in placed.columns
    ]
    tallest = max(heights, default=0)
    places = {}
    for at, (column, height) in enumerate(zip(placed.columns, heights, strict=True)):
        y = MARGIN + (tallest - height) // 2
        for name in column:
            places[name] = (MARGIN + at * (WIDTH + GAP_X), y)
            y += (THIN if "\0" in name else HEIGHT) + GAP_Y
    width = len(placed.columns) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    return places, max(width, 2 * MARGIN), tallest + 2 * MARGIN


def _line(path: tuple[str, ...], places: Mapping[str, tuple[int, int]]) -> str:
    """Return the way of an edge: out of the right of a box, into the left of the next."""
    x, y = places[path[0]]
    x, y = x + WIDTH, y + HEIGHT // 2
    parts = [f"M{x} {y}"]
    for name in path[1:]:
        to_x, to_y = places[name]
        to_y += (THIN if "\0" in name else HEIGHT) // 2
        bend = (to_x - x) // 2
        parts.append(f"C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}")
        x, y = to_x, to_y
        if "\0" in name:
            x += WIDTH
            parts.append(f"H{x}")
    return "".join(parts)
