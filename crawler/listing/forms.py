"""Forms that turn the page of a list: which ones may be sent, and what is sent for page N."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from crawler.listing import items
from crawler.listing.base import Turn
from crawler.readers.html import Opened
from crawler.readers.markup import Element, text_in
from crawler.urls import absolute, same_site
from crawler.words import load

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SUBSTRING = 5  # letters from which a forbidden word counts anywhere inside an address


@dataclass(frozen=True, slots=True)
class PageForm:
    """A form that only reads. ``fields`` are sent as they stand, ``field`` holds the page; ``current`` is what it says.

    ``shown`` is true where a reader can type or choose the page, ``fresh`` where a field differs at every visit.
    """

    url: str
    method: Literal["GET", "POST"]
    fields: tuple[tuple[str, str], ...]
    field: str
    current: str
    shown: bool
    fresh: bool
    encoding: str

    def turn(self, number: int) -> Turn | None:
        """Request for a page; None where the form is longer than any that turns a page."""
        pairs = [(name, str(number) if name == self.field else value) for name, value in self.fields]
        form = urlencode(pairs, encoding=self.encoding, errors="xmlcharrefreplace")
        if len(form) > items.limit("max_form"):
            return None
        if self.method == "POST":
            return Turn(self.url, "POST", form)
        return Turn(urlunsplit(urlsplit(self.url)._replace(query=form, fragment="")))


def page_forms(page: Opened) -> Iterator[PageForm]:
    """Forms of the page that have a field for the page number and may be sent, in document order."""
    for element in islice(page.root.iter("form"), items.limit("max_fields")):
        found = _read(element, page)
        if found:
            yield found


def words() -> dict[str, Any]:
    """Names of fields and functions that ``list-data.yaml`` gives for forms."""
    found: dict[str, Any] = load("list-data")["forms"]
    return found


def _read(element: Element, page: Opened) -> PageForm | None:
    method = (element.get("method") or "get").strip().upper()
    url = absolute(page.base, (element.get("action") or "").strip() or page.url)
    if method not in ("GET", "POST") or not url or not same_site(url, page.url) or _forbidden(url):
        return None
    controls = list(islice(element.iter("input", "select", "textarea"), items.limit("max_fields") + 1))
    if len(controls) > items.limit("max_fields") or not all(map(_harmless, controls)):
        return None
    sent = [control for control in controls if control.get("name") and _kind(control) not in words()["unsent_types"]]
    number = next((control for control in sent if str(control.get("name")).lower() in words()["page_fields"]), None)
    names = {str(control.get("name")).lower() for control in sent}
    if number is None or "__viewstate" in names:
        return None
    return PageForm(
        url=url,
        method="POST" if method == "POST" else "GET",
        fields=tuple((str(control.get("name")), _value(control)) for control in sent),
        field=str(number.get("name")),
        current=_value(number).strip(),
        shown=_kind(number) != "hidden",
        fresh=any(token in name for name in names for token in words()["tokens"]),
        encoding=page.encoding or "utf-8",
    )


def _forbidden(url: str) -> bool:
    parts = urlsplit(url)
    address = f"{parts.path} {parts.query}"
    found = [word.lower() for word in _WORDS.findall(address)]
    return any(
        word in address.lower() if len(word) >= _SUBSTRING else any(part.startswith(word) for part in found)
        for word in words()["forbidden"]
    )


def _harmless(control: Element) -> bool:
    return control.tag != "textarea" and _kind(control) not in words()["forbidden_types"]


def _kind(control: Element) -> str:
    return "select" if control.tag == "select" else (control.get("type") or "text").strip().lower()


def _value(control: Element) -> str:
    if control.tag != "select":
        return control.get("value") or ""
    options = list(control.iter("option"))
    chosen = next((option for option in options if option.get("selected") is not None), options[0] if options else None)
    if chosen is None:
        return ""
    value = chosen.get("value")
    return text_in(chosen).strip() if value is None else value
