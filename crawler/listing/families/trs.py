"""TRS WCM: ``createPageHTML(pages, own, "index", "html")`` under any name, ``countPage``, ``pager_options``.

Files are numbered from zero: ``index.html``, ``index_1.html`` … (PAGE_COUNT, PAGE_INDEX, PAGE_NAME, PAGE_EXT of WCM).
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from crawler.listing.base import Paging
from crawler.listing.numbered import file_of, files, limits, number, scripts, together
from crawler.readers.html import Opened
from crawler.words import load

NAME = "trs"
MARKS = ('"html"', "'html'", '"shtml"', "'shtml'", '"htm"', "'htm'", "countPage")
ORDER = 10

ENDING = r"""["'](?P<ending>s?html?|jsp|aspx?)["']"""
# name( as the start of a call: what follows is the first argument.
CALL = r"(?<=[\w$])\s{0,5}\(\s{0,9}"
NEXT = r"\s{0,5},\s{0,5}"
NAMED = r"""["'](?P<name>[^"'\s<>\\,]{1,200})["']"""

_CALL = re.compile(
    f"{CALL}{number('pages')}{NEXT}{number('own')}{NEXT}{NAMED}{NEXT}{ENDING}"
    rf"""(?:{NEXT}["'][^"'\n]{{0,60}}["']{NEXT}{number("total")}\s{{0,5}}[,)])?"""
)
_COUNT = re.compile(rf"""(?<![\w.$])countPage["']?\s{{0,5}}[:=]\s{{0,5}}{number("n")}""")
_OWN = re.compile(rf"""(?<![\w.$])currentPage["']?\s{{0,5}}[:=]\s{{0,5}}{number("n")}""")
_OPTION_NAME = re.compile(rf"""PAGE_NAME["']?\s{{0,5}}[:=]\s{{0,5}}{NAMED}""")
_OPTION_ENDING = re.compile(rf"""PAGE_EXT["']?\s{{0,5}}[:=]\s{{0,5}}{ENDING}""")
# "index"+"_"+next+"."+"html" and "index_"+next+".html", also inside of markup that is written out.
_JOINED = re.compile(
    r"""["'](?P<name>[\w./:-]{1,200}?)(?:["']\s{0,5}\+\s{0,5}["'])?_["']\s{0,5}\+\s{0,5}[\w$]{1,40}\s{0,5}\+\s{0,5}["']"""
    r"""\.(?:["']\s{0,5}\+\s{0,5}["'])?(?P<ending>s?html?|jsp|aspx?)\b"""
)


def read_page(page: Opened) -> Paging | None:
    """Paging by the calls of the page, else by its variables."""
    sources = scripts(page, MARKS)
    return by_calls(page, NAME, sources, _CALL, 0) or _by_variables(page, sources)


def by_calls(page: Opened, family: str, sources: list[str], call: re.Pattern[str], first: int) -> Paging | None:
    """Paging by the pager calls of ``sources``: groups ``pages``, ``own``, ``name``, ``ending``, ``total``.

    ``first`` is the number that lists of the family start with. The same call above and below a list is one; calls
    with other names are other lists, whose turns are added. Calls that part one article over pages are none.
    """
    calls: dict[tuple[str, str], tuple[int, int, int | None]] = {}
    for match in (match for source in sources for match in call.finditer(source)):
        if not _articles().fullmatch(match["name"].rpartition("/")[2]):
            total = int(match["total"]) if match["total"] else None
            calls.setdefault((match["name"], match["ending"]), (int(match["pages"]), int(match["own"]), total))
    found = []
    for (name, ending), (pages, own, total) in islice(calls.items(), limits()["max_pagers"]):
        # No list that counts from one has a page 0; none that counts from zero has the number of all pages.
        start = 0 if own == 0 else 1 if own == pages else first
        paging = files(page, family, name, ending, pages, first=start, current=own, total=total)
        found += [paging] if paging else []
    return together(found)


def _by_variables(page: Opened, sources: list[str]) -> Paging | None:
    for source in sources:
        count, own, joined = _COUNT.search(source), _OWN.search(source), _JOINED.search(source)
        option = _OPTION_NAME.search(source)
        if count is None or not (own or option or joined):
            continue
        name, ending, _ = file_of(page)
        if joined:
            name, ending = joined["name"], joined["ending"]
        elif option:
            told = _OPTION_ENDING.search(source)
            name, ending = option["name"], told["ending"] if told else ending
        current = int(own["n"]) if own else None
        return files(page, NAME, name, ending, int(count["n"]), first=0, current=current)
    return None


@cache
def _articles() -> re.Pattern[str]:
    return re.compile("|".join(load("listing")["article_files"]))
