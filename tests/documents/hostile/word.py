"""Hostile DOCX files."""

from __future__ import annotations

from collections.abc import Iterator

from documents.hostile.cases import Case, picture, with_parts

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MANY = 100_000


def cases() -> Iterator[Case]:
    for name, body in _bodies().items():
        yield Case(f"docx {name}", "a.docx", lambda b=body: with_parts("docx", **{"document.xml": document(b)}))
    for name, changed in _parts().items():
        yield Case(f"docx {name}", "a.docx", lambda c=changed: with_parts("docx", **c))


def document(body: str) -> bytes:
    return f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}</w:body></w:document>'.encode()


def _p(text: str, more: str = "") -> str:
    return f"<w:p>{more}<w:r><w:t>{text}</w:t></w:r></w:p>"


def _cell(more: str = "", inner: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{inner or _p('1')}</w:tc>"


def _bodies() -> dict[str, str]:
    row = "<w:tr>" + _cell() * 3 + "</w:tr>"
    link = '<w:hyperlink r:id="rId1"><w:r><w:t>1</w:t></w:r></w:hyperlink>'
    wide = _cell('<w:gridSpan w:val="999999999"/>') + _cell()
    odd = _cell('<w:gridSpan w:val="-7"/>') + _cell('<w:gridSpan w:val="x"/>')
    before = '<w:trPr><w:gridBefore w:val="999999999"/></w:trPr>' + _cell()
    return {
        "wide span": f"<w:tbl><w:tr>{wide}</w:tr>{row}</w:tbl>",
        "odd span": f"<w:tbl><w:tr>{odd}</w:tr></w:tbl>",
        "merged on": "<w:tbl>" + ("<w:tr>" + _cell("<w:vMerge/>") * 4 + "</w:tr>") * 2000 + "</w:tbl>",
        "grid before": f"<w:tbl><w:tr>{before}</w:tr>{row}</w:tbl>",
        "columns": f"<w:tbl><w:tr>{_cell() * 30_000}</w:tr></w:tbl>",
        "rows": f"<w:tbl>{row * 15_000}</w:tbl>",
        "tables": f"<w:tbl>{row}</w:tbl>" * 5000,
        "deep tables": "<w:tbl><w:tr><w:tc>" * 80 + _p("1") + "<w:p/></w:tc></w:tr></w:tbl>" * 80,
        "deep controls": "<w:sdt><w:sdtContent>" * 120 + _p("1") + "</w:sdtContent></w:sdt>" * 120,
        "paragraphs": _p("1") * _MANY,
        "empty paragraphs": "<w:p/>" * (4 * _MANY),
        "runs": "<w:p>" + "<w:r><w:t>1</w:t></w:r>" * _MANY + "</w:p>",
        "text": _p("中" * 3_000_000),
        "breaks": "<w:p><w:r>" + "<w:br/><w:tab/>" * _MANY + "</w:r></w:p>",
        "levels": _p("1", '<w:pPr><w:numPr><w:ilvl w:val="999999999"/><w:numId w:val="1"/></w:numPr></w:pPr>') * 50,
        "numbers": _p("1", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="99"/></w:numPr></w:pPr>') * 20_000,
        "no style": _p("1", '<w:pPr><w:pStyle w:val="nowhere"/><w:outlineLvl w:val="-3"/></w:pPr>') * 1000,
        "fields": "<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 20_000 + "</w:p>",
        "deleted": "<w:del>" * 100 + _p("1") + "</w:del>" * 100,
        "text boxes": "<w:p><w:r><w:pict><w:txbxContent>" * 60 + _p("1") + "</w:txbxContent></w:pict></w:r></w:p>" * 60,
        "links": f"<w:p>{link * 20_000}</w:p>",
        "nothing": "",
    }


def _relations(*found: tuple[str, str, str]) -> bytes:
    items = "".join(f'<Relationship Id="{i}" Type="{_R}/{kind}" Target="{to}"/>' for i, kind, to in found)
    return f'<Relationships xmlns="{_RELS}">{items}</Relationships>'.encode()


def _drawn(number: int) -> str:
    blip = f'<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:embed="rId{number}"/>'
    return f"<w:p><w:r><w:drawing>{blip}</w:drawing></w:r></w:p>"


def _parts() -> dict[str, dict[str, bytes | None]]:
    based = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{0}"/><w:basedOn w:val="{1}"/></w:style>'
    circle = "".join(based.format(f"s{n}", f"s{(n + 1) % 500}") for n in range(500))
    styled = document(_p("1", '<w:pPr><w:pStyle w:val="s0"/></w:pPr>') * 200)
    links = '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="s0"/></w:abstractNum>'
    numbering = (
        f'<w:numbering xmlns:w="{_W}">{links}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    numbered = document(_p("1", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>') * 200)
    pictures = document("".join(_drawn(n) for n in range(1, 200)))
    many = _relations(*((f"rId{n}", "image", "media/p.png") for n in range(1, 200)))
    return {
        "styles in a circle": {
            "styles.xml": f'<w:styles xmlns:w="{_W}">{circle}</w:styles>'.encode(), "document.xml": styled,
        },
        "numbering in a circle": {"word/numbering.xml": numbering.encode(), "document.xml": numbered},
        "relation to itself": {"document.xml.rels": _relations(("rId1", "styles", "document.xml"))},
        "package relation to itself": {".rels": _relations(("rId1", "officeDocument", "_rels/.rels"))},
        "relation to a file": {"document.xml.rels": _relations(("rId1", "styles", "file:///etc/passwd"))},
        "relation upwards": {".rels": _relations(("rId1", "officeDocument", "../../../etc/passwd"))},
        "relations with one id": {"document.xml.rels": _relations(*[("rId1", "image", "media/x.png")] * 5000)},
        "document twice": {".rels": _relations(*[(f"r{n}", "officeDocument", "word/document.xml") for n in range(9)])},
        "picture without end": {
            "document.xml": pictures, "document.xml.rels": many, "word/media/p.png": picture("png")[:80],
        },
        "picture that is none": {"document.xml": pictures, "document.xml.rels": many, "word/media/p.png": b"<svg/>"},
    }  # fmt: skip
