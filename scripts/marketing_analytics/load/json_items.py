"""JSON files of any length, object by object: items of one array, or one object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from marketing_analytics.load.model import LoadError
from marketing_analytics.load.sql import LONGEST_ROW
from marketing_analytics.load.text_lines import BLANKS, TOO_LONG, is_too_long, lines

PIECE = 1 << 20
TOO_DEEP = "brackets are nested too deeply"

# Its number, its values as text, or the reason why it has none, and its content as JSON.
Item = tuple[int, dict[str, str] | None, str, str]


class _Repeating(dict[str, Any]):
    """An object that names a key twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(found)


# Numbers stay as they are written: a float would change their digits.
DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=str
)


def json_items(path: Path) -> Iterator[Item]:
    """Yield every object of a UTF-8 JSON file: items of one array, or one object per line.

    Raises:
        LoadError: the array is broken, or an object takes several lines; a broken line is an
            item with a reason instead.
    """
    with path.open(encoding="utf-8-sig") as file:
        first = ""
        while not first.strip():
            first = file.read(4096)
            if not first:
                return
        is_array = first.lstrip().startswith("[")
        if not is_array and _goes_on(first.lstrip() + file.read(PIECE)):
            raise LoadError(
                f"{path}: a JSON object goes on over several lines; write an object per line, "
                "or an array of objects"
            )
    yield from _array_items(path) if is_array else _line_items(path)


def _goes_on(text: str) -> bool:
    """Return whether the text begins with a whole JSON object that takes more than a line."""
    line_end = text.find("\n")
    try:
        _, end = DECODER.raw_decode(text)
    except (json.JSONDecodeError, RecursionError):
        return text[: max(line_end, 0)].strip() == "{"
    return 0 <= line_end < end


def _line_items(path: Path) -> Iterator[Item]:
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(lines(file), start=1):
            if not line.strip():
                continue
            if is_too_long(line):
                yield number, None, TOO_LONG, _json(line)
                continue
            try:
                item, reason = _item(DECODER.decode(line.strip()))
            except json.JSONDecodeError as error:
                item, reason = None, f"not a JSON object: {error.msg}"
            except RecursionError:
                item, reason = None, TOO_DEEP
            yield number, item, reason, _json(line.rstrip())


def _array_items(path: Path) -> Iterator[Item]:
    number, buffer = 0, ""
    with path.open(encoding="utf-8-sig") as file:
        while "[" not in buffer:
            buffer = file.read(PIECE)
        at = buffer.index("[") + 1
        while True:
            at = _skip(buffer, at, " \t\r\n,")
            if at < len(buffer) and buffer[at] == "]":
                _refuse_more(path, buffer[at + 1 :], file)
                return
            try:
                value, end = DECODER.raw_decode(buffer, at)
                complete = end < len(buffer)  # a number may go on in the next piece
                item, reason = _item(value)
            except json.JSONDecodeError:
                complete = False
            except RecursionError as error:
                raise LoadError(f"{path}, item {number + 1}: {TOO_DEEP}") from error
            if not complete:
                if len(buffer) - at > LONGEST_ROW:
                    raise LoadError(f"{path}, item {number + 1}: {TOO_LONG}, or broken")
                more = file.read(PIECE)
                if not more:
                    raise LoadError(f"{path} is no complete JSON array (item {number + 1})")
                buffer, at = buffer[at:] + more, 0
                continue
            number += 1
            yield number, item, reason, _json(buffer[at:end])
            at = end


def _refuse_more(path: Path, rest: str, file: IO[str]) -> None:
    while piece := rest or file.read(PIECE):
        if piece.strip():
            raise LoadError(
                f"{path}: something stands after the end of the array; put all objects into one "
                "array, or one object on each line"
            )
        rest = ""


def _skip(buffer: str, at: int, blanks: str) -> int:
    while at < len(buffer) and buffer[at] in blanks:
        at += 1
    return at


def _item(value: Any) -> tuple[dict[str, str] | None, str]:
    if not isinstance(value, dict):
        return None, "not a JSON object"
    item = {str(key).strip().strip(BLANKS): _json_text(part) for key, part in value.items()}
    if isinstance(value, _Repeating) or len(item) < len(value):
        return None, "names a key twice"
    try:
        "".join([*item, *item.values()]).encode()
    except UnicodeEncodeError:
        return None, "holds one half of a character (\\ud800 to \\udfff)"
    return item, ""


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
