"""Serves a made site on 127.0.0.1 from a process of its own: raw protocol, keep-alive, validators, counters.

``python -m benchmarks.site_server --pages 3000`` prints ``{"port": …}``; each line on its standard input is answered
with the counters so far as one JSON line; the end of its input ends it. ``serving`` does all that for the caller.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.site_maker import Bureau, Spot

ROOT = Path(__file__).resolve().parent.parent
MAX_HEAD = 65_536
ROBOTS = b"User-agent: *\nDisallow: /search\nDisallow: /admin/\n"
PHRASES = {200: "OK", 304: "Not Modified", 404: "Not Found", 405: "Method Not Allowed"}


@dataclass
class Counts:
    """What the server was asked for and gave: ``bytes`` on the wire; ``bodies`` of pages and of articles alone."""

    requests: int = 0
    bytes: int = 0
    bodies: int = 0
    body_bytes: int = 0
    article_bodies: int = 0
    article_bytes: int = 0
    unchanged: int = 0
    unknown: int = 0

    def since(self, earlier: Counts) -> Counts:
        before = asdict(earlier)
        return Counts(**{name: number - before[name] for name, number in asdict(self).items()})


class Files:
    """The pages of a site as a web server has them: written once, before anybody asks.

    They stand in one file without a name. Made anew for each request they would cost the server as much as a crawl
    spends on a page, on the core beside it.
    """

    def __init__(self, bureau: Bureau) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # it lives as long as the server
        self._places: dict[Spot, tuple[int, int]] = {}
        end = 0
        for path in bureau.paths():
            spot = bureau.find(path)
            if spot is not None and spot not in self._places:
                body = bureau.render(spot)
                self._file.write(body)
                self._places[spot] = (end, len(body))
                end += len(body)
        self._file.flush()

    def read(self, spot: Spot) -> bytes:
        offset, size = self._places[spot]
        return os.pread(self._file.fileno(), size, offset)


class Serving(asyncio.Protocol):
    """One connection; requests are answered in their order."""

    def __init__(self, bureau: Bureau, files: Files, counts: Counts) -> None:
        self._bureau = bureau
        self._files = files
        self._counts = counts
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's by type.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._transport is None:
            return
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                break
            self._buffer = rest
            self._answer(self._transport, head.decode("latin-1"))
        if len(self._buffer) > MAX_HEAD:
            self._transport.close()

    def _answer(self, transport: asyncio.Transport, head: str) -> None:
        first, *lines = head.split("\r\n")
        method, _, target = first.rpartition(" ")[0].partition(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status, fields, body = self._choose(method, target, headers)
        fields["Content-Length"] = str(len(body))
        if status == 304:
            del fields["Content-Length"]
        lines = [f"HTTP/1.1 {status} {PHRASES[status]}", *(f"{name}: {value}" for name, value in fields.items())]
        data = "\r\n".join([*lines, "", ""]).encode("latin-1")
        if method != "HEAD":
            data += body
        self._counts.requests += 1
        self._counts.bytes += len(data)
        transport.write(data)
        if headers.get("connection", "").lower() == "close":
            transport.close()

    def _choose(self, method: str, target: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, header fields and body."""
        if method not in ("GET", "HEAD"):
            return 405, {"Allow": "GET, HEAD"}, b""
        if target == "/robots.txt":
            return 200, {"Content-Type": "text/plain"}, ROBOTS
        counts = self._counts
        spot = self._bureau.find(target)
        if spot is None:
            counts.unknown += 1
            return 404, {"Content-Type": "text/html"}, "<html><body><h1>页面不存在</h1></body></html>".encode()
        changed = datetime.combine(self._bureau.changed_on(spot), time(1), UTC)
        fields = {"ETag": _etag(spot), "Last-Modified": format_datetime(changed, usegmt=True)}
        if _is_fresh(headers, fields["ETag"], changed):
            counts.unchanged += 1
            return 304, fields, b""
        # The charset stands in the page alone, as on most bureau sites.
        fields["Content-Type"] = "text/html"
        body = self._files.read(spot)
        if method == "GET":
            counts.bodies += 1
            counts.body_bytes += len(body)
            if spot.kind == "article":
                counts.article_bodies += 1
                counts.article_bytes += len(body)
        return 200, fields, body


def _etag(spot: Spot) -> str:
    return f'"{spot.kind}-{spot.column:x}-{spot.number:x}"'


def _is_fresh(headers: dict[str, str], etag: str, changed: datetime) -> bool:
    """RFC 9110, 13.2.2: where there is a tag, the date does not count."""
    if "if-none-match" in headers:
        tags = [tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")]
        return etag in tags or "*" in tags
    if "if-modified-since" in headers:
        try:
            return changed <= parsedate_to_datetime(headers["if-modified-since"])
        except (ValueError, TypeError):
            return False
    return False


async def serve(pages: int) -> None:
    """Serve until the standard input ends."""
    loop = asyncio.get_running_loop()
    bureau, counts = Bureau(pages), Counts()
    files = Files(bureau)
    server = await loop.create_server(lambda: Serving(bureau, files, counts), "127.0.0.1", 0)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    _print({"port": server.sockets[0].getsockname()[1]})
    while await orders.readline():
        _print(asdict(counts))
    server.close()


def _print(message: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Server:
    """The running server, seen from the process that started it."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self.home = f"http://127.0.0.1:{self._read()['port']}/"

    def counts(self) -> Counts:
        if self._child.stdin is None:
            raise RuntimeError("server without pipes")
        self._child.stdin.write("\n")
        self._child.stdin.flush()
        return Counts(**self._read())

    def _read(self) -> dict[str, int]:
        line = self._child.stdout.readline() if self._child.stdout else ""
        if not line:
            raise RuntimeError("the site server has ended")
        answer: dict[str, int] = json.loads(line)
        return answer


@contextmanager
def serving(pages: int) -> Iterator[Server]:
    """A site of ``pages`` pages, served until the block ends."""
    command = [sys.executable, "-m", "benchmarks.site_server", "--pages", str(pages)]
    # In a session of its own: Ctrl-C is for the benchmark, which ends the server by closing its input.
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        try:
            yield Server(child)
        finally:
            if child.stdin:
                child.stdin.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve a made bureau site on 127.0.0.1.")
    parser.add_argument("--pages", type=int, default=3000)
    uvloop.run(serve(parser.parse_args().pages))


if __name__ == "__main__":
    main()
