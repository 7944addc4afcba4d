"""大汉 jcms, jpage: the entries stand as XML (or as an array of HTML) in a script, further ones come from a proxy.

Forms read: ``<datastore>`` with ``<nextgroup>`` (GET ``dataproxy.jsp?page=N&…``), ``jpage({totalRecord, perPage,
groupSize, proxyUrl, ajaxParam})`` (POST ``?startrecord=&endrecord=&perpage=``), ``dataStore: InitData…`` (array of
strings), and the ``morecolumndataproxy.jsp`` of several columns. Answers are read as text: nothing is resolved, nothing
has to be well formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice, pairwise
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.listing import items
from crawler.listing.base import Answer, Paging, Turn
from crawler.readers.html import Opened
from crawler.readers.page import literals
from crawler.urls import absolute, same_site

NAME = "jpage"
MARKS = ("<datastore", ".jpage(")
ORDER = 10

_HREF = re.compile(r"""href\s{0,5}=\s{0,5}(["'])(?P<href>[^"']{1,2000})\1""", re.IGNORECASE)
_CALL = re.compile(r"\.jpage\s{0,5}\(")
_NUMBER = r"{}['\"]?\s{{0,5}}:\s{{0,5}}['\"]?(\d{{1,9}})(?!\d)"
_PROXY = re.compile(r"proxyUrl['\"]?\s{0,5}:\s{0,5}['\"]([^'\"\s]{1,500})['\"]")
_PARAMETERS = re.compile(r"ajaxParam['\"]?\s{0,5}:\s{0,5}(?:(?P<open>\{)|(?P<name>[A-Za-z_$][\w$]{0,80}))")
_STORE = re.compile(r"dataStore['\"]?\s{0,5}:\s{0,5}([A-Za-z_$][\w$]{0,80})")
_GROUP = 3  # display pages that one request brings where the page does not say (default of the jpage script)
_CALL_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class _Store:
    """Records of one ``<datastore>``: pieces of HTML, stated totals, address of the next group as written."""

    pieces: tuple[str, ...]
    total: int | None
    pages: int | None
    following: str


@dataclass(frozen=True, slots=True)
class _Call:
    """Options of one ``jpage({…})``."""

    total: int | None
    per_page: int
    group: int
    proxy: str
    parameters: dict[str, str]
    pieces: tuple[str, ...]


def read_page(page: Opened) -> Paging | None:
    """All jpage lists of a page as one: entries of all, turns of all. None where the page has no store and no call."""
    stores = [_store(part) for part in islice(_stores(page.text), items.limit("max_units"))]
    calls = list(islice(_calls(page.text), items.limit("max_units")))
    if not stores and not calls:
        return None
    held = [store.pieces for store in stores] + [call.pieces for call in calls]
    pieces = (piece for part in held for piece in part)
    entries, lost = items.cut(items.of_html(pieces, page.base))
    gaps, turns = [lost], list[Turn]()
    for at in range(max(len(stores), len(calls))):
        store = stores[at] if at < len(stores) else None
        call = calls[at] if at < len(calls) else None
        found, missing = _unit(page, store, call)
        turns += found
        gaps.append(missing)
    totals = [call.total for call in calls] or [store.total for store in stores]
    total = sum(filter(None, totals)) if None not in totals else None
    missing = "；".join(dict.fromkeys(filter(None, gaps)))
    # Without records and requests the rows stand in the page itself.
    shown = entries if turns or any(held) else None
    return Paging(NAME, tuple(dict.fromkeys(turns)), shown, _display_pages(calls), total, missing)


def read_data(answer: Answer) -> Paging:
    """Records of one group, and all other groups by the totals of the answer."""
    if "<datastore" not in answer.text and "<record" not in answer.text:
        raise ValueError("no datastore in the answer")
    store = _store(answer.text)
    entries, lost = items.cut(items.of_html(store.pieces, answer.page))
    if not store.pieces:
        missing = items.gap("no_entries", total=store.total) if store.total else ""
        return Paging(NAME, (), entries, None, store.total, missing)
    further = _posted if answer.turn.method == "POST" else _got
    turns, missing = further(answer, store)
    pages = store.pages if answer.turn.method == "GET" else None
    return Paging(NAME, turns, entries, pages, store.total, "；".join(filter(None, (lost, missing))))


def _unit(page: Opened, store: _Store | None, call: _Call | None) -> tuple[list[Turn], str]:
    """Requests for what the page does not hold of one of its lists, and what stays out of reach."""
    held = len(store.pieces if store and store.pieces else call.pieces if call else ())
    total = call.total if call and call.total is not None else store.total if store else None
    if total is not None and held >= total:
        return [], ""
    following = absolute(page.base, store.following) if store and store.following else None
    if following and same_site(following, page.url):
        return [Turn(following, data=True)], ""
    proxy = absolute(page.base, call.proxy) if call and call.proxy and call.parameters else None
    if call and proxy and same_site(proxy, page.url):
        return _groups(proxy, urlencode(call.parameters), held, total, call.per_page, call.per_page * call.group)
    return [], items.gap("no_address", total=total, found=held) if total else ""


def _groups(proxy: str, form: str, held: int, total: int | None, size: int, step: int) -> tuple[list[Turn], str]:
    """POST requests for the records after the first ``held``; one group where the total is not known."""
    count, missing = items.bounded(ceil((total - held) / step)) if total is not None else (1, "")
    turns = list[Turn]()
    for start in range(held + 1, held + 1 + count * step, step):
        end = start + step - 1 if total is None else min(start + step - 1, total)
        query = urlencode({"startrecord": start, "endrecord": end, "perpage": size})
        turns.append(Turn(urlunsplit(urlsplit(proxy)._replace(query=query, fragment="")), "POST", form, data=True))
    return turns, missing


def _posted(answer: Answer, store: _Store) -> tuple[tuple[Turn, ...], str]:
    """Groups after this one, of the same length."""
    asked = dict(parse_qsl(urlsplit(answer.turn.url).query))
    start, end, size = (items.number(asked.get(name)) for name in ("startrecord", "endrecord", "perpage"))
    if not start or not end or not size or not store.total:
        return (), ""
    step = max(end - start + 1, size)
    turns, missing = _groups(answer.turn.url, answer.turn.form, min(end, store.total), store.total, size, step)
    return tuple(turns), missing


def _got(answer: Answer, store: _Store) -> tuple[tuple[Turn, ...], str]:
    """All groups by number where the address has one, else the next group as the answer names it."""
    following = absolute(answer.url, store.following) if store.following else None
    turns = [following] if following and same_site(following, answer.page) else []
    count, missing = items.bounded(store.pages or 0)
    turns += [url for n in range(1, count + 1) if (url := _numbered(answer.turn.url, n))]
    return tuple(Turn(url, data=True) for url in dict.fromkeys(turns) if url != answer.turn.url), missing


def _numbered(url: str, number: int) -> str:
    """The same group address with another ``page=``; ``""`` where it has none (the group is named by a code)."""
    changed, count = re.subn(r"([?&]page=)\d{1,9}(?=&|$)", rf"\g<1>{number}", url, count=1)
    return changed if count else ""


def _display_pages(calls: list[_Call]) -> int | None:
    if len(calls) != 1 or calls[0].total is None:
        return None
    return ceil(calls[0].total / calls[0].per_page)


def _stores(text: str) -> Iterator[str]:
    at = text.find("<datastore")
    while at >= 0:
        end = text.find("</datastore", at)
        if end < 0:
            end = text.find("</script", at)
        yield text[at : end if end >= 0 else len(text)]
        at = text.find("<datastore", end) if end >= 0 else -1


def _store(text: str) -> _Store:
    pieces = tuple(islice(_inside(text, "record"), items.limit("max_entries") + 1))
    group = next(_inside(text, "nextgroup"), "")
    if not pieces and "<record" not in text:
        pieces = tuple(islice(_sections(text.replace(group, "") if group else text), items.limit("max_entries") + 1))
    href = _HREF.search(group)
    following = unescape(href["href"]) if href else ""
    return _Store(pieces, _stated(text, "totalrecord"), _stated(text, "totalpage"), following)


def _inside(text: str, tag: str) -> Iterator[str]:
    """What stands in each ``<tag>``, without CDATA marks; each character is looked at once."""
    opening, closing, end = f"<{tag}>", f"</{tag}>", 0
    while (at := text.find(opening, end)) >= 0:
        end = text.find(closing, at)
        content = text[at + len(opening) : end if end >= 0 else len(text)].strip()
        if content.startswith("<![CDATA["):
            content = content[9 : content.rfind("]]>") if "]]>" in content else None]
        elif "&lt;" in content:
            content = unescape(content)
        if content:
            yield content
        if end < 0:
            return


def _sections(text: str) -> Iterator[str]:
    """CDATA sections that stand in no record."""
    end = 0
    while (at := text.find("<![CDATA[", end)) >= 0:
        end = text.find("]]>", at)
        if end < 0:
            return
        if "<" in text[at + 9 : end]:
            yield text[at + 9 : end]


def _stated(text: str, tag: str) -> int | None:
    found = next(_inside(text, tag), None)
    return items.number(found)


def _calls(text: str) -> Iterator[_Call]:
    found = [match.end() for match in islice(_CALL.finditer(text), items.limit("max_units"))]
    for at, end in pairwise([*found, len(text)]):
        yield _call(text, text[at : min(end, at + _CALL_LENGTH)])


def _call(text: str, options: str) -> _Call:
    per_page, group = _option(options, "perPage"), _option(options, "groupSize")
    proxy, store = _PROXY.search(options), _STORE.search(options)
    pieces = _value(text, store[1]) if store else None
    strings = tuple(piece for piece in pieces if isinstance(piece, str)) if isinstance(pieces, list) else ()
    return _Call(
        total=_option(options, "totalRecord"),
        per_page=min(per_page or 15, 1000),
        group=min(group or _GROUP, 100),
        proxy=proxy[1] if proxy else "",
        parameters=_parameters(text, options),
        pieces=strings,
    )


def _option(options: str, name: str) -> int | None:
    match = re.search(_NUMBER.format(name), options)
    return int(match[1]) if match else None


def _parameters(text: str, options: str) -> dict[str, str]:
    """Fields of the form: the object after ``ajaxParam``, written there or given to a variable before."""
    match = _PARAMETERS.search(options)
    if match is None:
        return {}
    try:
        if match["open"]:
            found = literals.literal(options, match.start("open"))
        else:
            found = literals.assigned(text, match["name"])
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    fields = ((key, value) for key, value in found.items() if isinstance(value, str | int))
    known = ((key, str(value)) for key, value in fields if not isinstance(value, literals.Name))
    return dict(islice(known, items.limit("max_fields")))


def _value(text: str, name: str) -> Any:
    try:
        return literals.assigned(text, name)
    except ValueError:
        return None
