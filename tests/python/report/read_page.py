"""Reads a page as a program: its tables with the value behind each cell, its figures, its data."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class PageTable:
    name: str
    mart: str
    columns: list[str] = field(default_factory=list)
    values: list[list[str]] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, PageTable] = {}
        self.heats: dict[str, list[str]] = {}
        self.figures: dict[str, dict[str, str]] = {}
        self.ids: list[str] = []
        self.links: list[str] = []
        self.scripts: list[str] = []
        self._table: PageTable | None = None
        self._heat: list[str] | None = None
        self._in_cell = self._in_script = False
        self.feed(html)
        self.close()
        found = re.search(r'id="data">(.*?)</script>', html, re.DOTALL)
        self.data: dict[str, Any] = json.loads(found[1]) if found else {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        if "data-figure" in given:
            self.figures[given["data-figure"]] = given
        if tag == "table":
            self._start_table(given)
        elif tag == "th" and self._table is not None and "data-column" in given:
            self._table.columns.append(given["data-column"])
        elif tag == "tr" and self._table is not None and self._table.columns:
            self._table.values.append([])
            self._table.texts.append([])
        elif tag == "td":
            self._start_cell(given)
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = self._heat = None
        if tag == "td":
            self._in_cell = False
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)
        if self._in_cell and self._table is not None:
            self._table.texts[-1][-1] += data

    def _start_table(self, given: dict[str, str]) -> None:
        if "data-query" in given:
            self._table = PageTable(name=given["data-query"], mart=given["data-mart"])
            self.tables[self._table.name] = self._table
        elif "data-heat" in given:
            self._heat = self.heats.setdefault(given["data-heat"], [])

    def _start_cell(self, given: dict[str, str]) -> None:
        if self._table is not None:
            self._table.values[-1].append(given["data-value"])
            self._table.texts[-1].append("")
            self._in_cell = True
        elif self._heat is not None and "data-value" in given:
            self._heat.append(given["data-value"])
