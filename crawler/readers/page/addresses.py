"""Targets of links made absolute, each distinct one once."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.urls import absolute, split

# What needs no cleaning: no white space, no backslash, no dots that stand for folders, nothing to be escaped.
_SAFE = re.compile(
    r"[\w\-.~/=&+,@!$'()*%]{0,500}(?:\?[\w\-.~/=&+,@!$'()*%:;?]{1,500})?(?:#[\w\-.~/=&!]{1,200})?", re.ASCII
)
_WHOLE = re.compile(r"https?://[^/\\?#\s]{1,255}/")
_UP = "../"
_ANYWHERE = ("/", "http")


# Results that are kept for the next pages of a folder: menus are the same on all of them.
_KEPT = 4096
_SHORT = 300


class Addresses:
    """Absolute addresses of links as ``crawler.urls.absolute`` gives them, but cheaper.

    ``base`` is what the links are relative to.
    """

    __slots__ = ("_folder", "_known", "_root", "base")

    def __init__(self, base: str) -> None:
        self.base = base
        self._folder = _folder(base)
        self._root = self._folder[: self._folder.find("/", 8) + 1]
        self._known: dict[str, str | None] = {}

    def of(self, href: str) -> str | None:
        """Absolute http(s) address that ``href`` leads to, None where it leads to none."""
        if found := self.quick(href):
            return found
        if href not in self._known:
            self._known[href] = absolute(self.base, href)
        return self._known[href]

    def quick(self, href: str) -> str | None:
        """The same where ``href`` is ordinary, as nearly all are; None where it needs a closer look."""
        if not self._folder or len(href) >= _SHORT:
            return None
        # A whole address or path leads to the same place from every folder: menus are read once for all of them.
        return _quick(self._root if href.startswith(_ANYWHERE) else self._folder, href)


@lru_cache(maxsize=_KEPT)
def _plain_host(start: str) -> bool:
    """Whether ``http://host/`` stands as it would be written anyway."""
    return split(start) is not None and start == start.lower() and absolute(start, start) == start


def _folder(base: str) -> str:
    """The folder of an ordinary address with a slash at its end, ``""`` for one that needs a closer look."""
    match = _WHOLE.match(base)
    if match is None or not _plain_host(match[0]):
        return ""
    path = base[match.end() - 1 :].partition("#")[0].partition("?")[0]
    if "//" in path or "/." in path or ";" in path or not _SAFE.fullmatch(path):
        return ""
    return match[0][:-1] + path[: path.rfind("/") + 1]


@lru_cache(maxsize=_KEPT)
def _quick(folder: str, href: str) -> str | None:
    """The address of an ordinary ``href``, None where it needs a closer look."""
    if href.startswith("http"):
        match = _WHOLE.match(href)
        rest = href[match.end() :] if match else "//"
        plain = match and _plain_host(match[0]) and (not rest or _SAFE.fullmatch(rest))
        return href if plain else None
    if "//" in href or not _SAFE.fullmatch(href):
        return None
    if href.startswith("/"):
        return folder[: folder.find("/", 8)] + href if "/." not in href else None
    if href.startswith("."):
        href = href.removeprefix("./")
        while href.startswith(_UP) and folder.count("/") > 3:
            href, folder = href[3:], folder[: folder.rfind("/", 0, -1) + 1]
    return None if not href or href[0] in "/.?#" or "/." in href else folder + href
