"""Addresses that stand in scripts of links: ``javascript:`` addresses and ``onclick``. Nothing is run."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote

from crawler.readers.page import literals
from crawler.urls import absolute
from crawler.words import load

_PREFIX = re.compile(r"\s{0,20}javascript\s{0,5}:", re.IGNORECASE)
# What may stand behind a whole address; after + it is only a part of one.
_ENDS = frozenset({"", ")", ",", ";", "}", '"', "'"})
# What a function is given is an address only where it looks like one: '123' is an id.
_ADDRESS = re.compile(r"[./?]")


def script_target(code: str, base: str) -> str | None:
    """Absolute http(s) address that ``code`` (an ``onclick``, or a ``javascript:`` address) leads to.

    None where it leads nowhere (``void(0)``, ``history.back()``), where the address is computed (``'a' + id``) and
    where only a function of the page knows it (``showDetail('123')``).
    """
    if len(code) > load("list-data")["limits"]["max_code"]:
        return None
    if _PREFIX.match(code):
        code = unquote(_PREFIX.sub("", code, count=1))
    for match in _leading().finditer(code):
        address = literals.unescape(match["string"]).strip()
        if match["after"] not in _ENDS or (match["named"] and not _ADDRESS.search(address)):
            continue
        url = absolute(base, address)
        if url:
            return url
    return None


@cache
def _leading() -> re.Pattern[str]:
    names = "|".join(map(re.escape, load("list-data")["script_links"]["functions"]))
    return re.compile(
        rf"""(?<![\w$])(?:
            location(?:\.href)?\s{{0,10}}=(?!=)\s{{0,10}}\(?
            |location\.(?:replace|assign)\s{{0,10}}\(
            |(?:(?<!\.)|(?<=window\.)|(?<=parent\.)|(?<=self\.)|(?<=top\.))open\s{{0,10}}\(
            |(?<!\.)(?P<named>{names})\s{{0,10}}\(
        )\s{{0,10}}(?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s{{0,10}}(?P<after>\S?)""",
        re.IGNORECASE | re.VERBOSE,
    )
