"""``duwang scan``: rounds of all sites, interrupted and gone on with, and people told at the end."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from loop_samples import inspection, kept
from openpyxl import load_workbook
from site_server import Server, page, serving

from crawler.archive.layout import Lock
from duwang import sites as crawling
from duwang.demo_server import DATA
from duwang.scan import command, exceptions, notify, rounds, settings
from duwang.scan.exceptions import Seen
from duwang.scan.rounds import State
from reports import json_report
from scoring.inspection import Decided, Unchecked

Duwang = Callable[..., Any]
PROJECT = Path(__file__).parents[2]
REPORT = (DATA / "reports" / "shiqiao-yjj-2025.html").read_text(encoding="utf-8")
LINK = ("/nb.html", "石桥县应急管理局2025年政府信息公开工作年度报告")
DAY = "2026-03-10"


def build(server: Server, articles: int = 8) -> None:
    server.add("/", page(LINK, *(f"/a{n}.html" for n in range(articles)), title="石桥县应急管理局"))
    server.add("/nb.html", REPORT)
    for number in range(articles):
        server.add(f"/a{number}.html", page("/", title=f"全县安全生产检查第{number}组到企业走访"))


@pytest.fixture
def town() -> Iterator[list[Server]]:
    with serving() as one, serving() as two:
        build(one)
        build(two)
        yield [one, two]


def listing(*homes: str) -> Path:
    lines = ["sites:"]
    for index, home in enumerate(homes):
        lines += [f"  - id: s{index}", f"    name: 石桥县第{index}局", f"    home: {home}", "    crawl: {delay: 0}"]
    path = Path("sites.yaml")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def judged(folder: Path) -> dict[str, Any]:
    """What the inspections of a round say, without moments and digests of what was read twice."""
    told = {}
    for path in sorted(folder.glob("*/inspection.json")):
        held = json_report.load(path)
        found = [(f.identity, f.state, f.outcome, f.message, f.where.url) for f in held.findings]
        told[path.parent.name] = (found, held.outcomes, held.scorecards, held.evidence.pages, held.evidence.beside)
    return told


def rows(store: Path) -> dict[str, list[Any]]:
    asked = {
        "sites": "SELECT key, kind, name FROM sites ORDER BY key",
        "inspections": "SELECT s.key, judged_on, rules_digest, fails, reviews, new FROM inspections i"
        " JOIN sites s ON s.id = i.site_id ORDER BY s.key, judged_on",
        "findings": "SELECT s.key, f.fingerprint, f.rule, f.first_seen, f.last_seen FROM findings f"
        " JOIN sites s ON s.id = f.site_id ORDER BY 1, 2",
        "captures": "SELECT s.key, pages, documents, unread FROM captures c"
        " JOIN sites s ON s.id = c.site_id ORDER BY 1",
    }
    with closing(sqlite3.connect(store)) as db:
        return {name: db.execute(statement).fetchall() for name, statement in asked.items()}


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("*") if path.name[0] != ".")


# --- interrupted -------------------------------------------------------------------------------------


def test_a_scan_that_was_killed_comes_to_what_an_undisturbed_one_comes_to(duwang: Duwang, town: list[Server]) -> None:
    sites = listing(*(server.url for server in town))
    scan = ("scan", str(sites), "--jobs", "1", "--judged-on", DAY, "--out")
    whole = duwang(*scan, "whole")
    assert whole.status == 1, whole.err

    for server in town:
        server.log.clear()
        server.asked.clear()
    town[1].pause = 0.3
    words = [sys.executable, "-m", "duwang", *scan, "killed"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    child = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while len(town[1].log) < 5 and time.monotonic() < until:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert (Path("killed") / "2026-03" / "s0" / "inspection.json").is_file()
    assert not (Path("killed") / "2026-03" / "s1" / "inspection.json").exists()
    assert not rounds.state_of(Path("killed/2026-03")).finished

    town[1].pause = 0.0
    town[0].asked.clear()
    time.sleep(0.5)  # the crawl whose owner is gone ends
    again = duwang(*scan, "killed")
    assert again.status == 1, again.err
    assert town[0].asked == []  # what was finished is not read again
    assert town[1].asked.count("/") == 1
    assert judged(Path("killed/2026-03")) == judged(Path("whole/2026-03")) and judged(Path("killed/2026-03"))
    assert rows(Path("killed/store.sqlite")) == rows(Path("whole/store.sqlite"))
    files = [
        "index.html",
        "run.json",
        "s0",
        "s1",
        "scan.json",
        "异常报告.txt",
        "通报.html",
        "通报.xlsx",
        "问题台账.xlsx",
    ]
    assert names(Path("killed/2026-03")) == names(Path("whole/2026-03")) == files

    # A round that is whole is left alone, and one that another day goes on with keeps the days of what it has.
    done = duwang(*scan, "killed")
    assert done.status == 1 and "这一期已经检查完毕" in done.err and town[0].asked == []
    (Path("killed/2026-03/s1/inspection.json")).unlink()
    later = duwang(*scan[:-2], "2026-03-20", "--out", "killed")
    assert later.status == 1, later.err
    days = [json_report.load(Path(f"killed/2026-03/s{n}/inspection.json")).profile.judged_on for n in (0, 1)]
    assert days == [DAY, "2026-03-20"]


def test_a_second_scan_is_told_that_one_is_running(duwang: Duwang, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    lock = tmp_path / "out" / ".lock"
    lock.touch()
    held = Lock(lock)
    done = duwang("scan", listing("http://127.0.0.1:9/"), "--out", "out")
    held.release()
    assert done.status == 2 and len(done.lines) == 1 and "另一个 duwang scan 正在这个文件夹中运行" in done.err
    assert names(tmp_path / "out") == []


# --- rounds ------------------------------------------------------------------------------------------


def test_rounds_with_sites_that_fail_and_people_who_are_told(
    duwang: Duwang, town: list[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(5)

    real = crawling.inspect_site

    def crash(capture: Any, **options: Any) -> Any:
        if capture.site.id == "s1":
            raise ZeroDivisionError("planted")
        return real(capture, **options)

    with serving() as silent, receiving() as hook:
        silent.run("/", hang)
        silent.run("/robots.txt", hang)
        sites = listing(town[0].url, town[1].url, "http://127.0.0.1:9/", silent.url)
        Path("set.yaml").write_text(f"notify: {{webhook: {{url: '{hook.url}'}}}}\njobs: 4\n", encoding="utf-8")
        monkeypatch.setenv("no_proxy", "*")
        with monkeypatch.context() as patch:
            patch.setattr(crawling, "inspect_site", crash)
            first = duwang("scan", sites, "--out", "out", "--judged-on", DAY, "--settings", "set.yaml")
    assert first.status == 2
    text = (Path("out/2026-03") / "异常报告.txt").read_text("utf-8")
    unread = text.partition("一、未能检查的站点\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split("（")[0].strip() for line in unread] == ["石桥县第1局", "石桥县第2局", "石桥县第3局"]
    assert "ZeroDivisionError" in unread[0]
    assert set(judged(Path("out/2026-03"))) == {"s0"}
    assert [head for head, _ in hook.got] == [None]
    told = json.loads(hook.got[0][1])
    assert (told["period"], told["inspected"], told["unread"], told["text"]) == ("2026-03", 1, 3, text)

    # The next round: one report has become late, one site is back.
    town[0].add("/nb.html", REPORT.replace("2026-01-23", "2026-02-03"))
    sites = listing(town[0].url, town[1].url)
    second = duwang("scan", sites, "--out", "out", "--judged-on", "2026-04-10")
    assert second.status == 1, second.err
    text = (Path("out/2026-04") / "异常报告.txt").read_text("utf-8")
    grave = text.partition("三、新发现的否决和重大问题\n")[2].partition("\n\n")[0]
    assert next(line for line in grave.splitlines() if line.startswith("　石桥")) == "　石桥县第0局：1 项"
    assert "AR-102" in grave.splitlines()[1] and grave.splitlines()[1].endswith(f"{town[0].url}nb.html")
    assert "石桥县第1局" in grave and "首次检查" in grave
    held = json_report.load(Path("out/2026-04/s0/inspection.json"))
    assert held.compared is not None and held.compared.judged_on == DAY
    page = (Path("out/2026-04") / "通报.html").read_text("utf-8")
    assert "2026-03" in page and "2026-04" in page
    ledger = load_workbook(Path("out/2026-04") / "问题台账.xlsx").active
    assert {row[1] for row in ledger.iter_rows(min_row=2, values_only=True) if row[1]} >= {"石桥县第0局", "石桥县第1局"}
    shown = duwang("store", "show", "s0", "--store", "out/store.sqlite").out
    assert DAY in shown and "2026-04-10" in shown
    assert duwang("verify", "out/2026-04/s0/inspection.json").status == 0
    with closing(sqlite3.connect("out/store.sqlite")) as db:
        calls = db.execute("SELECT command, sites, failed, finished >= started FROM runs ORDER BY started").fetchall()
    assert calls == [("scan", 4, 3, 1), ("scan", 2, 0, 1)]


def test_an_earlier_capture_that_cannot_be_used_costs_no_round(duwang: Duwang, town: list[Server]) -> None:
    scan = ("scan", "--out", "out", "--judged-on")
    assert duwang(*scan, DAY, listing(town[0].url, town[1].url)).status == 1
    assert duwang(*scan, "2026-04-10", listing(town[0].url)).status == 1
    records = Path("out/2026-04/s0/capture/data.warc.gz")
    records.chmod(0o644)
    records.write_bytes(records.read_bytes()[:-40])
    with serving() as moved:
        build(moved)
        ran = duwang(*scan, "2026-05-10", listing(town[0].url, moved.url))
        asked = len(moved.log)
    assert ran.status == 1, ran.err  # faults were found, and no site is missing
    assert set(judged(Path("out/2026-05"))) == {"s0", "s1"}
    text = Path("out/2026-05/异常报告.txt").read_text("utf-8")
    told = text.partition("六、以前的存档不能参照的站点\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split("：")[0].strip() for line in told] == ["石桥县第0局", "石桥县第1局"]
    assert "2026-04/s0/capture/data.warc.gz" in told[0] and told[0].endswith("改为参照更早的存档。")
    assert "这不是" in told[1] and told[1].endswith("全部重新读取。") and "--since" not in text
    assert asked >= 10  # the site that moved was read whole
    assert "（石桥" not in text.partition("一、")[2].partition("二、")[0]
    # The findings go on: the inspection of the month before needs no capture.
    held = json_report.load(Path("out/2026-05/s0/inspection.json"))
    assert held.compared is not None and held.compared.judged_on == "2026-04-10"


def test_the_exceptions_report_says_what_is_new_back_and_lower(tmp_path: Path) -> None:
    months = {
        "a": ("2026-01-05", ["甲栏"]),
        "b": ("2026-02-05", []),
        "c": ("2026-03-05", ["甲栏", "乙\x1b[2J栏", "丙栏"]),
    }
    before = None
    for month, (day, faults) in months.items():
        folder = tmp_path / month
        kept(folder, inspection("lanxi", day, faults, ["丁栏"]), inspection("yunxi", day, []), before=before)
        before = folder
    lanxi, yunxi = (json_report.load(tmp_path / "c" / name / "inspection.json") for name in ("lanxi", "yunxi"))
    decision = Decided("1", "dismissed", "张三", "2026-03-06T08:00:00+08:00", "另有专栏")
    lanxi = replace(lanxi, findings=(*lanxi.findings[:2], replace(lanxi.findings[2], decision=decision)))
    broken = replace(yunxi, unchecked=(Unchecked("WS-101", "dead-site", "站点无法访问", "error", "KeyError"),))
    sites = [
        Seen("lanxi", "兰溪局", "http://lanxi.gov.cn/", lanxi),
        Seen("qing", "青禾局", "http://qing.gov.cn/", None, "网站没有读到任何页面（负责人11010519491231002X）。"),
        Seen("yunxi", "云溪局", "http://yunxi.gov.cn/", broken),
    ]
    assert exceptions.plain(sites, "2026-03", "2026-03-05") == (
        "══════════\n异常报告　2026-03\n"
        "读网 2026-03：新发现否决和重大问题 1 项，再次出现 1 项，未能检查 1 个站点（共 3 个）。"
        "检查日期 2026-03-05。\n\n"
        "一、未能检查的站点\n"
        "　青禾局（http://qing.gov.cn/）：网站没有读到任何页面（负责人11*************02X）。\n\n"
        "二、检查中程序出错、没有得出结论的\n　云溪局：WS-101 站点无法访问\n\n"
        "三、新发现的否决和重大问题\n　兰溪局：1 项\n"
        "　　〔重大〕WS-202 空白栏目　栏目“乙␛[2J栏”没有内容。　http://lanxi.gov.cn/a.html\n\n"
        "四、再次出现的问题\n　兰溪局：1 项\n"
        "　　〔重大〕WS-202 空白栏目　栏目“甲栏”没有内容。　http://lanxi.gov.cn/a.html\n\n"
        "五、得分下降最多的站点\n　兰溪局：70（下降 30）\n\n"
        "六、以前的存档不能参照的站点\n　无。\n\n七、各站点\n"
        "　lanxi　兰溪局　70（-30）　一般　新发现 1，再次出现 1，持续存在 0，已改正 0，未能复查 0\n"
        "　qing　青禾局　未能检查\n"
        "　yunxi　云溪局　100（0）　好　新发现 0，再次出现 0，持续存在 0，已改正 0，未能复查 0\n"
    )
    told = exceptions.figures(sites, "2026-03", "2026-03-05")
    assert {name: told[name] for name in ("inspected", "unread", "grave_new", "reopened", "failed_checks")} == {
        "inspected": 2, "unread": 1, "grave_new": 1, "reopened": 1, "failed_checks": 1,
    }  # fmt: skip
    assert [one.get("change") for one in told["sites"]] == [-30, None, 0]


def test_a_ledger_that_a_person_filled_in_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [held] = kept(tmp_path, inspection("lanxi", "2026-03-05", ["甲栏"]))
    whole, state = command._ledger(tmp_path, [held], State(), whole=True)
    path = tmp_path / command.LEDGER
    assert whole and state.ledger == rounds.digest_of(path)
    book = load_workbook(path)
    book.active["L2"] = "已整改"
    book.save(path)
    filled = path.read_bytes()
    assert command._ledger(tmp_path, [held], state, whole=True) == (True, state)
    assert path.read_bytes() == filled and "已有人填写，没有改写" in capsys.readouterr().err


# --- settings ----------------------------------------------------------------------------------------

MAIL = "{host: m.example, port: 25, security: none, from: a@b.example, to: [c@d.example]"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("jobs: 2\nnotfy: {}\n", ":2：不认识的项目 notfy；请核对拼写。"),
        ("notify:\n  mail: " + MAIL.replace("25", "0") + "}\n", ":2：notify.mail.port 的值“0”太小；应不小于 1。"),
        ("notify:\n  mail: " + MAIL.replace("25", "'25'") + "}\n", ":2：notify.mail.port 应为整数。"),
        ("notify:\n  mail: " + MAIL + ", user: u}\n", ":2：notify.mail 中 user 和 password_env 要一起写。"),
        ("notify:\n  mail: " + MAIL.replace("[c@d.example]", "['c@d.example\\nBcc: x']") + "}\n", "不是邮箱地址。"),
        ("notify:\n  mail: " + MAIL + ", user: u, password_env: 'geheim!'}\n", ":2：notify.mail.password_env 应为环境"),
        ("notify:\n  webhook:\n    url: ftp://a.example/\n", ":3：notify.webhook.url 不是可用的网址"),
        ("store: postgresql://me:geheim!@db/x\n", ":1：store 中不能写密码"),
        ("jobs: 1\njobs: 2\n", ":2：键“jobs”重复；请只保留一个。"),
        ("- a\n", ":1：文件 应为“名称: 值”的形式。"),
    ],
)
def test_a_fault_of_the_settings_is_one_line_with_its_place(duwang: Duwang, content: str, line: str) -> None:
    Path("set.yaml").write_text(content, encoding="utf-8")
    done = duwang("scan", listing("http://127.0.0.1:9/"), "--out", "out", "--settings", "set.yaml")
    assert done.status == 2 and len(done.lines) == 1 and line in done.err, done.err
    assert "geheim" not in done.err and not Path("out").exists()


def test_what_stands_in_the_settings_is_taken_from_their_folder(tmp_path: Path) -> None:
    path = tmp_path / "set.yaml"
    path.write_text("jobs: 3\nlexicon: [own.yaml]\nstore: s.sqlite\n", encoding="utf-8")
    held = settings.load(path)
    assert (held.jobs, held.lexicon, held.store) == (3, (str(tmp_path / "own.yaml"),), str(tmp_path / "s.sqlite"))


@pytest.mark.parametrize("period", ["2026-13", "2026", "11", "../x", "2026-02-30"])
def test_a_period_is_a_month_or_a_day(duwang: Duwang, period: str) -> None:
    done = duwang("scan", listing("http://127.0.0.1:9/"), "--out", "out", "--period", period)
    assert done.status == 2 and len(done.lines) == 1 and "请写成 2026-11" in done.err


# --- notices -----------------------------------------------------------------------------------------


class Hook:
    """A receiver of requests: signature and body of each."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hook?key=verborgen"
        self.got: list[tuple[str | None, bytes]] = []


@contextmanager
def receiving(status: int = 204) -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.got.append((self.headers.get(notify.SIGNATURE), body))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hook = Hook(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield hook
        server.shutdown()


@contextmanager
def posting() -> Iterator[tuple[int, list[str]]]:
    """A mail server; gives its port and every line that it is told."""
    lines: list[str] = []

    class Handler(StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def handle(self) -> None:
            self.say("220 ready")
            data = False
            while raw := self.rfile.readline():
                line = raw.decode().rstrip("\r\n")
                lines.append(line)
                if data:
                    data = line != "."
                    if not data:
                        self.say("250 taken")
                elif line.upper().startswith("EHLO"):
                    self.say("250-here\r\n250 AUTH PLAIN")
                elif line == "data":
                    data = True
                    self.say("354 go on")
                elif line == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("235 ok" if line.startswith("AUTH") else "250 ok")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1], lines
        server.shutdown()


NOTICE = notify.Notice("读网 2026-11：新发现 1 项", "异常报告　2026-11\n　石桥县应急管理局\n", {"period": "2026-11"})


def to(tmp_path: Path, content: str) -> settings.Notify:
    path = tmp_path / "set.yaml"
    path.write_text(content, encoding="utf-8")
    return settings.load(path).notify


def test_the_report_goes_out_by_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAIL_WORD", "verborgen")
    with posting() as (port, lines):
        words = MAIL.replace("m.example", "127.0.0.1").replace("25", str(port)) + ", user: me, password_env: MAIL_WORD}"
        notify.send(NOTICE, to(tmp_path, f"notify: {{mail: {words}}}"))
    assert capsys.readouterr().err == "已发出邮件。\n"
    login = base64.b64encode(b"\0me\0verborgen").decode()
    assert f"AUTH PLAIN {login}" in lines
    assert "rcpt TO:<c@d.example>" in lines
    body = "".join(lines[lines.index("") + 1 : lines.index(".")])
    assert base64.b64decode(body).decode().replace("\r\n", "\n") == NOTICE.text
    head = next(line for line in lines if line.startswith("Subject:"))
    assert base64.b64encode("读网".encode()).decode()[:6] in head


def test_the_report_goes_out_signed_and_a_failure_is_told_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("HOOK_KEY", "key")
    monkeypatch.delenv("NOT_SET", raising=False)
    with receiving() as hook, receiving(302) as moved:
        for url, variable in ((hook.url, "HOOK_KEY"), (hook.url, "NOT_SET"), (moved.url, "HOOK_KEY")):
            notify.send(NOTICE, to(tmp_path, f"notify: {{webhook: {{url: '{url}', secret_env: {variable}}}}}"))
    notify.send(
        NOTICE, to(tmp_path, "notify: {mail: " + MAIL.replace("m.example", "127.0.0.1").replace("25", "9") + "}}")
    )
    [(signature, body)] = hook.got
    assert signature == "sha256=" + hmac.new(b"key", body, hashlib.sha256).hexdigest()
    assert json.loads(body) == {"period": "2026-11", "subject": NOTICE.subject, "text": NOTICE.text}
    assert len(moved.got) == 1
    told = capsys.readouterr().err.splitlines()
    reasons = ["没有设定环境变量 NOT_SET", "对方返回状态码 302", "连接被拒绝"]
    assert told[0] == "已发出网络通知。" and len(told) == 4
    assert all(reason in line and "检查结果不受影响" in line for reason, line in zip(reasons, told[1:], strict=True))
    assert "verborgen" not in "".join(told)
