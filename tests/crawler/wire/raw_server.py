"""A server on a loopback address that speaks bytes, not HTTP: every path answers with what its script sends."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

# A script gets the open socket; True asks the server to read another request from the same connection.
Script = Callable[[socket.socket], bool | None]


@dataclass
class RawServer:
    """``port`` it listens on, ``asked`` the request lines in order, ``heads`` the whole request heads,
    ``connections`` how many were accepted."""

    port: int
    scripts: dict[str, Script]
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [line.split(" ")[1] for line in self.asked]


@contextmanager
def raw_serving(
    scripts: dict[str, Script], context: ssl.SSLContext | None = None, *, address: str = "127.0.0.1", port: int = 0
) -> Iterator[RawServer]:
    """Serve until the block ends; with ``context`` over TLS."""
    listener = socket.create_server((address, port), backlog=64)
    server = RawServer(listener.getsockname()[1], scripts)
    stopped = threading.Event()

    def serve(line: socket.socket) -> None:
        with suppress(OSError), line:
            # Nothing in a test may hang for longer than this, whatever the client does.
            line.settimeout(20)
            spoken = context.wrap_socket(line, server_side=True) if context else line
            with spoken:
                while not stopped.is_set() and _answer(server, spoken):
                    pass

    def accept() -> None:
        while not stopped.is_set():
            with suppress(OSError):
                line, _ = listener.accept()
                server.connections += 1
                threading.Thread(target=serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        stopped.set()
        listener.close()


def _answer(server: RawServer, line: socket.socket) -> bool:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = line.recv(65536)
        if not piece:
            return False
        head += piece
    request = head.partition(b"\r\n")[0].decode("latin-1")
    server.asked.append(request)
    server.heads.append(head)
    script = server.scripts.get(request.split(" ")[1], send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
    return bool(script(line))


def send(*pieces: bytes, keep: bool = False) -> Script:
    """Send the pieces one by one; ``keep`` leaves the connection open for another request."""

    def script(line: socket.socket) -> bool:
        for piece in pieces:
            line.sendall(piece)
        return keep

    return script


def send_and_hold(answer: bytes, seconds: float = 15) -> Script:
    """Send, then keep the connection open without a word until the client hangs up."""

    def script(line: socket.socket) -> bool:
        line.sendall(answer)
        line.settimeout(seconds)
        line.recv(1)
        return False

    return script


def send_and_reset(answer: bytes) -> Script:
    """Send, then cut the connection with a reset instead of an orderly end."""

    def script(line: socket.socket) -> bool:
        line.sendall(answer)
        threading.Event().wait(0.1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
        return False

    return script


def drip(start: bytes, piece: bytes, pause: float, times: int) -> Script:
    """Send ``start``, then ``piece`` again and again with a pause in between."""

    def script(line: socket.socket) -> bool:
        line.sendall(start)
        for _ in range(times):
            line.sendall(piece)
            if pause:
                threading.Event().wait(pause)
        return False

    return script
