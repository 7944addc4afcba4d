"""Serves a drawn site on loopback, with TLS where asked for, and lets a crawl find it under its own name.

Connections are kept open: a crawl of a hundred pages makes one handshake.
"""

from __future__ import annotations

import json
import os
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sites.maker.draw import Answer, Drawn
from wire.test_tls import Pair, made, server_context

_HOOK = Path(__file__).with_name("hook")
_HOST = "127.0.0.1"
_CLOSED = 1  # a port on which nothing listens


@contextmanager
def serving(drawn: Drawn, folder: Path, root: Pair) -> Iterator[None]:
    """Serve over http and https; crawls that begin in the block reach the site by its host name.

    ``root`` signs the certificate and is the only one that those crawls trust. All other hosts are one server that has
    every page, but for paths with ``gone`` (404) and ``forbidden`` (403). ``info`` says whether the site has no https
    (``no_https``) and no IPv6 address (``no_ipv6``).
    """
    info = drawn.made.info
    host = str(info["host"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "roots.pem").write_bytes(_pem(root))
    context = server_context(made(host, root), folder)
    with ExitStack() as stack:
        own, others = partial(_own, drawn), _elsewhere
        ports = {80: stack.enter_context(_listening(own, None)), 443: _CLOSED}
        if not info.get("no_https"):
            ports[443] = stack.enter_context(_listening(own, context))
        away = {
            80: stack.enter_context(_listening(others, None)),
            443: stack.enter_context(_listening(others, context)),
        }
        job = folder / "names.json"
        job.write_text(json.dumps({"host": host, "own": ports, "others": away, "six": not info.get("no_ipv6")}))
        environment = {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(_HOOK), os.environ.get("PYTHONPATH", "")])),
            "DUWANG_TEST_NAMES": str(job),
            "SSL_CERT_FILE": str(folder / "roots.pem"),
            "SSL_CERT_DIR": str(folder / "none"),
        }
        stack.enter_context(patch.dict(os.environ, environment))
        yield


def _own(drawn: Drawn, path: str) -> Answer:
    """What the site answers; the search page answers every question, and one page stands before all ways out."""
    bare = path.partition("?")[0]
    asked = bare if bare in (drawn.made.info["search"], drawn.made.info["leave"]) else path
    return drawn.answers.get(asked, drawn.missing)


def _elsewhere(path: str) -> Answer:
    """What every other host answers."""
    if path == "/robots.txt" or "gone" in path:
        return Answer(b"", status=404)
    return Answer(b"", status=403) if "forbidden" in path else Answer(b"<html><body>...</body></html>")


def _pem(root: Pair) -> bytes:
    from cryptography.hazmat.primitives import serialization

    return root.certificate.public_bytes(serialization.Encoding.PEM)


class _Quiet(ThreadingHTTPServer):
    """Says nothing of lines that the crawl drops."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def _listening(answer_to: Callable[[str], Answer], context: ssl.SSLContext | None) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            answer = answer_to(self.path)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            return

    server = _Quiet((_HOST, 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
