"""The parts of an OFD package (GB/T 33190-2016 6 and 7): documents, pages, templates, resources."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from crawler.readers.packages import Element, Package
from crawler.words import load

# Millimetres to points.
POINT = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)


@cache
def settings(group: str) -> dict[str, Any]:
    """One group of ``crawler/data/ofd.yaml``."""
    found: dict[str, Any] = load("ofd")[group]
    return found


@dataclass(slots=True)
class Page:
    """One page of a document: its part ("" where it is missing), its number in the file."""

    number: int
    id: str
    path: str
    document: OfdDocument


@dataclass(slots=True)
class OfdDocument:
    """One document of the package: what its pages share."""

    path: str
    area: tuple[float, float, float, float]
    templates: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    units: dict[str, Element] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)


def local(el: Element) -> str:
    """Name of an element without its namespace; "" for what is no element."""
    return el.tag.rpartition("}")[2] if isinstance(el.tag, str) else ""


def numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    """``count`` finite numbers of an attribute; None where it holds something else."""
    try:
        found = tuple(float(part) for part in (text or "").replace(",", " ").split())
    except ValueError:
        return None
    return found if len(found) == count and all(abs(n) < 1e7 for n in found) else None


def resolve(package: Package, base: str, location: str | None) -> str:
    """The part that a location in the part ``base`` names, "" where there is none. Nothing leads out of the package."""
    text = (location or "").strip().replace("\\", "/")
    if not text:
        return ""
    folders = [""] if text.startswith("/") else [posixpath.dirname(base), base.partition("/")[0], ""]
    for folder in folders:
        path = posixpath.normpath(posixpath.join("/", folder, text.lstrip("/"))).lstrip("/")
        if path in package.names:
            return path
    return ""


def pages_of(package: Package, notes: list[str]) -> Iterator[Page]:
    """The pages of all documents in their order. Raises UnusableInput where there is no document."""
    root = package.xml("OFD.xml")
    if root is None or local(root) != "OFD":
        package.refuse("缺少主入口（OFD.xml），不是有效的 OFD 文件")
    bodies = root.findall("{*}DocBody")
    most = settings("limits")["documents"]
    if len(bodies) > most:
        notes.append(f"文件里有 {len(bodies)} 份文档，只读取了前 {most} 份")
    number = 0
    for body in bodies[:most]:
        path = resolve(package, "OFD.xml", body.findtext("{*}DocRoot"))
        tree = package.xml(path) if path else None
        if tree is None:
            notes.append("文件里有一份文档的内容缺失，未读取")
            continue
        document = _document(package, path, tree)
        for el in tree.iterfind("{*}Pages/{*}Page"):
            number += 1
            yield Page(number, el.get("ID", ""), resolve(package, path, el.get("BaseLoc")), document)
    if not number:
        package.refuse("里没有页面，无法读取")


def _document(package: Package, path: str, tree: Element) -> OfdDocument:
    area = numbers(tree.findtext("{*}CommonData/{*}PageArea/{*}PhysicalBox"), 4) or _A4
    document = OfdDocument(path, (area[0], area[1], area[2], area[3]))
    for el in tree.iterfind("{*}CommonData/{*}TemplatePage"):
        document.templates[el.get("ID", "")] = resolve(package, path, el.get("BaseLoc"))
    for name in ("PublicRes", "DocumentRes"):
        for el in tree.iterfind(f"{{*}}CommonData/{{*}}{name}"):
            take_resources(package, resolve(package, path, el.text), document)
    _annotations(package, resolve(package, path, tree.findtext("{*}Annotations")), document)
    return document


def take_resources(package: Package, path: str, document: OfdDocument) -> None:
    """Add the pictures and the composed objects of a resource part."""
    root = package.xml(path) if path else None
    if root is None:
        return
    folder = root.get("BaseLoc", "")
    for el in root.iterfind("{*}MultiMedias/{*}MultiMedia"):
        file = (el.findtext("{*}MediaFile") or "").strip()
        found = resolve(package, path, posixpath.join(folder, file)) or resolve(package, path, file)
        if file and el.get("Type", "Image") == "Image":
            document.media[el.get("ID", "")] = found
    for el in root.iterfind("{*}CompositeGraphicUnits/{*}CompositeGraphicUnit"):
        document.units[el.get("ID", "")] = el


def _annotations(package: Package, path: str, document: OfdDocument) -> None:
    """Which pages bear stamps and remarks, by the id of the page: the parts that hold them."""
    root = package.xml(path) if path else None
    for el in root.iterfind("{*}Page") if root is not None else ():
        found = resolve(package, path, el.findtext("{*}FileLoc"))
        if found:
            document.notes.setdefault(el.get("PageID", ""), []).append(found)
