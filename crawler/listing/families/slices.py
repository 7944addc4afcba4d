"""山东: all entries stand in the page (``.pagedContent``) and a script shows them in slices of ``perSize``."""

from __future__ import annotations

import re

from crawler.listing.base import Paging
from crawler.listing.numbered import number, scripts
from crawler.readers.html import Opened

NAME = "slices"
MARKS = ("pagedContent",)
ORDER = 30

_TOTAL = re.compile(rf"(?<![\w.$])totalCount\s{{0,5}}=\s{{0,5}}{number('n')}")
_SIZE = re.compile(rf"(?<![\w.$])perSize\s{{0,5}}=\s{{0,5}}{number('n')}")


def read_page(page: Opened) -> Paging | None:
    """One page with all entries; a gap where the script counts more of them than the page holds."""
    for source in scripts(page, ("totalCount",)):
        total = _TOTAL.search(source)
        if total is None or _SIZE.search(source) is None:
            continue
        entries = int(total["n"])
        held = sum("pagedContent" in (element.get("class") or "").split() for element in page.root.iter())
        gap = f"列表自称共 {entries} 条，页面只载有 {held} 条，其余由脚本另行加载" if held < entries else ""
        return Paging(NAME, pages=None if gap else 1, total=entries, gap=gap)
    return None
