"""Reading an HTTP/1 answer from the bytes of a server that need not keep to the rules; no sockets here.

RFC 9112 with the leniency of browsers: lone LF, missing reason, headers that are none, repeated or senseless lengths,
chunk lines with blanks. What a browser shows as broken, or would wait for in vain, is ResponseDataLossError here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError

from crawler.words import load

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/(\d{1,2})(?:\.(\d{1,2}))?[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}")
_LENGTH = re.compile(rb"\d{1,18}")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;|$)")
_BODILESS = (204, 304)


@dataclass
class Answer:
    """One answer; ``headers`` are names and values as sent, ``body`` with its transfer encoding undone.

    ``keep``: the connection can be used for another request. ``stopped``: the body was not wanted.
    """

    status: int
    version: tuple[int, int]
    headers: list[tuple[bytes, bytes]]
    body: bytearray = field(default_factory=bytearray)
    keep: bool = False
    stopped: bool = False

    def values(self, name: bytes) -> list[bytes]:
        """The comma-separated values of all headers of this (lower-case) name, in order."""
        found = [value for header, value in self.headers if header.lower() == name]
        return [part.strip() for value in found for part in value.split(b",")] if found else []

    def last(self, name: bytes) -> str:
        """The last header of this (lower-case) name, ``""`` without one."""
        found = (value for header, value in reversed(self.headers) if header.lower() == name)
        return next(found, b"").decode("latin-1")


class AnswerReader:
    """Takes bytes in pieces of any size until the answer is complete.

    ``most`` bytes of body at most (else DownloadCancelledError); ``bodiless`` for the answer to HEAD; ``wanted`` is
    asked once the headers are there and may say that the body is not.
    """

    def __init__(self, most: int, *, bodiless: bool = False, wanted: Callable[[Answer], bool] | None = None) -> None:
        self.answer: Answer | None = None
        self.started = False
        self._most = most
        self._bodiless = bodiless
        self._wanted = wanted
        self._limits = load("wire")["limits"]
        self._rest = bytearray()
        self._searched = 0
        self._interim = 0
        self._left = 0
        self._received = 0
        # A function, no method of this object: a cycle would keep each body until the next collection of garbage.
        self._step: Callable[[AnswerReader], bool] = AnswerReader._read_head
        self._done = False

    def feed(self, data: bytes) -> bool:
        """Take the next bytes; True when the answer is complete. Bytes beyond it spoil the connection, not it."""
        self.started = True
        self._rest += data
        self._received += len(data)
        if self.answer is not None and self._received > 2 * self._most + self._limits["max_head"]:
            raise DownloadCancelledError("chunks of almost nothing but their sizes")
        while not self._done and self._step(self):
            pass
        if self._done and self._rest and self.answer:
            self.answer.keep = False
        return self._done

    def end(self) -> None:
        """The server ended the connection in order: the answer is complete, or ResponseDataLossError."""
        if not self._done and self._step is not AnswerReader._read_until_end:
            raise ResponseDataLossError("the connection ended before the answer did")

    def _read_head(self) -> bool:
        """Each step says whether it got any further with the bytes at hand."""
        rest = self._rest
        if not self._searched:
            del rest[: len(rest) - len(rest.lstrip(b"\r\n"))]
            if not b"HTTP/".startswith(rest[:5].upper()):
                raise ResponseDataLossError("not an HTTP answer")
        found = _HEAD_END.search(rest, max(self._searched - 2, 0))
        if found is None:
            self._searched = len(rest)
        if (found.end() if found else len(rest)) > self._limits["max_head"]:
            raise ResponseDataLossError("headers without end")
        if found is None:
            return False
        head = bytes(rest[: found.start()])
        del rest[: found.end()]
        self._searched = 0
        answer = _parse_head(head)
        if answer.status >= 200:
            self.answer = answer
            self._frame(answer)
            return True
        self._interim += 1
        if self._interim > self._limits["max_interim"] or answer.status == 101:
            raise ResponseDataLossError("interim answers only")
        return True

    def _frame(self, answer: Answer) -> None:
        """Find out where the body ends (RFC 9112, 6.3)."""
        lengths = {value for value in answer.values(b"content-length") if _LENGTH.fullmatch(value)}
        connection = [value.lower() for value in answer.values(b"connection")]
        answer.keep = b"close" not in connection if answer.version >= (1, 1) else b"keep-alive" in connection
        wanted = self._wanted is None or self._wanted(answer)
        if self._bodiless or answer.status in _BODILESS:
            self._done = True
        elif not wanted:
            answer.stopped = self._done = True
            answer.keep = False
        elif (answer.values(b"transfer-encoding") or [b""])[-1].lower() == b"chunked":
            self._step = AnswerReader._read_chunk_size
        elif len({int(length) for length in lengths}) > 1:
            raise ResponseDataLossError("lengths that contradict each other")
        elif lengths:
            self._left = int(lengths.pop())
            self._check(self._left)
            self._step = AnswerReader._read_length
        else:
            answer.keep = False
            self._step = AnswerReader._read_until_end

    def _read_length(self) -> bool:
        self._take()
        self._done = not self._left
        return False

    def _read_until_end(self) -> bool:
        self._check(len(self._rest))
        self._left = len(self._rest)
        self._take()
        return False

    def _read_chunk_size(self) -> bool:
        line = self._line()
        if line is None:
            return False
        size = _CHUNK.match(line)
        if size is None:
            raise ResponseDataLossError("not the size of a chunk")
        self._left = int(size[1], 16)
        self._check(self._left)
        if self._left:
            self._step = AnswerReader._read_chunk
        else:
            self._done = True
            # Trailers and their absence are all the same to us; whatever follows the usual end spoils the connection.
            if bytes(self._rest) in (b"\r\n", b"\n"):
                self._rest.clear()
            elif self.answer:
                self.answer.keep = False
        return True

    def _read_chunk(self) -> bool:
        self._take()
        if self._left:
            return False
        self._step = AnswerReader._read_chunk_end
        return True

    def _read_chunk_end(self) -> bool:
        line = self._line()
        if line:
            raise ResponseDataLossError("a chunk longer than it said")
        if line is not None:
            self._step = AnswerReader._read_chunk_size
        return line is not None

    def _line(self) -> bytes | None:
        """The next line without its end, or None where it is not all there yet."""
        end = self._rest.find(b"\n", 0, self._limits["max_line"])
        if end < 0:
            if len(self._rest) >= self._limits["max_line"]:
                raise ResponseDataLossError("not the size of a chunk")
            return None
        line = bytes(self._rest[:end]).rstrip(b"\r")
        del self._rest[: end + 1]
        return line

    def _take(self) -> None:
        if self.answer is not None:
            if not self.answer.body and len(self._rest) <= self._left:
                # Nearly all bodies come whole, and are handed on as they are.
                piece = self.answer.body = self._rest
                self._rest = bytearray()
            else:
                piece = self._rest[: self._left]
                self.answer.body += piece
                del self._rest[: len(piece)]
            self._left -= len(piece)

    def _check(self, more: int) -> None:
        size = more + (len(self.answer.body) if self.answer else 0)
        if size > self._most:
            raise DownloadCancelledError(f"more than {self._most} bytes")


def _parse_head(head: bytes) -> Answer:
    lines = head.split(b"\n")
    status = _STATUS.match(lines[0])
    if status is None or int(status[3]) < 100:
        raise ResponseDataLossError("not a status line")
    headers: list[tuple[bytes, bytes]] = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        # NUL and CR inside of a value would forge headers in the archive.
        value = value.translate(None, b"\r\0").strip(b" \t")
        if line[:1] in (b" ", b"\t"):
            if headers:
                folded = line.translate(None, b"\r\0").strip(b" \t")
                headers[-1] = (headers[-1][0], headers[-1][1] + b" " + folded)
        elif colon and _NAME.fullmatch(name.rstrip(b" \t")):
            headers.append((name.rstrip(b" \t"), value))
    return Answer(int(status[3]), (int(status[1]), int(status[2] or 0)), headers)
