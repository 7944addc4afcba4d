"""What the user names on the command line: a file or a page, taken as bytes, with its name for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from urllib.parse import quote, unquote, urlsplit

from crawler.errors import UnusableInput
from crawler.fetch import Fetched, fetch_one
from crawler.readers.drafts import MAX_BYTES, name_of
from reports.errors import system_reason
from reports.view import visible

# Everything but these stays readable in a ``file:`` address; these would end or break it.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\"#%<>?\\^`{|}\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """One input as bytes. ``given`` is what the user wrote; ``answer`` is set where it came from the web."""

    given: str
    uri: str
    body: bytes
    answer: Fetched | None = None


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


def obtain(name: str) -> Source:
    """Read a file or fetch an address. Raises UnusableInput with one line."""
    given = " ".join(visible(name).split("\n"))
    if is_url(name):
        answer = fetch_one(name)
        return Source(given, answer.url, answer.body, answer)
    path = Path(name)
    try:
        status = path.stat()
        if path.is_dir():
            raise UnusableInput(f"{given}：这是一个文件夹；请指定文件。")
        if not S_ISREG(status.st_mode):
            raise UnusableInput(f"{given}：不是普通文件；请指定年度报告文件。")
        if status.st_size > MAX_BYTES:
            size, limit = status.st_size / 1024 / 1024, MAX_BYTES // 1024 // 1024
            raise UnusableInput(f"{given}：文件有 {size:.0f} MB，超过 {limit} MB 的上限；请拆分或删去大图片后重试。")
        body = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else "文件名无效"
        raise UnusableInput(f"{given}：无法读取（{reason}）；请检查路径和权限。") from error
    return Source(given, file_uri(path.name), body)


def file_uri(name: str) -> str:
    """``file:///<name>``: the name alone, for a report must not tell where its author keeps files."""
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
