"""The shape of an address: pages with one shape are made by one template of the site."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

_HEX = re.compile(r"(?<![0-9a-z])[0-9a-f]{16,}(?![0-9a-z])", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=4096)
def shape(url: str) -> str:
    """Host and path with identifiers and numbers folded, and the names of the parameters without their values."""
    parts = urlsplit(url)
    path = _DIGITS.sub("0", _HEX.sub("h", _UUID.sub("h", parts.path)))
    names = sorted({item.partition("=")[0].lower() for item in parts.query.split("&") if item})
    return f"{parts.netloc.lower()}{path}" + (f"?{'&'.join(names)}" if names else "")
