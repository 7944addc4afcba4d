"""How fresh the columns of a site are, as a bar for each against its own update window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import labels

_WIDTH = 200  # units of the drawing; the window stands in its middle, what is older than twice of it fills it


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its length and the place of the window in units of ``width``, a class for its colour, its words.

    ``mark`` is None where the column has no window; there is no bar where nothing is dated.
    """

    length: int
    mark: int | None
    state: str
    text: str
    width: int = _WIDTH


def bar(column: Mapping[str, Any]) -> Bar | None:
    """The bar of a column of ``evidence.coverage`` (``since`` and ``window`` in days); None without ``state``."""
    state = column.get("state")
    if state not in labels.FRESHNESS:
        return None
    since, window = (value if isinstance(value := column.get(key), int) else None for key in ("since", "window"))
    parts = [labels.FRESHNESS[state]]
    if since is not None:
        parts.append(f"最近更新距今 {since} 天")
    if window is not None:
        parts.append(f"更新期限 {window} 天")
    length = 0
    if since is not None:
        # Without a window the length says nothing but the age, against a year.
        length = min(_WIDTH, round(_WIDTH / 2 * since / (window or 365)))
    return Bar(max(2, length) if since is not None else 0, _WIDTH // 2 if window else None, state, "，".join(parts))
