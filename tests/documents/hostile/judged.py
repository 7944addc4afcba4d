"""Runs the corpus in child processes and names every case that a user would have to complain about."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[3]
_MEGABYTES = 1000
_SECONDS = 10.0
_LINE = 300  # characters of one clear line


def run(*, heavy: bool, word: str = "") -> list[dict[str, Any]]:
    """What came of every case: ``documents.hostile.child`` says of what shape."""
    paths = os.pathsep.join(map(str, (_ROOT, _ROOT / "tests")))
    # One process for what is recognised, one for the rest: each begins by making the corpus.
    shares = [(0, 1, 1), (0, 1, 0)]
    children = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "documents.hostile.child",
                *map(str, (*share, int(heavy))),
                *([word] if word else []),
            ],
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for share in shares
    ]
    found = []
    for child in children:
        said, aside = child.communicate(timeout=1800)
        found += [json.loads(line) for line in said.splitlines()]
        if aside:  # warnings of libraries are nothing that a user should see
            found.append({"case": "beside the results", "what": "warned", "lines": [aside]})
        if child.returncode:
            after = found[-1]["case"] if found else "the beginning"
            found.append({"case": f"after {after}", "what": f"ended with {child.returncode}", "lines": []})
    return found


def faults(result: dict[str, Any]) -> list[str]:
    """What is wrong with the outcome of a case, each fault in a few words."""
    lines: list[str] = result["lines"]
    if result["what"] not in ("read", "refused"):
        return [f"{result['what']}: {lines[0][-1500:] if lines else ''}"]
    found = []
    if result["seconds"] > _SECONDS:
        found.append(f"took {result['seconds']} s")
    if result["megabytes"] > _MEGABYTES:
        found.append(f"took {result['megabytes']} MB")
    if result["says"] and not any(result["says"] in line for line in lines):
        found.append(f"{result['says']} is not said: {lines}")
    if any(not line.isprintable() or len(line) > _LINE for line in lines):
        found.append(f"says what is no clear line: {lines}")
    if result["what"] == "refused":
        line = lines[0]
        if not (line.startswith(f"{result['file']}：") and "；请" in line and line.endswith("。")):
            found.append(f"refused without name, reason and remedy: {line}")
    return found
