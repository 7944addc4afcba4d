"""Connections: one at a time to each host, used again while the server lets us."""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import NamedTuple, cast

from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from crawler.crawl.refused import Refused
from crawler.crawl.wire.addresses import connectable, look_up
from crawler.crawl.wire.answers import AnswerReader
from crawler.crawl.wire.tls import Contexts, certificate_fault
from crawler.words import load


class Stale(Exception):
    """A connection used before was gone before a byte of the answer came: the request is worth a fresh one."""


class Line(asyncio.Protocol):
    """One connection; ``ask`` sends one request and waits for its answer."""

    def __init__(self) -> None:
        self.open = False
        self.quiet_since = 0.0
        self._used = False
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._waiting: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.open = True

    def fact(self, name: str) -> object:
        """What the transport knows about itself (``peername``, ``ssl_object``…)."""
        return self._transport.get_extra_info(name) if self._transport else None

    async def ask(self, request: bytes, reader: AnswerReader) -> None:
        """Send ``request``; return when ``reader`` has its answer.

        Raises Stale, DownloadFailedError (cut before any answer), and what the reader raises.
        """
        self._reader = reader
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            if not self.open or self._transport is None:
                raise Stale
            self._transport.write(request)
            await self._waiting
        finally:
            self._reader = self._waiting = None
            self._used = True
            self.quiet_since = time.monotonic()
        if reader.answer is None or not reader.answer.keep:
            self.drop()

    def drop(self) -> None:
        """End the connection at once; waiting for a TLS farewell is not worth it."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._reader is None or self._waiting is None or self._waiting.done():
            # Nobody asked for this: whatever it answers, it is not our next request.
            self.drop()
            return
        try:
            if self._reader.feed(data):
                self._waiting.set_result(None)
        except Exception as error:
            self._waiting.set_exception(error)
            self.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._reader is None or self._waiting is None or self._waiting.done():
            return
        try:
            if not self._reader.started:
                raise Stale if self._used else _silent(exc)
            if exc is not None:
                raise ResponseDataLossError(str(exc)) from exc
            self._reader.end()
            self._waiting.set_result(None)
        except Exception as error:
            self._waiting.set_exception(error)


def _silent(exc: Exception | None) -> Exception:
    """An orderly end without a byte is a broken answer; anything else is a network that does not work."""
    return DownloadFailedError(str(exc)) if exc else ResponseDataLossError("no answer at all")


class Rules(NamedTuple):
    """What holds for all hosts of a crawl; ``dns_seconds`` bounds one look-up of a name."""

    contexts: Contexts
    public_only: bool
    dns_seconds: float


class Host:
    """One server (scheme, host name, port): its connection, where it is, and what its certificate is worth.

    With ``six`` only its IPv6 addresses are tried.

    ``certificate``: ``""`` before the first TLS connection, then ``verified``, ``unchecked`` (no root certificates
    here) or a fault of `certificate_fault`.
    """

    def __init__(self, scheme: str, name: str, port: int, rules: Rules, *, six: bool = False) -> None:
        self.secure = scheme == "https"
        self.certificate = ""
        self.lock = asyncio.Lock()
        self._name = name
        self._port = port
        self._rules = rules
        self._six = six
        self._line: Line | None = None
        self._addresses: list[str] = []
        self._looked_up = 0.0
        self._limits = load("wire")["limits"]

    async def line(self) -> Line:
        """The open connection where there is one, else a fresh one.

        Raises Refused, CannotResolveHostError, DownloadConnectionRefusedError, DownloadTimeoutError,
        DownloadFailedError.
        """
        line = self._line
        if line and line.open and time.monotonic() - line.quiet_since < self._limits["idle_seconds"]:
            return line
        self.drop()
        self._line = await self._connect()
        return self._line

    def drop(self) -> None:
        """End the connection, if there is one."""
        if self._line is not None:
            self._line.drop()
            self._line = None

    async def _connect(self) -> Line:
        failures: list[Exception] = []
        for address in await self._where():
            try:
                return await self._open(address)
            except (OSError, RuntimeError, ValueError) as error:
                # uvloop raises RuntimeError for some addresses, ssl ValueError for some names.
                failures.append(error)
        # The name may have moved.
        self._addresses = []
        told = "; ".join(map(str, failures))
        if all(isinstance(failure, ConnectionRefusedError) for failure in failures):
            raise DownloadConnectionRefusedError(told)
        if any(isinstance(failure, TimeoutError) for failure in failures):
            raise DownloadTimeoutError(told)
        raise DownloadFailedError(told) from next((one for one in failures if isinstance(one, OSError)), None)

    async def _where(self) -> list[str]:
        if not self._addresses or time.monotonic() - self._looked_up > self._limits["names_seconds"]:
            rules = self._rules
            self._addresses = await look_up(
                self._name, self._port, public_only=rules.public_only, seconds=rules.dns_seconds, six=self._six
            )
            self._looked_up = time.monotonic()
        return self._addresses

    async def _open(self, address: str) -> Line:
        contexts = self._rules.contexts
        if not self.secure:
            return await self._dial(address, None)
        if not self.certificate and not contexts.can_verify:
            self.certificate = "unchecked"
        if self.certificate in ("", "verified"):
            try:
                line = await self._dial(address, contexts.verifying)
                self.certificate = "verified"
                return line
            except ssl.SSLCertVerificationError as error:
                self.certificate = certificate_fault(error)
        return await self._dial(address, contexts.trusting)

    async def _dial(self, address: str, context: ssl.SSLContext | None) -> Line:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._limits["connect_seconds"]):
            # The literal address, so that no second look-up can lead elsewhere.
            _, line = await loop.create_connection(
                Line, address, self._port, ssl=context, server_hostname=self._name if context else None
            )
        peer = line.fact("peername")
        reached = str(peer[0]) if isinstance(peer, tuple) else ""
        if self._rules.public_only and not connectable(reached):
            line.drop()
            raise Refused("private-address")
        return line
