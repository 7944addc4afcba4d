"""Run the checks on running text: over one document, and over the pages and attachments of a site as they pass by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from crawler.evidence import Document, Page
from crawler.templates import shape
from scoring.data import table
from scoring.results import Point, Result, SiteResult
from scoring.site.view import PageView, SiteView
from scoring.text import key
from scoring.veil import veiled
from scoring.wording.check import Hit, TextCheck
from scoring.wording.lexicons import Lexicons, shipped
from scoring.wording.texts import Part, Text, quote_in, text_of_document

_SAMPLES = 5  # further places of one finding
_TOGETHER = 64  # texts that are read together by a check that gains by it


class DocumentTexts:
    """The text of one document, with and without what was recognised from pictures."""

    def __init__(self, document: Document, lexicons: Lexicons, day: date | None) -> None:
        self.document = document
        self._lexicons, self._day = lexicons, day
        self._made: dict[bool, Text] = {}

    def of(self, check: TextCheck) -> Text:
        wanted = check.recognised
        if wanted not in self._made:
            self._made[wanted] = text_of_document(self.document, self._lexicons, self._day, recognised=wanted)
        return self._made[wanted]


@dataclass(slots=True)
class _Folded:
    """Hits that are one finding: the first, the places to show, and all pages they stand on."""

    hit: Hit
    shown: list[Point]
    pages: dict[str, None] = field(default_factory=dict)
    count: int = 0


def results_on_document(check: TextCheck, texts: DocumentTexts, on: date) -> Iterator[Result]:
    """What a check says of one document: a result for each thing as it is folded, a pass where there is none."""
    text = texts.of(check)
    if not text.words.strip():
        pictured = any(block.confidence is not None for block in texts.document.blocks)
        yield Result("not_checked", "recognised_only" if pictured else "no_text")
        return
    groups: dict[tuple[str, str, str], list[Hit]] = {}
    for hit in _reported(check, text, on):
        groups.setdefault(_group(check, text, hit), []).append(hit)
    for hits in groups.values():
        first, *rest = hits
        related = tuple(("", quote_in(texts.document, text, hit.start, hit.end)) for hit in rest[:_SAMPLES])
        at = quote_in(texts.document, text, first.start, first.end)
        yield Result(first.outcome, first.key, {**first.values, "count": len(hits)}, at, related)
    if not groups:
        yield Result("pass")


def _reported(check: TextCheck, text: Text, on: date) -> Iterator[Hit]:
    """What a check finds, without what the user never wants reported."""
    return (hit for hit in check.hits(text, on) if not text.excepts(hit.start, hit.end))


def _group(check: TextCheck, text: Text, hit: Hit) -> tuple[str, str, str]:
    clause = key(text.words[slice(*text.clause(hit.start, hit.end))]) if (hit.fold or check.fold) == "line" else ""
    return hit.key, hit.same, clause


class SiteTexts:
    """The texts of the pages of a site: main text with its title, and whole pages where what they say is furniture.

    Home page, columns and lists are read whole, and the first articles of each template, so that one wrong footer is
    one finding. Lines that were read on another page are left out there.
    """

    def __init__(self, view: SiteView, lexicons: Lexicons | None = None) -> None:
        self.view, self._given = view, lexicons
        self._lines: set[int] = set()
        self._shapes: dict[str, int] = {}
        self._whole: int = table("reading")["pages_of_a_template"]

    @cached_property
    def lexicons(self) -> Lexicons:
        """The word lists in use, those that are shipped where none were given; loaded when a text is read."""
        return self._given or shipped()

    def of(self, page: PageView) -> Text:
        """The text of a page, made once."""
        return page.once(self._text)

    def _text(self, page: PageView) -> Text:
        parts = [Part(page.page.title, "title"), Part(page.facts.text, "line")]
        if self._is_furniture(page):
            own = set(page.facts.text.split("\n"))
            parts += [Part(line, "line") for line in self._new_lines(page) if line not in own]
        return Text(parts, self.lexicons, page.page.published)

    def _is_furniture(self, page: PageView) -> bool:
        if page.page.kind in ("home", "column", "list"):
            return True
        made_by = shape(page.url)
        self._shapes[made_by] = self._shapes.get(made_by, 0) + 1
        return self._shapes[made_by] <= self._whole

    def _new_lines(self, page: PageView) -> Iterator[str]:
        seen = self.view.glance(page.url)
        for line in seen.lines if seen is not None else ():
            mark = hash(line)
            if mark not in self._lines:
                self._lines.add(mark)
                yield line

    def files(self) -> Iterator[Page]:
        """The attachments that were read."""
        return (page for page in self.view.pages.values() if page.was_read and page.media not in ("html", ""))

    def day_of(self, file: Page) -> date | None:
        """The day an attachment was published: its own, else that of the page that offers it."""
        offers = self.view.content(file.found_on)
        return file.published or (offers.published if offers is not None else None)

    def document(self, url: str, day: date | None) -> DocumentTexts | None:
        """The document at an address with its structure; None where it cannot be read."""
        found = self.view.document(url)
        return DocumentTexts(found, self.lexicons, day) if found is not None else None


class TextWatcher:
    """What one check on text keeps while the pages and attachments of a site pass by: hits, folded."""

    def __init__(self, check: TextCheck, texts: SiteTexts, on: date) -> None:
        self._check, self._texts, self._on = check, texts, on
        self._found: dict[tuple[str, ...], _Folded] = {}
        self._sound = 0
        self._waiting: list[tuple[str, str, Text]] = []

    def see(self, page: PageView) -> None:
        """Take in one page; a check that needs structure has it read anew where its words are worth it."""
        text = self._texts.of(page)
        if self._check.structured:
            if self._check.worth(text):
                self.see_document(page.url, page.page.title, self._texts.document(page.url, page.page.published))
            else:
                self._sound += 1
            return
        self._take(page.url, page.page.title, text)

    def see_document(self, url: str, title: str, texts: DocumentTexts | None) -> None:
        """Take in a document that stands at an address."""
        if texts is not None:
            self._take(url, title, texts.of(self._check))

    def _take(self, url: str, title: str, text: Text) -> None:
        if not self._check.together:
            self._judge(url, title, text)
            return
        self._waiting.append((url, title, text))
        if len(self._waiting) >= _TOGETHER:
            self._work_off()

    def _work_off(self) -> None:
        """Judge the texts that waited for one another."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._check.prepare([text for _, _, text in waiting])
        for url, title, text in waiting:
            self._judge(url, title, text)

    def _judge(self, url: str, title: str, text: Text) -> None:
        sound = True
        for hit in _reported(self._check, text, self._on):
            sound = False
            words = text.words[slice(*text.clause(hit.start, hit.end))]
            name = (hit.key, hit.same, *self._name(hit, title, words))
            folded = self._found.setdefault(name, _Folded(hit, []))
            folded.count += 1
            folded.pages.setdefault(url)
            if len(folded.shown) <= _SAMPLES:
                folded.shown.append(Point(url, words, least=text.words[hit.start : hit.end]))
        self._sound += sound

    def _name(self, hit: Hit, title: str, words: str) -> tuple[str, ...]:
        fold = hit.fold or self._check.fold
        return () if fold == "site" else (key(veiled(title if fold == "page" else words)),)

    def results(self) -> Iterator[SiteResult]:
        """A result for each thing as it is folded, and one pass for all texts without any."""
        self._work_off()
        for name, folded in self._found.items():
            hit = folded.hit
            first, *rest = folded.shown
            yield SiteResult(
                hit.outcome,
                hit.key,
                {**hit.values, "count": folded.count},
                point=first,
                points=tuple(rest),
                pages=tuple(folded.pages) if len(folded.pages) > 1 else (),
                place="|".join(name),
            )
        if self._sound:
            yield SiteResult("pass", times=self._sound)


def results_on_site(check: TextCheck, texts: SiteTexts, on: date) -> Iterator[SiteResult]:
    """What one check says of all pages and attachments of a site."""
    watcher = TextWatcher(check, texts, on)
    for page in texts.view.visit():
        watcher.see(page)
    for file in texts.files():
        watcher.see_document(file.url, file.title, texts.document(file.url, texts.day_of(file)))
    yield from watcher.results()
