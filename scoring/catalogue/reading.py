"""What the pages of an item say, their attachments included, and what of it could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from crawler.evidence import Block, Document, Facts, Page
from scoring.catalogue.directory import Element
from scoring.data import table
from scoring.results import Point
from scoring.site.view import SiteView
from scoring.text import fold, key


class Reading:
    """The texts of some pages, the first ones of them where there are many.

    The texts of the index come first; where they do not show a thing, the nearest pages are read anew, and all that
    they attach.
    """

    def __init__(self, view: SiteView, pages: Iterable[Page]) -> None:
        self._view = view
        self._data = table("catalogue")
        every = tuple(pages)
        self.pages = every[: self._data["pages_read"]]
        looked = [view.look(page.url) for page in self.pages]
        self._facts = [seen.facts if seen is not None else Facts("") for seen in looked]
        self._quick = [fold(f"{p.title}\n{f.text}") for p, f in zip(self.pages, self._facts, strict=True)]
        self._whole: list[str] | None = None
        self._unread = f"页面较多，只看了前 {len(self.pages)} 个" if len(every) > len(self.pages) else ""
        self._pictures = False

    def tells(self, element: Element) -> bool:
        """Whether a text of the index shows the element; no page is read anew."""
        return any(_shown(element, text) for text in self._quick)

    def shows(self, element: Element) -> bool:
        """Whether any text shows the element."""
        return self.tells(element) or self.shows_anew(element)

    def shows_anew(self, element: Element) -> bool:
        """Whether what has to be read anew shows the element."""
        return self._may_show(element) and any(_shown(element, text) for text in self.whole)

    def _may_show(self, element: Element) -> bool:
        """Whether what has to be read anew may show it: that words stand nowhere is seen at a glance."""
        return self._whole is not None or any(text is None or _shown(element, text) for text in self._glances)

    @cached_property
    def _glances(self) -> list[str | None]:
        """All lines of what has to be read anew, menus included; None where they are not all that it may say.

        They are parted by what may part the cells of a row, so that no pattern ends where it would not in a text.
        """
        seen = (self._view.glance(url) for url, _ in self._anew())
        return [fold("\t".join(one.lines)) if one is not None else None for one in seen]

    @property
    def unread(self) -> str:
        """The first thing that could not be read, in words; "" where all was."""
        return self._unread or (self._unread if self.whole else "")

    @property
    def pictures(self) -> bool:
        """Whether pictures stand in the main text, which may say what the text does not."""
        return bool(self.whole) and self._pictures

    @staticmethod
    def shown_in(element: Element, text: str) -> bool:
        """Whether this text shows the element."""
        return _shown(element, fold(text))

    def says(self, words: Iterable[str]) -> bool:
        """Whether any text holds one of these words."""
        return self.shows(Element("", tuple(words)))

    @property
    def whole(self) -> list[str]:
        """All that was read of the pages and of what they attach."""
        if self._whole is None:
            self._whole = [self._take(url, name) for url, name in self._anew()]
        return self._whole

    def _anew(self) -> Iterator[tuple[str, str]]:
        """Address and name of what is read anew: the first pages, those of which little is known, and attachments."""
        for number, (page, facts) in enumerate(zip(self.pages, self._facts, strict=True)):
            if number < self._data["pages_anew"] or len(facts.text) < self._data["short_text"]:
                yield page.url, page.title
            for url in facts.attachments:
                yield url, url.rsplit("/", 1)[-1]

    def _take(self, url: str, name: str) -> str:
        document = self._view.document(url)
        blocks = _said(document) if document is not None else []
        text = "\n".join(block.text for block in blocks)
        if not text.strip() and self._view.state(url) != "gone":
            self._unread = self._unread or f"“{name[:40]}”的内容没有读到{self._view.why(url)}"
        self._pictures |= any(block.kind == "picture" for block in blocks)
        return fold(text)

    def point(self, name: str = "") -> Point:
        """The page whose title has the name, else the first article, else the first page."""
        ranked = sorted(self.pages, key=lambda page: (not name or name not in key(page.title), page.kind != "article"))
        return Point(ranked[0].url, words=ranked[0].title)

    def points(self, name: str = "") -> tuple[Point, ...]:
        """The other pages, for the record of what was looked at."""
        first = self.point(name).page
        others = [page for page in self.pages if page.url != first]
        return tuple(Point(page.url, words=page.title, label=f"已查看《{page.title[:40]}》") for page in others[:5])


def _said(document: Document) -> list[Block]:
    """The main text without the metadata block: a summary names what a text should hold."""
    labelled = {field.spot.block for field in document.fields}
    return [document.blocks[at] for at in range(*document.main) if at not in labelled]


def _shown(element: Element, text: str) -> bool:
    return any(word in text for word in _folded(element.words)) or any(re.search(p, text) for p in element.patterns)


@lru_cache(maxsize=256)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words as texts have them; an element is looked for in one text after the other."""
    return tuple(map(fold, words))
