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
    if tag == "a" and (found := addresses.quick(given.get("href", ""))):
        # So do nineteen links in twenty.
        return found, "link"
    href = given.get("href", "").strip() if tag in ("a", "area") else ""
    if is_plain(href):
        return addresses.of(href), "link"
    if tag == "option":
        return addresses.of(given["value"].strip()), "script"
    if tag in _FRAMES:
        return addresses.of(given.get("src", "").strip()), "frame"
    target = scripted_target(href, given.get("onclick", ""), addresses.base)
    return target, "script" if target else "link"


def is_plain(href: str) -> bool:
    """Whether a link leads somewhere without any script."""
    # Asking for the first letter spares most links the rest.
    return href not in _NOWHERE and (href[0] not in "jJ" or href[:11].lower() != _SCRIPT)


def scripted_target(href: str, onclick: str, base: str) -> str | None:
    """Where the scripts of a link lead whose address alone leads nowhere."""
    for code in (href if href[:11].lower() == _SCRIPT else "", onclick):
        if code and (target := target_of(code, base)):
            return target
    return None


def target_of(code: str, base: str) -> str | None:
    """Address that a script leads to, None where there is none."""
    # void(0), ; and the like lead nowhere and are many.
    return script_target(code, base) if "'" in code or '"' in code or "%" in code else None
