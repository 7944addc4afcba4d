"""What the user names on the command line: a file or a page, taken as bytes, with its name for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from crawler.errors import UnusableInput
from crawler.readers.drafts import MAX_BYTES, name_of
from reports.errors import system_reason
from reports.view import visible

if TYPE_CHECKING:
    from crawler.fetch import Fetched

# Everything but these stays readable in a ``file:`` address; these would end or break it.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"#%<>?\\^`{|}\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """One input as bytes. ``given`` is what the user wrote; ``answer`` is set where it came from the web."""

    given: str
    uri: str
    body: bytes
    answer: Fetched | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One input before it is read.

    ``name`` is what people call it, ``stem`` what its output files are called, ``place`` its address or path. ``uri``
    is its address in the evidence where that is not made of the name of the file alone.
    """

    name: str
    stem: str
    place: str
    uri: str = ""

    @classmethod
    def of(cls, given: str) -> Input:
        """A file or address as the user named it."""
        return cls(shown(given), stem_of(given), given)

    def named(self, stem: str) -> Input:
        return replace(self, stem=stem)


def is_url(text: str) -> bool:
    return re.match(r"https?://", text, re.IGNORECASE) is not None


def stem_of(given: str) -> str:
    """A name for output files, without path, ending or anything a file system refuses."""
    if is_url(given):
        parts = urlsplit(given)
        last = unquote(parts.path).rstrip("/").rsplit("/", 1)[-1]
        name = f"{parts.netloc}-{last.rpartition('.')[0] or last}"
    else:
        name = Path(given).stem
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "report"


def shown(name: str) -> str:
    """A name as it may be printed: on one line, nothing in it that steers a terminal."""
    return " ".join(visible(name).split("\n"))


def obtain(item: Input) -> Source:
    """Read a file or fetch an address. Raises UnusableInput with one line."""
    if is_url(item.place):
        # Loaded here: most inputs are files.
        from crawler.fetch import fetch_one

        answer = fetch_one(item.place)
        return Source(item.name, answer.url, answer.body, answer)
    path = Path(item.place)
    return Source(item.name, item.uri or file_uri(path.name), whole(path, item.name, MAX_BYTES))


def whole(path: Path, given: str, most: int) -> bytes:
    """The bytes of a plain file of at most ``most`` bytes. Raises UnusableInput with one line on ``given``."""
    try:
        status = path.stat()
        if path.is_dir():
            raise UnusableInput(f"{given}：这是一个文件夹；请指定文件。")
        if not S_ISREG(status.st_mode):
            raise UnusableInput(f"{given}：不是普通文件；请指定年度报告文件。")
        if status.st_size > most:
            size, limit = status.st_size / 1024 / 1024, most // 1024 // 1024
            raise UnusableInput(f"{given}：文件有 {size:.0f} MB，超过 {limit} MB 的上限；请拆分或删去大图片后重试。")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else "文件名无效"
        raise UnusableInput(f"{given}：无法读取（{reason}）；请检查路径和权限。") from error


def file_uri(name: str) -> str:
    """``file:///<name>``: the name alone, for a report must not tell where its author keeps files.

    What lies in a folder or a ZIP file that the user named is called by its place in it.
    """
    return "file:///" + _UNSAFE.sub(lambda match: quote(match[0].encode("utf-8", "surrogatepass")), name)


def named(error: UnusableInput, source: Source) -> UnusableInput:
    """A reader's line names the last part of the address; the user knows the input by what was typed."""
    text = str(error)
    short = f"{name_of(source.uri)}："
    return UnusableInput(f"{source.given}：{text.removeprefix(short)}") if text.startswith(short) else error


def distinct(stems: Iterable[str]) -> list[str]:
    """The same names with numbers where they repeat; ``index`` is kept for the overview."""
    taken = {"index"}
    result = []
    for stem in stems:
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.lower())
        result.append(name)
    return result
