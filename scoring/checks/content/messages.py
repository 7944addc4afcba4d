"""Published messages of citizens: when they were asked, whether and when they were answered. Nothing passes or fails.

Labels, words and classes: rules/tables/messages.yaml. What the page of a message says goes before what a list says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from crawler.evidence import Cell, Column, Document
from scoring.checks.content.column_states import entries_of, path_of
from scoring.checks.content.labels import Labels, Said, lines_of
from scoring.data import table
from scoring.site.view import SiteView, fit_of
from scoring.text import find_date, key

State = Literal["answered", "pending", "blank", "unknown"]
# Classes of labels: a message has one of either, a list of messages one of the last.
_ASKING, _TELLING = frozenset({"question", "asked"}), frozenset({"asked", "answered", "answer", "state"})
_LISTED = frozenset({"asked", "answered", "state"})


@dataclass(slots=True)
class Message:
    """One message. ``state``: ``pending`` where words say that it has no answer, ``blank`` where there is room for one.

    ``words`` stand on the page ``seen`` and carry the state. ``asked`` and ``answered`` are labelled as such;
    ``loose`` says that the page has other dates that may be theirs. ``whole`` is set where its own page was read.
    """

    url: str
    title: str
    column: Column
    seen: str
    asked: date | None = None
    answered: date | None = None
    state: State = "unknown"
    words: str = ""
    loose: bool = False
    whole: bool = False


@dataclass(slots=True)
class Messages:
    """The messages of a site by address, the columns they stand in, and the messages whose pages were not read."""

    columns: list[Column] = field(default_factory=list)
    found: dict[str, Message] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def messages_of(view: SiteView) -> Messages:
    """All published messages of a site, read once for all checks."""
    return view.once(_gather)


def is_excluded(*names: str) -> bool:
    """Whether a column or page is of a kind whose messages do not count."""
    return any(word in name for word in table("messages")["excluded"] for name in names)


def _gather(view: SiteView) -> Messages:
    book = Messages()
    left = table("messages")["most_pages"]
    for column in _region(view):
        left = _read_column(view, column, book, left)
    return book


def messages_at(view: SiteView) -> Iterator[str]:
    """The addresses of what may be a message."""
    return (entry.url for column in _region(view) for entry in entries_of(view, column))


def _region(view: SiteView) -> Iterator[Column]:
    data, classes = table("messages"), table("site-places")["classes"]
    # A message belongs to the column that holds it, not to the front that shows it too.
    for column in sorted(view.columns, key=lambda one: -len(path_of(one))):
        path = path_of(column)
        if is_excluded(*path, column.name):
            continue
        if any(fit_of([name], classes[kind]) for kind in data["region"] for name in (*path, column.name)):
            yield column


def _read_column(view: SiteView, column: Column, book: Messages, left: int) -> int:
    """Read the messages of one column; what is left of the pages that may be read again in full."""
    before, tries = len(book.found), table("messages")["tries"]
    for number, page in enumerate(column.pages or (column.url,)):
        titles = {key(entry.title): entry.url for entry in view.held.entries(page)}
        # What the first pages of a list do not show, the others do not either.
        worth = number < tries or len(book.found) > before
        asks = bool(titles) and left > 0 and worth
        document = view.document(page) if asks and view.may_say(page, *_headings()) else None
        left -= asks
        if document is not None:
            for message in _rows(document, titles, column, page):
                book.found.setdefault(message.url, message)
    for entry in entries_of(view, column):
        own = view.content(entry.url)
        if own is None:
            book.unread.append(entry.url)
            continue
        listed = book.found.get(entry.url)
        if is_excluded(*own.column_path, entry.title) or (listed is not None and listed.whole):
            continue
        read, again = _own_page(view, own.url, entry.title, column, left > 0 and tries > 0)
        left -= again
        tries = tries + 1 if read is not None else tries - again
        if read is not None:
            book.found[entry.url] = _merged(listed, read)
    if len(book.found) > before:
        book.columns.append(column)
    return left


def _merged(listed: Message | None, own: Message) -> Message:
    """The page of a message, filled up by what the list says."""
    if listed is None:
        return own
    own.asked = own.asked or listed.asked
    own.answered = own.answered or listed.answered
    if own.state == "unknown" and listed.state != "unknown":
        # The page of the message may answer in words that are not known here.
        own.state = "answered" if listed.state == "answered" else "blank"
        own.words, own.seen = listed.words, listed.seen
    return own


def _own_page(view: SiteView, url: str, title: str, column: Column, again: bool) -> tuple[Message | None, bool]:
    """The message on its own page, None where there is none, and whether the page was read again for it."""
    seen = view.look(url)
    if seen is None:
        return None, False
    message = _of_lines(seen.facts.text.split("\n"), url, title, column)
    if message is not None and message.state == "answered" and message.asked and message.answered:
        return message, False
    # The main text leaves out lines about the title: the times may stand there.
    if again and message is None and not _may_be_message(view, url):
        return None, True
    document = view.document(url) if again else None
    if document is None:
        return message, False
    return _of_lines(lines_of(document), url, title, column) or message, True


def _of_lines(lines: list[str], url: str, title: str, column: Column) -> Message | None:
    """The message that labelled lines tell of; None where they are no message's."""
    by_class = _by_class(lines)
    if not _is_message(by_class.keys()):
        return None
    message = Message(url, title, column, url, whole=True)
    message.asked = _first_day(by_class.get("asked", ()))
    message.answered = _first_day(by_class.get("answered", ()))
    message.state, message.words = _state(by_class)
    if message.state != "answered" and any(sign in line for line in lines for sign in table("messages")["replies"]):
        message.state, message.words = "unknown", ""
    message.loose = _has_loose_date(lines)
    return message


def _by_class(lines: list[str]) -> dict[str, list[Said]]:
    by_class: dict[str, list[Said]] = {}
    for one in _labels().read(lines):
        for name in one.names:
            by_class.setdefault(name, []).append(one)
    return by_class


def _is_message(classes: Set[str]) -> bool:
    """Whether lines with labels of these classes tell of a message."""
    return not classes.isdisjoint(_ASKING) and not classes.isdisjoint(_TELLING)


def _may_be_message(view: SiteView, url: str) -> bool:
    """Whether the lines of the whole page, its menus included, hold the labels of a message."""
    seen = view.glance(url)
    return seen is None or _is_message(_by_class(seen.lines).keys())


def _first_day(said: Iterable[Said]) -> date | None:
    return next((day for one in said if (day := find_date(one.value))), None)


def _state(by_class: dict[str, list[Said]]) -> tuple[State, str]:
    """The state and the words that carry it. Any sign of an answer goes before every sign that there is none."""
    states, answers = by_class.get("state", []), by_class.get("answer", [])
    told = [one for one in answers if key(one.value) and not _says(one.value, "pending")]
    done = [one for one in states if _says(one.value, "done") and not _says(one.value, "pending")]
    if told or done or _first_day(by_class.get("answered", ())):
        return "answered", next((one.label for one in (*told, *done)), "")
    for one in (*states, *answers):
        if _says(one.value, "pending"):
            return "pending", _first_line(one.value)
    empty = [*answers, *by_class.get("answered", ())]
    return ("blank", empty[0].label) if empty else ("unknown", "")


def _says(text: str, what: str) -> bool:
    """Whether the first line of a text says a state and nothing else."""
    data, line = table("messages"), _first_line(text)
    return len(line) <= data["state_length"] and any(word in line for word in data[what])


def _first_line(text: str) -> str:
    return text.partition("\n")[0].strip()


def _has_loose_date(lines: list[str]) -> bool:
    """Whether a short line without a known label holds a date."""
    longest = table("messages")["dateless_line"]
    short = (line for line in lines if line.strip() and len(line) <= longest and find_date(line))
    labelled = {one.value for one in _labels().read(lines)}
    return any(line not in labelled and not _labels().read([line]) for line in short)


def _rows(document: Document, titles: dict[str, str], column: Column, page: str) -> Iterator[Message]:
    """The messages of a table whose head names question, times or state."""
    for block in document.blocks:
        rows: dict[int, list[Cell]] = {}
        for cell in block.table.cells if block.table is not None else ():
            rows.setdefault(cell.row, []).append(cell)
        for cells in rows.values():
            url = next((titles[key(cell.raw)] for cell in cells if key(cell.raw) in titles), "")
            named = [(name, cell) for cell in cells for name in _heads(cell)]
            if url and not _LISTED.isdisjoint(name for name, _ in named):
                yield _of_row(named, url, column, page)


def _heads(cell: Cell) -> tuple[str, ...]:
    return _labels().names(cell.column_labels[-1]) if cell.column_labels else ()


def _of_row(named: list[tuple[str, Cell]], url: str, column: Column, page: str) -> Message:
    by_class: dict[str, list[Said]] = {}
    for name, cell in named:
        by_class.setdefault(name, []).append(Said((name,), cell.column_labels[-1], cell.raw))
    title = next((one.value for one in by_class.get("question", ())), "")
    message = Message(url, title, column, page)
    message.asked = _first_day(by_class.get("asked", ()))
    message.answered = _first_day(by_class.get("answered", ()))
    message.state, message.words = _state(by_class)
    return message


@cache
def _headings() -> tuple[str, ...]:
    """The labels of which a list of messages has one at least."""
    return tuple(word for name in sorted(_LISTED) for word in table("messages")["labels"][name])


@cache
def _labels() -> Labels:
    return Labels(table("messages")["labels"])
