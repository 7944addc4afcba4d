"""Plain text and Markdown to drafts: lines, headings, tables of pipes or tabs."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from itertools import pairwise

from crawler.evidence import BlockKind, Carrier
from crawler.readers.drafts import Draft, Draught, Omission
from crawler.readers.encoding import decode
from crawler.readers.grid import MAX_ROOM, RawCell, build, table_text
from crawler.readers.html import drafts_of_fragment, is_attachment, join
from crawler.readers.spaces import BREAK, cell_lines, collapse
from crawler.words import load

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_PIPE = re.compile(r"(?<!\\)\|")
_ALIGN = re.compile(r":?-+:?")
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\(([^()\s]+)(?:\s+\"[^\"]*\")?\)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>])")
_BULLET = re.compile(r"^\s*[-*+]\s+(?=\S)")
_LABELLED = re.compile(r"\s*[^（(\s:：]{2,8}\s*[:：]")
_RULE = re.compile(r"\s*([-*_=])(?:\s*\1){2,}\s*")
_TABLE_OPEN = re.compile(r"^\s*<table[\s>]", re.IGNORECASE)
_TABLE_CLOSE = re.compile(r"</table\s*>", re.IGNORECASE)
# How many like lines make a table where nothing else (outer pipes, an alignment row) says so.
_LINES, _COLUMNS = 3, 3
# Marks inside longer lines are left as they stand: looking for their ends would take too long.
_MAX_INLINE = 20_000


def read_text(body: bytes, uri: str, media_type: str, *, markdown: bool) -> Draught:
    """Drafts of plain text or Markdown; ``markdown`` says what name or media type claim."""
    decoded = decode(body, uri, media_type, is_html=False)
    lines = re.split(r"\r\n|\r|\n|\f", decoded.text)
    notes, most = list(decoded.notes), load("document")["limits"]["lines"]
    if len(lines) > most:
        notes.append(Omission(f"文件共 {len(lines)} 行，只读取了前 {most} 行"))
        lines = lines[:most]
    aligned = (_pipes(a) > 1 and _pipes(b) and _is_alignment(b) for a, b in pairwise(lines))
    markdown = markdown or any(aligned)
    reader = _Lines(lines, uri, markdown)
    reader.run()
    carrier: Carrier = "markdown" if markdown or reader.pipes else "text"
    return Draught(carrier, decoded.encoding, reader.drafts, notes=[*notes, *reader.notes])


def cells_of(line: str) -> list[str]:
    """Cells of a pipe row: outer pipes may be missing, ``\\|`` is a pipe inside a cell."""
    parts = [part.replace("\\|", "|") for part in _PIPE.split(line.strip())]
    if len(parts) > 1 and not parts[0].strip():
        parts = parts[1:]
    if len(parts) > 1 and not parts[-1].strip() and line.rstrip().endswith("|"):
        parts = parts[:-1]
    return parts


def _pipes(line: str) -> int:
    """Columns of a line as a pipe row, 0 where it holds no pipe of its own."""
    return len(cells_of(line)) if "|" in line.replace("\\|", "") else 0


def _is_alignment(line: str) -> bool:
    cells = [cell.strip() for cell in cells_of(line)]
    if not all(_ALIGN.fullmatch(cell) for cell in cells):
        return False
    # A row of single dashes may be a row of values; written without spaces it is an alignment row.
    return any(len(cell) > 1 for cell in cells) or " " not in line.strip()


@dataclass(slots=True)
class _Lines:
    lines: list[str]
    uri: str
    markdown: bool
    pipes: bool = False
    room: int = MAX_ROOM
    drafts: list[Draft] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Read all lines in order."""
        at = 0
        while at < len(self.lines):
            end = self._html_table(at) or self._pipe_table(at) or self._tab_table(at)
            if end:
                at = end
                continue
            self._line(at)
            at += 1

    def _html_table(self, at: int) -> int:
        """A table written in HTML from here: index after it, else 0."""
        if not _TABLE_OPEN.match(self.lines[at]):
            return 0
        depth = 0
        for end in range(at, len(self.lines)):
            depth += len(re.findall(r"<table[\s>]", self.lines[end], re.IGNORECASE))
            depth -= len(_TABLE_CLOSE.findall(self.lines[end]))
            if depth <= 0:
                break
        markup = "\n".join(self.lines[at : end + 1])
        found = drafts_of_fragment(markup, self.uri, f"line {at + 1}")
        for draft in found:
            draft.line = at + 1
        self.drafts.extend(found)
        return end + 1

    def _pipe_table(self, at: int) -> int:
        """A run of lines with pipes: the table in it, and the lines above that only hold pipes."""
        if not _pipes(self.lines[at]):
            return 0
        end = at
        while end < len(self.lines) and _pipes(self.lines[end]):
            end += 1
        first = self._table_start(at, end)
        for row in range(at, first):
            self._line(row)
        if first < end:
            self.pipes = True
            kept = [cells_of(self.lines[r]) for r in range(first, end) if not self._separates(r, first)]
            self._table(first, [[self._cell(cell) for cell in row] for row in kept])
        return end

    def _table_start(self, at: int, end: int) -> int:
        """First line of the table in the run ``at`` … ``end``; ``end`` where there is none."""
        for row in range(at + 1, end):
            if self._separates(row, at):
                return row - 1
        first = end
        while first > at and self.lines[first - 1].lstrip().startswith("|"):
            first -= 1
        if end - first > 1:
            return first
        widths = {_pipes(self.lines[row]) for row in range(at, end)}
        return at if end - at >= _LINES and len(widths) == 1 and widths.pop() >= _COLUMNS else end

    def _separates(self, row: int, at: int) -> bool:
        """An alignment row; further down only one of long dashes, for short ones may be values."""
        if row == at + 1:
            return _is_alignment(self.lines[row])
        cells = [cell.strip() for cell in cells_of(self.lines[row])]
        return row > at and all(_ALIGN.fullmatch(cell) and len(cell) > 2 for cell in cells)

    def _tab_table(self, at: int) -> int:
        width = self.lines[at].strip("\t").count("\t") + 1
        end = at
        while end < len(self.lines) and self.lines[end].strip("\t").count("\t") + 1 >= max(width, 2):
            end += 1
        # Two lines of like width do: the small blocks of a report's table have no more. Lines of 标签：值 are no table.
        if end - at < 2 or any(_LABELLED.match(cell) for cell in self.lines[at].split("\t")):
            return 0
        self._table(at, [self.lines[r].split("\t") for r in range(at, end)])
        return end

    def _table(self, at: int, rows: list[list[str]]) -> None:
        width = max(len(row) for row in rows)
        # A row cut short shows blank cells to its right, as Markdown draws it.
        padded = [[RawCell(cell_lines(cell)) for cell in row + [""] * (width - len(row))] for row in rows]
        table, cut = build(padded, room=self.room)
        self.room = max(self.room - table.rows * table.columns, 0)
        if cut:
            self.notes.append(Omission("有一张表格过大，只读取了前面的部分"))
        self._add("table", table_text(table), at).table = table

    def _cell(self, cell: str) -> str:
        return self._plain(_BREAK_TAG.sub(BREAK, cell))[0]

    def _plain(self, text: str) -> tuple[str, list[tuple[bool, str, str]]]:
        """Visible text of a piece of Markdown, and its (is picture, text, address) links."""
        if len(text) > _MAX_INLINE:
            return text, []
        links = [(bool(m[1]), collapse(m[2]), m[3]) for m in _LINK.finditer(text)]
        text = _LINK.sub(lambda m: "" if m[1] else m[2], text)
        text = _EMPHASIS.sub(r"\2", text)
        return html.unescape(_ESCAPE.sub(r"\1", text)), links

    def _line(self, at: int) -> None:
        line = self.lines[at]
        level = 0
        links: list[tuple[bool, str, str]] = []
        if self.markdown:
            if _RULE.fullmatch(line):
                return
            if match := _HEADING.match(line):
                level, line = len(match[1]), match[2].rstrip().rstrip("#")
            line, links = self._plain(_BREAK_TAG.sub(BREAK, _BULLET.sub("", line)))
        for piece in line.split(BREAK):
            if text := collapse(piece):
                self._add("heading" if level else "paragraph", text, at).level = level
        for picture, text, address in links:
            if picture:
                self._add("picture", text, at).href = join(self.uri, address)
            elif is_attachment(address, text):
                self._add("attachment", text, at).href = join(self.uri, address)

    def _add(self, kind: BlockKind, text: str, at: int) -> Draft:
        draft = Draft(kind, text, f"line {at + 1}", line=at + 1)
        self.drafts.append(draft)
        return draft
