"""Several test sites as the columns of one: each below a folder of its own, linked from one home page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from listing.computed.parts import TestSite as ComputedSite
from listing.data.making import TestSite as DataSite
from site_server import Answer, Server

# Where an address can begin in markup, scripts, JSON and XML; in front of one of the first parts of the site's paths.
_ROOTED = r"""(?<=["'=`(>])/(?=(?:{})(?:[/?"'`<.]|$))"""


@dataclass(frozen=True, slots=True)
class Mounted:
    """One mounted list; all addresses as the capture names them, without the server's.

    ``path`` is where the list is, ``pages`` are all its pages and data answers that exist, ``entries`` (title, date)
    of all its articles, ``articles`` their addresses where the site tells them, ``gaps`` what the list cannot reach.
    """

    path: str
    pages: tuple[str, ...]
    entries: tuple[tuple[str, date], ...]
    articles: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def mount(server: Server, name: str, site: ComputedSite | DataSite) -> Mounted:
    """Serve ``site`` below ``/name``; its links to ``/`` lead to the home page of all."""
    known = {urlsplit(path.removeprefix("POST ")).path.split("/")[1] for path in site.pages} - {""}
    rooted = re.compile(_ROOTED.format("|".join(map(re.escape, sorted(known)))))

    def moved(body: bytes | str) -> bytes:
        text = body if isinstance(body, str) else body.decode("utf-8", "surrogateescape")
        # Without the remark, sites with the same articles would have copies of each other's pages.
        text = rooted.sub(f"/{name}/", text).replace("</body>", f"<!-- {name} --></body>")
        return text.encode("utf-8", "surrogateescape")

    for path, answer in site.pages.items():
        method, _, bare = path.rpartition(" ")
        server.pages[f"{method} /{name}{bare}".strip()] = _moved(answer, moved)
    if isinstance(site, DataSite):
        entries = tuple((item.title, item.day) for item in site.items)
        articles = tuple(f"{name}{item.path}" for item in site.items)
        pages = tuple(f"{name}{stored(*asked.split(' ', 1))}" for asked in site.requests)
        return Mounted(f"{name}{site.list_url}", pages, entries, articles, tuple(site.gaps))
    pages, missing = (tuple(f"{name}{path}" for path in paths) for paths in (site.listed, site.missing))
    return Mounted(f"{name}{site.list_url}", pages, site.titles, missing=missing)


def _moved(answer: bytes | Answer, moved: Callable[[bytes | str], bytes]) -> Answer:
    if not isinstance(answer, Answer):
        return Answer(moved(answer))
    if answer.reply is None:
        return Answer(moved(answer.body), answer.status, answer.headers)
    make = answer.reply
    return Answer(headers=answer.headers, reply=lambda query, form: moved(make(query, form)))


def stored(path: str, form: str = "") -> str:
    """The name under which a capture keeps what was asked for: a POST carries its form."""
    return f"{path}{'&' if '?' in path else '?'}__wb_method=POST&{form}" if form else path
