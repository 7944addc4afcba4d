"""Title of a page: what its tags say, what it shows, its <title> without the name of the site."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from crawler.pages.statements import tag
from crawler.readers.page.scan import Scan
from crawler.words import load

_WHITE = re.compile(r"\s+")


def article_title(
    page: Scan, chrome: bytearray, main: tuple[int, ...], title: str, tags: dict[str, str], names: tuple[str, ...]
) -> str:
    """Title that the tags state, else the one shown, else ``<title>`` cut, else a heading or the first line.

    ``tags`` have names in lower case, ``names`` are those of the columns above, ``main`` the lines of the main text.
    """
    site = tag(tags, "site")
    stated = tag(tags, "title")
    if stated:
        return stated
    shown = _shown(page, title, site, names)
    if shown:
        return shown
    cut = _cut(title, site, names)
    # A <title> that is nothing but the name of the site or of a column says less than a heading.
    if cut and cut not in names and not _is_other(cut, site):
        return cut
    return next(iter(_headings(page, chrome)), "") or cut or _first_line(page, main)


def column_title(page: Scan, chrome: bytearray, title: str, tags: dict[str, str], names: tuple[str, ...]) -> str:
    """Title of a page that is no article: the name of its column where ``<title>`` has it, else that cut."""
    site = tag(tags, "site")
    parts = [part.strip() for part in _separators().split(title)]
    named = next((name for name in reversed((*names, tag(tags, "column"))) if name and name in parts), "")
    if named:
        return named
    shown = _shown(page, title, site, ())
    return shown or _cut(title, site, ()) or next(iter(_headings(page, chrome)), "")


def home_title(title: str, tags: dict[str, str]) -> str:
    """Title of a home page: the name that the site states for itself, else ``<title>`` without "首页"."""
    parts = [part.strip() for part in _separators().split(title)]
    homes = load("page-facts")["breadcrumb"]["home"]
    return tag(tags, "site") or next((part for part in parts if part not in homes and len(part) > 1), title)


def _shown(page: Scan, title: str, site: str, names: tuple[str, ...]) -> str:
    """The heading, else the longest line, that stands in ``<title>`` and is no name of the site or of a column."""
    least, most = _words()["min"], _words()["max"]
    whole = _WHITE.sub("", title)
    for text in _headings(page, bytearray(len(page.lines))):
        bare = _WHITE.sub("", text)
        if len(bare) >= least and bare in whole and not (text in names or _is_other(text, site)):
            return text
    found = ""
    for number in range(len(page.lines)):
        if page.shown[number] < least:
            continue
        # Long titles are broken into lines.
        for text in (page.texts[number], page.text(page.lines[number][2], 4)):
            if len(found) < len(text) <= most and (bare := _WHITE.sub("", text)) in whole and len(bare) >= least:
                found = found if text in names or _is_other(text, site) else text
    return found


def _headings(page: Scan, chrome: bytearray) -> list[str]:
    """Texts of the visible headings of the first three levels outside of menus, no links, highest level first."""
    ranked = sorted(page.headings[: _words()["headings"]], key=lambda here: page.tags[here])
    kept = [here for here in ranked if page.tags[here] <= "h3" and page.plain_in(here)]
    outside = [here for here in kept if not any(chrome[number] for number in page.lines_in(here)[:1])]
    texts = [text for here in outside if page.plain_in(here) * 2 > len(text := page.text(here))]
    return [text for text in texts if _words()["headings_min"] <= len(text) <= _words()["max"]]


def _first_line(page: Scan, main: tuple[int, ...]) -> str:
    """The line that opens the main text, where it is short enough and no sentence."""
    text = page.texts[main[0]] if main else ""
    return text if len(text) <= _words()["max"] and not text.endswith(("。", "；", "：", ":")) else ""


def _cut(title: str, site: str, names: tuple[str, ...]) -> str:
    """``<title>`` without the names of the site and of columns: the longest run of its parts between those."""
    parts = _separators().split(title)
    if len(parts) < 2:
        return title
    runs, open_run = [""], False
    for n, part in enumerate(parts):
        if n % 2:
            runs[-1] += part if open_run else ""
            continue
        bare = part.strip()
        open_run = not (bare in names or _is_other(bare, site))
        runs = [*runs[:-1], runs[-1] + part] if open_run else [*runs, ""]
    kept = max((_trim(run) for run in runs), key=len)
    return kept or next((part.strip() for part in parts[::2] if part.strip()), title)


def _trim(run: str) -> str:
    return run.strip(_words()["separators"] + " \u3000")


def _is_other(part: str, site: str) -> bool:
    """Whether a part of ``<title>`` is a name of the site."""
    return not part or part == site or part.endswith(tuple(_words()["sites"]))


@cache
def _separators() -> re.Pattern[str]:
    return re.compile(f"([{re.escape(_words()['separators'])}])")


def _words() -> dict[str, Any]:
    words: dict[str, Any] = load("page-facts")["title"]
    return words
