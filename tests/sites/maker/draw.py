"""Draws a site: every address it answers, and what it answers there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from sites.maker import files
from sites.maker.model import Column, Entry, Made
from sites.maker.styles import STYLES, Hanweb, Style

_TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


@dataclass(frozen=True)
class Answer:
    """What a path of the site answers. ``key`` names the page in lists of faults, ``group`` its kind of page."""

    body: bytes
    media: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    key: str = ""
    group: str = ""


@dataclass
class Drawn:
    """A drawn site: answers by path with query; ``missing`` is the page for all other paths."""

    made: Made
    style: Style
    answers: dict[str, Answer] = field(default_factory=dict)
    missing: Answer = field(default_factory=lambda: Answer(b"", status=404))

    def add(self, path: str, text: str, key: str, group: str) -> None:
        if path in self.answers:
            raise ValueError(f"two pages for {path}: {key} and {self.answers[path].key}")
        self.answers[path] = Answer(self.coded(text), key=key, group=group)

    def coded(self, text: str) -> bytes:
        return text.encode(self.style.encoding)

    def path_of(self, key: str) -> str:
        """The path of the page of a key."""
        found = next((path for path, answer in self.answers.items() if answer.key == key), None)
        if found is None:
            raise KeyError(f"{self.made.id} has no page {key}")
        return found

    def key_of(self, path: str) -> str:
        """The key of the page at a path, the path itself where there is none."""
        answer = self.answers.get(path)
        return answer.key if answer and answer.key else path

    def change(self, path: str, old: str, new: str, *, pattern: bool = False) -> bool:
        """Replace in one answer; whether there was anything to replace."""
        answer = self.answers[path]
        text = answer.body.decode(self.style.encoding)
        after = re.sub(old, new, text, flags=re.DOTALL) if pattern else text.replace(old, new)
        self.answers[path] = replace(answer, body=self.coded(after))
        return after != text


def draw(made: Made) -> Drawn:
    """All pages of a site, with addresses given to its columns and entries."""
    style = STYLES[made.style]
    drawn = Drawn(made, style)
    for column in made.columns.values():
        column.url = column.data.get("url") or style.column(column)
    for entry in made.entries():
        entry.url = entry.column.url if entry.column.kind == "page" else style.entry(entry)
    brush = _Brush(drawn)
    drawn.add(style.home(), brush.page("home.html", None, None), "home", "home")
    for column in made.columns.values():
        if not column.data.get("url"):
            brush.column(column)
    for entry in made.entries():
        if entry.column.kind != "page":
            drawn.add(entry.url, brush.page("entry.html", entry.column, entry), entry.key, "article")
        brush.files(entry)
    drawn.add(made.info["search"], brush.page("search.html", None, None), "search", "search")
    drawn.add(made.info["leave"], brush.page("leave.html", None, None), "leave", "search")
    drawn.missing = Answer(drawn.coded(brush.page("missing.html", None, None)), status=404, key="missing")
    for path, (body, media) in files.assets(made.info).items():
        drawn.answers[path] = Answer(body, media, key=path, group="asset")
    return drawn


class _Brush:
    """Fills the templates of a style."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn, self.made, self.style = drawn, drawn.made, drawn.style
        folders = [_TEMPLATES / drawn.style.name, _TEMPLATES / "common"]
        self._environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._environment.globals |= {
            "info": self.made.info, "made": self.made, "style": self.style, "files_of": self._files_of,
            "to": self._to, "explaining": self._explaining, "explained": self._explained, "home": self.style.home(),
        }  # fmt: skip

    def page(self, template: str, column: Column | None, entry: Entry | None, **more: Any) -> str:
        tags = list(_tags(self.made, column, entry))
        words = {"column": column, "entry": entry, "tags": tags, "rows": [], "pager": "", "records": "", **more}
        return self._environment.get_template(template).render(words)

    def column(self, column: Column) -> None:
        if column.kind == "page":
            entry = next(iter(column.entries), None)
            self.drawn.add(
                column.url, self.page("entry.html", column, entry), column.key, "article" if entry else "column"
            )
        elif column.kind in ("list", "messages"):
            self._list(column)
        else:
            self.drawn.add(column.url, self.page(f"{column.kind}.html", column, None), column.key, "column")

    def _list(self, column: Column) -> None:
        entries, size = column.newest, self.style.size
        if isinstance(self.style, Hanweb) and column.kind == "list":
            self._records(column, self.style)
            return
        pages = max(1, ceil(len(entries) / size))
        for number in range(1, pages + 1):
            rows = entries[(number - 1) * size : number * size]
            pager = self.style.pager(column, number, pages, len(entries)) if entries else ""
            path = self.style.column(column, number, pages)
            key = column.key if number == 1 else f"{column.key}?{number}"
            self.drawn.add(path, self.page(f"{column.kind}.html", column, None, rows=rows, pager=pager), key, "column")

    def _records(self, column: Column, style: Hanweb) -> None:
        """The first group of records stands in the page, the others come from the proxy."""
        entries, size = column.newest, style.size
        groups = [entries[at : at + size] for at in range(0, len(entries), size)] or [[]]
        texts = [self._environment.get_template("records.xml").render(rows=group) for group in groups]
        following = self._following(style, column, 2) if len(groups) > 1 else ""
        page = self.page("list.html", column, None, records=following + texts[0], total=len(entries))
        self.drawn.add(column.url, page, column.key, "column")
        for number, text in enumerate(texts[1:], 2):
            more = self._following(style, column, number + 1) if number < len(groups) else ""
            total = f"<totalrecord>{len(entries)}</totalrecord><totalpage>{len(groups)}</totalpage>"
            body = f"<?xml version='1.0' encoding='utf-8' ?><datastore>{total}{more}{text}</datastore>"
            path = style.proxy(column, number)
            self.drawn.answers[path] = Answer(body.encode(), "text/xml", key=f"{column.key}?{number}", group="data")
        if len(groups) > 1:
            # The proxy counts from 1 and has the first group, too.
            total = f"<totalrecord>{len(entries)}</totalrecord><totalpage>{len(groups)}</totalpage>"
            body = f"<?xml version='1.0' encoding='utf-8' ?><datastore>{total}{following}{texts[0]}</datastore>"
            self.drawn.answers[style.proxy(column, 1)] = Answer(
                body.encode(), "text/xml", key=f"{column.key}?1", group="data"
            )

    def _following(self, style: Hanweb, column: Column, number: int) -> str:
        return f'<nextgroup><![CDATA[<a href="{style.proxy(column, number)}"></a>]]></nextgroup>'

    def files(self, entry: Entry) -> None:
        for _, path, name, title in self._files_of(entry):
            body, media = files.document(name, title, self.made.info)
            self.drawn.answers[path] = Answer(body, media, key=f"{entry.key}!{name}", group="file")

    def _files_of(self, entry: Entry) -> list[tuple[int, str, str, str]]:
        """(number, path, file name, title) of the files that an entry offers."""
        found = []
        for number, name in enumerate(entry.data.get("files", []), 1):
            stem, _, ending = name.rpartition(".")
            found.append((number, self.style.file(entry, number, ending), name, stem))
        return found

    def _to(self, key: str) -> str:
        """Address of a column, of an entry, or of a place named in ``info``."""
        if key in self.made.columns:
            return self.made.columns[key].url
        return self.made.entry(key).url if "/" in key else str(self.made.info[key])

    def _explaining(self, entry: Entry) -> list[Entry]:
        """The interpretations of a document."""
        return [other for other in self.made.entries() if other.data.get("explains") == entry.key]

    def _explained(self, entry: Entry) -> Entry | None:
        key = entry.data.get("explains")
        return self.made.entry(key) if key else None


def _tags(made: Made, column: Column | None, entry: Entry | None) -> list[tuple[str, str]]:
    """The meta tags of a page: 3 on the home page, 7 on that of a column, 10 and more on that of an item."""
    info = made.info
    found = [("SiteName", info["site_name"]), ("SiteDomain", info["host"]), ("SiteIDCode", info["site_code"])]
    if column is not None:
        found += [
            ("ColumnName", column.name),
            ("ColumnDescription", column.data.get("about", f"发布{info['unit']}{column.name}方面的信息")),
            ("ColumnKeywords", column.data.get("keywords", column.name)),
            ("ColumnType", column.data.get("type", column.name)),
        ]
    if entry is not None:
        found += [
            ("ArticleTitle", entry.title),
            ("PubDate", entry.stamp),
            ("ContentSource", entry.source),
            ("Keywords", column.name if column else ""),
            ("Author", info["editor"]),
        ]
    return found
