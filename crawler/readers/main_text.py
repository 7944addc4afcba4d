"""Where the main text of a page stands among its blocks, and what its title is."""

from __future__ import annotations

import re

from crawler.readers.drafts import Draft, Draught
from crawler.readers.spaces import solid
from crawler.readers.words import words

_ARTICLE_TAGS = ("ArticleTitle", "articletitle", "title")


def main_range(page: Draught) -> tuple[int, int]:
    """Half-open range of the main text: for HTML the run of blocks with the most points, else all but a footer."""
    drafts = page.drafts
    footers = _footers(drafts)
    if page.carrier in ("docx", "doc", "wps", "xlsx", "xls", "csv"):
        return 0, len(drafts)
    if page.carrier in ("pdf", "ofd", "image"):
        # Running heads and page numbers come last.
        return 0, next((i for i, draft in enumerate(drafts) if draft.chrome), len(drafts))
    if page.carrier != "html":
        return _text_range(drafts, footers)
    points = [_points(draft, i in footers) for i, draft in enumerate(drafts)]
    best, start, end = 0, 0, 0
    running, opened = 0, 0
    for i, gain in enumerate(points):
        if running <= 0:
            running, opened = 0, i
        running += gain
        if running >= best and gain >= 0:
            best, start, end = running, opened, i + 1
    if end == start:
        return 0, len(drafts)
    return start, _last_section(drafts, points, footers, (start, end))


def _last_section(drafts: list[Draft], points: list[int], footers: set[int], run: tuple[int, int]) -> int:
    """End of the run, moved on to later numbered sections that only links part from it: 六、 is short, and due."""
    start, end = run
    if not any(_is_section(draft) for draft in drafts[start:end]):
        return end
    reach, in_section = end, False
    for i in range(end, len(drafts)):
        if i in footers or drafts[i].chrome:
            break
        in_section = _is_section(drafts[i]) or (in_section and points[i] >= 0)
        if in_section:
            reach = i + 1
    return reach


def _text_range(drafts: list[Draft], footers: set[int]) -> tuple[int, int]:
    """Lines of text: what follows the page footer at the end is cut, and what leads to the location line."""
    end = len(drafts)
    footer = words().chrome["footer"]
    body = max(
        (i for i, d in enumerate(drafts) if d.table or len(d.text) > footer["length"] or _is_section(d)), default=-1
    )
    # Only footer lines that stand together at the very end are cut.
    for i in sorted((i for i in footers if i > body), reverse=True):
        if end - i > footer["distance"]:
            break
        end = i
    start = 0
    for i, draft in enumerate(drafts[: min(end, words().chrome["lead"] * 3)]):
        if _has(draft.text, "location"):
            start = i + 1
    return (start, end) if start < end else (0, len(drafts))


def _footers(drafts: list[Draft]) -> set[int]:
    """Blocks that are lines of the site's footer: certain words, and likely or weak ones close to them."""
    footer = words().chrome["footer"]
    short = [i for i, d in enumerate(drafts) if not d.table and len(d.text) <= footer["length"]]
    every = "\n".join(drafts[i].text for i in short)
    certain_words, likely, weak = (
        [word for word in footer[kind] if word in every] for kind in ("certain", "likely", "weak")
    )
    # A sentence of the text may speak of these things; a footer line is no sentence.
    lines = [i for i in short if drafts[i].chrome or not drafts[i].text.endswith("。")]
    certain = [i for i in lines if any(word in drafts[i].text for word in certain_words)]
    if not certain:
        return set()
    found = set(certain)
    for i in short:
        if any(word in drafts[i].text for word in likely) and _near(i, certain):
            found.add(i)
    # Address and telephone are the footer's only between or below its other lines: above them they may be the text's.
    first, marked = min(found), sorted(found)
    for i in short:
        if i > first and any(word in drafts[i].text for word in weak) and _near(i, marked):
            found.add(i)
    return found


def _near(block: int, others: list[int]) -> bool:
    return any(abs(block - other) <= words().chrome["footer"]["distance"] for other in others)


def _has(text: str, group: str) -> bool:
    return any(word in text for word in words().chrome["words"][group])


def _is_section(draft: Draft) -> bool:
    """A block that opens a numbered section and is no link."""
    linked = draft.link_chars >= words().chrome["link_share"] * max(solid(draft.text), 1)
    return draft.table is None and not linked and words().section.match(draft.text) is not None


def _points(draft: Draft, footer: bool) -> int:
    gain: dict[str, int] = words().chrome["points"]
    if footer:
        return gain["footer"]
    size = solid(draft.text)
    linked = draft.link_chars >= words().chrome["link_share"] * max(size, 1)
    section = _is_section(draft)
    if draft.chrome and not section:
        # A share bar inside the article must weigh less than a menu.
        return max(gain["chrome"], gain["chrome_block"] - gain["chrome_character"] * size)
    if len(draft.text) <= words().chrome["title_length"] and _has(draft.text, "location"):
        return gain["location"]
    bonus = gain["content"] if draft.content else 0
    if draft.kind == "picture":
        return gain["picture"]
    if draft.kind == "attachment":
        return gain["attachment"]
    if draft.table is not None:
        if linked:
            return gain["links"]
        return min(size + gain["table_cell"] * len(draft.table.cells), 3 * gain["text_cap"]) + bonus
    if section:
        return min(size, gain["text_cap"]) + gain["section"] + bonus
    if linked:
        return gain["links"]
    if size <= words().chrome["words"]["tool_length"] and _has(draft.text, "tools"):
        return gain["tool"]
    if words().label.match(draft.text):
        bonus += gain["label"]
    return min(size, gain["text_cap"]) + bonus


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def title_of(page: Draught, main: tuple[int, int]) -> tuple[str, int]:
    """The visible title and its block (-1 where no block shows it); "" where nothing looks like a title."""
    chrome = words().chrome
    start, end = main
    stated = [page.title, *(page.tags.get(name, "") for name in _ARTICLE_TAGS)]
    wanted = [_bare(text) for text in stated if text]
    near = [
        i
        for i in range(max(0, start - chrome["lead"]), min(end, start + chrome["lead"]))
        if page.drafts[i].kind in ("heading", "paragraph")
        and not page.drafts[i].chrome
        and len(page.drafts[i].text) <= chrome["title_length"]
    ]
    bare = {i: _bare(page.drafts[i].text) for i in near}
    shown = [i for i in near if len(bare[i]) > 5 and any(bare[i] in text for text in wanted)]
    if shown:
        best = max(shown, key=lambda i: (i >= start, page.drafts[i].level > 0, len(page.drafts[i].text), -i))
        return page.drafts[best].text, best
    opening = _opening_heading(page.drafts, main)
    if opening >= 0:
        # A <title> that the page does not show is often the name of the site alone.
        return page.drafts[opening].text, opening
    if page.title:
        return page.title, -1
    near = [i for i in near if not words().label.match(page.drafts[i].text)]
    headings = [i for i in near if page.drafts[i].level and not words().section.match(page.drafts[i].text)]
    if headings:
        best = min(headings, key=lambda i: (i < start, page.drafts[i].level, i))
        return page.drafts[best].text, best
    for i in near:
        text = page.drafts[i].text
        if words().section.match(text):
            break
        if i >= start and text[-1] not in "。；：:;":
            return text, i
    return "", -1


def _opening_heading(drafts: list[Draft], main: tuple[int, int]) -> int:
    """First heading of the upper two levels above the running text, -1 where there is none."""
    for i in range(main[0], min(main[1], main[0] + words().chrome["lead"])):
        draft = drafts[i]
        if _is_section(draft) or (draft.table is None and len(draft.text) > words().chrome["title_length"]):
            break
        if draft.level in (1, 2) and not draft.chrome:
            return i
    return -1
