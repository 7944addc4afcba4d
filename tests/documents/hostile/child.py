"""Reads a share of the corpus and says, one line of JSON each, what came of it, in what time and memory.

``python -m documents.hostile.child SHARE OF RECOGNISE HEAVY [WORD]``: every OF-th case from SHARE on. RECOGNISE 1:
those read with recognition, 0: the others; HEAVY 1: those that take long, too. WORD: those with it in their name.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
import traceback
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from documents.hostile.cases import Case, all_cases, sound
from support import judge

from crawler.errors import UnusableInput
from crawler.evidence import Document
from crawler.readers.packed import read_all
from scoring.annual_report import AnnualReport, Options

# A file that took more than this would end the child, not the machine.
_ADDRESS_SPACE = 6 << 30
_TOO_LONG = 50  # seconds of the processor after which a file is given up


class TooLong(BaseException):
    """No reader catches it; its traceback says where time went."""


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TooLong


def outcome(case: Case, body: bytes) -> tuple[str, list[str]]:
    """``read``, ``refused`` or ``crashed``, and every line that a user would be shown."""
    try:
        documents, lines = read_all(body, uri=f"file:///tmp/{case.file}", record="hostile")
        lines += [note for document in documents for note in document.notes]
        for document in documents:
            judged = judge(AnnualReport(document, Options()))
            for broken in judged.unchecked:
                if broken.outcome == "error":
                    return "crashed", [f"{broken.rule}: {broken.reason}"]
        if case.like and not lines and said_by(documents) != _sound(case.like):
            return "lost text", [f"without a word, reads {said_by(documents)}"]
    except UnusableInput as error:
        return "refused", [str(error)]
    except BaseException:
        return "crashed", [traceback.format_exc()]
    return "read", lines


def said_by(documents: list[Document]) -> list[str]:
    return [block.text for document in documents for block in document.blocks]


@cache
def _sound(ending: str) -> list[str]:
    """What the sound document of a format says."""
    return said_by(read_all(sound()[ending], uri=f"file:///tmp/a.{ending}")[0])


def measured(case: Case) -> dict[str, Any]:
    body = case.make()
    # The peak of this process begins anew (proc(5), clear_refs).
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    held = _kilobytes("VmRSS:")
    wall, before = time.perf_counter(), os.times()
    signal.setitimer(signal.ITIMER_PROF, _TOO_LONG)
    what, lines = outcome(case, body)
    signal.setitimer(signal.ITIMER_PROF, 0)
    wall, after = time.perf_counter() - wall, os.times()
    spent = sum(after[:4]) - sum(before[:4])
    # What the corpus itself takes is no fault of the readers; a process of theirs begins with it too.
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    grown = max(_kilobytes("VmHWM:"), below) - held
    return {
        "case": case.name, "what": what, "lines": lines, "says": case.says, "file": case.file,
        # On a busy machine a file waits; with several cores it is worked on more than once a second.
        "seconds": round(min(wall, spent), 2), "wall": round(wall, 2), "megabytes": grown // 1024,
    }  # fmt: skip


def _kilobytes(field: str) -> int:
    """A line of ``/proc/self/status``."""
    return int(Path("/proc/self/status").read_text("ascii").partition(field)[2].split()[0])


def main() -> None:
    share, of, recognise, heavy = map(int, sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    # Old Word files go to LibreOffice, which other tests start.
    os.environ["DUWANG_SOFFICE"] = "/nowhere/soffice"
    if not recognise:
        sys.modules["onnxruntime"] = None  # type: ignore[assignment]
    # Time of the processor: a busy machine does not use it up.
    signal.signal(signal.SIGPROF, _too_long)
    chosen = [case for case in all_cases() if case.recognise == bool(recognise) and case.heavy <= heavy]
    if len(sys.argv) > 5:
        chosen = [case for case in chosen if sys.argv[5] in case.name]
    for case in chosen[share::of]:
        print(json.dumps(measured(case), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
