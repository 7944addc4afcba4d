"""Manners on real sockets: what the server's log says about the order and the times of the requests.

Bounds are three quarters of the wait: a busy machine notes the first of two requests late.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from site_server import Answer, Server

ROOT = Path(__file__).parents[3]
QUICK = {
    "robots_wait": 0.1, "slow_down": 0.2, "max_slow": 0.8, "least_slow": 0.15, "max_wait": 5.0, "throttle_tries": 2,
    "recover_after": 2, "robots_again": 3,
}  # fmt: skip

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[str]]:
    """One process for all crawls here: starting it takes longer than most of them."""
    script = Path(__file__).with_name("polite_child.py")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    ) as running:  # fmt: skip
        yield running
        assert running.stdin
        running.stdin.close()
        assert running.wait(10) == 0


@pytest.fixture
def ask(server: Server, child: subprocess.Popen[str]) -> Ask:
    """Ask the test's server for paths, in order, in the child process."""

    def run(*paths: str, limits: dict[str, Any] | None = None, **job: Any) -> dict[str, Any]:
        urls = [path if "://" in path else server.url + path.removeprefix("/") for path in paths]
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps({"urls": urls, "limits": QUICK | (limits or {}), **job}) + "\n")
        child.stdin.flush()
        told: dict[str, Any] = json.loads(child.stdout.readline())
        return told

    return run


def gaps(server: Server) -> list[float]:
    """Seconds between one request and the next."""
    return [later - earlier for earlier, later in zip(server.times, server.times[1:], strict=False)]


def site(server: Server, *paths: str, robots: str = "") -> None:
    server.add("/robots.txt", robots, Content_Type="text/plain")
    for path in paths:
        server.add(path, "<h1>页面</h1>")


def test_robots_is_asked_for_once_before_anything_else_and_kept(server: Server, ask: Ask) -> None:
    site(server, "/a", "/b", "/private/c", robots="User-agent: *\nDisallow: /private/\n")
    told = ask("/a", "/private/c", "/b")
    assert server.asked == ["/robots.txt", "/a", "/b"]
    assert told["results"] == [200, "robots", 200]
    assert told["robots"] == [[server.url + "robots.txt", server.url + "robots.txt", "read"]]
    assert told["waits"] == [] and told["slowed"] == 0
    assert list(told["state"].values()) == [
        {"robots": "read", "crawl_delay": 0.0, "back_offs": 0, "extra_delay": 0.0, "longest_wait": 0.0}
    ]


def test_crawl_delay_is_kept_between_all_requests(server: Server, ask: Ask) -> None:
    site(server, "/a", "/b", "/c", robots="User-agent: *\nCrawl-delay: 0.4\n")
    told = ask("/a", "/b", "/c", delay=0.1)
    assert told["results"] == [200, 200, 200]
    assert all(0.29 < gap < 2 for gap in gaps(server)), gaps(server)
    assert [why for why, _ in told["waits"]] == ["crawl-delay"] * 3


def test_the_longer_of_our_delay_and_theirs_counts_once(server: Server, ask: Ask) -> None:
    site(server, "/a", "/b", robots="User-agent: Duwang\nRequest-rate: 10/1s\n")
    told = ask("/a", "/b", delay=0.3)
    assert all(0.21 < gap < 2 for gap in gaps(server)), gaps(server)
    assert told["waits"] == []


def test_429_with_seconds_waits_that_long_and_asks_again(server: Server, ask: Ask) -> None:
    site(server, "/b")
    server.in_turn("/a", Answer("慢一点", 429, {"Retry-After": "1"}), Answer("好"))
    told = ask("/a", "/b")
    assert server.asked == ["/robots.txt", "/a", "/a", "/b"]
    assert told["results"] == [200, 200] and told["slowed"] == 1
    again, following = gaps(server)[1:]
    assert 0.73 < again < 3
    assert 0.14 < following < 2, "after a refusal the whole host is slower"
    assert told["waits"][0] == ["retry-after", 1.0]


def test_429_with_a_date_waits_until_then(server: Server, ask: Ask) -> None:
    site(server)
    moment = datetime.now(UTC) + timedelta(seconds=2)
    server.in_turn("/a", Answer("", 429, {"Retry-After": format_datetime(moment, usegmt=True)}), Answer("好"))
    told = ask("/a")
    assert told["results"] == [200]
    # A date has no fractions of a second.
    assert 0.7 < gaps(server)[1] < 2.1
    assert told["waits"][0][0] == "retry-after"


def test_a_date_that_is_past_or_nonsense_does_not_stop_the_crawl(server: Server, ask: Ask) -> None:
    site(server)
    server.in_turn("/a", Answer("", 503, {"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"}), Answer("好"))
    server.in_turn("/b", Answer("", 503, {"Retry-After": "马上".encode().decode("latin-1")}), Answer("好"))
    assert ask("/a", "/b")["results"] == [200, 200]


def test_503_doubles_the_delay_and_good_answers_bring_it_back(server: Server, ask: Ask) -> None:
    busy = Answer("忙", 503)
    site(server, *(f"/{number}" for number in range(6)))
    server.in_turn("/a", busy, busy, Answer("好"))
    told = ask("/a", *(f"/{number}" for number in range(6)))
    assert told["results"] == [200] * 7
    assert server.asked[:4] == ["/robots.txt", "/a", "/a", "/a"]
    first, second, *after = gaps(server)[1:]
    assert first > 0.18 and second > 0.38
    # 0.4 s more while two good answers come in, then 0.2 s, then nothing.
    assert after[0] > 0.28 and after[2] > 0.13 and after[-1] < after[0], after
    assert next(iter(told["state"].values()))["back_offs"] == 2
    assert next(iter(told["state"].values()))["extra_delay"] == 0.0


def test_what_stays_throttled_is_handed_on_after_the_tries(server: Server, ask: Ask) -> None:
    site(server, "/b")
    server.add("/a", "忙", 429)
    told = ask("/a", "/b")
    assert server.asked == ["/robots.txt", "/a", "/a", "/a", "/b"]
    assert told["results"] == [429, 200] and told["slowed"] == 3
    assert next(iter(told["state"].values()))["longest_wait"] == pytest.approx(0.8, abs=0.05)


def test_a_host_that_wants_a_long_pause_gets_no_request_before_it_is_over(server: Server, ask: Ask) -> None:
    site(server, "/b", "/c")
    server.add("/a", "一小时后再来", 429, Retry_After="3600")
    told = ask("/a", "/b", "/c")
    assert server.asked == ["/robots.txt", "/a"]
    assert told["results"] == [429, "throttled", "throttled"]


def test_robots_with_500_is_waited_for(server: Server, ask: Ask) -> None:
    site(server, "/a", "/inner/b")
    server.in_turn("/robots.txt", Answer("", 500), Answer("", 502), Answer("User-agent: *\nDisallow: /inner/\n"))
    told = ask("/a", "/inner/b")
    assert server.asked == ["/robots.txt"] * 3 + ["/a"]
    assert told["results"] == [200, "robots"]
    assert gaps(server)[0] > 0.08 and gaps(server)[1] > 0.18
    assert [why for why, _ in told["waits"]] == ["robots", "robots"]
    assert [state for _, _, state in told["robots"]] == ["read"]


def test_robots_that_stays_away_refuses_the_host_and_is_tried_again_later(server: Server, ask: Ask) -> None:
    site(server, "/a")
    failed = [Answer("", 503)] * 2
    server.in_turn("/robots.txt", *failed, Answer("User-agent: *\nDisallow:\n"))
    told = ask("/a", "/a", "/a", "/a", limits={"robots_tries": 2})
    assert told["results"] == ["robots-unreachable"] * 3 + [200]
    assert server.asked == ["/robots.txt", "/robots.txt", "/robots.txt", "/a"]
    assert [state for _, _, state in told["robots"]] == ["unreachable", "read"]


def test_a_host_that_does_not_answer_says_why(ask: Ask) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/a"
    told = ask(address, limits={"robots_tries": 2})
    assert told["results"] == ["robots-unreachable DownloadConnectionRefusedError"]
    assert told["robots"] == [[address.removesuffix("a") + "robots.txt", None, "unreachable"]]


def test_robots_answered_with_a_script_challenge(server: Server, ask: Ask) -> None:
    site(server, "/a")
    script = "<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>"
    server.add("/robots.txt", script, 521)
    told = ask("/a", "/a")
    assert told["results"] == ["challenged", "challenged"]
    assert server.asked == ["/robots.txt"], "a challenge does not pass by waiting"


@pytest.mark.parametrize(
    ("status", "body", "state"), [(404, "没有", "absent"), (200, "<html><body>首页</body></html>", "unreadable")]
)
def test_without_usable_robots_everything_is_allowed(
    server: Server, ask: Ask, status: int, body: str, state: str
) -> None:
    site(server, "/a")
    server.add("/robots.txt", body, status)
    told = ask("/a")
    assert told["results"] == [200] and [found for *_, found in told["robots"]] == [state]


def test_redirects_of_robots_are_followed_within_the_site(server: Server, ask: Ask) -> None:
    site(server, "/a", "/inner/b")
    server.go("/robots.txt", "/files/robots.txt", 301)
    server.add("/files/robots.txt", "User-agent: *\nDisallow: /inner/\n", Content_Type="text/plain")
    told = ask("/a", "/inner/b")
    assert told["results"] == [200, "robots"]
    assert told["robots"] == [[server.url + "robots.txt", server.url + "files/robots.txt", "read"]]


def test_redirects_of_robots_that_lead_away_or_round_mean_that_there_is_none(server: Server, ask: Ask) -> None:
    site(server, "/a")
    server.go("/robots.txt", "/robots.txt")
    assert ask("/a")["results"] == [200]
    assert server.asked == ["/robots.txt"] * 6 + ["/a"]
    server.go("/robots.txt", "http://other.example/robots.txt")
    told = ask("/a")
    assert told["results"] == [200] and [state for *_, state in told["robots"]] == ["absent"]


def test_waiting_ends_when_the_crawl_is_stopped(server: Server, ask: Ask) -> None:
    site(server, "/b")
    server.add("/a", "", 429, Retry_After="4")
    told = ask("/a", "/b", stop_on="retry-after")
    assert told["results"] == ["stopped", "stopped"]
    assert server.asked == ["/robots.txt", "/a"]
