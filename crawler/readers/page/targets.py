"""Where an element of a page leads."""

from __future__ import annotations

from crawler.evidence import LinkForm
from crawler.readers.page.addresses import Addresses
from crawler.readers.page.scan import Scan
from crawler.readers.page.script_links import script_target

_NOWHERE = frozenset({"", "#"})
_SCRIPT = "javascript:"
_FRAMES = frozenset({"frame", "iframe"})


def target_at(page: Scan, here: int, addresses: Addresses) -> tuple[str | None, LinkForm]:
    """Where an element leads (None: nowhere) and how it is made."""
    given = page.attributes[here]
    tag = page.tags[here]
    if tag == "option":
        return addresses.of(given["value"].strip()), "script"
    if tag in _FRAMES:
        return addresses.of(given.get("src", "").strip()), "frame"
    href = given.get("href", "").strip() if tag in ("a", "area") else ""
    scripted = href[:11].lower() == _SCRIPT
    if href not in _NOWHERE and not scripted:
        return addresses.of(href), "link"
    for code in (href if scripted else "", given.get("onclick", "")):
        if code and (target := target_of(code, addresses.base)):
            return target, "script"
    return None, "link"


def target_of(code: str, base: str) -> str | None:
    """Address that a script leads to, None where there is none."""
    # void(0), ; and the like lead nowhere and are many.
    return script_target(code, base) if "'" in code or '"' in code or "%" in code else None
