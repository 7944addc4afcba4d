"""Pages that say 200 and mean 404: found by asking for an address that cannot exist, and by what they say."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from crawler.readers.spaces import clean
from crawler.urls import host_key, same_site, split
from crawler.words import load

_MARKS = re.compile(r"[\s\W_]+")
_TITLE_PARTS = re.compile(r"[-_—–|·]+")


def probe_address(home: str) -> str:
    """An address on the home's host that no one has made, the same on each run: ``/<16 letters>.html``."""
    digest = sha256(home.encode()).digest()
    name = "".join(chr(ord("a") + byte % 26) for byte in digest[: _rules()["name_length"]])
    return urljoin(home, f"/{name}.html")


class SoftErrors:
    """What a site answers to unknown addresses, and which of its pages are that answer.

    Resemblance is the Jaccard coefficient of character shingles (Broder 1997) of title and running text, taken from
    the main text, so that a common frame of navigation and footer counts for nothing.
    """

    def __init__(self, home: str) -> None:
        self._home = home
        self._probe = probe_address(home)
        self._target: str | None = None
        self._shingles: frozenset[str] = frozenset()

    def learn_probe(self, status: int, target: str | None, title: str, text: str) -> None:
        """Take in the answer to :func:`probe_address`.

        ``target`` is the absolute address that the probe was sent on to (or ended at), None without a redirect;
        ``title`` and ``text`` (main text) count for a 2xx page. An honest 404 teaches nothing, and needs nothing.
        """
        self._target = self._moved(self._probe, target)
        self._shingles = frozenset()
        if 200 <= status < 300 and len(_solid(text)) >= _rules()["min_chars"]:
            self._shingles = _shingles(self._probe, title, text)

    def is_soft(self, url: str, title: str, text: str, redirected_to: str | None) -> str | None:
        """Why the page is no page (a Chinese phrase with a quote), or None.

        ``text`` is the main text of the page that was read in the end, ``redirected_to`` its absolute address where
        that is not ``url``. The home page under any of its names never counts.
        """
        if self._is_home(url):
            return None
        moved = self._moved(url, redirected_to)
        if moved and moved == self._target:
            return f"与不存在的地址一样转到 {redirected_to}"
        if self._shingles:
            found = _shingles(url, title, text)
            share = len(found & self._shingles) / max(len(found | self._shingles), 1)
            if share >= _rules()["similar"]:
                return f"与不存在的地址返回的页面相同（相似度 {share:.0%}）"
        said = _says_missing(title, text)
        return f"页面写明“{said}”" if said else None

    def _is_home(self, url: str) -> bool:
        if not same_site(url, self._home):
            return False
        path, home = urlsplit(url).path or "/", urlsplit(self._home).path or "/"
        name = path.removeprefix("/").partition(".")[0].lower()
        return path in ("/", home) or name in _rules()["home_names"]

    @staticmethod
    def _moved(url: str, target: str | None) -> str | None:
        """Host and path that the address was really sent on to; another scheme, host name or query is no move."""
        there, here = split(target or ""), split(url)
        if there is None or here is None or there.path == here.path:
            return None
        return f"{host_key(there)}{there.path or '/'}"


def _says_missing(title: str, text: str) -> str | None:
    """The words with which a short page says that there is nothing."""
    rules = _rules()
    # The beginning of a long text is enough to see that it is long.
    if len(_solid(text[: 2 * rules["max_text"]])) > rules["max_text"]:
        return None
    running = _solid(text)
    if len(running) > rules["max_text"]:
        return None
    if any(phrase in running[: rules["opening"]] for phrase in rules["text_says"]):
        return " ".join(clean(text).split())[: rules["opening"]]
    for part in _TITLE_PARTS.split(clean(title)):
        opens = _polite(_solid(part)).startswith(tuple(rules["title_starts"]))
        if opens or (not running and _solid(part) in rules["bare_titles"]):
            return " ".join(clean(title).split())[: rules["opening"]]
    return None


def _polite(words: str) -> str:
    """The words without what politely leads up to them."""
    for lead in _rules()["lead_in"]:
        words = words.removeprefix(lead)
    return words


def _solid(text: str) -> str:
    """The letters and digits alone, in lower case."""
    return _MARKS.sub("", clean(text)).lower()


def _shingles(url: str, title: str, text: str) -> frozenset[str]:
    """All runs of ``shingle`` characters; the page's own address, often repeated, is no text."""
    rules = _rules()
    whole = f"{title} {text}"[: rules["max_chars"]]
    path = urlsplit(url).path
    for own in sorted({url, path, unquote(path), path.rpartition("/")[2]}, key=len, reverse=True):
        if len(own) > rules["shingle"]:
            whole = whole.replace(own, " ")
    solid, size = _solid(whole), rules["shingle"]
    return frozenset(solid[at : at + size] for at in range(max(len(solid) - size + 1, 1)))


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = load("manners")["soft_404"]
    return rules
