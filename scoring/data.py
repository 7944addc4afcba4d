"""Data files of ``rules/``: found beside the package, read strictly, kept once per process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from scoring.yaml_source import load_yaml

RULES = Path(__file__).resolve().parent.parent / "rules"


@lru_cache(maxsize=64)
def table(name: str) -> dict[str, Any]:
    """A table of ``rules/tables`` by file name without ending. Every table opens with its ``source``."""
    data = load_yaml(RULES / "tables" / f"{name}.yaml").value
    if not isinstance(data, dict) or not data.get("source"):
        raise ValueError(f"rules/tables/{name}.yaml: no source")
    return data
