"""Scrapy's download handler of the crawl: guarded addresses, bounded answers, forgiving reading, honest TLS.

Scrapy's experimental aiohttp handler fails on many answers of tests/crawler/wire, mostly inside aiohttp's parser,
where nothing can be set; so this one stands on asyncio itself and on Scrapy's public base class.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import time
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers, Response

from crawler.crawl.refused import Refused
from crawler.crawl.wire.answers import Answer, AnswerReader
from crawler.crawl.wire.encodings import decoded
from crawler.crawl.wire.lines import Host, Rules, Stale
from crawler.crawl.wire.tls import Contexts
from crawler.urls import DEFAULT_PORTS
from crawler.words import load

PUBLIC_ONLY = "DUWANG_PUBLIC_ONLY"

_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (IgnoreRequest, "robots"),
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadCancelledError, "too-large"),
    (ResponseDataLossError, "broken"),
    (DownloadFailedError, "network"),
    (TimeoutError, "timeout"),
    (OSError, "network"),
)
# Headers that the handler writes itself, or that must not leave this machine.
_OWN_HEADERS = frozenset((b"Host", b"Connection", b"Content-Length", b"Transfer-Encoding", b"Proxy-Authorization"))
# What must not stand in a request line.
_UNSEEN = re.compile(rb"[^\x21-\x7E]")


def reason_of(error: BaseException | None) -> str:
    """Outcome code of a request that failed: that of the error itself where it has one (`Refused`), else ``timeout``,
    ``dns``, ``refused``, ``broken``, ``too-large``, ``robots``, ``type``, ``network``; ``error`` is a fault of ours."""
    reason = getattr(error, "reason", None)
    if isinstance(error, IgnoreRequest) and isinstance(reason, str):
        return reason
    return next((code for kind, code in _REASONS if isinstance(error, kind)), "error")


def failure_of(error: BaseException) -> str:
    """The same of an address: without robots.txt for a plain reason (no such host, no answer), that is the reason."""
    return reason_of(error.__cause__ if isinstance(error, Refused) and error.__cause__ else error)


def location(response: Response) -> str:
    """Where an answer redirects to, as browsers take it: bytes outside of ASCII, in UTF-8 or GBK, stay the bytes that
    they are (percent-encoded). Relative or absolute; ``""`` without a Location."""
    return _visible(response.headers.get(b"Location") or b"")


class GuardedHandler(BaseDownloadHandler):
    """http and https, one connection to each host.

    Settings: ``DUWANG_PUBLIC_ONLY``, ``DOWNLOAD_TIMEOUT`` (seconds for the whole answer, look-up and connection
    included), ``DOWNLOAD_MAXSIZE`` (bytes, on the wire and unpacked), ``DNS_TIMEOUT``; the first three also as
    ``request.meta`` where Scrapy has a key for them. Proxies, cookies and redirects are none of its business.

    The address goes over the wire as it stands in ``request.url``. Content encodings are undone here (and
    Content-Encoding is left out then), so HttpCompressionMiddleware is not needed. ``request.meta`` may hold
    ``wanted``, a function of the Content-Type (``""`` without one) that says whether the body is downloaded; where
    it is not, the response has the flag ``download_stopped`` (Scrapy's own signal for this, ``headers_received``, costs
    some percent of a crawl); with ``six`` only IPv6 addresses are tried. Sets in ``request.meta``: ``download_latency``
    (seconds to the headers), ``seconds`` (to the last byte, connection included) and, over https, ``tls``:
    ``{"version": "TLSv1.2", "certificate": "verified"}`` (see `Host.certificate`).
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._most = settings.getint("DOWNLOAD_MAXSIZE")
        self._rules = Rules(Contexts(), settings.getbool(PUBLIC_ONLY), settings.getfloat("DNS_TIMEOUT"))
        self._hosts: dict[tuple[str, str, int, bool], Host] = {}
        self._accepted = load("wire")["accept_encoding"].encode()

    async def download_request(self, request: Request) -> Response:
        """One answer, whatever its status; raises what `reason_of` knows."""
        timeout = float(request.meta.get("download_timeout", self._timeout))
        parts = urlsplit(request.url)
        try:
            host = self._host(parts, bool(request.meta.get("six")))
        except ValueError as error:
            raise UnsupportedURLSchemeError(f"{request.url}: {error}") from error
        async with host.lock:
            try:
                async with asyncio.timeout(timeout):
                    return await self._exchange(request, parts, host)
            except TimeoutError as error:
                host.drop()
                raise DownloadTimeoutError(f"{request.url}: no whole answer within {timeout} seconds") from error
            except BaseException:
                host.drop()
                raise

    async def close(self) -> None:
        """End all connections."""
        for host in self._hosts.values():
            host.drop()

    def _host(self, parts: SplitResult, six: bool) -> Host:
        name = parts.hostname or ""
        if not name.isascii():
            name = name.encode("idna").decode("ascii")
        key = (parts.scheme, name, parts.port or DEFAULT_PORTS[parts.scheme], six)
        if not name:
            raise ValueError("no host")
        found = self._hosts.get(key)
        if found is None:
            found = self._hosts[key] = Host(*key[:3], self._rules, six=six)
        return found

    async def _exchange(self, request: Request, parts: SplitResult, host: Host) -> Response:
        started = time.monotonic()
        most = int(request.meta.get("download_maxsize", self._most))
        chosen: Callable[[str], bool] | None = request.meta.get("wanted")

        def wanted(answer: Answer) -> bool:
            request.meta["download_latency"] = time.monotonic() - started
            return chosen is None or chosen(answer.last(b"content-type"))

        message = self._message(request, parts)
        for attempt in range(2):
            line = await host.line()
            reader = AnswerReader(most, bodiless=request.method == "HEAD", wanted=wanted)
            try:
                await line.ask(message, reader)
                break
            except Stale as error:
                if attempt:
                    raise DownloadFailedError(f"{request.url}: the server hangs up") from error
        request.meta["seconds"] = time.monotonic() - started
        if reader.answer is None:
            raise ResponseDataLossError("no answer at all")
        if host.secure:
            version = getattr(line.fact("ssl_object"), "version", str)()
            request.meta["tls"] = {"version": version, "certificate": host.certificate}
        return _response(request, reader.answer, most, line.fact("peername"))

    def _message(self, request: Request, parts: SplitResult) -> bytes:
        """The request as bytes."""
        rest = request.url.partition("://")[2].partition("#")[0]
        target = rest[len(parts.netloc) :]
        target = target if target.startswith("/") else "/" + target
        lines = [f"{request.method} {_visible(target.encode())} HTTP/1.1".encode(), b"Host: " + _authority(parts)]
        headers = request.headers
        for name, values in headers.items():
            if name not in _OWN_HEADERS:
                lines += [name + b": " + value.translate(None, b"\r\n") for value in values]
        if b"Accept-Encoding" not in headers:
            lines.append(b"Accept-Encoding: " + self._accepted)
        if request.body or request.method == "POST":
            lines.append(b"Content-Length: %d" % len(request.body))
        return b"\r\n".join(lines) + b"\r\nConnection: keep-alive\r\n\r\n" + request.body


def _authority(parts: SplitResult) -> bytes:
    """Host and port for the Host header, without the user name that some links carry."""
    name = parts.netloc.rpartition("@")[2]
    return name.encode("ascii") if name.isascii() else name.encode("idna")


def _visible(address: bytes) -> str:
    """Every byte that must not stand in a request line percent-encoded, the rest as given."""
    return _UNSEEN.sub(lambda match: b"%%%02X" % match[0][0], address).decode("ascii")


@lru_cache(maxsize=64)
def _parsed(peer: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(peer.partition("%")[0])


def _response(request: Request, answer: Answer, most: int, peer: object) -> Response:
    headers = Headers(answer.headers)
    body = bytes(answer.body)
    if b"Content-Encoding" in headers:
        encodings = [value.decode("latin-1").lower() for value in answer.values(b"content-encoding")]
        body, left = decoded(body, encodings, most)
        if left:
            headers[b"Content-Encoding"] = ", ".join(left)
        else:
            del headers[b"Content-Encoding"]
    return Response(
        request.url,
        status=answer.status,
        headers=headers,
        body=body,
        flags=["download_stopped"] if answer.stopped else None,
        ip_address=_parsed(str(peer[0])) if isinstance(peer, tuple) else None,
        protocol="HTTP/{}.{}".format(*answer.version),
    )
