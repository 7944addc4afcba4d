"""What the robots.txt of each host lets us read, and how fast."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal
from urllib.parse import urlsplit

from protego import Protego

from crawler.errors import UnusableInput
from crawler.readers.encoding import decode
from crawler.urls import absolute
from crawler.words import load

RobotsState = Literal["read", "absent", "unreadable", "unreachable"]

_AGENT_LINE = re.compile(r"\s*user[- ]?agent\b\s*:?([^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rules:
    state: RobotsState
    parser: Protego | None = None
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()


class Robots:
    """Rules of the hosts of one crawl for one product token (RFC 9309).

    ``limits`` replaces single values of ``limits`` in ``data/manners.yaml``. A host is ``name`` or ``name:port`` as it
    stands in the address; http and https share one file.
    """

    def __init__(self, agent: str, limits: dict[str, Any]) -> None:
        self._agent = agent
        self._limits = {**load("manners")["limits"], **limits}
        self._hosts: dict[str, _Rules] = {}

    def take(self, host: str, status: int | None, body: bytes, media_type: str) -> RobotsState:
        """Keep the answer of a host to ``/robots.txt``; ``status`` is None where there was none.

        2xx is read; 4xx, and 3xx that lead nowhere, mean that all is allowed (RFC 9309, 2.3.1.2 and 2.3.1.3); 429,
        5xx and silence that nothing is, for now (2.3.1.4). Of a file that is HTML, no text or too long, the lines
        that can be read still count (2.3.1.1), and the state says ``unreadable``.
        """
        if status is None or status >= 500 or status == 429:
            rules = _Rules("unreachable")
        elif not 200 <= status < 300:
            rules = _Rules("absent")
        else:
            rules = self._read(host, body, media_type)
        self._hosts[host.lower()] = rules
        return rules.state

    def state(self, host: str) -> RobotsState | None:
        """State of the host's file; None before :meth:`take`."""
        rules = self._hosts.get(host.lower())
        return rules.state if rules else None

    def allowed(self, url: str) -> bool:
        """True where the address may be requested; never so for a host whose file is not known."""
        rules = self._hosts.get(urlsplit(url).netloc.lower())
        if rules is None or rules.state == "unreachable":
            return False
        return rules.parser is None or rules.parser.can_fetch(url, self._agent)

    def delay(self, host: str) -> float:
        """Seconds between two requests that the host asks for, at most ``max_robots_delay``; 0 without a wish."""
        rules = self._hosts.get(host.lower())
        return rules.delay if rules else 0.0

    def sitemaps(self, host: str) -> tuple[str, ...]:
        """Absolute addresses of the site maps that the host names."""
        rules = self._hosts.get(host.lower())
        return rules.sitemaps if rules else ()

    def _read(self, host: str, body: bytes, media_type: str) -> _Rules:
        limits = self._limits
        state: RobotsState = "unreadable" if len(body) > limits["robots_bytes"] else "read"
        body = body[: limits["robots_bytes"]]
        address = f"http://{host}/robots.txt"
        try:
            text = decode(body, address, media_type, is_html=False).text
        except UnusableInput:
            state, text = "unreadable", body.decode("latin-1")
        lines = text.splitlines()
        if len(lines) > limits["robots_lines"] or _is_markup(text):
            state = "unreadable"
        parser = Protego.parse("\n".join(map(self._own, lines[: limits["robots_lines"]])))
        named = (absolute(address, value) for value in parser.sitemaps)
        sitemaps = tuple(islice((url for url in named if url), limits["robots_sitemaps"]))
        return _Rules(state, parser, self._delay(parser), sitemaps)

    def _own(self, line: str) -> str:
        """The line; all crawlers that cannot be us get one name, so that thousands of them cost no memory."""
        match = _AGENT_LINE.match(line)
        if match is None:
            return line
        named = match[1].strip().lower()
        bare = named.replace("*", "")
        if bare in self._agent.lower():
            return f"User-agent: {bare or named[:1]}"
        return "User-agent: -"

    def _delay(self, parser: Protego) -> float:
        wished = parser.crawl_delay(self._agent) or 0.0
        rate = parser.request_rate(self._agent)
        if rate:
            wished = max(wished, rate.seconds / rate.requests)
        return float(min(wished, self._limits["max_robots_delay"]))


def _is_markup(text: str) -> bool:
    words = load("manners")["robots"]
    start = text[: words["markup_within"]].lower()
    return any(sign in start for sign in words["markup"])
