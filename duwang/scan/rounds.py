"""The folder of a scan: one folder for each round, named by its month or day, and what a round notes of itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from crawler.errors import UnusableInput
from crawler.words import load
from duwang.audit import INSPECTION
from reports.errors import ReportError, system_reason
from reports.files import write_whole

NAME = "scan.json"
STORE = "store.sqlite"
_LOCK = ".lock"
_PERIOD = re.compile(r"\d{4}-\d\d(-\d\d)?")


@dataclass(frozen=True, slots=True)
class State:
    """How far a round came. ``ledger`` is the digest of the ledger as it was written, "" before that."""

    finished: bool = False
    ledger: str = ""


def period_of(stated: str | None, on: date) -> str:
    """The name of a round: a month or a day (``day``: that of judging); UnusableInput for anything else."""
    if stated is None:
        return f"{on:%Y-%m}"
    if stated == "day":
        return on.isoformat()
    try:
        if not _PERIOD.fullmatch(stated):
            raise ValueError
        date.fromisoformat(stated if len(stated) > 7 else f"{stated}-01")
    except ValueError:
        raise UnusableInput(f"--period {stated} 不可用；请写成 2026-11 或 2026-11-23 的形式。") from None
    return stated


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold the folder for one scan; UnusableInput while another one is running there. Ends with the process."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        # What a scan that was killed had begun may take a moment to end.
        lock = FileLock(out / _LOCK, timeout=load("crawl")["limits"]["lock_wait"])
        with lock:
            yield
    except Timeout:
        raise UnusableInput(f"{out}：另一个 duwang scan 正在这个文件夹中运行；请等它结束，或换一个文件夹。") from None


def earlier(out: Path, period: str) -> list[Path]:
    """The folders of earlier rounds that hold results, the newest first."""
    named = (path for path in out.iterdir() if path.is_dir() and _PERIOD.fullmatch(path.name) and path.name < period)
    return sorted((path for path in named if any(path.glob(f"*/{INSPECTION}"))), reverse=True)


def state_of(folder: Path) -> State:
    """What a round notes of itself; that of a new one where there is nothing. UnusableInput where it is not ours."""
    path = folder / NAME
    if not path.exists():
        return State()
    try:
        content = json.loads(path.read_bytes())
        return State(bool(content["finished"]), str(content["ledger"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UnusableInput(f"{path}：不是本程序写的进度文件；请删去后重试。") from None


def note(folder: Path, state: State) -> None:
    write_whole(folder / NAME, (json.dumps(asdict(state)) + "\n").encode())


def digest_of(path: Path) -> str:
    """SHA-256 of a file, "" where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError as error:
        raise ReportError(f"{path}：{system_reason(error)}。请检查路径和权限。") from error
