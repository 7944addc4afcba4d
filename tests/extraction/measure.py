"""Measures what the crawler reads off a page against labelled pages: right and asked, field by field.

``python -m tests.extraction.measure`` prints the table, with ``--wrong`` also every page that is read wrongly.

A label states only what a reader of the page would say; a key that it leaves out is not asked. A list under a key that
holds one value means that each of them is right. White space never counts. An address that begins with ``…`` is the
end of an address. ``footer_optional`` names items that are neither asked nor wrong.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import yaml

from crawler.pages import read_page
from crawler.readers.html import open_html

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent.parent / "shared" / "corpus" / "pages"
_HOME, _OWN = {"首页", "网站首页"}, {"正文", "浏览正文"}
_EDGES = "，。；;,|｜：:"
_OWN_MEASURE = {"date_published", "source"}  # what dates and source measure anyway


@dataclass(frozen=True)
class Case:
    """A labelled page: name of the label, bytes of the page, label."""

    name: str
    body: bytes
    label: dict[str, Any]


@dataclass
class Tally:
    """One figure: ``right`` of ``asked``, and the pages that are wrong (wanted, got)."""

    right: int = 0
    asked: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """Share of right answers in percent, 100 where nothing was asked."""
        return 100.0 * self.right / self.asked if self.asked else 100.0


class Score:
    """Tallies by name of the figure."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}

    def count(self, figure: str, case: Case, right: int, asked: int, note: str) -> None:
        """Add ``right`` of ``asked``; ``note`` says what was wanted and got."""
        tally = self.tallies.setdefault(figure, Tally())
        tally.right, tally.asked = tally.right + right, tally.asked + asked
        if right < asked:
            tally.wrong.append(f"{case.name}: {note}")

    def value(self, figure: str, case: Case, wanted: Any, got: Any) -> None:
        """One value: right where it is one of those that ``wanted`` accepts."""
        accepted = wanted if isinstance(wanted, list) else [wanted]
        self.count(figure, case, any(_same(one, got) for one in accepted), 1, f"wanted {wanted!r}, got {got!r}")

    def sets(self, figure: str, case: Case, wanted: Iterable[Any], got: Iterable[Any]) -> None:
        """Two sets: recall counts what was wanted, precision what was got."""
        left, extra = list(wanted), list(got)
        total, found = len(left), len(extra)
        for one in list(extra):
            match = next((w for w in left if _pair(w, one)), None)
            if match is not None:
                left.remove(match)
                extra.remove(one)
        self.count(f"{figure}.recall", case, total - len(left), total, f"missing {left}")
        self.count(f"{figure}.precision", case, found - len(extra), found, f"not on the page {extra}")


def bare(text: object) -> str:
    """Text without white space of any width."""
    return re.sub(r"[\s\u200b\ufeff]+", "", "" if text is None else str(text))


def _same(wanted: Any, got: Any) -> bool:
    """Equal but for white space; ``…`` at an end of ``wanted`` leaves that end open."""
    one, other = bare(wanted), bare(got)
    if one.startswith("…") and len(one) > 1:
        return other.endswith(one[1:])
    if one.endswith("…") and len(one) > 1:
        return other.startswith(one[:-1])
    return one == other


def _pair(wanted: Any, got: Any) -> bool:
    """Equal members of two sets; in a pair (name, value) the value may be a list or ``present``."""
    if isinstance(wanted, tuple):
        value = wanted[1]
        accepted = value if isinstance(value, list) else [value]
        return bool(wanted[0] == got[0]) and (value == "present" or any(_same(one, got[1]) for one in accepted))
    return _same(wanted, got)


def _address(url: str) -> str:
    """Address without its fragment; a bare host has the path ``/``."""
    plain = urldefrag(url)[0]
    return plain if "/" in plain.partition("//")[2] else plain + "/"


def load(folder: Path, pages: Path) -> list[Case]:
    """Labelled pages of a folder of labels; ``file`` of a label or its own name names the page."""
    cases = []
    for path in sorted(folder.glob("*.yaml")):
        label = yaml.safe_load(path.read_text(encoding="utf-8"))
        cases.append(Case(path.stem, (pages / label.get("file", f"{path.stem}.html")).read_bytes(), label))
    return cases


@cache
def measured(group: str) -> dict[str, Tally]:
    """Figures of a group: ``pages`` (our own) or ``corpus`` (real pages beside the checkout)."""
    cases = load(HERE / "labels", HERE / "pages") if group == "pages" else load(HERE / "corpus", CORPUS)
    score = Score()
    for case in cases:
        _measure(score, case)
    return score.tallies


def _measure(score: Score, case: Case) -> None:
    label = case.label
    try:
        opened = open_html(case.body, label["url"], label["media_type"])
        page = read_page(opened, is_home=label["kind"] == "home")
    except Exception as error:  # a page that cannot be read is a figure too
        score.count("read", case, 0, 1, f"{type(error).__name__}: {error}")
        return
    score.count("read", case, 1, 1, "")
    encoding = label.get("encoding", "utf-8-sig")
    right = bare(opened.text) == bare(case.body.decode(encoding))
    score.count("decoded", case, right, 1, f"wanted {encoding}, got {opened.encoding}")
    _values(score, case, page)
    _dates(score, case, page)
    _labelled(score, case, page)
    _links(score, case, page)
    _entries(score, case, page)
    if "text" in label:
        _text(score, case, bare(page.facts.text))


def _values(score: Score, case: Case, page: Any) -> None:
    label = case.label
    got = {
        "kind": page.kind,
        "title": page.title,
        "published": page.published,
        "source": page.facts.source,
        "column_name": page.column_name,
        "column_tag": page.column_tag,
        "forward": page.forward or "",
        "empty": page.empty,
    }
    for figure, value in got.items():
        if figure in label:
            score.value(figure, case, label[figure], value)
    if "path" in label:
        path = [bare(name) for name in label["path"]]
        score.value("column_path", case, "/".join(path), "/".join(page.column_path))
        # As printed, the path may begin with the home page and end with the page itself.
        crumbs = [bare(name) for name in page.facts.breadcrumb]
        crumbs = crumbs[1:] if crumbs and crumbs[0] in _HOME else crumbs
        right = crumbs[: len(path)] == path and set(crumbs[len(path) :]) <= {*_OWN, bare(page.title)}
        score.count("breadcrumb", case, right, 1, f"wanted {path}, got {crumbs}")
    if "empty_quote" in label:
        right = bare(label["empty_quote"]) in bare(page.empty_quote)
        score.count("empty_quote", case, right, 1, f"wanted {label['empty_quote']!r}, got {page.empty_quote!r}")


def _dates(score: Score, case: Case, page: Any) -> None:
    if "dates" not in case.label:
        return
    wanted = [f"{origin} {day}" for origin, days in case.label["dates"].items() for day in days]
    score.sets("dates", case, wanted, sorted({f"{seen.origin} {seen.value}" for seen in page.facts.dates}))


def _labelled(score: Score, case: Case, page: Any) -> None:
    label = case.label
    if "fields" in label:
        found = {(item.name, bare(item.value)) for item in page.facts.fields}
        asked = label["fields"]
        kept = [i for i in found if i[0] not in _OWN_MEASURE or any(_pair(one, i) for one in asked.items())]
        score.sets("fields", case, asked.items(), sorted(kept))
    if "footer" in label:
        asked = label["footer"]
        skipped = set(label.get("footer_optional", ())) - set(asked)
        items = [item for item in page.facts.footer if item.name not in skipped]
        present = {(i.name, "" if asked.get(i.name) == "present" else bare(i.value).strip(_EDGES)) for i in items}
        score.sets("footer", case, asked.items(), sorted(present))


def _links(score: Score, case: Case, page: Any) -> None:
    label, own = case.label["links"], _address(case.label["url"])
    links = [link for link in page.links if link.url.startswith(("http:", "https:")) and _address(link.url) != own]
    places: dict[str, list[Any]] = {}
    for link in links:
        places.setdefault(_address(link.url), []).append(link)
    score.value("links", case, label["count"], len(places))
    # An address is hidden from the reader only where each of its links is.
    hidden = {url: {link.hidden for link in found} for url, found in places.items() if all(x.hidden for x in found)}
    score.sets("hidden", case, label["hidden"], sorted(hidden))
    for wanted, reason in label["hidden"].items():
        found = next((reasons for url, reasons in hidden.items() if _same(wanted, url)), None)
        if found:
            score.value("hidden_reason", case, reason, "/".join(sorted(found)))
    for wanted, area in label["areas"].items():
        areas = sorted({x.area for url, found in places.items() if _same(wanted, url) for x in found})
        right = bool(set(areas) & set(area if isinstance(area, list) else [area]))
        score.count("area", case, right, 1, f"{wanted}: wanted {area!r}, got {areas}")
    scripted = sorted({_address(link.url) for link in links if link.form == "script"})
    for wanted in label.get("script", ()):
        score.count("script_links", case, _address(wanted) in scripted, 1, f"missing {wanted}")


def _entries(score: Score, case: Case, page: Any) -> None:
    label = case.label
    if "attachments" in label:
        score.sets("attachments", case, label["attachments"], sorted(set(page.facts.attachments)))
    if "entries" not in label:
        return
    got = list(page.entries)
    score.sets("entries", case, [url for url, _, _ in label["entries"]], [entry.url for entry in got])
    for url, title, day in label["entries"]:
        entry = next((one for one in got if _same(url, one.url)), None)
        if title is not None:
            score.value("entry_title", case, title, entry.title if entry else "(no entry)")
        score.value("entry_date", case, day, entry.date if entry else "(no entry)")


def _text(score: Score, case: Case, text: str) -> None:
    label = case.label["text"]
    score.value("text_start", case, _cut(label["start"], "{}…"), text[:40])
    score.value("text_end", case, _cut(label["end"], "…{}"), text[-40:])
    for part in label["in"]:
        score.count("text_in", case, bare(part) in text, 1, f"missing {part!r}")
    for part in label["out"]:
        score.count("text_out", case, bool(text) and bare(part) not in text, 1, f"not main text: {part!r}")


def _cut(wanted: Any, form: str) -> list[str]:
    return [form.format(one) for one in (wanted if isinstance(wanted, list) else [wanted])]


def table(tallies: dict[str, Tally]) -> str:
    """Figures as lines: name, right/asked, percent."""
    return "\n".join(f"{name:22}{t.right:6}/{t.asked:<6}{t.percent:7.1f}" for name, t in sorted(tallies.items()))


def floor_of(tally: Tally) -> float:
    """Percent cut after one decimal: the highest floor that the figure keeps."""
    return 1000 * tally.right // tally.asked / 10 if tally.asked else 100.0


def main() -> None:
    """Print the figures of our own pages, and of the corpus where it lies beside the checkout."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--wrong", action="store_true", help="also print the pages that are wrong")
    parser.add_argument("--floors", action="store_true", help="print floors.yaml as measured now")
    chosen = parser.parse_args()
    for group in ("pages", "corpus") if CORPUS.is_dir() else ("pages",):
        tallies = measured(group)
        if chosen.floors:
            print(f"{group}:")
            print("".join(f"  {name}: {floor_of(tally)}\n" for name, tally in sorted(tallies.items())), end="")
            continue
        print(f"{group}\n{table(tallies)}\n")
        if chosen.wrong:
            for name, tally in sorted(tallies.items()):
                print("".join(f"{name} | {line}\n" for line in tally.wrong), end="")


if __name__ == "__main__":
    main()
