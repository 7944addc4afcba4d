"""The metadata block of an information item: 索引号, 发文机构, 成文日期 … and the date line below the title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.evidence import Field, Spot
from crawler.readers.drafts import Draft
from crawler.readers.words import Label, has_colon, words

_DATE = re.compile(
    r"(?:19|20)\d{2}\s*[-年/.．]\s*\d{1,2}\s*[-月/.．]\s*\d{1,2}\s*日?(?:[\sT]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_DATES = ("date_made", "date_issued", "date_published")


@dataclass(slots=True)
class _Hit:
    """A label found: where it stands and its value. ``bare``: label alone in its block, the value may follow."""

    block: int
    label: Label
    printed: str
    value: str
    start: int = 0
    end: int = 0
    row: int | None = None
    column: int | None = None
    bare: bool = False
    colon: bool = True


def read_fields(drafts: list[Draft], main: tuple[int, int], title_block: int) -> list[Field]:
    """Fields of the metadata block and the date line; nothing is taken from running text or other tables."""
    stop = _body_start(drafts, main)
    hits: list[_Hit] = []
    for i, draft in enumerate(drafts[:stop]):
        if draft.table is not None:
            hits += _in_table(i, draft)
        elif draft.kind in ("paragraph", "heading") and len(draft.text) <= words().fields["max_text"]:
            hits += _in_text(i, draft)
    kept: list[_Hit] = []
    for cluster in _clusters(hits):
        kept += _judge(_paired(_continued(cluster, drafts, stop, title_block), drafts, stop), drafts, title_block)
    kept += _bare_dates(drafts, kept, title_block, stop)
    kept.sort(key=lambda hit: (hit.block, hit.row or 0, hit.column or 0, hit.start))
    fields: dict[tuple[str, str, str], Field] = {}
    for hit in kept:
        spot = Spot(hit.block, hit.start, hit.end, hit.row, hit.column, drafts[hit.block].selector)
        fields.setdefault((hit.label.name, hit.printed, hit.value), Field(hit.label.name, hit.printed, hit.value, spot))
    return list(fields.values())


def _body_start(drafts: list[Draft], main: tuple[int, int]) -> int:
    """Index of the block that opens the body: below it no label is metadata."""
    for i in range(main[0], main[1]):
        draft = drafts[i]
        if draft.table is not None:
            continue
        if words().section.match(draft.text):
            return i
        if len(draft.text) >= words().fields["body_paragraph"] and not words().holds_label(draft.text):
            return i
    return main[1]


def _in_text(block: int, draft: Draft) -> list[_Hit]:
    """Labels with their values in one line of text."""
    hits = _scan(block, draft.text)
    label = words().label_of(draft.text)
    if not hits and label is not None:
        return [_Hit(block, label, draft.text, "", 0, len(draft.text), bare=True, colon=draft.tag == "dt")]
    return hits


def _scan(block: int, text: str) -> list[_Hit]:
    found: list[tuple[re.Match[str], Label]] = []
    for match in words().label.finditer(text) if has_colon(text) else ():
        label = words().label_of(match["label"])
        at = match.start()
        edge = at == 0 or text[at - 1] in words().fields["separators"]
        # Spans without space between them run together; only a long, strong label is seen there.
        if label and (edge or (found and label.strong and len(match["label"]) > 2)):
            found.append((match, label))
    if not found or not _opens(text[: found[0][0].start()]):
        return []
    hits = []
    for n, (match, label) in enumerate(found):
        limit = found[n + 1][0].start() if n + 1 < len(found) else len(text)
        start, value = match.end(), text[match.end() : limit]
        other = words().value_end.search(value)
        if other:
            value = value[: other.start()]
        value, end = _trim(label, value, start)
        bare = not value and end >= len(text.rstrip()) and len(found) == 1
        hits.append(_Hit(block, label, match["label"], value, match.start(), end, bare=bare))
    return hits


def _opens(before: str) -> bool:
    """Whether labels may follow ``before``: nothing but separators, a date or a tool, never running text."""
    rest = before.strip(words().fields["separators"])
    return not rest or _DATE.fullmatch(rest) is not None or words().value_end.fullmatch(" " + rest) is not None


def _trim(label: Label, value: str, start: int) -> tuple[str, int]:
    """The value without separators around it, and where it ends; dates and sources are cut clean of each other."""
    separators = words().fields["separators"]
    lead = len(value) - len(value.lstrip(" 　|｜丨"))
    text = value[lead:].rstrip(" 　|｜丨·;；,，、[【(（<＜")
    date = _DATE.search(text)
    if date and label.name in _DATES and date.start() == 0:
        text = text[: date.end()].rstrip()
    elif date and label.name == "source":
        text = text[: date.start()].rstrip(separators)
    return text, start + (lead + len(text) if text else 0)


def _in_table(block: int, draft: Draft) -> list[_Hit]:
    """Labels in cells: the value stands in the next cell of the row, or in the same cell after the colon."""
    table = draft.table
    if table is None or table.rows > words().fields["max_rows"]:
        return []
    hits: list[_Hit] = []
    for i, cell in enumerate(table.cells):
        label = words().label_of(cell.raw)
        if label is None:
            for line in cell.raw.split("\n"):
                hits += [_placed(hit, cell.row, cell.column) for hit in _scan(block, line)]
            continue
        after = table.cells[i + 1] if i + 1 < len(table.cells) and table.cells[i + 1].row == cell.row else None
        colon = cell.raw.rstrip()[-1:] in (":", "：")
        if after is None or words().label_of(after.raw) is not None or _scan(block, after.raw):
            # Labels side by side without colons are the head of a list, not a metadata block.
            if colon:
                hits.append(_placed(_Hit(block, label, cell.raw.rstrip(":： "), ""), cell.row, cell.column))
            continue
        value = after.raw
        spot = after if value else cell
        hits.append(_placed(_Hit(block, label, cell.raw.rstrip(":： "), value), spot.row, spot.column))
    return hits


def _placed(hit: _Hit, row: int, column: int) -> _Hit:
    hit.row, hit.column, hit.start, hit.end, hit.bare = row, column, 0, 0, False
    return hit


def _clusters(hits: list[_Hit]) -> list[list[_Hit]]:
    clusters: list[list[_Hit]] = []
    for hit in hits:
        if clusters and hit.block - clusters[-1][-1].block <= words().fields["max_gap"]:
            clusters[-1].append(hit)
        else:
            clusters.append([hit])
    return clusters


def _continued(cluster: list[_Hit], drafts: list[Draft], stop: int, title_block: int) -> list[_Hit]:
    """In text files, a blank value whose very next line is no label and not the title stands on that line."""
    marked = {hit.block for hit in cluster}
    result = []
    for hit in cluster:
        own, after = drafts[hit.block], hit.block + 1
        ends_line = hit.row is None and not hit.value and hit.end >= len(own.text.rstrip())
        if ends_line and own.line and after < stop and after not in marked and after != title_block:
            following = drafts[after]
            if following.line == own.line + 1 and following.kind == "paragraph":
                hit = _Hit(after, hit.label, hit.printed, following.text, 0, len(following.text))
        result.append(hit)
    return result


def _paired(cluster: list[_Hit], drafts: list[Draft], stop: int) -> list[_Hit]:
    """Give labels that stand alone the value of the next block, where the whole block is written that way."""
    text = [hit for hit in cluster if hit.row is None]
    # Where one value stands behind its label on the same line, a label alone means a blank value.
    inline = any(hit.value for hit in text)
    marked = {hit.block for hit in text}
    loose = [hit for hit in text if hit.bare and not hit.colon]
    gaps = sum(hit.block + 1 not in marked for hit in loose)
    kept = []
    for hit in cluster:
        if hit.bare and not hit.colon and (inline or len(loose) < 2 or gaps < 2):
            continue
        if hit.bare and not inline and hit.block + 1 < stop and hit.block + 1 not in marked:
            following, own = drafts[hit.block + 1], drafts[hit.block]
            near = following.line == own.line + 1 if own.line else following.parent == own.parent
            if near and following.kind == "paragraph" and following.tag != "dt":
                hit = _Hit(hit.block + 1, hit.label, hit.printed.rstrip(":： "), following.text, 0, len(following.text))
        kept.append(hit)
    return kept


def _judge(cluster: list[_Hit], drafts: list[Draft], title_block: int) -> list[_Hit]:
    """The hits of a cluster that make a metadata block or a date line; nothing otherwise."""
    dated = [h for h in cluster if h.label.name != "date_published" or h.label.strong or _DATE.match(h.value)]
    if len({hit.label.name for hit in dated}) >= 2 and any(hit.label.strong for hit in dated):
        return dated
    line = [h for h in dated if h.label.name in (*_DATES, "source") and h.value]
    if any(_DATE.match(hit.value) for hit in line) or (line and _date_near(line, drafts, title_block)):
        return line
    return []


def _date_near(line: list[_Hit], drafts: list[Draft], title_block: int) -> bool:
    """A source alone counts where a date stands in its own or a neighbouring block."""
    for hit in line:
        for i in range(max(hit.block - 2, 0), min(hit.block + 3, len(drafts))):
            if (
                i != title_block
                and len(drafts[i].text) <= words().fields["body_paragraph"]
                and _DATE.search(drafts[i].text)
            ):
                return True
    return False


def _bare_dates(drafts: list[Draft], kept: list[_Hit], title_block: int, stop: int) -> list[_Hit]:
    """A date without a label, beside a source or right below the title, is the publication date."""
    if any(hit.label.name == "date_published" for hit in kept):
        return []
    reach = words().fields["date_after_title"]
    beside = {hit.block + step for hit in kept if hit.label.name == "source" for step in (-1, 0, 1)}
    below = set(range(title_block + 1, title_block + 1 + reach)) if title_block >= 0 else set()
    for i in sorted(beside | below):
        if not 0 <= i < min(stop, len(drafts)) or i == title_block or drafts[i].kind != "paragraph":
            continue
        text = drafts[i].text
        date = _DATE.search(text)
        alone = date is not None and not text.replace(date[0], "").strip(words().fields["separators"])
        sourced = any(hit.block == i and hit.label.name == "source" for hit in kept)
        if date and (alone or sourced):
            return [_Hit(i, Label("date_published", False), "", date[0].strip(), date.start(), date.end())]
    return []
