"""Whether the pages of an item show the elements that its directory names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from crawler.evidence import Page
from scoring.catalogue.declared import declared_on
from scoring.catalogue.directory import Directory, Element, Item, directories
from scoring.catalogue.matching import Found, pages_of, shelf_of, unread_of
from scoring.catalogue.reading import Reading
from scoring.results import SiteCase, SiteCheck, SiteResult
from scoring.site.view import SiteView


class ElementsShown(SiteCheck):
    """The pages of an item, and what they attach, show each of its content elements.

    ``items`` names the items of the directories that count, all where it is empty. ``each``: every element is told by
    itself. ``also``: classes of site-places.yaml whose pages may show an element too; ``doubt``: such whose pages leave
    it to a person. ``absent``: an item without any place is for a person to look at, and a fault where the body's own
    published directory names it. ``once_shown``: what a body shows holds for it, whoever it is.
    """

    use: Literal["elements_shown"]
    directories: tuple[str, ...]
    items: tuple[str, ...] = ()
    each: bool = False
    also: tuple[str, ...] = ()
    doubt: tuple[str, ...] = ()
    absent: bool = False
    once_shown: bool = False

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        for directory in directories(self.directories, case.view.site):
            for item in directory.items:
                wanted = not self.items or item.id in self.items
                if wanted and item.elements and item.binds(case.view.site) is not None:
                    yield from self._judge(case.view, directory, item)

    def _judge(self, view: SiteView, directory: Directory, item: Item) -> Iterator[SiteResult]:
        found = shelf_of(view).find(item)
        if found.confidence in ("exact", "named", "content") and found.state == "read":
            yield from self._read(view, directory, found)
        elif found.confidence in ("exact", "named"):
            first = found.first
            why = "在另一网站" if found.state == "away" else "没有读到"
            yield SiteResult("not_checked", "unread", {"item": item.name, "why": f"“{first and first.label}”{why}"})
        elif self.absent and not found.confidence:
            yield self._absent(view, directory, item)

    def _absent(self, view: SiteView, directory: Directory, item: Item) -> SiteResult:
        shelf, declared = shelf_of(view), declared_on(view)
        row = declared.row_of(item)
        if row is None and declared.read:
            return SiteResult("pass")
        if why := shelf.unseen(directory.umbrella) or self._hidden(view):
            return SiteResult("not_checked", "unread", {"item": item.name, "why": why})
        point, points = shelf.where()
        values = {"item": item.name, "basis": item.basis, "row": row.name if row else ""}
        if row is not None:
            return SiteResult("fail", "declared", values, point=row.point, points=(point, *points), place=item.name)
        return SiteResult("needs_review", "absent", values, point=point, points=points, place=f"{item.name}|absent")

    def _read(self, view: SiteView, directory: Directory, found: Found) -> Iterator[SiteResult]:
        item = found.item
        reading = Reading(view, pages_of(view, found))
        if not reading.pages or (item.none and reading.says(item.none)):
            yield SiteResult("pass")
            return
        # What the footer of the home page says is known without reading any page anew.
        lacking = [one for one in item.elements if not (reading.tells(one) or self._in_footer(view, one))]
        lacking = [one for one in lacking if not reading.shows_anew(one)]
        more = Reading(view, self._others(view, self.also)) if lacking and self.also else None
        lacking = [one for one in lacking if more is None or not more.shows(one)]
        lacking = [one for one in lacking if not (one.footer and self._on_home(view, one))]
        if len(lacking) < len(item.elements):
            yield SiteResult("pass", times=len(item.elements) - len(lacking))
        if not lacking:
            return
        why = reading.unread or unread_of(view, found) or self._hidden(view) or (more.unread if more else "")
        if why:
            names = "、".join(one.name for one in lacking)
            yield SiteResult("not_checked", "elements", {"item": item.name, "elements": names, "why": why})
            return
        holds = (self.once_shown or item.binds(view.site)) and item.verified and not directory.own
        certain = bool(holds) and found.confidence in ("exact", "named")
        pictures = reading.pictures or (more is not None and more.pictures)
        aside = Reading(view, self._others(view, self.doubt))
        for group in [[one] for one in lacking] if self.each else [lacking]:
            name = "picture" if pictures else "missing" if certain else "unsure"
            if any(aside.shows(one) for one in group):
                name = "aside"
            yield self._lacking(reading, item, group, name)

    def _lacking(self, reading: Reading, item: Item, group: list[Element], name: str) -> SiteResult:
        names = "、".join(one.name for one in group)
        values = {"item": item.name, "elements": names, "pages": len(reading.pages), "basis": item.basis}
        place = f"{item.name}|{names}" if self.each else item.name
        outcome: Literal["fail", "needs_review"] = "fail" if name == "missing" else "needs_review"
        point, points = reading.point(item.names[0]), reading.points(item.names[0])
        return SiteResult(outcome, name, values, point=point, points=points, place=place)

    def _others(self, view: SiteView, kinds: tuple[str, ...]) -> list[Page]:
        """The pages of the further classes, those of their lists included."""
        urls: dict[str, None] = {}
        for kind in kinds:
            for place in view.classed(kind):
                urls[place.url] = None
                for address in place.column.pages if place.column else ():
                    urls.update(dict.fromkeys(entry.url for entry in view.held.entries(address)))
                names = set(place.names)
                paths = (url for url, page in view.pages.items() if page.was_read and names & set(page.column_path))
                urls.update(dict.fromkeys(paths))
        read = {page.url: page for page in map(view.content, urls) if page is not None}
        return list(read.values())

    def _hidden(self, view: SiteView) -> str:
        """A further place that was not read, or lies on another site, in words."""
        for kind in self.also:
            for place in view.classed(kind):
                if place.state in ("away", "unread"):
                    return (
                        f"“{place.name}”{'在另一网站' if place.state == 'away' else '没有读到' + view.why(place.url)}"
                    )
        return ""

    def _in_footer(self, view: SiteView, element: Element) -> bool:
        """Whether the footer of the home page has an item that shows it."""
        items = view.front.facts.footer if view.front is not None and element.footer else ()
        return any(one.name in element.footer and (one.value or one.label) for one in items)

    def _on_home(self, view: SiteView, element: Element) -> bool:
        """Whether the text of the home page shows it."""
        if view.front is None:
            return False
        document = view.document(view.front.url)
        text = "\n".join(block.text for block in document.blocks) if document is not None else ""
        return Reading.shown_in(element, text)
