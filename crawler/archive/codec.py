"""Evidence records to JSON types and back, without loss, driven by their type annotations."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T")

_PLAIN = (str, int, float, bool, type(None))


def encode(value: Any) -> Any:
    """JSON form of a record: dataclass → object, tuple → array, date → ISO string, the rest as it is."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if is_dataclass(value):
        return {name: encode(getattr(value, name)) for name in _names(cast(Hashable, type(value)))}
    raise TypeError(f"no JSON form for {type(value).__name__}")


def packed(record: Any) -> bytes:
    """A record as JSON in UTF-8, for `unpacked`; lone surrogates of a hostile page are kept."""
    try:
        return msgspec.json.encode(record)
    except UnicodeEncodeError:
        return json.dumps(encode(record), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def unpacked(kind: type[T], data: bytes) -> T:
    """Inverse of ``packed``; ValueError where ``data`` does not fit ``kind``."""
    try:
        plain: T = _json_decoder(cast(Hashable, kind)).decode(data)
        return plain
    except ValueError:
        value: T = decode(kind, json.loads(data.decode("utf-8", "surrogatepass")))
        return value


@cache
def _json_decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def decode(kind: type[T], data: Any, *, strict: bool = False) -> T:
    """Inverse of ``encode``; TypeError, ValueError, KeyError or AttributeError where ``data`` does not fit ``kind``.

    Plain values are looked at only where this is ``strict``: for what others may have written.
    """
    value: T = _decoder(cast(Hashable, kind), strict)(data)
    return value


def decoder(kind: Any) -> Callable[[Any], Any]:
    """``decode`` for one type, for many values of it."""
    return _decoder(cast(Hashable, kind), strict=False)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _decoder(kind: Any, strict: bool) -> Callable[[Any], Any]:
    """Build the decoder of a type once; a document holds thousands of cells of the same few types."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    if origin in (Union, types.UnionType):
        inner = [arg for arg in args if arg is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"ambiguous type {kind}")
        one = _decoder(inner[0], strict)
        return lambda data: None if data is None else one(data)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        item = _decoder(args[0], strict)
        return lambda data: tuple(item(entry) for entry in data)
    if origin is tuple:
        parts = [_decoder(arg, strict) for arg in args]
        return lambda data: tuple(part(entry) for part, entry in zip(parts, data, strict=True))
    if origin is dict:
        entry_of = _decoder(args[1], strict)
        return lambda data: {key: entry_of(entry) for key, entry in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_decoder(kind, strict)
    if kind in (str, int, float, bool, Any) or origin is Literal:
        return _checked(kind, args) if strict and kind is not Any else lambda data: data
    raise TypeError(f"no decoder for {kind}")


def _checked(kind: Any, allowed: tuple[Any, ...]) -> Callable[[Any], Any]:
    """For a plain type, or one of the ``allowed`` values of a Literal."""

    def check(data: Any) -> Any:
        if data not in allowed if allowed else type(data) is not kind:
            raise TypeError(f"{data!r} is no {kind}")
        return data

    return check


def _dataclass_decoder(kind: type, strict: bool) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    decoders = {name: _decoder(hints[name], strict) for name in _names(kind)}

    def build(data: dict[str, Any]) -> Any:
        return kind(**{name: decoders[name](value) for name, value in data.items()})

    return build
