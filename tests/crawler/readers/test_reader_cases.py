"""Each folder of ``cases`` holds an input and what a user must find in it (``expected.yaml``)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from crawler.evidence import Document
from crawler.readers import read

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def bytes_of(source: Path) -> bytes:
    """The bytes of a case; a folder named like a Word file holds its parts unpacked."""
    if source.is_file():
        return source.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for part in sorted(source.rglob("*")):
            if part.is_file():
                # With a date of its own: the same bytes each time.
                entry = zipfile.ZipInfo(part.relative_to(source).as_posix())
                package.writestr(entry, part.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def read_case(case: Path) -> Document:
    source = next(iter(case.glob("input.*")))
    return read(bytes_of(source), uri=f"http://www.example.gov.cn/a/{source.name}", record="r1")


def fields_of(document: Document) -> list[list[Any]]:
    """[name, label, value, the text that the spot points to]"""
    found = []
    for item in document.fields:
        block = document.blocks[item.spot.block]
        pointed = block.text[item.spot.start : item.spot.end]
        if item.spot.row is not None and block.table is not None:
            pointed = next(c.raw for c in block.table.cells if (c.row, c.column) == (item.spot.row, item.spot.column))
        found.append([item.name, item.label, item.value, pointed])
    return found


def blocks_of(document: Document) -> list[list[Any]]:
    """[kind and level, text (size of a table), selector, href]"""
    return [
        [
            block.kind + (str(block.level) if block.level else ""),
            block.text if block.table is None else f"{block.table.rows}x{block.table.columns}",
            block.spot.selector,
            *([block.href] if block.href else []),
        ]
        for block in document.blocks
    ]


def tables_of(document: Document) -> list[list[list[Any]]]:
    """[place, spans, raw, row labels, column labels, picture] of each cell"""
    return [
        [
            [
                f"{cell.row},{cell.column}",
                f"{cell.rowspan}x{cell.colspan}",
                cell.raw,
                list(cell.row_labels),
                list(cell.column_labels),
                *(["picture"] if cell.has_picture else []),
            ]
            for cell in block.table.cells
        ]
        for block in document.blocks
        if block.table is not None
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    document = read_case(case)
    expected = yaml.safe_load((case / "expected.yaml").read_text(encoding="utf-8"))
    assert (document.carrier, document.encoding, document.title) == (
        expected["carrier"],
        expected["encoding"],
        expected["title"],
    )
    assert blocks_of(document) == expected["blocks"]
    assert list(document.main) == expected["main"]
    assert fields_of(document) == expected["fields"]
    assert tables_of(document) == expected.get("tables", [])
    assert document.tags == expected.get("tags", {})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_same_bytes_same_document(case: Path) -> None:
    assert read_case(case) == read_case(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_spots_are_consistent(case: Path) -> None:
    document = read_case(case)
    for index, block in enumerate(document.blocks):
        assert (block.spot.block, block.spot.start, block.spot.end) == (index, 0, len(block.text))
        for cell in block.table.cells if block.table else ():
            assert cell.raw in block.text
            assert cell.row + cell.rowspan <= block.table.rows
            assert cell.column + cell.colspan <= block.table.columns


@pytest.mark.parametrize("case", [c for c in CASES if list(c.glob("input.htm*"))], ids=lambda case: case.name)
def test_selectors_find_their_element(case: Path) -> None:
    """Any XPath tool that parses the stored bytes arrives at the element that holds the text."""
    source = next(iter(case.glob("input.*")))
    document = read_case(case)
    body = source.read_bytes().decode(document.encoding).encode()
    tree = etree.fromstring(body, etree.HTMLParser(encoding="utf-8")).getroottree()
    for block in document.blocks:
        found = tree.xpath(block.spot.selector)
        assert len(found) == 1, block.spot.selector
        text = "".join("".join(map(str, found[0].itertext())).split()).replace("\u200b", "")
        if block.kind in ("paragraph", "heading"):
            assert "".join(block.text.split()) in text
