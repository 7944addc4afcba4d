"""What each kind of answer to /robots.txt allows."""

from __future__ import annotations

import time

import pytest

from crawler.crawl.robots import Robots

HOST = "jyj.example.gov.cn"
RULES = "User-agent: *\nDisallow: /admin/\nDisallow: /*.doc$\nAllow: /admin/open/\nCrawl-delay: 3\n"


def taken(
    body: bytes, media_type: str = "text/plain", status: int | None = 200, **limits: object
) -> tuple[Robots, str]:
    robots = Robots("Duwang", limits)
    return robots, robots.take(HOST, status, body, media_type)


def allowed(robots: Robots, *paths: str) -> list[bool]:
    return [robots.allowed(f"http://{HOST}{path}") for path in paths]


@pytest.mark.parametrize(
    ("status", "state", "open_to_us"),
    [
        (200, "read", True), (301, "absent", True), (401, "absent", True), (403, "absent", True), (404, "absent", True),
        (410, "absent", True), (429, "unreachable", False), (500, "unreachable", False), (503, "unreachable", False),
        (521, "unreachable", False), (None, "unreachable", False),
    ],
)  # fmt: skip
def test_status_decides(status: int | None, state: str, open_to_us: bool) -> None:
    robots, found = taken(b"", status=status)
    assert (found, robots.state(HOST), robots.allowed(f"http://{HOST}/a")) == (state, state, open_to_us)


def test_a_host_that_was_not_asked_allows_nothing() -> None:
    robots, _ = taken(RULES.encode())
    assert robots.state("other.example.gov.cn") is None
    assert not robots.allowed("http://other.example.gov.cn/")
    assert robots.delay("other.example.gov.cn") == 0 and robots.sitemaps("other.example.gov.cn") == ()


@pytest.mark.parametrize(
    "body",
    [
        RULES.encode(),
        RULES.replace("\n", "\r\n").encode(),
        RULES.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + RULES.encode(),
        ("# 后台不开放\n" + RULES + "# 网站地图见首页\n").encode("gbk"),
        ("# 后台不开放\n" + RULES).encode("utf-16"),
        RULES.replace("User-agent: *", "user-agent : *  # 所有").upper().replace("ADMIN", "admin").replace(
            "OPEN", "open").replace(".DOC", ".doc").encode(),
    ],
    ids=["plain", "crlf", "cr", "bom", "gbk", "utf-16", "upper"],
)  # fmt: skip
def test_rules_are_read_in_any_dress(body: bytes) -> None:
    robots, state = taken(body)
    assert state == "read"
    paths = ["/", "/admin/x", "/admin/open/x", "/a.doc", "/a.docx"]
    assert allowed(robots, *paths) == [True, False, True, False, True]
    assert robots.delay(HOST) == 3


def test_our_own_group_counts_before_the_one_for_all() -> None:
    text = "User-agent: Baiduspider\nUser-agent: duwang\nDisallow: /one/\n\nUser-agent: *\nDisallow: /\n"
    robots, _ = taken(text.encode())
    assert allowed(robots, "/one/a", "/two/a") == [False, True]
    robots, _ = taken(b"User-agent: Baiduspider\nDisallow: /\n\nUser-agent: *\nDisallow: /two/\n")
    assert allowed(robots, "/one/a", "/two/a") == [True, False]
    robots, _ = taken(b"User-agent: *\nDisallow: /\n")
    assert allowed(robots, "/", "/one/a") == [False, False]


def test_chinese_paths_match_in_each_spelling() -> None:
    robots, _ = taken("User-agent: *\nDisallow: /内部/\n".encode())
    assert allowed(robots, "/%E5%86%85%E9%83%A8/a.html", "/%e5%86%85%e9%83%a8/b", "/公开/") == [False, False, True]


@pytest.mark.parametrize(
    ("line", "delay"),
    [
        ("Crawl-delay: 2.5", 2.5), ("Crawl-delay: 86400", 30.0), ("Crawl-delay: -1", 0.0), ("Crawl-delay: 很久", 0.0),
        ("Crawl-delay: inf", 0.0), ("Request-rate: 1/5", 5.0), ("Request-rate: 30/1m", 2.0),
        ("Crawl-delay: 1\nRequest-rate: 1/4s", 4.0),
    ],
)  # fmt: skip
def test_delay_in_seconds_and_never_longer_than_we_would_wait(line: str, delay: float) -> None:
    robots, _ = taken(f"User-agent: *\n{line}\n".encode())
    assert robots.delay(HOST) == delay


def test_site_maps_are_absolute_and_counted() -> None:
    text = "Sitemap: http://jyj.example.gov.cn/map.xml\nSitemap: /second.xml\nSitemap: javascript:void(0)\n"
    robots, _ = taken(text.encode())
    assert robots.sitemaps(HOST) == ("http://jyj.example.gov.cn/map.xml", "http://jyj.example.gov.cn/second.xml")
    robots, _ = taken(("Sitemap: /a.xml\n" * 9).encode(), robots_sitemaps=4)
    assert len(robots.sitemaps(HOST)) == 4


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (
            "<!DOCTYPE html><html><head><title>页面不存在</title></head><body>返回首页</body></html>".encode(),
            "text/html",
        ),
        (b"<html><body>404</body></html>", "text/plain"),
        (b"\x1f\x8b\x08\x00" + bytes(range(256)) * 8, "text/plain"),
        (b"\x00\x01\x02" * 200, "application/octet-stream"),
    ],
    ids=["html", "html as text", "gzip", "binary"],
)
def test_what_is_no_robots_file_is_noted_and_allows_everything(body: bytes, media_type: str) -> None:
    robots, state = taken(body, media_type)
    assert state == "unreadable" and allowed(robots, "/", "/admin/x") == [True, True]


def test_a_proper_file_with_the_wrong_type_is_read() -> None:
    robots, state = taken(RULES.encode(), "text/html; charset=gb2312")
    assert state == "read" and allowed(robots, "/admin/x") == [False]


def test_of_a_file_that_is_too_long_the_first_part_counts() -> None:
    body = RULES.encode() + b"# long\n" * 80_000 + b"Disallow: /late/\n"
    robots, state = taken(body)
    assert state == "unreadable" and allowed(robots, "/admin/x", "/late/x") == [False, True]
    _, state = taken(b"User-agent: *\n" + b"Allow: /a\n" * 20_000)
    assert state == "unreadable", "too many lines"


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"User-agent: bot{number}\n" for number in range(5000)) + "Disallow: /x\n" * 5000,
        "".join(f"User-agent: bot{number}*\n" for number in range(5000)) + "Disallow: /x\n" * 5000,
        "".join("User-agent: " + "*" * number + "\n" for number in range(1, 900)) + "Disallow: /x\n" * 5000,
        "User-agent: *\nDisallow: /" + "*a" * 200_000 + "\n",
        "User-agent: *\n" + "Disallow: /*a*a*a*a*a*a*a*a*a*a*b$\n" * 9000,
    ],
    ids=["agents", "starred agents", "stars", "one wild line", "wild lines"],
)
def test_hostile_files_cost_little(body: str) -> None:
    started = time.process_time()
    robots, _ = taken(body.encode())
    assert robots.allowed(f"http://{HOST}/" + "a" * 1900)
    assert time.process_time() - started < 3
