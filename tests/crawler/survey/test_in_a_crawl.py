"""When a crawl surveys the host of the home page, and that it does so as politely as it reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from outcomes.crawling import crawl
from site_server import Server, page, serving

from crawler import site as crawling
from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.sites import load_sites

CRAWLED = {"jyj.example": [["127.0.0.1"]]}
EAGER = {"survey_gap": 0.0}


@pytest.fixture
def home() -> Iterator[Server]:
    with serving("127.0.0.1", "jyj.example") as server:
        server.add("/", page("a.html", title="示范局"))
        server.add("/a.html", page(title="通知"))
        yield server


@pytest.mark.parametrize(
    ("private", "listed", "said", "on"),
    [
        (True, {}, None, False),
        (False, {}, None, True),
        (False, {"survey": False}, None, False),
        (True, {"survey": True}, None, True),
        (True, {"survey": True}, False, False),
        (True, {}, True, True),
    ],
)
def test_public_sites_are_surveyed_unless_someone_says_otherwise(
    tmp_path: Path, private: bool, listed: dict[str, Any], said: bool | None, on: bool
) -> None:
    jobs: list[dict[str, Any]] = []
    with patch.object(crawling, "_run", lambda site, job, progress: jobs.append(job)), pytest.raises(UnusableInput):
        site = Site("demo", "示范局", "http://jyj.example/", crawl=listed)
        crawling.crawl_site(site, tmp_path / "capture", allow_private=private, survey=said)
    assert [job["survey"] for job in jobs] == [on]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sites.yaml", "sites:\n- {id: a, name: 甲局, home: 'http://a.example/', crawl: {survey: 否}}\n"),
        ("sites.csv", "编号,名称,网址,站点核查\na,甲局,http://a.example/,否\n"),
    ],
)
def test_a_site_list_may_switch_the_survey_off(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert [site.crawl for site in load_sites(tmp_path / name)] == [{"survey": False}]


def test_a_crawl_looks_three_times_and_waits_between_requests_do_not_count(home: Server, tmp_path: Path) -> None:
    options: dict[str, Any] = {"names": CRAWLED, "allow_private": True, "limits": EAGER, "delay": 0.4}
    capture = crawl(home, tmp_path, survey=True, **options).capture
    assert {one.url.removeprefix(home.url) for one in capture.pages() if one.outcome == "read"} == {"", "a.html"}
    host = capture.hosts[urlsplit(home.url).netloc]
    assert host["robots"] == "absent" and capture.settings["survey"] is True
    assert (host["ipv6"]["reason"], host["https"]["reason"]) == ("no-record", "port")
    assert [look["seconds"] < 0.35 for look in host["home_seconds"]] == [True] * 3
    assert home.most_at_once == 1


def test_a_crawl_without_a_survey_asks_for_the_home_page_once(home: Server, tmp_path: Path) -> None:
    capture = crawl(home, tmp_path, names=CRAWLED, limits=EAGER, allow_private=True).capture
    assert set(capture.hosts[urlsplit(home.url).netloc]) & {"ipv6", "https", "home_seconds"} == set()
    assert home.asked.count("/") == 1 and list(capture.checks()) == []


def test_robots_keep_the_survey_out_too(tmp_path: Path) -> None:
    with serving("127.0.0.1", "jyj.example") as server:
        server.add("/robots.txt", "User-agent: *\nDisallow: /\n", Content_Type="text/plain")
        server.add("/", page("a.html"))
        capture = crawl(server, tmp_path, names=CRAWLED, survey=True, allow_private=True, limits=EAGER).capture
        found = capture.hosts[urlsplit(server.url).netloc]
        assert [(look["seconds"], look["reason"]) for look in found["home_seconds"]] == [(None, "robots")] * 2
        assert (found["https"]["http_redirects"], found["https"]["http_reason"]) == (None, "robots")
        assert server.asked == ["/robots.txt"]


def test_a_crawl_that_goes_on_keeps_what_was_looked_at(home: Server, tmp_path: Path) -> None:
    home.add("/", page(*(f"{n}.html" for n in range(6)), title="示范局"))
    for number in range(6):
        home.add(f"/{number}.html", page(title=f"第{number}号通知"))
    seen = []

    def give_up(progress: Any) -> None:
        seen.append(progress.url)
        if progress.read >= 4:
            raise KeyboardInterrupt

    options: dict[str, Any] = {
        "names": CRAWLED,
        "survey": True,
        "allow_private": True,
        "limits": {"survey_gap": 0.0, "commit_every": 0.0, "report_every": 0.0},
    }
    with pytest.raises(KeyboardInterrupt):
        crawl(home, tmp_path, progress=give_up, **options)
    capture = crawl(home, tmp_path, resume=True, names=CRAWLED, limits={}).capture
    looks = capture.hosts[urlsplit(home.url).netloc]["home_seconds"]
    assert len(looks) == 3 and capture.counts["resumed"] == 1
