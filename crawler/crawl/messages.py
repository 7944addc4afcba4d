"""Parts of HTTP messages in the forms in which they are kept."""

from __future__ import annotations

from http import HTTPStatus

from scrapy.http import Response


def headers_of(response: Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]


def header(response: Response, name: bytes) -> str:
    """One header, ``""`` where it is not there."""
    return (response.headers.get(name) or b"").decode("latin-1").strip()


def phrase(status: int) -> str:
    """The usual reason phrase of a status, ``""`` for one that nobody knows."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def rough_text(response: Response, most: int) -> str:
    """The source of an answer that a refusal may hide in, roughly decoded; ``most`` characters at most, else ``""``."""
    if "html" not in header(response, b"Content-Type") or len(response.body) > 4 * most:
        return ""
    return response.body.decode("gb18030" if b"gb2312" in response.body[:2000] else "utf-8", "replace")
