"""What a crawl records of the home page's host: IPv6, https and its certificate, and the time the page takes."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from site_server import Server, page, serving
from wire.raw_server import raw_serving, send
from wire.test_tls import Pair, made, server_context

from crawler import urls
from crawler.crawl.handler import GuardedHandler
from crawler.crawl.spider import SiteSpider
from crawler.crawl.survey import Survey
from crawler.evidence import Site
from crawler.words import load

NAMES = {"jyj.example": ["127.0.0.1"]}
BOTH = {"jyj.example": ["127.0.0.1", "::1"]}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"
EAGER = {"survey_gap": 0.0}


def _has_six() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@contextmanager
def over_six(port: int, status: int) -> Iterator[None]:
    """The same site over IPv6, where this machine has it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    class Listener(ThreadingHTTPServer):
        address_family = socket.AF_INET6

    if not _has_six():
        yield
        return
    with Listener(("::1", port), Handler) as listener:
        threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        yield
        listener.shutdown()


@dataclass
class Around:
    """What a survey has of a crawl: a site, limits, a clock, and the handler without any manners."""

    site: Site
    limits: dict[str, Any]
    handler: GuardedHandler

    async def ask(self, request: Request) -> Response:
        return await self.handler.download_request(request)

    @staticmethod
    def clock() -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def home() -> Iterator[Server]:
    with serving("127.0.0.1", "jyj.example") as server:
        server.add("/", page("a.html", title="示范局"))
        server.add("/a.html", page(title="通知"))
        yield server


def port_of(server: Server) -> int:
    return urlsplit(server.url).port or 0


def surveyed(
    url: str, names: dict[str, list[str]] = NAMES, *, limits: dict[str, Any] | None = None, public_only: bool = False
) -> dict[str, Any]:
    """What the looks of one crawl find: at the beginning, after a while, and at the end."""
    chosen = load("crawl")["limits"] | EAGER | {"dns_timeout": 2.0} | (limits or {})
    settings = {"DUWANG_PUBLIC_ONLY": public_only, "DOWNLOAD_TIMEOUT": 3, "DOWNLOAD_MAXSIZE": 100_000, "DNS_TIMEOUT": 2}

    async def run() -> dict[str, Any]:
        handler = GuardedHandler(Crawler(Spider, settings))
        survey = Survey(cast(SiteSpider, Around(Site("demo", "示范局", url), chosen, handler)), None)
        for last in (False, False, True):
            await survey.look(last=last)
        await handler.close()
        return survey.state()

    def resolve(host: str, port: int) -> list[str]:
        del port
        if host not in names:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return names[host]

    with (
        patch.object(urls, "resolve", resolve),
        patch.object(urls, "resolve_six", lambda host, port: [one for one in resolve(host, port) if ":" in one]),
    ):
        return asyncio.run(run())


def without_times(found: dict[str, Any]) -> dict[str, Any]:
    assert datetime.fromisoformat(found["at"]).tzinfo is not None
    return {name: value for name, value in found.items() if name != "at"}


# --- IPv6 --------------------------------------------------------------------------------------------


def test_a_name_without_an_ipv6_record_is_looked_up_twice(home: Server) -> None:
    found = without_times(surveyed(home.url)["ipv6"])
    assert found == {"record": False, "answers": None, "reason": "no-record", "status": None, "tries": 2}


@pytest.mark.parametrize(
    ("status", "answers", "reason", "tries"),
    [(200, True, "", 1), (500, False, "http-500", 2), (403, None, "blocked", 1)],
)
def test_what_the_home_page_answers_over_ipv6(
    home: Server, status: int, answers: bool | None, reason: str, tries: int
) -> None:
    with over_six(port_of(home), status):
        found = without_times(surveyed(home.url, BOTH)["ipv6"])
    wanted = {"record": True, "answers": answers, "reason": reason, "status": status, "tries": tries}
    if not _has_six():
        wanted |= {"answers": None, "reason": "no-route", "status": None, "tries": 1}
    assert found == wanted


def test_nobody_listens_over_ipv6(home: Server) -> None:
    found = surveyed(home.url, BOTH)["ipv6"]
    assert (found["answers"], found["reason"]) == ((False, "refused") if _has_six() else (None, "no-route"))


def test_a_private_ipv6_address_of_a_public_name_is_not_asked(home: Server) -> None:
    with over_six(port_of(home), 200):
        found = surveyed(home.url, BOTH, public_only=True)["ipv6"]
    assert (found["record"], found["answers"]) == (True, None)
    assert found["reason"] == ("private-address" if _has_six() else "no-route")


@pytest.mark.parametrize(
    ("number", "found"), [(socket.EAI_NONAME, []), (socket.EAI_NODATA, []), (socket.EAI_AGAIN, None)]
)
def test_a_resolver_that_does_not_answer_is_no_missing_record(number: int, found: list[str] | None) -> None:
    def getaddrinfo(*_: object, **more: object) -> list[object]:
        raise socket.gaierror(number, "said the resolver")

    with patch.object(socket, "getaddrinfo", getaddrinfo):
        if found is None:
            with pytest.raises(OSError):
                urls.resolve_six("jyj.example", 80)
        else:
            assert urls.resolve_six("jyj.example", 80) == found


def test_addresses_that_a_resolver_makes_up_are_no_records() -> None:
    made_up = ["64:ff9b::102:304", "::ffff:1.2.3.4", "2001:db8::5"]
    told = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (one, 80, 0, 0)) for one in made_up]
    with patch.object(socket, "getaddrinfo", lambda *_, **more: told):
        assert urls.resolve_six("jyj.example", 80) == ["2001:db8::5"]


def test_an_address_without_a_name_has_no_records_and_no_certificate() -> None:
    with serving() as server:
        server.add("/", page("a.html"))
        found = surveyed(server.url)
    assert (found["ipv6"]["record"], found["ipv6"]["reason"]) == (None, "literal")
    assert (found["https"]["answers"], found["https"]["reason"]) == (None, "literal")
    assert found["https"]["http_redirects"] is None
    assert len(found["home_seconds"]) == 3


# --- https -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def root() -> Pair:
    return made("A root", authority=True)


@pytest.fixture
def trusted(root: Pair, tmp_path: Path) -> Iterator[None]:
    """A machine that trusts this root and nothing else."""
    (tmp_path / "roots.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    known = {"SSL_CERT_FILE": str(tmp_path / "roots.pem"), "SSL_CERT_DIR": str(tmp_path / "none")}
    with patch.dict(os.environ, known):
        yield


def certificate(kind: str, root: Pair) -> Pair:
    if kind == "self-signed":
        return made("jyj.example")
    name = "other.example" if kind == "name" else "jyj.example"
    return made(name, root, days=-1 if kind == "expired" else 30)


def https_of(home: Server, secure: int) -> dict[str, Any]:
    return without_times(surveyed(home.url, limits={"http_port": port_of(home), "https_port": secure})["https"])


@pytest.mark.parametrize(
    ("kind", "valid"), [("verified", True), ("expired", False), ("self-signed", False), ("name", False)]
)
@pytest.mark.usefixtures("trusted")
def test_what_the_certificate_is_worth(home: Server, tmp_path: Path, root: Pair, kind: str, valid: bool) -> None:
    with raw_serving({"/": send(OK)}, server_context(certificate(kind, root), tmp_path)) as secure:
        found = https_of(home, secure.port)
    told = {"answers": True, "reason": "", "certificate": kind, "valid": valid, "status": 200}
    assert found == told | {"http_redirects": False, "http_reason": "", "tries": 1 if valid else 2}


@pytest.mark.usefixtures("trusted")
def test_https_that_leads_back_to_http(home: Server, tmp_path: Path, root: Pair) -> None:
    back = f"HTTP/1.1 302 Found\r\nLocation: {home.url}\r\nContent-Length: 0\r\n\r\n".encode()
    with raw_serving({"/": send(back)}, server_context(certificate("verified", root), tmp_path)) as secure:
        found = https_of(home, secure.port)
    assert (found["answers"], found["reason"], found["certificate"]) == (False, "to-http", "verified")


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("way", ["status", "refresh", "script"])
def test_http_that_leads_on_to_https(tmp_path: Path, root: Pair, way: str) -> None:
    with (
        raw_serving({"/": send(OK)}, server_context(certificate("verified", root), tmp_path)) as secure,
        serving("127.0.0.1", "jyj.example") as server,
    ):
        to = f"https://jyj.example:{secure.port}/"
        if way == "status":
            server.go("/", to, 301)
        elif way == "refresh":
            server.add("/", f"<html><head><meta http-equiv='refresh' content='0;url={to}'></head><body></body></html>")
        else:
            server.add("/", f"<html><body><script>location.href='{to}';</script></body></html>")
        found = https_of(server, secure.port)
    assert (found["answers"], found["valid"], found["http_redirects"]) == (True, True, True)


def test_no_https_at_all(home: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    found = https_of(home, free)
    told = {"answers": False, "reason": "refused", "certificate": "", "valid": None, "status": None}
    assert found == told | {"http_redirects": False, "http_reason": "", "tries": 2}


def test_a_home_page_on_a_port_of_its_own_has_no_https_to_look_for(home: Server) -> None:
    found = surveyed(home.url)["https"]
    assert (found["answers"], found["reason"], found["http_redirects"], found["http_reason"]) == (
        None, "port", False, "",
    )  # fmt: skip


# --- time --------------------------------------------------------------------------------------------


def test_a_look_takes_as_long_as_the_whole_document(home: Server) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4000\r\n\r\n")
        time.sleep(0.3)
        handler.wfile.write(b"a" * 4000)

    home.run("/slow", slow)
    home.go("/", "/slow")
    looks = surveyed(home.url)["home_seconds"]
    assert [(look["status"], look["reason"]) for look in looks] == [(200, "")] * 3
    assert all(0.3 <= look["seconds"] < 2 for look in looks)
    assert [look["at"] for look in looks] == sorted(look["at"] for look in looks)


def test_looks_are_apart_and_one_that_fails_has_its_reason(home: Server) -> None:
    home.add("/", "忙", 500)
    looks = surveyed(home.url, limits={"survey_gap": 1000.0})["home_seconds"]
    assert [(look["seconds"], look["status"], look["reason"]) for look in looks] == [(None, 500, "http-500")]


def test_a_name_that_nobody_knows_tells_nothing() -> None:
    found = surveyed("http://unknown.example/")
    assert [(look["seconds"], look["reason"]) for look in found["home_seconds"]] == [(None, "dns")] * 3
    assert (found["ipv6"]["record"], found["ipv6"]["answers"], found["ipv6"]["reason"]) == (None, None, "dns")
    assert (found["https"]["answers"], found["https"]["reason"], found["https"]["valid"]) == (None, "dns", None)
    assert (found["https"]["http_redirects"], found["https"]["http_reason"]) == (None, "dns")


@pytest.mark.usefixtures("caplog")
def test_a_fault_of_ours_costs_no_more_than_what_it_befalls(home: Server) -> None:
    with patch.object(Around, "clock", side_effect=[datetime.now(UTC), ZeroDivisionError, *[datetime.now(UTC)] * 9]):
        found = surveyed(home.url)
    assert len(found["home_seconds"]) == 3 and "ipv6" not in found
