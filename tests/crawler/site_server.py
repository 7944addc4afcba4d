"""A web site on 127.0.0.1 for one test: answers from a table, and a log of what was asked for.

GET is answered by the whole path with its query, POST by ``"POST "`` and the path without it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """One answer. ``script`` writes the raw answer itself (slow, endless, broken ones); ``reply`` makes the body from
    query and form (of a POST), "" where it has none for them (404)."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    script: Callable[[BaseHTTPRequestHandler], None] | None = None
    reply: Callable[[str, str], bytes | str] | None = None


@dataclass
class Server:
    """``url`` ends with a slash; ``asked`` holds every path in order (``POST /path`` for a POST); ``posted`` the paths
    and forms of the POSTs; ``agents`` the user agents seen."""

    url: str
    pages: dict[str, Answer]
    asked: list[str] = field(default_factory=list)
    posted: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    times: list[float] = field(default_factory=list)

    def add(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Answer(body, status, named)

    def go(self, path: str, to: str, status: int = 302) -> None:
        self.add(path, b"", status, Location=to)

    def reply(self, path: str, make: Callable[[str, str], bytes | str], **headers: str) -> None:
        """Answers to POSTs to ``path``, made from query and form."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[f"POST {path}"] = Answer(headers=named, reply=make)

    def run(self, path: str, script: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.pages[path] = Answer(script=script)


@contextmanager
def serving() -> Iterator[Server]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            server.agents.add(self.headers.get("User-Agent", ""))
            server.times.append(time.monotonic())
            answer = server.pages.get(self.path, Answer("没有这个页面", 404))
            try:
                if answer.script:
                    answer.script(self)
                else:
                    self._send(answer)
            except OSError:
                self.close_connection = True

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
            server.asked.append(f"POST {self.path}")
            server.posted.append((self.path, form))
            server.agents.add(self.headers.get("User-Agent", ""))
            server.times.append(time.monotonic())
            path, _, query = self.path.partition("?")
            answer = server.pages.get(f"POST {path}", Answer("没有这个页面", 404))
            try:
                if answer.reply:
                    body = answer.reply(query, form)
                    answer = Answer(body, headers=answer.headers) if body else Answer("没有这个页面", 404)
                self._send(answer)
            except OSError:
                self.close_connection = True

        def _send(self, answer: Answer) -> None:
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))} | answer.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    server = Server(f"http://127.0.0.1:{listener.server_address[1]}/", {})
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()


def page(*links: str | tuple[str, str], title: str = "页面", head: str = "", text: str = "") -> str:
    """A small page; a link is an address or (address, text)."""
    pairs = [(link, link) if isinstance(link, str) else link for link in links]
    anchors = "".join(f'<p><a href="{href}">{label}</a></p>' for href, label in pairs)
    body = f"<h1>{title}</h1>{anchors}<p>{text or title + '的正文。'}</p>"
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
