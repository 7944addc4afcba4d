"""Names and forms of the files of a capture.

    data.warc.gz    what was received, byte for byte (ISO 28500)
    index.sqlite    pages, links, columns, entries, documents, facts, refusals, and where each record lies
    capture.json    site, settings, times, counts, digests of the two files above, and its own seal

A folder without ``capture.json`` is not a capture: it is written last. A closed capture is never changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from crawler.errors import UnusableInput
from crawler.evidence import Site

FORMAT = 1
WARC = "data.warc.gz"
INDEX = "index.sqlite"
MANIFEST = "capture.json"
PART, FRESH = ".part", ".new"
DATA_FILES = (WARC, INDEX)
# What an unfinished crawl leaves: the parts, and what SQLite keeps beside its file.
PARTS = frozenset(
    {name + PART for name in (WARC, INDEX, MANIFEST)}
    | {INDEX + PART + end for end in ("-wal", "-shm")}
    | {INDEX + FRESH}
)
OURS = PARTS | {WARC, INDEX, MANIFEST}


class FileSeal(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sha256: str
    size: int


class Base(BaseModel):
    """An earlier capture whose records this one refers to: its folder as seen from this one, its digest."""

    model_config = ConfigDict(extra="forbid")

    folder: str
    digest: str


class Manifest(BaseModel):
    """``capture.json``. ``seal`` is the SHA-256 of the same file without the seal."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1]
    software: str
    site: Site | None
    settings: dict[str, Any]
    started: datetime
    finished: datetime
    counts: dict[str, int]
    refused: dict[str, int]
    hosts: dict[str, Any] = {}
    notes: list[str] = []
    bases: list[Base] = []
    files: dict[Literal["data.warc.gz", "index.sqlite"], FileSeal] = Field(min_length=2)
    seal: str


def unfinished(folder: Path) -> bool:
    """Whether a crawl that did not come to its end left its parts here."""
    return not (folder / MANIFEST).exists() and (folder / (INDEX + PART)).exists()


def discard(folder: Path) -> None:
    """Remove the files of a capture, finished or not, and nothing else."""
    for name in OURS:
        (folder / name).unlink(missing_ok=True)


def kept_settings(folder: Path) -> dict[str, Any]:
    """Settings of the unfinished crawl in ``folder``; UnusableInput where there is none."""
    if not unfinished(folder):
        raise UnusableInput(f"{folder}：这里没有未完成的采集；请去掉 --resume 重新采集。")
    path = folder / (INDEX + PART)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT value FROM state WHERE name = 'settings'").fetchone()
    except sqlite3.Error:
        row = None
    if row is None:
        raise UnusableInput(f"{folder}：未完成的采集还没有任何内容；请去掉 --resume 重新采集。")
    settings: dict[str, Any] = json.loads(row[0])
    return settings


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
