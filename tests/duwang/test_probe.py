"""duwang probe: visits to home pages, what counts as open, and a log that survives everything."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from site_server import Server, page, serving

from crawler import urls
from crawler.crawl.probing import Prober, Round
from crawler.errors import UnusableInput
from crawler.evidence import ProbeVisit, Site
from crawler.probes import ProbeWriter, read_probes
from duwang import probe

Duwang = Callable[..., Any]
CHALLENGE = "<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>"
AT = datetime(2026, 3, 10, 8, 0, 3, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.add("/", page(title="示范局"))
        yield running


def visited(*homes: str, timeout: float = 1.0, names: dict[str, list[str] | int] | None = None) -> list[ProbeVisit]:
    """One round of visits to these addresses; ``names`` says what a look-up gives, or how it fails."""

    def resolve(host: str, port: int) -> list[str]:
        del port
        found = (names or {}).get(host, socket.EAI_NONAME)
        if isinstance(found, int):
            raise socket.gaierror(found, "said the resolver")
        return found

    async def run() -> list[ProbeVisit]:
        prober, made = Prober(timeout, "", lambda: AT), Round()
        found = []
        for number, home in enumerate(homes):
            found += made.add(await prober.visit(Site(f"s{number}", "示范局", home)))
        await prober.close()
        return found + made.end()

    with patch.object(urls, "resolve", resolve), patch("crawler.site.resolve", resolve):
        return asyncio.run(run())


def held(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- one visit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "ok", "error"),
    [
        (200, page(title="示范局"), True, ""),
        (500, "boom", False, "返回状态码 500（网站内部错误）"),
        (503, "维护中", False, "返回状态码 503（暂停服务）"),
        (404, "没有", False, "返回状态码 404（未找到）"),
        (418, "茶壶", False, "返回状态码 418"),
        (403, "no", None, "网站拦截了本程序（状态码 403），无法判断"),
        (429, "慢些", None, "网站拦截了本程序（状态码 429），无法判断"),
        (503, CHALLENGE, None, "网站拦截了本程序（状态码 503），无法判断"),
        (200, CHALLENGE, None, "网站拦截了本程序（状态码 200），无法判断"),
    ],
)  # fmt: skip
def test_what_an_answer_says(server: Server, status: int, body: str, ok: bool | None, error: str) -> None:
    server.add("/", body, status)
    [visit] = visited(server.url)
    assert (visit.ok, visit.status, visit.error, visit.timeout) == (ok, status, error, 1.0)
    assert (visit.time, visit.site, visit.url) == (AT, "s0", server.url)
    assert server.asked == ["/"]


def hang(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n")
    for _ in range(100):
        handler.wfile.write(b"a")
        time.sleep(0.1)


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<p>half</p>")


@pytest.mark.parametrize(
    ("script", "error"), [(hang, "0.5 秒内没有打开"), (drip, "0.5 秒内没有打开"), (cut, "应答中断或不合规范")]
)
def test_a_page_that_does_not_come_whole_in_time(
    server: Server, script: Callable[[BaseHTTPRequestHandler], None], error: str
) -> None:
    server.run("/", script)
    [visit] = visited(server.url, timeout=0.5)
    assert (visit.ok, visit.error, visit.status) == (False, error, None)
    assert visit.seconds < 1.2


def test_redirects_are_followed_within_the_time(server: Server) -> None:
    server.go("/", "/a")
    server.go("/a", "/b")
    server.add("/b", page())
    server.pause = 0.1
    [visit] = visited(server.url)
    assert (visit.ok, visit.status) == (True, 200) and 0.3 <= visit.seconds < 1
    server.pause = 0.4
    [visit] = visited(server.url)
    assert (visit.ok, visit.error) == (False, "1 秒内没有打开")
    server.pause = 0.0
    server.go("/b", "/a")
    [visit] = visited(server.url)
    assert (visit.ok, visit.error) == (False, "反复转向，无法打开")


def test_a_closed_port_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    [visit] = visited(f"http://127.0.0.1:{free}/")
    assert (visit.ok, visit.status, visit.error) == (False, None, "拒绝连接")


@pytest.mark.parametrize(
    ("number", "ok", "error"),
    [
        (socket.EAI_NONAME, False, "域名无法解析"),
        (socket.EAI_AGAIN, None, "域名无法解析；可能是本机网络的问题，不计入"),
    ],
)
def test_a_name_that_is_not_there_and_a_resolver_that_does_not_answer(number: int, ok: bool | None, error: str) -> None:
    [visit] = visited("http://jyj.example/", names={"jyj.example": number})
    assert (visit.ok, visit.error) == (ok, error)


def test_a_public_site_does_not_lead_inside(server: Server) -> None:
    with serving("127.0.0.3", "jyj.example") as public, patch.object(urls, "is_public", "127.0.0.3".__eq__):
        public.go("/", server.url)
        with patch("crawler.site.is_public", "127.0.0.3".__eq__):
            [visit] = visited(public.url, names={"jyj.example": ["127.0.0.3"]})
    assert (visit.ok, visit.error) == (None, "指向内部地址，没有访问")
    assert server.log == [] and len(public.log) == 1


def test_where_no_site_can_be_reached_the_fault_may_be_ours(server: Server) -> None:
    lost = ["http://a.example/", "http://b.example/"]
    found = visited(*lost)
    assert [(one.ok, one.error) for one in found] == [
        (None, "域名无法解析；同一时间所有网站都打不开，可能是本机网络的问题，不计入")
    ] * 2
    # One that answers, in whatever way, shows that the others are to blame.
    server.add("/", "boom", 500)
    found = visited(lost[0], server.url, lost[1])
    assert [(one.site, one.ok) for one in found] == [("s0", False), ("s1", False), ("s2", False)]


# --- the log -----------------------------------------------------------------------------------------


def visit_at(time_of: datetime, site: str = "127.0.0.1", url: str = "http://127.0.0.1/") -> ProbeVisit:
    return ProbeVisit(time_of, site, url, True, 0.25, 200, "", 15.0)


def test_a_log_is_read_back_and_what_is_no_visit_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "new" / "log.jsonl"
    writer = ProbeWriter(path)
    writer.add(visit_at(AT))
    writer.close()
    good = path.read_text(encoding="utf-8")
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"time": "2026-03-10T08:00:0')
    writer = ProbeWriter(path)
    writer.add(visit_at(AT + timedelta(hours=1)))
    writer.close()
    more = ["[1]", '"x"', good.replace("+00:00", "").strip(), good.replace("0.25", '"x"').strip(), "[" * 30_000, ""]
    with path.open("a", encoding="utf-8") as stream:
        stream.write("\n".join([*more, good.replace("}", ', "later": 1}').strip(), good.strip()[:40]]))
    log = read_probes(path)
    assert list(log) == [visit_at(AT), visit_at(AT + timedelta(hours=1)), visit_at(AT)]
    # The half line, five that are none (the long one in two pieces), and the last one.
    assert log.skipped == 1 + 4 + 2 + 1


def test_a_log_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="没有这个访问记录文件"):
        read_probes(tmp_path / "none.jsonl")


def test_one_program_at_a_time_writes_a_log(tmp_path: Path) -> None:
    writer = ProbeWriter(tmp_path / "log.jsonl")
    with pytest.raises(UnusableInput, match="另一个程序正在写这个访问记录"):
        ProbeWriter(tmp_path / "log.jsonl")
    writer.close()
    ProbeWriter(tmp_path / "log.jsonl").close()


# --- the command -------------------------------------------------------------------------------------


def test_one_round_of_several_sites(duwang: Duwang, server: Server) -> None:
    with serving("127.0.0.4") as broken:
        broken.add("/", "boom", 500)
        rows = [("yi", "一局", server.url), ("er", "二局", broken.url)]
        entries = "".join(f"- {{id: {name}, name: {title}, home: '{home}'}}\n" for name, title, home in rows)
        Path("sites.yaml").write_text(f"sites:\n{entries}", encoding="utf-8")
        done = duwang("probe", "sites.yaml", "--once", "--log", "log.jsonl")
    assert done.status == 1 and done.out == ""
    lines = {line["site"]: line for line in held(Path("log.jsonl"))}
    assert {name: (line["ok"], line["status"]) for name, line in lines.items()} == {
        "yi": (True, 200), "er": (False, 500),
    }  # fmt: skip
    assert {line["timeout"] for line in lines.values()} == {15.0}
    assert all(datetime.fromisoformat(line["time"]).tzinfo for line in lines.values())
    assert any(line.startswith("[yi] 20") and "打开，0." in line for line in done.lines)
    assert done.lines[-2:] == ["[yi] 访问 1 次，打不开 0 次", "[er] 访问 1 次，打不开 1 次（100.0%）"]


def test_visits_that_open_end_with_nothing_found(duwang: Duwang, server: Server) -> None:
    assert duwang("probe", server.url, "--once").status == 0
    done = duwang("probe", server.url, "--once")
    assert (done.status, done.lines[0]) == (0, "接着记录到 duwang-probe.jsonl（已有 1 次访问）。")
    assert len(held(Path("duwang-probe.jsonl"))) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("probe", "none.yaml", "--once"), "文件不存在"),
        (("probe", "http://127.0.0.1:9/", "--log", "."), "这是一个文件夹"),
        (("probe", "http://127.0.0.1:9/", "--once", "--log", "notes.txt"), "这个文件不是访问记录"),
        (("probe", "http://127.0.0.1:9/", "--every", "0.5"), "应为 1.0 到 1440.0 之间的数"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_written(duwang: Duwang, words: tuple[str, ...], told: str) -> None:
    Path("notes.txt").write_text("买菜", encoding="utf-8")
    done = duwang(*words)
    assert done.status == 2 and len(done.lines) == 1 and told in done.lines[0]
    assert {path.name for path in Path().iterdir()} == {"notes.txt"}
    assert Path("notes.txt").read_text(encoding="utf-8") == "买菜"


def test_visits_are_spaced_and_end_when_the_time_is_over(server: Server, tmp_path: Path) -> None:
    plan = probe.Plan(timedelta(seconds=0.5), timedelta(seconds=1.4), 1.0, 2)
    assert probe.command([server.url], tmp_path / "log.jsonl", plan) == 0
    moments = [datetime.fromisoformat(line["time"]) for line in held(tmp_path / "log.jsonl")]
    assert len(moments) == 3
    assert all(0.2 < (later - moment).total_seconds() < 0.9 for moment, later in pairwise(moments))


def test_a_run_goes_on_with_the_rest_of_the_time(server: Server, tmp_path: Path) -> None:
    name = "127.0.0.1-" + server.url.rsplit(":", 1)[1].strip("/")
    now = datetime.now(UTC)
    writer = ProbeWriter(tmp_path / "log.jsonl")
    for ago in (10.0, 0.2):
        writer.add(visit_at(now - timedelta(seconds=ago), name, server.url))
    writer.close()
    plan = probe.Plan(timedelta(seconds=1), timedelta(seconds=11.5), 1.0, 2)
    assert probe.command([server.url], tmp_path / "log.jsonl", plan) == 0
    # Not at once, since the last visit was just now, and not beyond the end of the first run.
    [moment] = [datetime.fromisoformat(line["time"]) for line in held(tmp_path / "log.jsonl")][2:]
    assert 0.7 < (moment - now).total_seconds() < 1.4


def test_a_killed_run_loses_nothing_and_goes_on(server: Server, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    code = (
        "import sys; from datetime import timedelta as t; from pathlib import Path; from duwang import probe; "
        "probe.command([sys.argv[1]], Path(sys.argv[2]), probe.Plan(t(seconds=0.2), t(days=1), 1.0, 2))"
    )
    root = str(Path(__file__).parents[2])
    for runs in (1, 2):
        child = subprocess.Popen(
            [sys.executable, "-c", code, server.url, str(log)],
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": root},
        )
        until = time.monotonic() + 60
        while time.monotonic() < until and (not log.exists() or len(log.read_bytes().splitlines()) < 3 * runs):
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.wait()
        with log.open("ab") as stream, suppress(OSError):
            stream.write(b'{"time": "2026')
    found = read_probes(log)
    visits = list(found)
    assert len(visits) >= 6 - 1 and all(visit.ok for visit in visits)
    assert found.skipped == 2
    assert len(server.asked) - len(visits) <= 2
