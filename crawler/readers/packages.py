"""ZIP packages with XML inside (DOCX, XLSX, OFD), opened without trusting them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, NoReturn

from lxml import etree

from crawler.readers.drafts import refuse
from crawler.words import load

Element = etree._Element

# What the standard library answers to archives that are cut, damaged or packed in an unknown way.
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, struct.error,
    OverflowError,
)  # fmt: skip
DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))
_CHUNK = 1 << 18


def limits(group: str) -> dict[str, Any]:
    """One group of ``crawler/data/packages.yaml``."""
    found: dict[str, Any] = load("packages")[group]
    return found


@dataclass(frozen=True)
class Package:
    """An open package: ``what`` is its name for people, ``remedy`` what to do where it cannot be read."""

    archive: zipfile.ZipFile
    uri: str
    what: str
    remedy: str

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its parts."""
        return frozenset(self.archive.namelist())

    def refuse(self, wrong: str) -> NoReturn:
        """Refuse the package: ``wrong`` follows its name."""
        refuse(self.uri, f"{self.what}{wrong}", self.remedy)

    def refuse_entities(self) -> NoReturn:
        """Refuse a package that declares document types: no office program writes them."""
        self.refuse("内含外部实体声明，存在安全风险，已拒绝读取")

    def refuse_structure(self) -> NoReturn:
        """Refuse a package whose XML cannot be read."""
        self.refuse("内部结构有误或嵌套过深，无法读取")

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part piece by piece. Raises UnusableInput where it is damaged."""
        try:
            with self.archive.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (*BROKEN, KeyError):
            _damaged(self.uri, self.what, self.remedy)

    def xml(self, name: str) -> Element | None:
        """Root of an XML part; None where the part is not there. Raises UnusableInput where it is no XML."""
        if name not in self.names:
            return None
        data = b"".join(self.chunks(name))
        if nodes_of(data) > limits("guard")["nodes"]:
            self.refuse("内部结构过于庞大，超出读取限度")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            self.refuse_structure()
        if root.getroottree().docinfo.internalDTD is not None:
            self.refuse_entities()
        return root


def nodes_of(data: bytes) -> int:
    """An upper bound of the elements and attributes in a piece of XML."""
    return data.count(b"<") + data.count(b"=")


def open_package(body: bytes, uri: str, what: str, remedy: str, *, whole: bool = False) -> Package:
    """The package in ``body``. Raises UnusableInput for what is no ZIP, for bombs, encryption and document types.

    ``whole``: its XML parts will all be held in memory as trees, so they must not be too large for that.
    """
    try:
        package = Package(zipfile.ZipFile(BytesIO(body)), uri, what, remedy)
        _guard(package, len(body))
        if whole:
            _weigh(package)
    except BROKEN:
        _damaged(uri, what, remedy)
    return package


def _damaged(uri: str, what: str, remedy: str) -> NoReturn:
    refuse(uri, f"{what}已损坏或加密，无法解压", f"检查文件是否完整、是否加密，{remedy}")


def _guard(package: Package, size: int) -> None:
    entries = package.archive.infolist()
    total = sum(entry.file_size for entry in entries)
    most = limits("guard")
    over = total > most["small"] and total > most["ratio"] * size
    if len(entries) > most["entries"] or total > most["bytes"] or over:
        refuse(
            package.uri,
            f"{package.what}解压后过大（{len(entries)} 个部件，{total / 1024 / 1024:.0f} MB），疑似压缩炸弹",
            "删去多余内容或另存后重试",
        )
    for entry in entries:
        if entry.flag_bits & 0x1:
            refuse(package.uri, f"{package.what}已加密，无法读取", "去掉密码后重试")
        if _is_xml(entry):
            with package.archive.open(entry) as stream:
                head = stream.read(4096)
            if any(mark in head for mark in DOCTYPES):
                package.refuse_entities()


def _weigh(package: Package) -> None:
    most = limits("guard")["nodes"]
    for entry in package.archive.infolist():
        if _is_xml(entry) and entry.file_size > most and sum(map(nodes_of, package.chunks(entry.filename))) > most:
            package.refuse("内部结构过于庞大，超出读取限度")


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith((".xml", ".rels"))
