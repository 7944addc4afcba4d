"""Reading the project's own documents: links, code and tables, with the line they stand on."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *GUIDE])

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^()\s]+)\)")


@dataclass(frozen=True)
class Code:
    """A piece of code of a document: ``kind`` is the fence's language, ``inline`` within a sentence."""

    document: Path
    kind: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.document.relative_to(ROOT)}: {self.text.strip()[:80]}"


def fenced(document: Path) -> list[Code]:
    return [Code(document, kind, text) for kind, text in _FENCE.findall(document.read_text(encoding="utf-8"))]


def prose(document: Path) -> str:
    """The document without its fenced code."""
    return _FENCE.sub("", document.read_text(encoding="utf-8"))


def inline(document: Path) -> list[Code]:
    return [Code(document, "inline", text) for text in _INLINE.findall(prose(document))]


def links(document: Path) -> list[str]:
    """Relative links, without their anchors."""
    found = _LINK.findall(prose(document))
    return [link.partition("#")[0] for link in found if "://" not in link and not link.startswith("#")]


def rows(document: Path, heading: str) -> list[list[str]]:
    """Cells of the table under a heading, row by row, without its head."""
    text = document.read_text(encoding="utf-8").partition(f"{heading}\n")[2]
    section = re.split(r"^#", text, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def first_cells(document: Path, heading: str) -> list[str]:
    """First cells of the table under a heading, without code marks."""
    return [row[0].strip("`") for row in rows(document, heading)]


def shell_lines() -> Iterator[tuple[Code, list[str]]]:
    """Every command line of the documents' shell blocks, split as a shell splits it."""
    for document in DOCUMENTS:
        for code in fenced(document):
            if code.kind != "sh":
                continue
            for line in code.text.splitlines():
                words = shlex.split(line, comments=True)
                if words:
                    yield Code(document, "sh", line), words
