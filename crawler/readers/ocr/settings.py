"""The thresholds of ``crawler/data/ocr.yaml``."""

from __future__ import annotations

from functools import cache
from typing import Any

from crawler.words import load


@cache
def settings(group: str) -> dict[str, Any]:
    """One group of the file."""
    found: dict[str, Any] = load("ocr")[group]
    return found
