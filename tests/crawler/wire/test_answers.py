"""Reading answers from bytes alone: no split of them and no garbage makes a difference to what is read."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError

from crawler.crawl.wire.answers import AnswerReader

FRAGMENTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 404\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"Content-Length: 7\r\n",
    b"Content-Length: 3\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: keep-alive\r\n",
    b" folded\r\n",
    b"no header\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"3\r\nabc\r\n",
    b"4;x=y\nabcd\n",
    b"0\r\n\r\n",
    b"fffffff\r\n",
    b"abcdefg",
]
garbage = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=6), max_size=14).map(b"".join)
answers = st.tuples(st.sampled_from([FRAGMENTS[0], FRAGMENTS[1], b""]), garbage).map(b"".join)


def outcome(pieces: list[bytes]) -> object:
    """What comes of these bytes and an orderly end of the connection."""
    reader = AnswerReader(10_000)
    try:
        if not any(reader.feed(piece) for piece in pieces):
            reader.end()
    except (ResponseDataLossError, DownloadCancelledError) as error:
        return type(error)
    assert reader.answer is not None
    return reader.answer.status, reader.answer.headers, bytes(reader.answer.body)


@given(answers, st.lists(st.integers(0, 60), max_size=6))
def test_splits_make_no_difference(data: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges)]
    assert outcome(pieces) == outcome([data])


@given(answers)
def test_single_bytes_make_no_difference(data: bytes) -> None:
    assert outcome([bytes([byte]) for byte in data]) == outcome([data])


def test_whether_the_connection_can_be_used_again() -> None:
    kept = {
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok": True,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n": True,
        b"HTTP/1.1 304 Not Modified\r\n\r\n": True,
        b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok": True,
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok": False,
        b"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok": False,
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay": False,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n": False,
    }
    found = {}
    for data in kept:
        reader = AnswerReader(100)
        assert reader.feed(data)
        assert reader.answer is not None
        assert bytes(reader.answer.body) in (b"ok", b"")
        found[data] = reader.answer.keep
    assert found == kept
