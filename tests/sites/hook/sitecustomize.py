"""Python loads this first in the child process of a crawl: every host name leads to a server on loopback.

The test's file names the site's own host, whether it has an IPv6 address too, and for the own host and for all others
the ports that stand behind the usual ones. No other machine is reached, and no name server is asked.
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

JOB: dict[str, Any] = json.loads(Path(os.environ["DUWANG_TEST_NAMES"]).read_text())
_LOOPBACK = "127.0.0.1"
# Addresses that the names have; behind all of them is the loopback one.
_OWN, _OWN_SIX, _OTHER = "61.178.0.10", "2408:8000::10", "61.178.0.20"
_PORTS = {_OWN: JOB["own"], _OWN_SIX: JOB["own"], _OTHER: JOB["others"]}


def getaddrinfo(host: str, port: int, family: int = 0, *rest: Any, **more: Any) -> list[Any]:
    if host.endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "unknown name")
    own = host == JOB["host"]
    if family == socket.AF_INET6:
        if not (own and JOB["six"]):
            raise socket.gaierror(socket.EAI_NONAME, "no such record")
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (_OWN_SIX, port, 0, 0))]
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (_OWN if own else _OTHER, port))]


def lead(loop: Any) -> None:
    dial = loop.create_connection

    async def led(self: Any, factory: Any, host: str, port: int, **more: Any) -> Any:
        return await dial(self, factory, _LOOPBACK, _PORTS[host][str(port)], **more)

    loop.create_connection = led


really_public = urls.is_public
urls.is_public = lambda address: address == _LOOPBACK or really_public(address)
socket.getaddrinfo = getaddrinfo  # type: ignore[assignment]
for kind in (uvloop.Loop, asyncio.BaseEventLoop):
    lead(kind)

# A machine without IPv6 has no way there; here nothing leaves it anyway.
from crawler.crawl import survey  # noqa: E402

survey._has_route = lambda address, port: True
