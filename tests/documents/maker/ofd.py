"""A made report as an OFD file: text objects with their offsets, borders as paths, a template with a running head."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape

from documents.maker.data import MadeReport, MadeTable

# runs: a text object for each line, offsets as lists; packed: the same with g; scaled: letters of size 1 made large by
# CTM; single: each character an object of its own, borders as thin filled rectangles.
Style = Literal["runs", "packed", "scaled", "single"]

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 210.0, 297.0, 22.0, 30.0, 270.0
_TEXT, _LEADING, _SMALL = 5.64, 9.8, 3.0


@dataclass
class _Pages:
    style: Style
    done: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    y: float = _TOP
    number: int = 100

    def room(self, height: float) -> None:
        """Begin a new page where ``height`` millimetres do not fit on this one."""
        if self.y + height > _BOTTOM and self.objects:
            self.done.append("".join(self.objects))
            self.objects, self.y = [], _TOP

    def add(self, name: str, box: tuple[float, float, float, float], inner: str, more: str = "") -> None:
        self.number += 1
        boundary = " ".join(f"{n:.4f}" for n in box)
        self.objects.append(f'<ofd:{name} ID="{self.number}" Boundary="{boundary}" {more}>{inner}</ofd:{name}>')

    def text(self, x: float, base: float, text: str, size: float) -> None:
        """One line of text on its base line."""
        steps = [_wide(char) * size for char in text]
        if self.style == "single":
            for char, step in zip(text, steps, strict=True):
                if char != " ":
                    self._run(x, base, char, [], size)
                x += step
            return
        self._run(x, base, text, steps[:-1], size)

    def _run(self, x: float, base: float, text: str, steps: list[float], size: float) -> None:
        box = (x, base - size, sum(steps) + size, size * 1.2)
        by = size if self.style == "scaled" else 1.0
        more = f'CTM="{by} 0 0 {by} 0 0" Font="1" Size="1"' if by != 1 else f'Font="1" Size="{size}"'
        delta = _packed([s / by for s in steps]) if self.style == "packed" else " ".join(f"{s / by:.4f}" for s in steps)
        offsets = f' DeltaX="{delta}"' if steps else ""
        self.add(
            "TextObject", box, f'<ofd:TextCode X="0" Y="{size / by:.4f}"{offsets}>{escape(text)}</ofd:TextCode>', more
        )

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.style == "single":
            w, h = max(x1 - x0, 0.2), max(y1 - y0, 0.2)
            data = f"M 0 0 L {w:.3f} 0 L {w:.3f} {h:.3f} L 0 {h:.3f} C"
            self._path((x0, y0, w, h), data, 'Fill="true" Stroke="false"')
        else:
            self._path((x0, y0, x1 - x0, y1 - y0), f"M 0 0 L {x1 - x0:.3f} {y1 - y0:.3f}", 'LineWidth="0.2"')

    def _path(self, box: tuple[float, float, float, float], data: str, more: str) -> None:
        self.add("PathObject", box, f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>", more)


def _packed(steps: list[float]) -> str:
    parts: list[str] = []
    while steps:
        same = next((i for i, s in enumerate(steps) if s != steps[0]), len(steps))
        parts.append(f"g {same} {steps[0]:.4f}" if same > 1 else f"{steps[0]:.4f}")
        steps = steps[same:]
    return " ".join(parts)


def _wide(char: str) -> float:
    return 1.0 if ord(char) > 0x2000 else 0.5


def _broken(text: str, width: float, size: float, indent: float = 0.0) -> list[str]:
    """Lines no wider than ``width``."""
    lines, reach = [""], indent
    for char in text:
        step = _wide(char) * size
        if reach + step > width + 0.01:
            lines.append("")
            reach = 0.0
        lines[-1] += char
        reach += step
    return lines


def ofd_of(report: MadeReport, style: Style = "runs") -> bytes:
    """The report on A4 pages."""
    pages = _Pages(style)
    width = _WIDTH - 2 * _LEFT
    for line in _broken(report.title, width, _TEXT * 1.4):
        pages.text(_LEFT + (width - sum(map(_wide, line)) * _TEXT * 1.4) / 2, pages.y, line, _TEXT * 1.4)
        pages.y += _LEADING * 1.4
    _paragraph(pages, report.preamble, width)
    for heading, texts, table in report.sections:
        for text in (heading, *texts):
            _paragraph(pages, text, width)
        if table is not None:
            _table(pages, table, width)
    pages.done.append("".join(pages.objects))
    return package(pages.done)


def _paragraph(pages: _Pages, text: str, width: float) -> None:
    for i, line in enumerate(_broken(text, width, _TEXT, indent=2 * _TEXT)):
        pages.room(_LEADING)
        pages.text(_LEFT + (0 if i else 2 * _TEXT), pages.y, line, _TEXT)
        pages.y += _LEADING


def _table(pages: _Pages, table: MadeTable, width: float) -> None:
    """A ruled table, on a page of its own where it does not fit on this one."""
    placed = table.placed()
    figures = {c for (r, c), cell in placed.items() if not cell.head}
    narrow = 9.0
    labels = [c for c in range(table.columns) if c not in figures] or [0]
    wide = (width - narrow * (table.columns - len(labels))) / len(labels)
    xs = [_LEFT]
    for c in range(table.columns):
        xs.append(
            xs[-1]
            + (width / table.columns if table.columns < 6 or len(labels) == 1 else wide if c in labels else narrow)
        )
    step, texts = _SMALL * 1.25, {}
    heights = [step + 2.0] * len(table.rows)
    for (r, c), cell in sorted(placed.items(), key=lambda item: item[1].rowspan):
        texts[r, c] = _broken(cell.text, xs[c + cell.colspan] - xs[c] - 1.6, _SMALL)
        missing = len(texts[r, c]) * step + 2.0 - sum(heights[r : r + cell.rowspan])
        if missing > 0:
            heights[r + cell.rowspan - 1] += missing
    pages.room(sum(heights) + 6)
    ys = [pages.y - 4]
    for height in heights:
        ys.append(ys[-1] + height)
    for (r, c), cell in placed.items():
        x0, x1, y0, y1 = xs[c], xs[c + cell.colspan], ys[r], ys[r + cell.rowspan]
        for ends in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            pages.line(*ends)
        base = (y0 + y1) / 2 - len(texts[r, c]) * step / 2 + step * 0.8
        for i, line in enumerate(texts[r, c]):
            wide_line = sum(map(_wide, line)) * _SMALL
            if line:
                pages.text((x0 + x1 - wide_line) / 2, base + i * step, line, _SMALL)
    pages.y = ys[-1] + _LEADING


def package(
    pages: list[str], *, more: dict[str, bytes | str] | None = None, body: str = "", common: str = "", after: str = ""
) -> bytes:
    """An OFD package of pages of objects.

    ``more`` are further parts; ``body`` goes into DocBody, ``common`` into CommonData, ``after`` behind the pages.
    """
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(1, len(pages) + 1))
    head = _Pages("packed")
    head.text(90, 15, "政府信息公开", 4.0)
    parts: dict[str, bytes | str] = {
        "OFD.xml": f'<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
        f"</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{body}</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID><ofd:PageArea>"
        f"<ofd:PhysicalBox>0 0 {_WIDTH} {_HEIGHT}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml"
        f'</ofd:PublicRes><ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/>{common}</ofd:CommonData>'
        f"<ofd:Pages>{listed}</ofd:Pages>{after}</ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {_NS}><ofd:Fonts><ofd:Font ID="1" FontName="宋体"/></ofd:Fonts></ofd:Res>',
        "Doc_0/Tpls/Tpl_0/Content.xml": _page("".join(head.objects), ""),
    }
    for i, objects in enumerate(pages, 1):
        number = _Pages("packed")
        number.text(103, 285, f"- {i} -", 4.0)
        template = '<ofd:Template TemplateID="7" ZOrder="Background"/>'
        parts[f"Doc_0/Pages/Page_{i}/Content.xml"] = _page(objects + "".join(number.objects), template)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **(more or {})}.items():
            archive.writestr(name, content)
    return made.getvalue()


def _page(objects: str, template: str) -> str:
    layer = f'<ofd:Layer ID="2" Type="Body">{objects}</ofd:Layer>'
    return f"<ofd:Page {_NS}>{template}<ofd:Content>{layer}</ofd:Content></ofd:Page>"
