"""Data files of the crawler (``crawler/data/*.yaml``): words and limits, correctable without Python."""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import yaml


@cache
def load(name: str) -> dict[str, Any]:
    """Content of ``crawler/data/<name>.yaml``; shared between callers, so treat it as read-only."""
    text = resources.files("crawler").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    # libyaml, where PyYAML was built with it, is ten times as fast.
    data: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return data


def software_version() -> str:
    """Version of the installed distribution; ``0`` in a source tree that was never installed."""
    try:
        return version("duwang")
    except PackageNotFoundError:
        return "0"
