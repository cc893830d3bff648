"""Text files in any encoding, packed or not, as one UTF-8 file and facts about its lines."""

from __future__ import annotations

import codecs
import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from charset_normalizer import from_bytes

from marketing_analytics.load.model import LoadError

CHUNK = 4 * 1024 * 1024
SAMPLE = 256 * 1024
GZIP_MAGIC = b"\x1f\x8b"
# A packed file may unpack to so many bytes, or to so many times its own: no real export does more.
UNPACKED = 1024**3
UNPACKED_RATIO = 100
EXPORT_AGAIN = "the file may be cut or damaged: export it again"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A short sample fits almost any encoding: only those that exports are really written in.
CANDIDATES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "big5"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A UTF-8 file on disk; `line_count` leaves out blank lines at the end."""

    path: Path
    line_count: int
    note: str | None


def as_utf8(path: Path, encoding: str | None, target: Path) -> TextFile:
    """Return the file itself where it is plain UTF-8, else a copy of it in UTF-8 at `target`.

    Raises:
        LoadError: the file cannot be read, or not in that encoding.
    """
    try:
        return _as_utf8(path, encoding, target)
    except (OSError, EOFError, zlib.error) as error:
        raise LoadError(f"cannot read {path}: {error}; {EXPORT_AGAIN}") from error
    except UnicodeError as error:
        if encoding is None:
            raise LoadError(no_text(path)) from error
        raise LoadError(
            f"cannot read {path} as {encoding}: {error}; set `encoding:` for it in the mapping"
        ) from error


def open_binary(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacked when it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    return cast("IO[bytes]", _Unpacked(path)) if packed else path.open("rb")


def most_unpacked(path: Path) -> int:
    """Return how many bytes a packed file may unpack to."""
    return max(UNPACKED, UNPACKED_RATIO * path.stat().st_size)


class _Unpacked(gzip.GzipFile):
    """A gzipped file that gives up where real data would have ended."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._path = path
        self._most = most_unpacked(path)

    def read(self, size: int | None = -1) -> bytes:
        unpacked = super().read(size)
        if self.tell() > self._most:
            raise LoadError(
                f"{self._path} unpacks to more than {self._most / 1024**3:,.1f} GB, which is "
                f"{UNPACKED_RATIO} times its size or more; if you trust it, unpack it first"
            )
        return unpacked


def _as_utf8(path: Path, encoding: str | None, target: Path) -> TextFile:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    with open_binary(path) as file:
        sample = file.read(SAMPLE)
    known = _codec(path, encoding) if encoding else _marked(sample)
    note: str | None = None
    if known is None or known in ("utf-8", "utf-8-sig"):
        bad_at = first_invalid(path)
        if bad_at is None:
            plain = _unpacked(path, target) if packed else path
            return TextFile(path=plain, line_count=_line_count(plain), note=None)
        if known is not None:
            raise LoadError(
                f"{path} is not {known}: byte {bad_at + 1} cannot be read; "
                "set the right `encoding:` for it in the mapping"
            )
        if b"\0" in sample:
            raise LoadError(no_text(path))
        _refuse_torn(path, bad_at)
        known = _guess(path, bad_at)
        note = f"{path}: read as {known} (a guess; `encoding:` in a mapping makes it certain)"
    _transcode(path, known, target)
    return TextFile(path=target, line_count=_line_count(target), note=note)


def _codec(path: Path, encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError) as error:
        raise LoadError(f"unknown encoding {encoding!r} for {path}") from error
    if not codec._is_text_encoding:
        raise LoadError(f"{encoding!r} for {path} is no encoding of text, such as utf-16 or cp1252")
    return codec.name


def no_text(path: Path) -> str:
    """Return a message for bytes that are no text."""
    return (
        f"{path} is not a text file, whatever its name says; if it is text in a rare encoding, "
        "set `encoding:` for it in a mapping"
    )


def _marked(sample: bytes) -> str | None:
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding
    # Text in Latin letters has a zero in every second byte of UTF-16.
    head = sample[:2000]
    if len(head) >= 4 and head[1::2].count(0) > len(head) * 0.4:  # noqa: PLR2004
        return "utf-16-le"
    if len(head) >= 4 and head[0::2].count(0) > len(head) * 0.4:  # noqa: PLR2004
        return "utf-16-be"
    return None


def first_invalid(path: Path) -> int | None:
    """Return the offset of the first byte that is not UTF-8; None when all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    done, pending = 0, 0
    with open_binary(path) as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                if pending or not chunk.isascii():
                    decoder.decode(chunk, final=not chunk)
                    pending = len(decoder.getstate()[0])
            except UnicodeDecodeError as error:
                return done - pending + error.start
            if not chunk:
                return None
            done += len(chunk)


def _refuse_torn(path: Path, bad_at: int) -> None:
    """Refuse a file of which most letters are UTF-8: read otherwise, these would be wrong."""
    text = _sample(path, bad_at).decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if sum(not letter.isascii() for letter in text) - bad >= bad:
        raise LoadError(
            f"{path}: byte {bad_at + 1} is no UTF-8, but the text around it is: the file is cut, "
            "damaged or put together from several; export it again, or set `encoding:` for it in "
            "the mapping"
        )


def _sample(path: Path, bad_at: int) -> bytes:
    with open_binary(path) as file:
        head = file.read(4096)
        file.seek(max(0, bad_at - 4096))
        return head + file.read(65536)


def _guess(path: Path, bad_at: int) -> str:
    sample = _sample(path, bad_at)
    best = from_bytes(sample, cp_isolation=CANDIDATES).best()
    if best is None or sample.decode("cp1252", "replace") == str(best):
        return "cp1252"  # the commonest of those that read the sample alike
    return best.encoding


def _unpacked(path: Path, target: Path) -> Path:
    with open_binary(path) as source, target.open("wb") as copy:
        while chunk := source.read(CHUNK):
            copy.write(chunk)
    return target


def _transcode(path: Path, encoding: str, target: Path) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_binary(path) as source, target.open("wb") as copy:
        while chunk := source.read(CHUNK):
            copy.write(decoder.decode(chunk).encode("utf-8"))
        copy.write(decoder.decode(b"", final=True).encode("utf-8"))


def _line_count(path: Path) -> int:
    newlines, size, tail = 0, 0, b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            newlines += chunk.count(b"\n")
            size += len(chunk)
            tail = (tail + chunk)[-65536:]
    blank_end = tail[len(tail.rstrip(b"\r\n")) :].count(b"\n")
    return newlines - blank_end + 1 if size else 0
