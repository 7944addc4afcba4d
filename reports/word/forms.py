"""The Word templates that are shipped, made anew by ``python -m reports.word.forms --write``.

Their layout follows GB/T 9704-2012: A4 with margins of 37, 26, 35 and 28 mm (top, right, bottom, left), the title in
size 2 小标宋, running text in size 3 仿宋 with 28 points a line, headings in 黑体 and 楷体, page numbers in dashes.
An office may put a template of its own in their place; ``docs`` tells the names that it may use.
"""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

FOLDER = Path(__file__).resolve().parent.parent / "templates"
TITLE, BODY, FIRST, SECOND, FOOT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
_SIZE_2, _SIZE_3, _SIZE_4, _LINE = Pt(22), Pt(16), Pt(14), Pt(28)
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001  the same bytes each time

_FINDING = [
    ("{%p for one in group.findings %}", ""),
    ("{{ one.number }}.{{ one.title }}。{{ one.message }}", "body"),
    ("位置：{{ one.place }}", "body"),
    ("{%p if one.address %}", ""),
    ("网址：{{ one.address }}", "body"),
    ("{%p endif %}", ""),
    ("原文：“{{ one.quote }}”", "body"),
    ("依据：{{ one.basis }}。", "body"),
    ("{%p if one.remedy %}", ""),
    ("整改建议：{{ one.remedy }}", "body"),
    ("{%p endif %}", ""),
    ("{%p endfor %}", ""),
]
_GROUPS = [("{%p for group in GROUPS %}", ""), ("（{{ group.numeral }}）{{ group.name }}", "second"), *_FINDING,
           ("{%p endfor %}", "")]  # fmt: skip
_SIGNED = [
    ("", "body"),
    ("{%p for name in attachments %}", ""),
    ("{{ '附件：' if loop.first else '　　　' }}{{ '%d.' % loop.index if loop.length > 1 else '' }}{{ name }}", "body"),
    ("{%p endfor %}", ""),
    ("", "body"),
    ("{{ issuer }}", "signed"),
    ("{{ date }}", "dated"),
]


def _groups(name: str) -> list[tuple[str, str]]:
    return [(text.replace("GROUPS", name), style) for text, style in _GROUPS]


REPORT = [
    ("{{ title }}", "title"),
    ("", "body"),
    ("一、检查情况", "first"),
    ("{{ summary }}", "body"),
    ("{%p for line in scores %}", ""),
    ("{{ line }}", "body"),
    ("{%p endfor %}", ""),
    ("二、发现的问题", "first"),
    ("{%p if not faults %}", ""),
    ("在已读取的范围内未发现问题。", "body"),
    ("{%p endif %}", ""),
    *_groups("faults"),
    ("三、需要人工核实的事项", "first"),
    ("{%p if not reviews %}", ""),
    ("无。", "body"),
    ("{%p endif %}", ""),
    *_groups("reviews"),
    ("四、未能检查的内容", "first"),
    ("{%p for line in unchecked %}", ""),
    ("{{ line }}", "body"),
    ("{%p endfor %}", ""),
    *_SIGNED,
]
NOTICE = [
    ("{%p if number %}", ""),
    ("{{ number }}", "number"),
    ("{%p endif %}", ""),
    ("{{ title }}", "title"),
    ("", "body"),
    ("{{ unit }}：", "addressee"),
    ("{{ opening }}", "body"),
    ("一、需要整改的问题", "first"),
    ("{%p if not faults %}", ""),
    ("无。", "body"),
    ("{%p endif %}", ""),
    *_groups("faults"),
    ("二、需要核实的事项", "first"),
    ("{%p if not reviews %}", ""),
    ("无。", "body"),
    ("{%p endif %}", ""),
    *_groups("reviews"),
    ("三、整改要求", "first"),
    ("{{ demand }}", "body"),
    *_SIGNED,
]
FORMS = {"inspection-report.docx": REPORT, "rectification-notice.docx": NOTICE}


def made(lines: list[tuple[str, str]]) -> bytes:
    """A template as bytes, the same each time."""
    draft = Document()
    _page(draft)
    for text, style in lines:
        _paragraph(draft, text, style)
    draft.core_properties.author = "读网"
    draft.core_properties.created = draft.core_properties.modified = _MADE
    out = io.BytesIO()
    draft.save(out)
    return _steady(out.getvalue())


def _page(draft: Draft) -> None:
    section = draft.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    draft.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.alignment = side
        for part in ("— ", None, " —"):
            run = line.add_run(part or "")
            _font(run, FOOT, _SIZE_4)
            if part is None:
                _page_number(run)


def _page_number(run: Any) -> None:
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)


def _paragraph(draft: Draft, text: str, style: str) -> Paragraph:
    line = draft.add_paragraph()
    shape = line.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    name, size = BODY, _SIZE_3
    if style == "title":
        name, size = TITLE, _SIZE_2
        line.alignment, shape.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, Pt(35)
    elif style == "number":
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif style in ("signed", "dated"):
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        shape.right_indent = Pt(16 * (4 if style == "dated" else 2))
    elif style != "addressee":
        shape.first_line_indent = Pt(32)  # two characters
        name = {"first": FIRST, "second": SECOND}.get(style, BODY)
    shape.keep_with_next = style in ("first", "second")
    _font(line.add_run(text), name, size)
    return line


def _font(run: Any, name: str, size: Any) -> None:
    run.font.name, run.font.size = "Times New Roman", size
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)


def _steady(body: bytes) -> bytes:
    """The same file with no time in its archive, so that a change of it is a change of its content."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(zipfile.ZipInfo(item.filename, _MADE.timetuple()[:6]), old.read(item), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main() -> int:
    write = sys.argv[1:] == ["--write"]
    for name, lines in FORMS.items():
        path, body = FOLDER / name, made(lines)
        if write:
            path.write_bytes(body)
            sys.stdout.write(f"已写入 {path.name}。\n")
        elif not path.is_file() or _content(path.read_bytes()) != _content(body):
            sys.stderr.write(f"{path.name} 与 reports/word/forms.py 不一致；运行 make fix。\n")
            return 1
    return 0


def _content(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {item.filename: archive.read(item) for item in archive.infolist()}


if __name__ == "__main__":
    sys.exit(main())
