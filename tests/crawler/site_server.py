"""A web site on 127.0.0.1 for one test: answers from a table, and a log of what was asked for.

GET is answered by the whole path with its query, POST by ``"POST "`` and the path without it. HEAD is answered by
``"HEAD "`` and the path where the table has that, else refused with 501; it stands in the log only.
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
    query and form (of a POST), "" where it has none for them (404); ``turns`` are given one after another, the last one
    for ever."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    script: Callable[[BaseHTTPRequestHandler], None] | None = None
    reply: Callable[[str, str], bytes | str] | None = None
    turns: list[Answer] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it; ``at`` in monotonic seconds, ``headers`` by lower-case name."""

    method: str
    path: str
    at: float
    headers: dict[str, str]


@dataclass
class Server:
    """``url`` ends with a slash; ``asked`` holds every path in order (``POST /path`` for a POST); ``posted`` the paths
    and forms of the POSTs; ``agents`` the user agents seen. ``log`` holds every request, those by HEAD too,
    ``most_at_once`` how many were under way together. Every answer takes ``pause`` seconds. ``otherwise`` makes the
    page of a path that the table does not have, "" where there is none either."""

    url: str
    pages: dict[str, Answer]
    pause: float = 0.0
    otherwise: Callable[[str], str] = lambda path: ""
    log: list[Seen] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
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

    def in_turn(self, path: str, *answers: Answer) -> None:
        self.pages[path] = Answer(turns=list(answers))

    def run(self, path: str, script: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.pages[path] = Answer(script=script)


@contextmanager
def serving(address: str = "127.0.0.1", name: str = "") -> Iterator[Server]:
    """Serve until the block ends; ``name`` is the host name in ``url``."""
    counting = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.under_way = False
            try:
                super().handle_one_request()
            finally:
                self._over()

        def parse_request(self) -> bool:
            if not super().parse_request():
                return False
            headers = {header.lower(): value for header, value in self.headers.items()}
            with counting:
                self.under_way = True
                server.at_once += 1
                server.most_at_once = max(server.most_at_once, server.at_once)
                server.log.append(Seen(self.command, self.path, time.monotonic(), headers))
            time.sleep(server.pause)
            return True

        def _over(self) -> None:
            """Before the last byte goes out: the next request may come before this thread is on again."""
            with counting:
                server.at_once -= self.under_way
                self.under_way = False

        def do_HEAD(self) -> None:
            answer = server.pages.get(f"HEAD {self.path}", Answer(status=501))
            self._send(Answer(b"", answer.status, answer.headers))

        def do_GET(self) -> None:
            server.asked.append(self.path)
            server.agents.add(self.headers.get("User-Agent", ""))
            server.times.append(time.monotonic())
            answer = server.pages.get(self.path) or _made(server.otherwise(self.path))
            if answer.turns:
                answer = answer.turns.pop(0) if len(answer.turns) > 1 else answer.turns[0]
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
            answer = server.pages.get(f"POST {path}", _made(""))
            try:
                if answer.reply:
                    body = answer.reply(query, form)
                    answer = _made(body, answer.headers)
                self._send(answer)
            except OSError:
                self.close_connection = True

        def _send(self, answer: Answer) -> None:
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))} | answer.headers
            for header, value in headers.items():
                self.send_header(header, value)
            self._over()
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    listener = ThreadingHTTPServer((address, 0), Handler)
    listener.daemon_threads = True
    server = Server(f"http://{name or address}:{listener.server_address[1]}/", {})
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()


def _made(body: bytes | str, headers: dict[str, str] | None = None) -> Answer:
    """The answer with a body that was made for the request, 404 where there is none."""
    return Answer(body, headers=headers or {}) if body else Answer("没有这个页面", 404)


def page(*links: str | tuple[str, str], title: str = "页面", head: str = "", text: str = "") -> str:
    """A small page; a link is an address or (address, text)."""
    pairs = [(link, link) if isinstance(link, str) else link for link in links]
    anchors = "".join(f'<p><a href="{href}">{label}</a></p>' for href, label in pairs)
    body = f"<h1>{title}</h1>{anchors}<p>{text or title + '的正文。'}</p>"
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
