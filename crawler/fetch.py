"""Fetch one address for ``duwang check URL``: bounded in size, time and redirects, standard library only."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urljoin

from crawler.errors import UnusableInput
from crawler.urls import absolute, is_public, resolve, split
from crawler.words import load, software_version

_CHUNK = 64 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}


class Fetched(NamedTuple):
    """One answer; ``body`` has transfer and content encodings undone."""

    url: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


def fetch_one(
    url: str, *, timeout: float | None = None, max_bytes: int | None = None, public_only: bool = False
) -> Fetched:
    """Fetch ``url``, following redirects; the answer is a 2xx one.

    ``timeout`` is seconds for everything together, ``max_bytes`` the largest body. TLS certificates are verified.
    A public host may not lead to a private address; the address given first may itself be private or loopback, unless
    ``public_only`` says otherwise.
    Raises UnusableInput with one Chinese line.
    """
    limits = load("crawl")["single"]
    deadline = time.monotonic() + (limits["timeout"] if timeout is None else timeout)
    most = limits["max_bytes"] if max_bytes is None else max_bytes
    target = absolute("", url.strip())
    if target is None:
        raise UnusableInput(f"{url}：不是可以访问的网址；请写成 http:// 或 https:// 开头的完整网址。")
    for _ in range(limits["max_redirects"] + 1):
        answer, public = _get(url, target, deadline, most, public_only)
        public_only = public_only or public
        location = next((value for name, value in answer.headers if name.lower() == "location"), "")
        if answer.status not in _REDIRECTS or not location:
            return _accepted(url, answer)
        following = absolute(target, location)
        if following is None:
            where = urljoin(target, location)[:200]
            raise UnusableInput(f"{url}：网站转到了无法访问的地址（{where}）；请核对网址。")
        target = following
    raise UnusableInput(f"{url}：网站转向超过 {limits['max_redirects']} 次，无法打开；请核对网址。")


def _accepted(url: str, answer: Fetched) -> Fetched:
    if 200 <= answer.status < 300:
        return answer
    meaning = load("crawl")["statuses"].get(answer.status, answer.reason)
    told = f"{answer.status}（{meaning}）" if meaning else str(answer.status)
    raise UnusableInput(f"{url}：网站返回 {told}；请核对网址。")


def _get(url: str, target: str, deadline: float, most: int, public_only: bool) -> tuple[Fetched, bool]:
    """One request; also says whether the host is a public one."""
    parts = split(target)
    if parts is None or parts.hostname is None:
        raise UnusableInput(f"{url}：不是可以访问的网址；请核对网址。")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        addresses = resolve(parts.hostname.encode("idna").decode("ascii"), port)
    except (OSError, UnicodeError) as error:
        raise UnusableInput(f"{url}：找不到主机 {parts.hostname}；请核对网址或网络。") from error
    public = all(map(is_public, addresses))
    if public_only and not public:
        raise UnusableInput(f"{url}：指向内部地址 {parts.hostname}，已停止访问；请核对网址。")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connect(parts.scheme, parts.hostname, addresses, port, deadline)
    except ssl.SSLError as error:
        raise UnusableInput(f"{url}：网站的安全证书不可信或连接不安全；请在浏览器中核对后另存为文件。") from error
    except TimeoutError as error:
        raise _too_slow(url) from error
    except OSError as error:
        raise UnusableInput(f"{url}：无法连接网站；请核对网址或稍后再试。") from error
    # A slow drip keeps every single read short; only cutting the line bounds the whole.
    watchdog = threading.Timer(max(deadline - time.monotonic(), 0), _cut, [connection.sock])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("GET", _ascii(path), headers=_headers())
        response = connection.getresponse()
        body = _read_body(url, response, most)
        headers = [(name, value) for name, value in response.getheaders()]
        return Fetched(target, response.status, response.reason, headers, body), public
    except (OSError, http.client.HTTPException, zlib.error, EOFError, ValueError) as error:
        if time.monotonic() >= deadline:
            raise _too_slow(url) from error
        raise UnusableInput(f"{url}：网站的回答不完整或不合规范；请稍后再试，或在浏览器中另存为文件。") from error
    finally:
        watchdog.cancel()
        connection.close()


def _connect(scheme: str, host: str, addresses: list[str], port: int, deadline: float) -> http.client.HTTPConnection:
    """Connect to one of the addresses that were checked, never to what a second look-up might give."""
    failure: OSError = OSError("no address")
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            raw = socket.create_connection((address, port), timeout=left)
        except OSError as error:
            failure = error
            continue
        connection = http.client.HTTPConnection(host, port, timeout=left)
        if scheme == "https":
            connection.default_port = 443
            try:
                connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
            except OSError:
                raw.close()
                raise
        else:
            connection.sock = raw
        return connection
    raise failure


def _read_body(url: str, response: http.client.HTTPResponse, most: int) -> bytes:
    """Body with its content encoding undone; neither form may be larger than ``most``."""
    encoding = (response.getheader("Content-Encoding") or "").strip().lower()
    decoder = None
    if encoding in ("gzip", "x-gzip", "deflate"):
        # 32: take gzip and zlib headers alike.
        decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS + 32)
    elif encoding not in ("", "identity"):
        raise UnusableInput(f"{url}：网站使用了不支持的压缩方式 {encoding[:20]}；请在浏览器中另存为文件。")
    received = 0
    pieces: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        received += len(chunk)
        piece = decoder.decompress(chunk, most + 1 - size) if decoder else chunk
        size += len(piece)
        pieces.append(piece)
        if received > most or size > most:
            limit = f"{most // (1024 * 1024)} MB" if most >= 1024 * 1024 else f"{most} 字节"
            raise UnusableInput(f"{url}：内容超过 {limit}，没有读取；请核对网址。")
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return b"".join(pieces)


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"Duwang/{software_version()}",
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh;q=0.9",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _ascii(path: str) -> str:
    """Path as it goes over the wire: characters outside ASCII percent-encoded, the rest as given."""
    return "".join(
        char if "!" <= char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
        for char in path
    )


def _cut(line: socket.socket) -> None:
    # Already closed: the answer was complete just in time.
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _too_slow(url: str) -> UnusableInput:
    return UnusableInput(f"{url}：网站没有在限定时间内答完；请稍后再试，或在浏览器中另存为文件。")
