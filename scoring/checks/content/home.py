"""Checks on what the home page shows and leads to: its newest item, columns that must be there, its annual table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from crawler.evidence import Link
from scoring.checks.content.column_states import entries_of
from scoring.data import table
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import SiteView
from scoring.text import fold

_MOST_NAMED = 15  # names of a menu in a message
_ARTICLES = ("article", "document")


class _Item(NamedTuple):
    """Something dated that a page leads to."""

    day: date
    title: str
    url: str
    page: str


class HomeFresh(SiteCheck):
    """Something on the home page is not older than ``days``: by the date it prints, or that of the item it leads to.

    A home page that leads to fewer than ``few`` dated items is one of navigation: then the pages that it leads to count
    (``second``). An item that was not read and whose date the home page does not print could be newer (not_checked
    ``unread``); without any date a person has to look (``undated``).
    """

    use: Literal["home_fresh"]
    days: int
    few: int
    least_title: int

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view, front = case.view, case.view.front
        if front is None:
            yield SiteResult("not_checked", "home")
            return
        since = view.day - timedelta(days=self.days)
        shown = _shown(view)
        if any(item.day >= since for item in shown):
            yield SiteResult("pass")
        elif unread := self._unread(view, shown):
            yield SiteResult("not_checked", "unread", {"count": len(unread), "example": unread[0].text})
        elif len(shown) >= self.few:
            yield self._old(view, "stale", shown, front.url)
        else:
            yield self._second_level(view, since, shown)

    def _unread(self, view: SiteView, shown: list[_Item]) -> list[Link]:
        """Links that look like items and say no date, read nowhere."""
        dated, gone = {item.url for item in shown}, table("site-places")["gone"]
        return [
            link
            for link in (view.front.links if view.front else ())
            if link.area in ("main", "other")
            and not link.hidden
            and len(link.text) >= self.least_title
            and link.url not in dated
            and view.is_own(link.url)
            and view.content(link.url) is None
            and view.reason(link.url) not in gone
        ]

    def _second_level(self, view: SiteView, since: date, shown: list[_Item]) -> SiteResult:
        home = view.home.url if view.home else ""
        columns = [column for column in view.columns if column.url in view.menu]
        items = [
            _Item(entry.date, entry.title, entry.url, entry.page)
            for column in columns
            for entry in entries_of(view, column)
            if entry.date is not None and entry.date <= view.day
        ]
        items += [_Item(c.newest, c.name, "", c.url) for c in columns if c.newest is not None and c.newest <= view.day]
        if any(item.day >= since for item in items):
            return SiteResult("pass")
        if view.gaps or not all(column.complete for column in columns):
            return SiteResult("not_checked", "second", {"gaps": view.gap_text() or "栏目没有读全"})
        if not items:
            return SiteResult("needs_review", "undated", {"days": self.days}, point=Point(home), place="home")
        return self._old(view, "second", [*items, *shown], home)

    def _old(self, view: SiteView, key: str, items: list[_Item], home: str) -> SiteResult:
        newest = max(items, key=lambda item: (item.day, bool(item.url)))
        values = {
            "newest": newest.day.isoformat(),
            "title": newest.title,
            "age": (view.day - newest.day).days,
            "days": self.days,
            "day": view.day.isoformat(),
            "count": len({item.url for item in items}),
        }
        return SiteResult("fail", key, values, point=Point(newest.page, link=newest.url), pages=(home,), place="home")


def _shown(view: SiteView) -> list[_Item]:
    """Items that the home page dates, or leads to and that date themselves; none from menu and footer, none of days
    to come."""
    front = view.front
    if front is None:
        return []
    found = [_Item(e.date, e.title, e.url, front.url) for e in view.held.entries(front.url) if e.date is not None]
    for link in front.links:
        page = view.content(link.url) if link.area in ("main", "other") and not link.hidden else None
        if page is not None and page.kind in _ARTICLES and page.published is not None:
            found.append(_Item(page.published, link.text or page.title, link.url, front.url))
    newest: dict[str, _Item] = {}
    for item in found:
        if item.day <= view.day and (item.url not in newest or item.day > newest[item.url].day):
            newest[item.url] = item
    return list(newest.values())


class ColumnsExpected(SiteCheck):
    """The site has the columns of ``expected`` in rules/tables/columns.yaml that sites of its kind have to have.

    Missing is said only where the menus were read whole, and no name, tag, path or title on the site holds one of the
    words. For a person are a name that the home page shows without a readable link (``unlinked``), a column whose
    address does not exist (``gone``), and an item that holds what the column should (``article``).
    """

    use: Literal["columns_expected"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        if view.front is None:
            yield SiteResult("not_checked", "home")
            return
        found, missing, names = 0, [], _column_names(view)
        for spec in table("columns")["expected"]:
            if view.site.kind not in spec.get("kinds", (view.site.kind,)):
                continue
            if any(_names(spec, name) for name in names):
                found += 1
            else:
                missing.append(spec)
        if found:
            yield SiteResult("pass", times=found)
        if missing and view.gaps:
            wanted = "、".join(spec["name"] for spec in missing)
            yield SiteResult("not_checked", "gaps", {"names": wanted, "gaps": view.gap_text()})
            return
        texts = _short_texts(view) if missing else []
        for spec in missing:
            yield _missing(view, spec, texts)


def _column_names(view: SiteView) -> set[str]:
    """What columns, menus and paths of the site are called."""
    names = {name for place in view.places if place.state != "gone" for name in (*place.names, *place.path)}
    return names | {name for page in view.pages.values() if page.was_read for name in page.column_path}


def _names(spec: Mapping[str, Any], name: str) -> bool:
    """Whether a name is that of an expected column; long ones are titles of items."""
    if len(name) > table("columns")["column_name"] or any(word in name for word in spec.get("not", ())):
        return False
    return any(word in name for word in spec["words"])


def _missing(view: SiteView, spec: Mapping[str, Any], texts: list[str]) -> SiteResult:
    name = spec["name"]
    values = {"name": name, "seen": menu_names(view)}
    for place in view.places:
        if place.state == "gone" and _names(spec, place.name):
            point = Point(place.found_on, link=place.url)
            return SiteResult("needs_review", "gone", {**values, "url": place.url}, point=point, place=name)
    titles = [page for page in view.pages.values() if page.was_read and page.kind in _ARTICLES]
    for page in titles:
        if any(word in page.title for word in spec.get("titles", ())):
            values["title"] = page.title
            return SiteResult("needs_review", "article", values, point=Point(page.url, words=page.title), place=name)
    text = next((text for text in texts if _names(spec, text)), "")
    if text and view.front is not None:
        point = Point(view.front.url, words=text)
        return SiteResult("needs_review", "unlinked", {**values, "text": text}, point=point, place=name)
    return SiteResult("fail", "missing", values, point=menu_point(view), place=name)


def _short_texts(view: SiteView) -> list[str]:
    """Texts of the home page short enough to name a column."""
    document = view.document(view.front.url) if view.front else None
    longest = table("columns")["column_name"]
    lines = (line.strip() for block in document.blocks for line in re.split(r"[\n\t]", block.text)) if document else ()
    return [line for line in lines if 2 <= len(line) <= longest]


def menu_links(view: SiteView) -> list[Link]:
    """The links of the home page's menus, each name once; all its short links where no menu was recognised."""
    data = table("columns")
    links = [link for link in (view.front.links if view.front else ()) if not link.hidden]
    short = [link for link in links if 2 <= len(link.text) <= data["column_name"] and link.text not in data["home"]]
    return list({link.text: link for link in ([one for one in short if one.area == "nav"] or short)}.values())


def menu_names(view: SiteView) -> str:
    """What the menus name, for people."""
    names = [link.text for link in menu_links(view)]
    return "、".join(names[:_MOST_NAMED]) + ("等" if len(names) > _MOST_NAMED else "") or "无"


def menu_point(view: SiteView) -> Point:
    """Where one looked for something that is missing: the menu of the home page, else its first text."""
    home = view.home.url if view.home else view.site.home
    link = next(iter(menu_links(view)), None)
    return Point(home, words=link.text if link else "", label="首页菜单")


class SiteAnnualTable(SiteCheck):
    """Between the due day of a year and its end, the home page leads to the site's annual table of the year before.

    A link, or the page or list behind it, names the table (``names``) and the year. A link to a list without that year
    is a fault too; one that names no year and leads to what was not read is for a person (``unclear``).
    """

    use: Literal["site_annual_table"]
    month: int
    day: int
    names: tuple[str, ...]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view, front = case.view, case.view.front
        if view.day <= date(view.day.year, self.month, self.day):
            yield SiteResult("not_applicable")
            return
        if front is None:
            yield SiteResult("not_checked", "home")
            return
        year = str(view.day.year - 1)
        leading = [link for link in front.links if self._is_named(view, link)]
        texts = {link.url: self._texts(view, link) for link in leading}
        if any(self._is_of(year, text) for told in texts.values() for text in told):
            yield SiteResult("pass")
            return
        yield self._missing(view, year, leading)

    def _texts(self, view: SiteView, link: Link) -> list[str]:
        """What a link says it leads to: its words, the title of the page, the entries of the list."""
        page = view.content(link.url)
        found = [link.text, link.title, page.title if page is not None else ""]
        column = view.column_at(page.url) if page is not None else None
        if column is not None:
            found += [entry.title for entry in entries_of(view, column)]
        return found

    def _is_named(self, view: SiteView, link: Link) -> bool:
        page = view.content(link.url)
        told = (link.text, link.title, page.title if page is not None else "")
        return any(name in text for text in told for name in self.names)

    def _is_of(self, year: str, text: str) -> bool:
        """Whether a text names the year, other than in a date."""
        return re.search(rf"{year}(?!\s*[-./年]\s*\d)", fold(text)) is not None

    def _missing(self, view: SiteView, year: str, leading: list[Link]) -> SiteResult:
        home = view.home.url if view.home else ""
        values = {"year": year, "seen": "、".join(dict.fromkeys(link.text for link in leading if link.text)) or "无"}
        open_ends = [
            link
            for link in leading
            if view.content(link.url) is None and not re.search(r"20\d\d", fold(f"{link.text}{link.title}"))
        ]
        if open_ends:
            point = Point(home, link=open_ends[0].url)
            return SiteResult("needs_review", "unclear", values, point=point, place="home")
        nameless = [link for link in view.front.links if is_nameless(view, link)] if view.front else []
        if nameless and not leading:
            point = Point(home, link=nameless[0].url)
            return SiteResult("needs_review", "nameless", values, point=point, place="home")
        if leading:
            point = Point(home, link=leading[0].url)
            return SiteResult("fail", "older", values, point=point, place="home")
        elsewhere = next((p for p in view.pages.values() if p.was_read and self._is_of_table(year, p.title)), None)
        if elsewhere is not None:
            values["url"] = elsewhere.url
            return SiteResult(
                "fail", "elsewhere", values, point=menu_point(view), points=(Point(elsewhere.url),), place="home"
            )
        return SiteResult("fail", "missing", values, point=menu_point(view), place="home")

    def _is_of_table(self, year: str, title: str) -> bool:
        return self._is_of(year, title) and any(name in title for name in self.names)


def is_nameless(view: SiteView, link: Link) -> bool:
    """A link, mostly a picture, that does not say what it leads to, and that was not read."""
    named = link.text or link.title
    return not named and not link.hidden and link.form == "link" and view.content(link.url) is None
