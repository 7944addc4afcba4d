"""Checks on interaction: can one ask, are published messages answered in time, and are times and statistics shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

from crawler.evidence import Form
from scoring.checks.content.column_states import months_before, named
from scoring.checks.content.home import is_nameless, menu_names, menu_point
from scoring.checks.content.messages import Message, Messages, is_excluded, messages_at, messages_of
from scoring.data import table
from scoring.inspection import Outcome
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import Place, SiteView

_MOST_NAMED = 5  # messages named in one message of a finding


class ConsultationChannel(SiteCheck):
    """The site has an online channel for asking and proposing: a place of the class ``consultation`` or ``letters``.

    It counts where its page has a form to write in, leads to one or lists messages, or where it lies on another site.
    One that shows nothing of the kind: needs_review ``no_form``. None at all: fail ``missing`` (``petitions`` where
    only channels that do not count were found), but needs_review ``nameless`` where the home page or an interaction
    column has links that do not say what they are, and not_checked ``gaps`` where the menus were not read whole.
    """

    use: Literal["consultation_channel"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        if view.front is None:
            yield SiteResult("not_checked", "home")
            return
        channels = [p for kind in ("consultation", "letters") for p in view.classed(kind) if not is_excluded(p.name)]
        if any(_works(view, place) for place in channels):
            yield SiteResult("pass")
            return
        fronts = [place for place in view.classed("interaction") if place.state in ("read", "away")]
        if any(_works(view, place) for place in fronts):
            yield SiteResult("pass")
        elif view.gaps or any(place.state == "unread" for place in channels):
            yield SiteResult("not_checked", "gaps", {"gaps": view.gap_text() or "咨询栏目没有读到"})
        else:
            yield self._missing(view, [place for place in channels if place.state == "read"], fronts)

    def _missing(self, view: SiteView, channels: list[Place], fronts: list[Place]) -> SiteResult:
        values = {"seen": menu_names(view)}
        if channels:
            names = "、".join(place.name for place in channels[:_MOST_NAMED])
            points = tuple(Point(place.url, words=place.name) for place in channels)
            return _told("needs_review", "no_form", {**values, "names": names}, points)
        pages = [view.front, *(view.look(place.url) for place in fronts)]
        nameless = [link for page in pages if page is not None for link in page.links if is_nameless(view, link)]
        if nameless:
            points = tuple(Point(link.page, link=link.url) for link in nameless)
            return _told("needs_review", "nameless", {**values, "count": len(nameless)}, points)
        petitions = [place for place in view.classed("petitions") if place.state != "gone"]
        if petitions:
            values["names"] = "、".join(place.name for place in petitions[:_MOST_NAMED])
            points = tuple(Point(place.found_on, words=place.name) for place in petitions)
            return _told("fail", "petitions", values, points)
        return _told("fail", "missing", values, (menu_point(view), *(Point(p.url, words=p.name) for p in fronts)))


def _told(outcome: Outcome, key: str, values: dict[str, Any], points: tuple[Point, ...]) -> SiteResult:
    return SiteResult(outcome, key, values, point=points[0], points=points[1:], place="site")


def _works(view: SiteView, place: Place) -> bool:
    """Whether a place lets one write, or shows what others wrote."""
    if place.state != "read":
        return place.state == "away"
    if place.column is not None and place.column.entries and _fits_letters(place):
        return True
    page, words = view.look(place.url), table("messages")["channel"]["words"]
    if page is None:
        return False
    if any(_is_for_writing(form) for form in page.facts.forms):
        return True
    # A menu names the same places on every page: only links of the page itself count.
    inside = {
        link.text for link in page.links if link.area in ("main", "other") and link.url not in (page.url, place.url)
    }
    longest = table("columns")["column_name"]
    return any(word in text for text in inside if len(text) <= longest for word in words if not is_excluded(text))


def _fits_letters(place: Place) -> bool:
    """Whether the name of a place is that of a column with messages."""
    classes = table("site-places")["classes"]["letters"]
    return any(word in place.name for word in (*classes["names"], *classes["contains"]))


def _is_for_writing(form: Form) -> bool:
    channel = table("messages")["channel"]
    if any(word in text for text in form.words for word in channel["other_forms"]):
        return False
    return len(form.inputs) >= int(channel["fields"])


class MessagesAnswered(SiteCheck):
    """No published message of the last ``within`` months is unanswered for more than ``months`` months.

    Fail ``unanswered``: asked on a labelled day, and words say that it has no answer. Needs_review ``likely``: the
    answer is left blank, or the day is not labelled. Not_checked: ``unread`` pages of messages, ``unclear`` ones that
    do not say whether they are answered, ``none`` where no messages are published.
    """

    use: Literal["messages_answered"]
    months: int
    within: int

    def expects(self, case: SiteCase) -> Iterable[str]:
        return messages_at(case.view)

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        book = messages_of(view)
        first, last = months_before(view.day, self.within), months_before(view.day, self.months)
        late: list[Message] = []
        likely: list[Message] = []
        unclear = 0
        for message in book.found.values():
            asked = message.asked or _listed_day(view, message)
            if asked is None or not first <= asked < last or message.state == "answered":
                continue
            if message.state == "pending" and message.asked is not None:
                late.append(message)
            elif message.state == "unknown":
                unclear += 1
            else:
                likely.append(message)
        if late:
            yield _unanswered("fail", "unanswered", late, view)
        if likely:
            yield _unanswered("needs_review", "likely", likely, view)
        if late or likely:
            return
        yield self._open(view, book, unclear)

    def _open(self, view: SiteView, book: Messages, unclear: int) -> SiteResult:
        """What is to be said where nothing was found amiss."""
        unread = [f"“{named(column)}”没有读全" for column in book.columns if not column.complete]
        unread += [f"有 {len(book.unread)} 条留言没有读到"] if book.unread else []
        if not book.found:
            return SiteResult("not_checked", "none")
        if unread:
            return SiteResult("not_checked", "unread", {"gaps": "；".join(unread)})
        if unclear:
            return SiteResult("not_checked", "unclear", {"count": unclear})
        return SiteResult("pass", times=len(book.found))


def _listed_day(view: SiteView, message: Message) -> date | None:
    """A day for a message that does not label one: of publication, which is never before it was asked."""
    page = view.content(message.url)
    return page.published if page is not None else None


def _unanswered(outcome: Outcome, key: str, messages: list[Message], view: SiteView) -> SiteResult:
    points = tuple(_at(message) for message in messages)
    told = "；".join(f"《{one.title}》（{one.asked or '日期未标明'}）" for one in messages[:_MOST_NAMED])
    values = {
        "count": len(messages),
        "messages": told + (f"等 {len(messages)} 条" if len(messages) > _MOST_NAMED else ""),
        "state": messages[0].words,
        "day": view.day.isoformat(),
    }
    return SiteResult(
        outcome, key, values, point=points[0], points=points[1:], pages=tuple(one.url for one in messages), place="site"
    )


def _at(message: Message) -> Point:
    """Where the state of a message stands; in a list, where many have the same one, its title."""
    words = message.words if message.seen == message.url else message.title
    return Point(message.seen, words=words, label=message.title)


class MessageTimes(SiteCheck):
    """Published messages show when they were asked and, where answered, when that was.

    One result for each column and kind of time (``asked``, ``answered``) with all its messages. Only where their own
    pages were read; a page with dates that no label explains is not called wrong.
    """

    use: Literal["message_times"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        book = messages_of(case.view)
        groups: dict[tuple[str, str], list[Message]] = {}
        shown = 0
        for message in book.found.values():
            if not message.whole or message.loose:
                continue
            lacking = [kind for kind in _kinds(message) if getattr(message, kind) is None]
            shown += not lacking
            for kind in lacking:
                groups.setdefault((named(message.column), kind), []).append(message)
        if shown:
            yield SiteResult("pass", times=shown)
        for (name, kind), messages in groups.items():
            total = sum(one.whole and named(one.column) == name and kind in _kinds(one) for one in book.found.values())
            values = {"name": name, "count": len(messages), "total": total, "example": messages[0].title}
            first, *others = (Point(one.url, words=one.words or one.title, label=one.title) for one in messages)
            pages = tuple(one.url for one in messages)
            yield SiteResult(
                "fail", kind, values, point=first, points=tuple(others), pages=pages, place=f"{name}|{kind}"
            )
        if not book.found:
            yield SiteResult("not_applicable")


def _kinds(message: Message) -> tuple[str, ...]:
    """The times that a message has to show."""
    return ("asked", "answered") if message.state == "answered" else ("asked",)


class MessageStatistics(SiteCheck):
    """A site that publishes messages also publishes statistics on them.

    A menu, title or path names them, or a page of the messages shows the figures. Missing is said only where the menus
    were read whole.
    """

    use: Literal["message_statistics"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        book = messages_of(view)
        if not book.found:
            yield SiteResult("not_applicable")
        elif self._named(view) or self._shown(view, book):
            yield SiteResult("pass")
        elif view.gaps:
            yield SiteResult("not_checked", "gaps", {"gaps": view.gap_text()})
        else:
            column = book.columns[0]
            values = {"name": named(column), "seen": menu_names(view)}
            point = Point(column.url, words=column.name)
            yield SiteResult("fail", "missing", values, point=point, pages=(column.url,), place="site")

    def _named(self, view: SiteView) -> bool:
        words = table("messages")["statistics"]
        names = {name for place in view.places if place.state != "gone" for name in place.names}
        names |= {page.title for page in view.pages.values() if page.was_read}
        return any(any(w in name for w in words["words"]) and any(a in name for a in words["about"]) for name in names)

    def _shown(self, view: SiteView, book: Messages) -> bool:
        words = table("messages")["statistics"]["shown"]
        pages = [column.url for column in book.columns]
        pages += [place.url for place in view.classed("interaction") if place.state == "read"]
        for url in dict.fromkeys(pages):
            document = view.document(url)
            if document is not None and any(word in block.text for block in document.blocks for word in words):
                return True
        return False
