"""GoogleSQL's reference engine, by which BigQuery's dialect is defined, in this process.

The package `zetasql` holds it as WebAssembly. Its own client copies requests byte by byte and
compiles the module anew in each process, which takes longer than all our queries; this one keeps
the compiled module in the user's cache.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wasmtime
from zetasql.core.wasm_client import get_tzinfo_dir
from zetasql.wasi import get_wasm_path
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import options_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as public_options_pb2
from zetasql.wasi._pb2.zetasql.public import type_pb2, value_pb2

from marketing_analytics.engines.compare import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXACT = Context(prec=80)  # the longest has 77 digits
EPOCH = date(1970, 1, 1)
SIZE_BYTES = 4  # of the length that a call writes beside its answer
NUMERIC_SCALE, BIGNUMERIC_SCALE = 9, 38  # digits after the point that their bytes count
# What DuckDB calls a type, without its length.
KINDS = {
    "VARCHAR": type_pb2.TYPE_STRING,
    "INTEGER": type_pb2.TYPE_INT64,
    "BIGINT": type_pb2.TYPE_INT64,
    "HUGEINT": type_pb2.TYPE_INT64,  # a sum of counts
    "DOUBLE": type_pb2.TYPE_DOUBLE,
    "DECIMAL": type_pb2.TYPE_NUMERIC,
    "BOOLEAN": type_pb2.TYPE_BOOL,
    "DATE": type_pb2.TYPE_DATE,
    "TIMESTAMP": type_pb2.TYPE_TIMESTAMP,
}


class GoogleSqlError(Exception):
    """The engine refuses a statement or fails in it; the message is the engine's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table as the engine holds it: names and kinds of its columns, and its rows."""

    columns: tuple[tuple[str, int], ...]
    content: Any  # a TableContent

    def emptied(self) -> Relation:
        """Return it without its rows."""
        return Relation(columns=self.columns, content=_content())

    def table(self) -> Table:
        """Return it with Python's values."""
        return Table(
            columns=tuple(name for name, _ in self.columns),
            rows=tuple(
                tuple(_python_value(cell) for cell in row.cell)
                for row in self.content.table_data.row
            ),
        )


def relation(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]) -> Relation:
    """Return a table of names, DuckDB's types and Python's values as the engine holds it."""
    kinds = [_kind(data_type) for _, data_type in columns]
    content = _content()
    for row in rows:
        cells = content.table_data.row.add().cell
        for value, kind in zip(row, kinds, strict=True):
            _set_value(cells.add(), value, kind)
    names = (name for name, _ in columns)
    return Relation(columns=tuple(zip(names, kinds, strict=True)), content=content)


class GoogleSql:
    """The running engine; it holds no tables between two queries."""

    def __init__(self) -> None:
        self._module = _Module()
        language = self._module.call(
            "ZetaSqlLocalService_GetLanguageOptions",
            service.LanguageOptionsRequest(maximum_features=True),
            options_pb2.LanguageOptionsProto,
        )
        language.product_mode = public_options_pb2.PRODUCT_EXTERNAL
        self._options = options_pb2.AnalyzerOptionsProto(
            language_options=language, default_timezone="UTC"
        )
        self._builtins = options_pb2.ZetaSQLBuiltinFunctionOptionsProto(language_options=language)

    def query(self, sql: str, tables: Mapping[str, Relation]) -> Relation:
        """Run a query over tables, named as the query names them; return its rows.

        Raises:
            GoogleSqlError: the engine refuses the query or fails in it.
        """
        catalog = simple_catalog_pb2.SimpleCatalogProto(
            name="catalog", builtin_function_options=self._builtins
        )
        request = service.EvaluateQueryRequest(
            sql=sql, options=self._options, simple_catalog=catalog
        )
        for name, held in tables.items():
            table = request.simple_catalog.table.add(name=name)
            for column, kind in held.columns:
                added = table.column.add(name=column)
                added.type.type_kind = kind
            request.table_content[name].CopyFrom(held.content)
        answer = self._module.call(
            "ZetaSqlLocalService_EvaluateQuery", request, service.EvaluateQueryResponse
        )
        columns = tuple((c.name, c.type.type_kind) for c in answer.prepared.columns)
        return Relation(columns=columns, content=answer.content)


class _Module:
    """The compiled module and its memory."""

    def __init__(self) -> None:
        config = wasmtime.Config()
        config.shared_memory = True
        engine = wasmtime.Engine(config)
        wasi = wasmtime.WasiConfig()
        wasi.inherit_stderr()
        zones = get_tzinfo_dir()
        if zones:
            wasi.preopen_dir(zones, "/usr/share/zoneinfo")
        self._store = wasmtime.Store(engine)
        self._store.set_wasi(wasi)
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        instance = linker.instantiate(self._store, _compiled(engine))
        self._exports: Any = instance.exports(self._store)
        if "_initialize" in self._exports:
            self._exports["_initialize"](self._store)
        self._memory = self._exports["memory"]

    def call(self, function: str, request: Any, answer: Any) -> Any:
        sent = request.SerializeToString()
        place = self._exports["wasm_malloc"](self._store, len(sent))
        size_place = self._exports["wasm_malloc"](self._store, SIZE_BYTES)
        try:
            ctypes.memmove(self._address(place), sent, len(sent))
            found = self._exports[function](self._store, place, len(sent), size_place)
            if not found:
                raise GoogleSqlError(self._error())
            size = int.from_bytes(self._read(size_place, SIZE_BYTES), "little")
            received = self._read(found, size)
            self._exports["wasm_free"](self._store, found)
        finally:
            self._exports["wasm_free"](self._store, place)
            self._exports["wasm_free"](self._store, size_place)
        return answer.FromString(received)

    def _read(self, place: int, size: int) -> bytes:
        return ctypes.string_at(self._address(place), size)

    def _address(self, place: int) -> int:
        # Asked for each time: the memory moves when it grows.
        return ctypes.addressof(self._memory.data_ptr().contents) + place

    def _error(self) -> str:
        size = self._exports["wasm_get_last_error_size"](self._store)
        return self._read(self._exports["wasm_get_last_error"](self._store), size).decode()


def kept_module() -> Path:
    """Return where the compiled module is kept; its name has what the compiled form depends on."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    name = f"googlesql-{version('wasmtime')}-{_hash(get_wasm_path())}.cwasm"
    return cache / "marketing-analytics" / name


def _compiled(engine: wasmtime.Engine) -> wasmtime.Module:
    """Return the module compiled for this machine, made again where the runtime refuses it."""
    kept = kept_module()
    if kept.exists():
        try:
            return wasmtime.Module.deserialize_file(engine, str(kept))
        except wasmtime.WasmtimeError:
            kept.unlink()
    module = wasmtime.Module.from_file(engine, get_wasm_path())
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
        file.write(module.serialize())
    Path(file.name).replace(kept)  # at once: another process may be reading
    return module


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _content() -> Any:
    """Return the content of a table of no rows, which the engine tells from none at all."""
    content = service.TableContent()
    content.table_data.SetInParent()
    return content


def _kind(data_type: str) -> int:
    """Return the engine's kind for a type as DuckDB writes it, such as DECIMAL(18,2)."""
    name, _, length = data_type.partition("(")
    if name == "DECIMAL" and int(length.rstrip(")").split(",")[1]) > NUMERIC_SCALE:
        return int(type_pb2.TYPE_BIGNUMERIC)
    return int(KINDS[name])


def _set_value(cell: Any, value: object, kind: int) -> None:
    if value is None:
        return
    match value:
        case bool():
            cell.bool_value = value
        case int():
            cell.int64_value = value
        case float():
            cell.double_value = value
        case str():
            cell.string_value = value
        case Decimal():
            if kind == type_pb2.TYPE_BIGNUMERIC:
                cell.bignumeric_value = _decimal_bytes(value, BIGNUMERIC_SCALE)
            else:
                cell.numeric_value = _decimal_bytes(value, NUMERIC_SCALE)
        case datetime():
            cell.timestamp_value.FromDatetime(value)
        case date():
            cell.date_value = (value - EPOCH).days
        case _:
            raise TypeError(f"no GoogleSQL value for {value!r} of kind {kind}")


def _python_value(cell: value_pb2.ValueProto) -> object:
    kind = cell.WhichOneof("value")
    if kind is None:
        return None
    value = getattr(cell, kind)
    match kind:
        case "numeric_value":
            return _decimal(value, NUMERIC_SCALE)
        case "bignumeric_value":
            return _decimal(value, BIGNUMERIC_SCALE)
        case "date_value":
            return EPOCH + timedelta(days=value)
        case "timestamp_value":
            return value.ToDatetime(UTC).replace(tzinfo=None)
    return value


def _decimal_bytes(value: Decimal, scale: int) -> bytes:
    counted = int(value.scaleb(scale, EXACT))
    return counted.to_bytes(counted.bit_length() // 8 + 1, "little", signed=True)


def _decimal(counted: bytes, scale: int) -> Decimal:
    return Decimal(int.from_bytes(counted, "little", signed=True)).scaleb(-scale, EXACT)
