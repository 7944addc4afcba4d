"""ZIP archives: which documents are inside, and each of them read on its own."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote, urlsplit, urlunsplit

from crawler.errors import UnusableInput
from crawler.evidence import Document
from crawler.readers import read
from crawler.readers.bounds import told
from crawler.readers.detect import media_of
from crawler.readers.drafts import refuse
from crawler.readers.packages import BROKEN, limits
from crawler.readers.spaces import clean, collapse

_UNPACK = "解压后逐份提供"


@dataclass(frozen=True, slots=True)
class Member:
    """One document of an archive: its name in it, an address made of the archive's and the name, its bytes."""

    name: str
    uri: str
    body: bytes


@dataclass(slots=True)
class Unpacked:
    """What an archive holds; ``notes`` says what could not be read, ``foreign`` what is no document."""

    members: list[Member] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def is_archive(body: bytes, uri: str, media_type: str = "") -> bool:
    """Whether ``body`` is a ZIP of files, not a document that is packed as ZIP."""
    return media_of(body, uri, media_type) == "zip"


def unpack(body: bytes, uri: str) -> Unpacked:
    """The documents in an archive, those of an archive within it too. Raises UnusableInput where it cannot be read."""
    found = Unpacked()
    budget = _Budget(limits("archive")["documents"], limits("archive")["bytes"])
    _take(body, uri, "", found, budget)
    found.notes = told(found.notes)
    if not found.members:
        said = "".join(f"（{line}）" for line in [*found.notes, *found.foreign][:1])
        refuse(uri, f"ZIP 压缩包里没有能读的文档{said}", _UNPACK)
    return found


def read_all(body: bytes, *, uri: str, media_type: str = "", record: str = "") -> tuple[list[Document], list[str]]:
    """Every document of a resource, and one line for each that could not be read or was left out.

    A resource that is no archive is its own one document, and an error in it is raised, as ``read`` does. ``digest`` of
    a document in an archive is that of its own bytes, ``record`` that of the archive.
    """
    if not is_archive(body, uri, media_type):
        return [read(body, uri=uri, media_type=media_type, record=record)], []
    unpacked = unpack(body, uri)
    documents: list[Document] = []
    lines = [*unpacked.notes, *unpacked.foreign]
    for member in unpacked.members:
        digest = f"sha256:{hashlib.sha256(member.body).hexdigest()}"
        try:
            documents.append(read(member.body, uri=member.uri, record=record, digest=digest))
        except UnusableInput as error:
            lines.append(str(error))
    return documents, lines


@dataclass(slots=True)
class _Budget:
    """What the archive, with those in it, may still hold."""

    documents: int
    size: int


def _take(body: bytes, uri: str, prefix: str, found: Unpacked, budget: _Budget) -> None:
    """Add the documents of one archive; ``prefix`` is its own name where it stands within another."""
    try:
        archive = zipfile.ZipFile(BytesIO(body))
    except BROKEN:
        if not prefix:
            refuse(uri, "ZIP 压缩包已损坏或不完整，无法解压", "重新下载后重试")
        found.notes.append(f"{prefix.rstrip('/')}：压缩包已损坏，未读取")
        return
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    guard = limits("guard")
    total = sum(entry.file_size for entry in entries)
    if total > guard["small"] and total > guard["ratio"] * len(body):
        refuse(uri, f"ZIP 压缩包解压后过大（{total / 1024 / 1024:.0f} MB），疑似压缩炸弹", _UNPACK)
    most = limits("archive")["entries"]
    if len(entries) > most:
        found.notes.append(f"压缩包里有 {len(entries)} 个文件，只看了前 {most} 个")
    others: list[str] = []
    for entry, name in _named(entries[:most]):
        if not name.lower().endswith(_endings()):
            others.append(name)
            continue
        content = _content(archive, entry, prefix + name, found, budget)
        if content is not None:
            _add(content, uri, prefix, name, found, budget)
    if others:
        also = " 等" if len(others) > 1 else ""
        found.foreign.append(f"压缩包里有 {len(others)} 个文件不是能读的文档（{others[0]}{also}），未读取")


def _endings() -> tuple[str, ...]:
    return tuple(f".{ending}" for ending in limits("archive")["endings"])


def _named(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """Entries with readable names; what operating systems add is passed over."""
    for entry in entries:
        name = _name(entry)
        last = name.rsplit("/", 1)[-1]
        if not any(name.startswith(mark) or last.startswith(mark) for mark in limits("archive")["skip"]):
            yield entry, name


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; where the archive does not say its encoding it is UTF-8 or that of Chinese Windows."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        for encoding in ("utf-8", limits("archive")["names"]):
            try:
                name = entry.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    shown = collapse(clean(name.replace("\\", "/")))
    return "".join(char for char in shown if char.isprintable())[-200:] or "（无名）"


def _content(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, found: Unpacked, budget: _Budget
) -> bytes | None:
    """The bytes of an entry; None with a note where they are left out."""
    if entry.flag_bits & 0x1:
        found.notes.append(f"{name}：已加密，未读取")
    elif budget.documents <= 0 or entry.file_size > budget.size:
        found.notes.append(f"{name}：压缩包里的文件过多或过大，未读取")
    else:
        try:
            content = archive.read(entry)
        except BROKEN:
            found.notes.append(f"{name}：已损坏，未读取")
        else:
            budget.size -= len(content)
            return content
    return None


def _add(content: bytes, uri: str, prefix: str, name: str, found: Unpacked, budget: _Budget) -> None:
    address = _within(uri, prefix + name)
    if is_archive(content, address):
        if prefix:
            found.notes.append(f"{prefix}{name}：压缩包套了多层，未读取")
        else:
            _take(content, uri, f"{name}/", found, budget)
        return
    budget.documents -= 1
    found.members.append(Member(prefix + name, address, content))


def _within(uri: str, name: str) -> str:
    """``file:///a.zip!/b.docx``: the address of the archive with the name in it."""
    quoted = quote(name, safe="/()（）")
    try:
        parts = urlsplit(uri)
    except ValueError:
        return f"{uri}!/{quoted}"
    return urlunsplit(parts._replace(path=f"{parts.path}!/{quoted}", fragment=""))
