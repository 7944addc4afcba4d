"""Policy documents and interpretations of a site, and which belong together. Nothing here passes or fails.

Words and patterns: rules/tables/policies.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from crawler.evidence import Column
from scoring.checks.content.column_states import entries_of, path_of
from scoring.data import table
from scoring.site.view import PageView, SiteView, fit_of
from scoring.text import fold, has_document_number, key

_LEAST_NAME = 6  # characters of a document's name by which it is known in a text
_BEGINNING = 200  # characters of a text that say what it is about
_SHORT = 10  # a link with no more characters is a mere 政策解读, and not the name of another item
_INSIDE = ("main", "other")
_LINKS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Paper:
    """A document or an interpretation.

    ``name`` is the bare name of a document (without marks, 关于印发 and 的通知), ``number`` its 文号 as a key, ``kind``
    says whether it is to be interpreted (``sure``), may be (``likely``) or not (""). ``links`` are the addresses that
    its own part of the page leads to, ``named`` what they are called, as keys; ``leads`` says that one of them is
    called an interpretation of it. ``said`` are names and numbers that an interpretation mentions, ``subjects`` those
    in its title, else at its beginning.
    """

    url: str
    title: str
    day: date | None
    name: str = ""
    number: str = ""
    kind: Literal["", "sure", "likely"] = ""
    links: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    leads: bool = False
    said: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()


@dataclass(slots=True)
class Papers:
    """The documents and interpretations of a site, and the columns of the latter."""

    documents: list[Paper] = field(default_factory=list)
    interpretations: list[Paper] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)


def papers_of(view: SiteView) -> Papers:
    """All documents and interpretations of a site, read once for all checks."""
    return view.once(_gather)


def papers_at(view: SiteView) -> Iterator[str]:
    """The addresses of what may be one of them."""
    data = table("policies")
    for column in (*_columns(view, data["interpretations"]), *_columns(view, data["documents"])):
        yield from (entry.url for entry in entries_of(view, column))


def _gather(view: SiteView) -> Papers:
    data = table("policies")
    found = Papers(columns=_columns(view, data["interpretations"]))
    taken: set[str] = set()
    for page in _pages(view, found.columns):
        if page.url not in taken:
            taken.add(page.url)
            found.interpretations.append(_interpretation(view, page))
    for page in _pages(view, _columns(view, data["documents"])):
        if page.url in taken:
            continue
        taken.add(page.url)
        if any(word in page.page.title for word in data["interpreting"]):
            found.interpretations.append(_interpretation(view, page))
        else:
            found.documents.append(_document(view, page))
    return found


def _columns(view: SiteView, kinds: Sequence[str]) -> list[Column]:
    """Columns of these classes, and those below them."""
    classes = table("site-places")["classes"]
    return [
        column
        for column in view.columns
        if any(fit_of([name], classes[kind]) for kind in kinds for name in {column.name, *path_of(column)[-2:]})
        # What stands below both is what its own name says.
        and not (kinds == table("policies")["documents"] and fit_of([column.name], classes["interpretations"]))
    ]


def _pages(view: SiteView, columns: list[Column]) -> Iterator[PageView]:
    """The pages that the lists of columns lead to, as far as they were read."""
    for column in columns:
        for entry in entries_of(view, column):
            page = view.look(entry.url)
            if page is not None and page.page.media in ("html", ""):
                yield page


def _interpretation(view: SiteView, page: PageView) -> Paper:
    title, text = fold(page.page.title), fold(page.facts.text)
    links, named = _links(view, page)
    subjects = _mentioned(title) or _mentioned(text[:_BEGINNING])
    said = _mentioned(f"{title}\n{text}")
    return Paper(
        page.url, page.page.title, page.page.published, links=links, named=named, said=said, subjects=subjects
    )  # fmt: skip


def _mentioned(text: str) -> frozenset[str]:
    """Names in 《》 and document numbers, as keys."""
    names = (_bare(name) for name in (re.findall(r"《([^《》]{4,80})》", text) if "《" in text else ()))
    numbers = _numbers(text)
    return frozenset([one for one in names if len(one) >= _LEAST_NAME] + [key(one) for one in numbers])


def _document(view: SiteView, page: PageView) -> Paper:
    title, facts = page.page.title, page.facts
    fields = {one.name: one.value for one in facts.fields}
    numbers = _numbers(fold(fields.get("doc_no", "") or facts.text[:_BEGINNING]))
    links, named = _links(view, page)
    return Paper(
        page.url,
        title,
        page.page.published,
        name=_bare(title),
        number=key(numbers[0]) if numbers else "",
        kind=_kind(view, title, fields, bool(numbers)),
        links=links,
        named=named,
        leads=_leads(view, page, _bare(title)),
    )


def _leads(view: SiteView, page: PageView, name: str) -> bool:
    """Whether a document leads to something called an interpretation: of it by name, or by a mere 政策解读."""
    words = table("policies")["interpreting"]
    for link in page.links:
        text = link.text or link.title
        if link.area in _INSIDE and any(word in text for word in words):
            target = view.content(link.url)
            if name in key(text) or (len(text) <= _SHORT and (target is None or target.kind in ("article", "other"))):
                return True
    return False


def _kind(view: SiteView, title: str, fields: dict[str, str], numbered: bool) -> Literal["", "sure", "likely"]:
    """Whether a document asks for an interpretation: one of the body's own, numbered, in force, of certain kinds."""
    data = table("policies")
    if any(word in title for word in data["not"]) or any(w in fields.get("validity", "") for w in data["invalid"]):
        return ""
    issuer, unit = key(fields.get("issuer", "")), key(view.site.name)
    own = unit in issuer or issuer in unit if issuer else key(title).startswith(unit)
    name = re.sub(r"[((][^()()]{0,12}[))]$", "", fold(_inner(title))).strip("《》 ")
    if not own or not numbered:
        return ""
    if name.endswith(tuple(data["kinds"])):
        return "sure"
    return "likely" if name.endswith(tuple(data["likely"])) else ""


def _inner(title: str) -> str:
    """What a document is called inside 关于印发…的通知."""
    quoted = re.search(r"《([^《》]{4,80})》", title)
    if quoted:
        return quoted[1]
    found = re.search(table("policies")["core"], title)
    return found["name"] if found else re.sub(r"的(通知|公告|通告)$", "", title)


def _bare(title: str) -> str:
    return key(_inner(title))


def _links(view: SiteView, page: PageView) -> tuple[frozenset[str], frozenset[str]]:
    """Where a page leads beside its menus and footer (addresses as read), and what that is called (keys)."""
    target_of = view.once(_targets)
    inside = [target_of(link.url, link.text, link.title) for link in page.links if link.area in _INSIDE]
    return frozenset([url for url, _ in inside]), frozenset().union(*(names for _, names in inside))


def _targets(view: SiteView) -> Callable[[str, str, str], tuple[str, frozenset[str]]]:
    """What gives the address and the names of where a link leads; most links stand on many pages."""

    @lru_cache(maxsize=_LINKS_KEPT)
    def target_of(url: str, text: str, title: str) -> tuple[str, frozenset[str]]:
        target = view.content(url)
        names = {key(name) for name in (text, title, target.title if target is not None else "")}
        return (target.url if target is not None else url), frozenset(names - {""})

    return target_of


def _numbers(text: str) -> list[str]:
    """The document numbers in a folded text; their organs are looked for only where a year and a number stand."""
    return _number().findall(text) if has_document_number(text) else []


@cache
def _number() -> re.Pattern[str]:
    return re.compile(table("policies")["number"])


def leads(paper: Paper, others: Sequence[Paper]) -> bool:
    """Whether a page leads to one of these, or by its name to a copy of it."""
    if any(one.url in paper.links or key(one.title) in paper.named for one in others):
        return True
    words = table("policies")["interpreting"]
    documents = [name for name in paper.named if not any(word in name for word in words)]
    return any(one.name and one.name in name for one in others for name in documents)


def promises(view: SiteView, paper: Paper) -> bool:
    """Whether a page has a heading for related items, below which a script may put links that were not read."""
    data = table("policies")
    document = view.document(paper.url) if view.may_say(paper.url, *data["related"]) else None
    if document is None:
        return False
    lines = (line for block in document.blocks[document.main[0] :] for line in block.text.split("\n"))
    return any(len(line) <= data["related_line"] and any(word in line for word in data["related"]) for line in lines)


def belonging(papers: Papers, *, strictly: bool) -> Iterator[tuple[Paper, Paper]]:
    """(document, interpretation) of what belongs together: it mentions the other's name or number.

    ``strictly``: in its title or at its beginning, so that a document it merely refers to is none of its own.
    """
    by_word: dict[str, list[Paper]] = {}
    for paper in papers.interpretations:
        for word in paper.subjects if strictly else paper.said:
            by_word.setdefault(word, []).append(paper)
    for document in papers.documents:
        seen: dict[str, Paper] = {}
        for word in (document.name, document.number):
            for paper in by_word.get(word, ()) if word else ():
                seen.setdefault(paper.url, paper)
        for paper in seen.values():
            yield document, paper
