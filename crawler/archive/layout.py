"""Names and forms of the files of a capture.

    data.warc.gz    what was received, byte for byte (ISO 28500)
    index.sqlite    pages, links, columns, entries, documents, facts, refusals, and where each record lies
    capture.json    site, settings, times, counts, digests of the two files above, and its own seal

A folder without ``capture.json`` is not a capture: it is written last. A closed capture is never changed.
Whoever writes holds a lock on the folder itself, which ends with its process and leaves no file behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.archive.codec import decode
from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.words import load

if sys.platform != "win32":
    import fcntl

FORMAT = 1
WARC = "data.warc.gz"
INDEX = "index.sqlite"
MANIFEST = "capture.json"
PART, FRESH = ".part", ".new"
DATA_FILES = (WARC, INDEX)
# What an unfinished crawl leaves: the parts, and what SQLite keeps beside its file.
PARTS = frozenset(
    {name + PART for name in (WARC, INDEX, MANIFEST)}
    | {INDEX + PART + end for end in ("-wal", "-shm", "-journal")}
    | {INDEX + FRESH + end for end in ("", "-wal", "-shm", "-journal")}
)
OURS = PARTS | {WARC, INDEX, MANIFEST}


@dataclass(frozen=True, slots=True)
class FileSeal:
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Base:
    """An earlier capture whose records this one refers to: its folder as seen from this one, its digest."""

    folder: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``capture.json``. ``seal`` is the SHA-256 of the same file without the seal."""

    format: int
    software: str
    site: Site | None
    settings: dict[str, Any]
    started: datetime
    finished: datetime
    counts: dict[str, int]
    refused: dict[str, int]
    hosts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    bases: tuple[Base, ...] = ()
    files: dict[str, FileSeal]
    seal: str


def unfinished(folder: Path) -> bool:
    """Whether a crawl that did not come to its end left something here to go on with."""
    return not (folder / MANIFEST).exists() and _kept(folder, "settings") is not None


def discard(folder: Path) -> None:
    """Remove the files of a capture, finished or not, and nothing else; UnusableInput while someone writes them."""
    if not folder.is_dir():
        return
    with locked(folder):
        # First, so that no half of it ever passes for a capture.
        (folder / MANIFEST).unlink(missing_ok=True)
        for name in OURS:
            (folder / name).unlink(missing_ok=True)


def tidy(folder: Path) -> None:
    """Remove the parts that a crawl left which was killed behind its very last step."""
    if (folder / MANIFEST).exists() and any((folder / name).exists() for name in PARTS):
        with locked(folder):
            for name in PARTS:
                (folder / name).unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of ``folder`` for a block."""
    held = Lock(folder)
    try:
        yield
    finally:
        held.release()


class Lock:
    """A folder or file taken for one writer, until ``release``, the end of this object or of the process.

    UnusableInput with ``problem`` where another one holds it. Holds nothing on systems and network drives that know no
    such locks.
    """

    def __init__(self, path: Path, problem: str = "另一个采集正在使用这个文件夹；请等它结束，或换一个文件夹。") -> None:
        self._held = _flock(path, problem)

    def release(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def __del__(self) -> None:
        if hasattr(self, "_held"):
            self.release()


def _flock(path: Path, problem: str) -> int | None:
    if sys.platform == "win32":
        return None
    held = os.open(path, os.O_RDONLY)
    # A crawl whose owner was killed ends a moment later.
    until = time.monotonic() + load("crawl")["limits"]["lock_wait"]
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return held
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(held)
                raise UnusableInput(f"{path}：{problem}") from None
            time.sleep(0.05)
        except OSError:
            os.close(held)
            return None


def kept_site(folder: Path) -> Site:
    """The site of the unfinished crawl in ``folder``."""
    return decode(Site, _kept(folder, "site"))


def kept_settings(folder: Path) -> dict[str, Any]:
    """Settings of the unfinished crawl in ``folder``; UnusableInput where there is none."""
    if (folder / MANIFEST).exists():
        raise UnusableInput(f"{folder}：这里的采集已经完成，无需接着采集；如要重新采集，请换一个文件夹。")
    settings: dict[str, Any] | None = _kept(folder, "settings")
    if settings is None:
        raise UnusableInput(f"{folder}：这里没有未完成的采集；请去掉 --resume 重新采集。")
    return settings


def _kept(folder: Path, name: str) -> Any:
    """A value that the crawl in ``folder`` committed, None where there is none yet."""
    path = folder / (INDEX + PART)
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    except sqlite3.Error:
        return None
    return json.loads(row[0]) if row else None


def render(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def fingerprint(path: Path) -> tuple[str, int]:
    """``sha256:<hex>`` and length of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return f"sha256:{digest}", stream.tell()


def settle(part: Path, final: Path) -> None:
    """Bring a finished file to disk, make it read-only and give it its name, in that order."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    part.chmod(0o444)
    part.replace(final)
