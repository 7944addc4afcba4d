"""Which pages a browser has to draw: decided per template by trying a few, not page by page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from itertools import islice
from typing import Any, Literal, NamedTuple

from crawler.evidence import PageKind
from crawler.readers.html import Opened
from crawler.words import load

Mode = Literal["auto", "never", "always"]
# What is known of a template: not enough yet, drawn by scripts, complete as the server sends it, never once drawn.
Verdict = Literal["open", "drawn", "plain", "lost"]

_UNSEEN = {"script", "style", "noscript", "template", "head", "title"}


class Seen(NamedTuple):
    """What the crawler made of one HTML answer.

    ``text_chars`` counts visible characters without white space, ``links`` elements ``a`` with an address,
    ``scripts`` elements ``script``. ``gap`` is true where a script pager was found that no family could follow, and
    for a list or column without entries that does not itself say that there is nothing. It counts only on a page with
    scripts: without any, nothing can draw more than the server sent.
    """

    kind: PageKind
    entries: int
    text_chars: int
    links: int
    scripts: int
    gap: bool
    status: int


@dataclass(slots=True)
class _Template:
    tries: int = 0
    misses: int = 0
    verdict: Verdict = "open"
    unread: int = 0
    seen: bool = False


class Scripted:
    """Learns which templates (``crawler.templates.shape``) a browser has to draw; bounded in memory.

    ``auto``: the first suspicious pages of a template are drawn. Where one of them shows clearly more than the answer
    of the server, all pages of the template are drawn from then on (once many in a row brought nothing, only the
    suspicious ones); where none does, no further one. A host's script challenge (412, 521) is tried once.
    ``limits`` are those of ``scripted`` in crawler/data/render.yaml.
    """

    def __init__(self, mode: Mode, limits: Mapping[str, Any] | None = None) -> None:
        self._mode = mode
        self._limits: Mapping[str, Any] = {**load("render")["scripted"], **(limits or {})}
        self._templates: OrderedDict[str, _Template] = OrderedDict()
        self._hosts: OrderedDict[str, bool] = OrderedDict()
        self._unread = 0

    def look(self, shape: str, seen: Seen) -> bool:
        """Whether to draw this page; call ``learn`` if so."""
        challenged = seen.status in self._limits["challenge_statuses"]
        if not challenged and not 200 <= seen.status < 300:
            return False
        if self._mode == "never":
            return False
        if challenged:
            return self._try_host(shape)
        if self._mode == "always":
            return True
        template = self._template(shape)
        if template.verdict == "open":
            return self._suspicious(seen)
        return template.verdict == "drawn" and (template.misses < self._limits["misses"] or self._suspicious(seen))

    def unread(self, shape: str, seen: Seen, *, failed: bool = False) -> bool:
        """Whether a page that was not drawn may hold more than the server sent; counted where it may.

        That is a suspicious one that the browser ``failed`` on, as it did on all of its template, or that no browser
        is there for.
        """
        template = self._templates.get(shape)
        given_up = failed or self._mode == "never" or (template is not None and template.verdict == "lost")
        if not given_up or not self._suspicious(seen):
            return False
        self._template(shape).unread += 1
        self._unread += 1
        return True

    def forgo(self) -> None:
        """From here on there is no browser."""
        self._mode = "never"

    def learn(self, shape: str, before: Seen, after: Seen | None) -> bool:
        """Compare a page with what the browser made of it (None: nothing); True where that is clearly more."""
        gained = after is not None and self._more(before, after)
        if before.status in self._limits["challenge_statuses"]:
            self._hosts[_host(shape)] = gained
            return gained
        template = self._template(shape)
        template.tries += 1
        template.misses = 0 if gained else template.misses + 1
        template.seen = template.seen or after is not None
        if gained:
            template.verdict = "drawn"
        elif template.verdict == "open" and template.tries >= self._limits["tries"]:
            template.verdict = "plain" if template.seen else "lost"
        return gained

    @property
    def left(self) -> int:
        """Pages that ought to have been drawn and were not."""
        return self._unread

    def left_templates(self) -> list[tuple[str, int]]:
        """(template, pages) of ``left``, most pages first; the least recently seen may be missing."""
        found = [(shape, template.unread) for shape, template in self._templates.items() if template.unread]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def dump(self) -> dict[str, Any]:
        """Everything learnt, in JSON types."""
        return {
            "templates": [[shape, *astuple(template)] for shape, template in self._templates.items()],
            "hosts": list(map(list, self._hosts.items())),
            "unread": self._unread,
        }

    def load(self, dumped: Mapping[str, Any]) -> None:
        """Go on from a ``dump()``, also one of another mode."""
        self._templates = OrderedDict((shape, _Template(*known)) for shape, *known in dumped["templates"])
        self._hosts = OrderedDict((host, bool(opens)) for host, opens in dumped["hosts"])
        self._unread = int(dumped["unread"])

    def _suspicious(self, seen: Seen) -> bool:
        limits = self._limits
        small = seen.text_chars < limits["shell_text"] and seen.links < limits["shell_links"]
        return seen.scripts > 0 and (seen.gap or (small and seen.entries == 0))

    def _more(self, before: Seen, after: Seen) -> bool:
        if after.status in self._limits["challenge_statuses"]:
            return False
        if before.gap and not after.gap:
            return True
        for name, least in self._limits["gain"].items():
            had, has = getattr(before, name), getattr(after, name)
            if has >= had + least["by"] and has >= had * least["times"]:
                return True
        return False

    def _try_host(self, shape: str) -> bool:
        """A challenge is tried once; a crash in between must not turn that into twice."""
        host = _host(shape)
        if host in self._hosts:
            return self._hosts[host]
        self._hosts[host] = False
        while len(self._hosts) > self._limits["max_hosts"]:
            self._hosts.popitem(last=False)
        return True

    def _template(self, shape: str) -> _Template:
        template = self._templates.setdefault(shape, _Template())
        self._templates.move_to_end(shape)
        while len(self._templates) > self._limits["max_templates"]:
            self._templates.popitem(last=False)
        return template


def measure(page: Opened, most: int = 200_000) -> tuple[int, int, int]:
    """(visible characters without white space, links, scripts) of a page; at most ``most`` elements are looked at."""
    chars = links = scripts = 0
    for element in islice(page.root.iter(), most):
        tag = element.tag
        if tag == "script":
            scripts += 1
        elif tag == "a" and element.get("href"):
            links += 1
        if element.text and tag not in _UNSEEN:
            chars += sum(map(len, element.text.split()))
        parent = element.getparent()
        if element.tail and parent is not None and parent.tag not in _UNSEEN:
            chars += sum(map(len, element.tail.split()))
    return chars, links, scripts


def _host(shape: str) -> str:
    return shape.partition("/")[0]
