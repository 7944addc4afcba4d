"""Python loads this first in the child process of a crawl where a test put this folder on the path.

The test's file says which names have which addresses (in turn, the last one stays) and which addresses count as public
ones. What was looked up, every address that was dialled, by whatever part of the program, and the peak memory stand
in a second file at the end. No other name is looked up, and nothing else is changed.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path
from typing import Any

import uvloop

from crawler import urls
from crawler.words import load

FILE = Path(os.environ["DUWANG_TEST_CHILD"])
JOB: dict[str, Any] = json.loads(FILE.read_text())
TOLD: dict[str, Any] = {"dialled": [], "looked_up": []}


def getaddrinfo(host: str, port: int, family: int = 0, **more: Any) -> list[Any]:
    TOLD["looked_up"].append(host)
    answers = JOB["names"].get(host)
    if answers is None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown name")
    answer: list[str] = answers.pop(0) if len(answers) > 1 else answers[0]
    kinds = [(socket.AF_INET6 if ":" in address else socket.AF_INET, address) for address in answer]
    found = [(kind, socket.SOCK_STREAM, 6, "", (address, port)) for kind, address in kinds if family in (0, kind)]
    if not found:
        raise socket.gaierror(socket.EAI_NODATA, "no address of this family")
    return found


def watch(loop: Any) -> None:
    dial = loop.create_connection

    async def noted(self: Any, factory: Any, host: str, port: int, **more: Any) -> Any:
        TOLD["dialled"].append(f"{host}:{port}")
        return await dial(self, factory, host, port, **more)

    loop.create_connection = noted


def tell(status_of_exit: int) -> None:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    TOLD["megabytes"] = int(status["VmHWM"].split()[0]) // 1024
    FILE.with_suffix(".told").write_text(json.dumps(TOLD))
    leave(status_of_exit)


really_public = urls.is_public
urls.is_public = lambda address: address in JOB["public"] or really_public(address)
socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]
load("wire")["limits"].update(JOB["wire"])
for kind in (uvloop.Loop, asyncio.BaseEventLoop):
    watch(kind)
leave = os._exit
os._exit = tell  # type: ignore[assignment]
