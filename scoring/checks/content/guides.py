"""Service guides of a site: the pages that are one, and which elements each of them lacks. Nothing passes or fails.

Elements, labels and words: rules/tables/guides.yaml.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from crawler.evidence import Document
from crawler.templates import shape
from scoring.checks.content.labels import Labels, Said, lines_of
from scoring.data import table
from scoring.site.view import PageView, SiteView

_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Guide:
    """One service guide.

    ``missing`` are the classes of elements that are nowhere on the page, ``blank`` those whose label stands there with
    nothing behind it, ``label`` the first label that does stand there; ``vague`` are words of its materials that leave
    open what is wanted. ``offers`` says that a file or picture on it may hold the rest.
    """

    url: str
    title: str
    missing: tuple[str, ...]
    blank: tuple[str, ...]
    label: str
    vague: str
    offers: bool

    @property
    def lacking(self) -> tuple[str, ...]:
        return (*self.missing, *self.blank)


def guides_of(view: SiteView) -> tuple[Guide, ...]:
    """All service guides of a site, read once for all checks."""
    return view.once(_gather)


def name_of(kind: str) -> str:
    """What people call a class of elements."""
    return str(next(element["name"] for element in table("guides")["elements"] if element["class"] == kind))


def is_sure(kind: str) -> bool:
    """Whether the class was read in the source."""
    return any(element["class"] == kind and element.get("sure") for element in table("guides")["elements"])


def _gather(view: SiteView) -> tuple[Guide, ...]:
    return tuple(_guides(view))


def _guides(view: SiteView) -> Iterator[Guide]:
    again = _Again()
    for url in guides_at(view):
        page = view.look(url)
        assert page is not None
        guide = _read(page.facts.text.split("\n"), page, None)
        if (guide is None or guide.lacking) and again.may(page.url):
            if guide is None and not _may_be_guide(view, page.url):
                again.was(page.url, False)
                continue
            # The main text of a table without sentences may be one of its cells: read the whole page.
            document = view.document(page.url)
            guide = _read(lines_of(document), page, document) if document is not None else None
            again.was(page.url, guide is not None)
        if guide is not None:
            yield guide


class _Again:
    """Which pages are worth reading anew: few of one template, all of one that has guides, and not too many in all."""

    def __init__(self) -> None:
        data = table("guides")
        self._left: int = data["most_pages"]
        self._tries: int = data["tries"]
        self._vain: Counter[str] = Counter()
        self._good: set[str] = set()

    def may(self, url: str) -> bool:
        like = shape(url)
        return self._left > 0 and (like in self._good or self._vain[like] < self._tries)

    def was(self, url: str, found: bool) -> None:
        self._left -= 1
        if found:
            self._good.add(shape(url))
        else:
            self._vain[shape(url)] += 1


def guides_at(view: SiteView) -> tuple[str, ...]:
    """The addresses of pages that services lead to, or whose place says that they are about services."""
    return view.once(_addresses)


def _addresses(view: SiteView) -> tuple[str, ...]:
    found: list[str] = []
    linked, data = _linked(view), table("guides")
    for page in view.pages.values():
        if not page.was_read or page.media not in ("html", "") or page.kind in ("home", "list"):
            continue
        names = "\n".join((page.title, *page.column_path))
        if any(word in names for word in data["not"]):
            continue
        if page.url in linked or any(word in names for word in data["words"]):
            found.append(page.url)
    return tuple(found)


def _linked(view: SiteView) -> set[str]:
    """Pages that the columns and pages of services lead to."""
    found: set[str] = set()
    for place in view.classed("services"):
        page = view.look(place.url) if place.state == "read" else None
        found |= {link.url for link in page.links if link.area in ("main", "other")} if page is not None else set()
        for url in place.column.pages if place.column is not None else ():
            found |= {entry.url for entry in view.held.entries(url)}
    return found


def _read(lines: list[str], page: PageView, document: Document | None) -> Guide | None:
    """The guide that the lines of a page make; None where they make none."""
    data = table("guides")
    said = _labels().read(lines)
    if not _is_guide(said):
        return None
    classes = {name for one in said for name in one.names} - {_OTHER}
    # What stands behind other labels (a telephone for complaints) is no sign of an element.
    text = "\n".join(lines)
    for one in said:
        if one.names == (_OTHER,):
            for part in (one.value.partition("\n")[0], one.label):
                text = text.replace(part, "") if part else text
    values = _values(said)
    wanted = [element for element in data["elements"] if element["class"] != "name"]  # the title is one
    absent = [element for element in wanted if element["class"] not in classes]
    missing = [one["class"] for one in absent if not any(word in text for word in one["soft"])]
    blank = [one["class"] for one in wanted if one not in absent and not values.get(one["class"])]
    drawn = document is not None and _draws(document)
    first = next((one.label for one in said if _OTHER not in one.names), "")
    vague = next((word for word in data["vague"] if word in values.get("materials", "")), "")
    # A picture may be what is missing behind a label.
    empty = () if drawn else tuple(blank)
    return Guide(page.url, page.page.title, tuple(missing), empty, first, vague, drawn or _offers(page))


def _is_guide(said: list[Said]) -> bool:
    """Whether a page of services with these elements and so many different labels is a guide."""
    data = table("guides")
    classes, labels = {name for one in said for name in one.names}, len({one.label for one in said})
    core = len(classes.intersection(data["core"]))
    return core >= int(data["least_core"]) or ("name" in classes and labels >= int(data["least_labels"]))


def _may_be_guide(view: SiteView, url: str) -> bool:
    """Whether the lines of the whole page, its menus included, hold the labels of a guide."""
    seen = view.glance(url)
    return seen is None or _is_guide(_labels().read(seen.lines))


def _offers(page: PageView) -> bool:
    """Whether the page offers files other than forms to fill in."""
    forms, offered = table("guides")["forms"], set(page.facts.attachments)
    names = [link.text or link.title for link in page.links if link.url in offered]
    return any(not any(word in name for word in forms) for name in names)


def _draws(document: Document) -> bool:
    """Whether the main text has pictures: one of them may show an element."""
    first, last = document.main
    blocks = document.blocks[first:last]
    cells = (cell for block in blocks if block.table is not None for cell in block.table.cells)
    return any(block.kind == "picture" for block in blocks) or any(cell.has_picture for cell in cells)


def _values(said: list[Said]) -> dict[str, str]:
    """All that is said of each class."""
    found: dict[str, str] = {}
    for one in said:
        for name in one.names:
            found[name] = f"{found.get(name, '')}{one.value}"
    return found


@cache
def _labels() -> Labels:
    data = table("guides")
    return Labels({**{one["class"]: one["labels"] for one in data["elements"]}, _OTHER: data["others"]})
