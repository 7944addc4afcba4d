"""Run requests through the crawler's download handler in a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]


@dataclass
class Asked:
    """``found``: what became of each request, in order; ``megabytes``: peak memory of the whole crawl; ``errors``: what
    it complained about."""

    found: list[dict[str, Any]]
    megabytes: int
    errors: str

    @property
    def outcomes(self) -> list[str]:
        return [one["outcome"] for one in self.found]


def ask(
    *requests: str | dict[str, Any],
    names: dict[str, list[list[str]]] | None = None,
    public: list[str] | None = None,
    limits: dict[str, Any] | None = None,
    environment: dict[str, str] | None = None,
    **settings: Any,
) -> Asked:
    """Ask for each address (or request as a dict) in order.

    ``names``: what look-ups of a name give, one after another; ``public``: addresses taken for public ones; ``limits``:
    replace those of ``wire.yaml``.
    """
    job = {
        "requests": [{"url": one} if isinstance(one, str) else one for one in requests],
        "names": names or {},
        "public": public or [],
        "limits": limits or {},
        "settings": {"DOWNLOAD_TIMEOUT": 5, "DNS_TIMEOUT": 1, "DOWNLOAD_MAXSIZE": 1_000_000} | settings,
    }
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("child.py"))],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": str(_ROOT)} | (environment or {}),
    )
    assert run.returncode == 0, run.stderr[-3000:]
    told = json.loads(run.stdout)
    assert len(told["found"]) == len(requests), run.stderr[-3000:]
    return Asked(told["found"], told["megabytes"], run.stderr)
