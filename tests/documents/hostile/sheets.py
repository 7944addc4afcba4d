"""Hostile XLSX and XLS files."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from documents.hostile.cases import Case, sound, with_parts

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_MANY = 100_000


def cases() -> Iterator[Case]:
    for name, body in _sheets().items():
        yield Case(f"xlsx {name}", "a.xlsx", lambda b=body: with_parts("xlsx", **{"sheet1.xml": b.encode()}))
    for name, changed in _parts().items():
        yield Case(f"xlsx {name}", "a.xlsx", lambda c=changed: with_parts("xlsx", **c))
    for name, (at, value) in _XLS.items():
        yield Case(f"xls {name}", "a.xls", lambda a=at, v=value: _written(a, v))


def _sheet(rows: str, more: str = "") -> str:
    return f"<worksheet {_NS}><sheetData>{rows}</sheetData>{more}</worksheet>"


def _row(cells: str, number: object = 1) -> str:
    return f'<row r="{number}">{cells}</row>'


def _c(ref: str, value: str, more: str = "") -> str:
    return f'<c r="{ref}" {more}><v>{value}</v></c>'


def _sheets() -> dict[str, str]:
    whole = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    merges = "".join(f'<mergeCell ref="A1:{chr(66 + n % 20)}{n % 900 + 2}"/>' for n in range(40_000))
    return {
        "far cell": _sheet(_row(_c("XFD1048576", "1"), 1048576) + _row(_c("A1", "1"))),
        "cell beyond": _sheet(_row(_c("ZZZZZZZZZ999999999999", "1") + _c("A0", "1") + _c("", "1") + _c("1A", "2"))),
        "dimension": f'<worksheet {_NS}><dimension ref="A1:XFD1048576"/><sheetData/></worksheet>',
        "row number": _sheet(_row(_c("A1", "1"), 10**18) + _row(_c("A1", "1"), -5) + _row(_c("A1", "1"), "x")),
        "merge of all": _sheet(_row(_c("A1", "1")), whole),
        "merges": _sheet(_row(_c("A1", "1")), f"<mergeCells>{merges}</mergeCells>"),
        "odd merges": _sheet(
            _row(_c("A1", "1")), '<mergeCells><mergeCell ref="C9:A1"/><mergeCell ref="x"/></mergeCells>'
        ),
        "shared index": _sheet(
            _row("".join(_c(f"A{n}", v, 't="s"') for n, v in enumerate(("9" * 30, "-1", "x", ""), 1)))
        ),
        "figures": _sheet(_row("".join(_c(f"A{n}", v) for n, v in enumerate(("1e999", "nan", "-inf", "9" * 9000), 1)))),
        "dates": _sheet(_row(_c("A1", "1e300", 's="1" t="d"') + _c("B1", "2958466", 's="1"'))),
        "style": _sheet(_row(_c("A1", "1", 's="999999999"') + _c("B1", "1", 's="-1"') + _c("C1", "1", 's="x"'))),
        "types": _sheet(
            _row("".join(_c(f"A{n}", "x", f't="{t}"') for n, t in enumerate(("b", "e", "zz", "str", "n"), 1)))
        ),
        "cells": _sheet("".join(_row("".join(_c("", "1") for _ in range(500)), n) for n in range(1, 500))),
        "rows": _sheet("".join(_row(_c("", "1"), n) for n in range(1, _MANY))),
        "same cell": _sheet(_row(_c("A1", "1") * _MANY)),
        "backwards": _sheet("".join(_row(_c(f"A{n}", "1"), n) for n in range(5000, 0, -1))),
        "formulas": _sheet(_row('<c r="A1"><f t="shared" ref="A1:XFD1048576" si="0">A1</f></c>' + _c("B1", "2"))),
        "inline": _sheet(_row('<c r="A1" t="inlineStr"><is>' + "<r><t>x</t></r>" * _MANY + "</is></c>")),
        "long text": _sheet(_row('<c r="A1" t="inlineStr"><is><t>' + "x" * 5_000_000 + "</t></is></c>")),
        "hidden": _sheet(
            "".join(f'<row r="{n}" hidden="1"><c><v>1</v></c></row>' for n in range(1, 5000)),
            '<cols><col min="1" max="999999999" hidden="1"/></cols>',
        ),
    }


def _parts() -> dict[str, dict[str, bytes | None]]:
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 5000))
    book = f'<workbook {_NS} xmlns:r="{rel}"><sheets>{{}}</sheets></workbook>'
    to = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    one = '<Relationship Id="rId1" Type="' + rel + '/worksheet" Target="{}"/>'
    shared = f'<Relationship Id="rId2" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/>'
    texts = "<si><t>x</t></si>" * 600_000
    code, digits = "#" * 200 + ";" * 50, "0" * 3000
    formats = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n in range(20_000))
    odd = f'<numFmts><numFmt numFmtId="200" formatCode="[$-{digits}]{digits}.{digits}"/></numFmts>'
    odd += '<cellXfs><xf numFmtId="200"/><xf numFmtId="x"/></cellXfs>'
    return {
        "sheets": {"workbook.xml": book.format(sheets).encode()},
        "sheet is the workbook": {"workbook.xml.rels": to.format(one.format("workbook.xml")).encode()},
        "sheet elsewhere": {"workbook.xml.rels": to.format(one.format("file:///etc/passwd")).encode()},
        "sheet upwards": {"workbook.xml.rels": to.format(one.format("../../../../etc/passwd")).encode()},
        "sheet is the styles": {"workbook.xml.rels": to.format(one.format("styles.xml")).encode()},
        "texts": {
            "xl/sharedStrings.xml": f'<sst {_NS} count="999999999">{texts}</sst>'.encode(),
            "workbook.xml.rels": to.format(one.format("worksheets/sheet1.xml") + shared).encode(),
        },
        "texts that are the sheet": {
            "workbook.xml.rels": to.format(
                one.format("worksheets/sheet1.xml") + shared.replace("sharedStrings.xml", "worksheets/sheet1.xml")
            ).encode(),
        },
        "formats": {"styles.xml": f"<styleSheet {_NS}><numFmts>{formats}</numFmts></styleSheet>".encode()},
        "odd format": {"styles.xml": f"<styleSheet {_NS}>{odd}</styleSheet>".encode()},
    }


# Fields of the header of a compound document (MS-CFB 2.2): where, and what is written there.
_XLS: dict[str, tuple[int, bytes]] = {
    "sector size 0": (30, b"\0\0"),
    "sector size 2^65535": (30, b"\xff\xff"),
    "sector count": (44, struct.pack("<I", 0x7FFFFFFF)),
    "directory at the end": (48, struct.pack("<I", 0xFFFFFFFA)),
    "directory in the header": (48, struct.pack("<i", -1)),
    "small sectors": (60, struct.pack("<II", 0, 0x7FFFFFFF)),
    "allocation in a circle": (68, struct.pack("<II", 0, 0x7FFFFFFF)),
    "table points to itself": (76, struct.pack("<8I", *[0] * 8)),
    "table at the end": (76, struct.pack("<8I", *[0x00FFFFFF] * 8)),
    "all tables one": (76, struct.pack("<109I", *[1] * 109)),
}


def _written(at: int, value: bytes) -> bytes:
    body = sound()["xls"]
    return body[:at] + value + body[at + len(value) :]
