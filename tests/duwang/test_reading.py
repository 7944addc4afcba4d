"""Reading sites as a user does: what is told and listed, going on after an end, asking again next month."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from site_server import Server, page, serving

from crawler.archive.layout import MANIFEST
from crawler.capture import Capture
from crawler.evidence import Site
from crawler.progress import Progress
from duwang import watch

SCRIPT = (
    "<html><head><title>统计数据</title></head><body><div id='list'></div><script src='list.js'></script></body></html>"
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def listing(*homes: str) -> Path:
    path = Path("sites.yaml")
    rows = [
        f"  - {{id: s{number}, name: 石桥县第{number}局, home: '{home}', crawl: {{delay: 0}}}}"
        for number, home in enumerate(homes)
    ]
    path.write_text("\n".join(["sites:", *rows]), encoding="utf-8")
    return path


def rows_of(path: str) -> list[dict[str, str]]:
    data = Path(path).read_bytes()
    assert data.startswith("\ufeff".encode()) and data.count(b"\n") == data.count(b"\r\n")
    with Path(path).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def small(server: Server, articles: int = 3) -> None:
    entry = "<li><a href='{0}.html'>关于第{0}号事项的通知</a><span>2025-01-0{0}</span></li>"
    rows = "".join(map(entry.format, range(1, articles + 1)))
    trail = "<div>当前位置：<a href='/'>首页</a> &gt; 通知公告</div>"
    server.add("/", page(("/tz/", "通知公告"), title="石桥县第0局"))
    server.add("/tz/", f"<html><body>{trail}<ul class='list'>{rows}</ul></body></html>")
    for n in range(1, articles + 1):
        server.add(f"/tz/{n}.html", page(title=f"关于第{n}号事项的通知", text=f"第{n}号正文。" * 20), ETag=f'"{n}"')


# --- what is told -------------------------------------------------------------------------------------


def test_what_was_read_and_what_was_not_is_told_and_listed(duwang, server: Server) -> None:
    small(server)
    links = ["/inner/a.html", "/gone.html", "/a.pdf", "/js/", "/film.mp4", "/eq.html"]
    server.add("/", page(("/tz/", "通知公告"), *links, title="石桥县第0局"))
    server.add("/robots.txt", "User-agent: *\nDisallow: /inner/\n", Content_Type="text/plain")
    server.add("/tz/", str(server.pages["/tz/"].body).replace("</ul>", "</ul><a href='index_1.html'>下一页</a>"))
    server.add("/tz/index_1.html", "busy", 500)
    server.add("/a.pdf", b"%PDF-1.4 scan", Content_Type="application/pdf")
    server.add("/eq.html", page(title="=HYPERLINK(1)"))
    server.add("/js/", SCRIPT)
    server.pages["HEAD /film.mp4"] = server.pages["/film.mp4"] = server.pages["/a.pdf"]
    done = duwang("crawl", listing(server.url), "--out", "out", "--render", "never")
    assert done.status == 0
    assert done.lines[1:] == [
        "[s0] 读到 6 页，未读 6 个地址。",
        "[s0] 未读原因：页面不存在（两次核实）：1 个；返回状态码 500：1 个；网站的 robots 规则不允许：1 个；"
        "内容由脚本绘制，没有读到：1 个；不读取这类文件（图片、音像、程序等）：1 个；"
        "已存档，本版本读不了其内容：1 个。",
        "[s0] 栏目 1 个，条目 3 条，没有读全 1 个：",
        f"[s0] 　“通知公告”读到列表 1 页、条目 3 条：有 1 个分页没有读到（如 {server.url}tz/index_1.html）。",
        f"[s0] 有 1 个页面的内容由脚本绘制，没有读到（如 {server.url.split('/')[2]}/js/）：设置为不用浏览器。",
    ]
    assert "清单 out/s0/coverage.csv、columns.csv" in done.out
    rows = {row["网址"].removeprefix(server.url): row for row in rows_of("out/s0/coverage.csv")}
    assert {name: row["原因"] or row["结果"] for name, row in rows.items()} == {
        "": "已读", "tz/": "已读", "tz/1.html": "已读", "tz/2.html": "已读", "tz/3.html": "已读", "eq.html": "已读",
        "inner/a.html": "网站的 robots 规则不允许", "gone.html": "页面不存在（两次核实）",
        "a.pdf": "已存档，本版本读不了其内容", "js/": "内容由脚本绘制，没有读到",
        "film.mp4": "不读取这类文件（图片、音像、程序等）", "tz/index_1.html": "返回状态码 500",
    }  # fmt: skip
    assert (rows["a.pdf"]["内容"], rows["a.pdf"]["状态码"], rows["a.pdf"]["发现于"]) == ("pdf", "200", server.url)
    assert rows["eq.html"]["标题"] == "'=HYPERLINK(1)"
    (column,) = rows_of("out/s0/columns.csv")
    assert column == {
        "栏目": "通知公告", "网址": f"{server.url}tz/", "列表页": "1", "条目": "3", "标明条目": "", "无日期条目": "0",
        "最新日期": "2025-01-03", "读全": "否", "空栏目说明": "",
        "没有读到的部分": f"有 1 个分页没有读到（如 {server.url}tz/index_1.html）",
    }  # fmt: skip


def test_a_site_that_refuses_and_one_that_is_not_there_are_told_with_what_to_do(duwang, server: Server) -> None:
    server.add("/", "no", 403)
    done = duwang("crawl", listing(server.url, "http://127.0.0.1:9/"), "--out", "out", "--jobs", "2")
    assert done.status == 2
    ends = {line for line in done.lines if "未能读取" in line}
    assert ends == {
        "[s0] 未能读取：网站没有读到任何页面（网站拒绝访问）；请与网站管理员联系。",
        "[s1] 未能读取：网站没有读到任何页面（连接被拒绝）；请核对网址和网络后重试。",
    }


# --- going on -----------------------------------------------------------------------------------------


@pytest.fixture
def interrupting(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Ctrl-C as soon as so many pages are read; 0 for never."""

    def after(pages: int) -> None:
        def progress(self: watch.Watch, site: Site, seen: Progress) -> None:
            if pages and seen.read >= pages:
                self.stop.set()
            told(self, site, seen)

        monkeypatch.setattr(watch.Watch, "progress", progress)

    told = watch.Watch.progress
    return after


def test_an_interrupted_crawl_says_how_to_go_on_and_goes_on(duwang, server: Server, interrupting) -> None:
    small(server, 9)
    sites = listing(server.url)
    server.pause = 0.1
    interrupting(3)
    done = duwang("crawl", sites, "--out", "out")
    assert (done.status, done.lines[-1]) == (130, "已中止；读到的内容已保存。用同样的命令加上 --resume 可以接着采集。")
    assert not Path("out/s0/capture", MANIFEST).exists()
    interrupting(0)
    refused = duwang("crawl", sites, "--out", "out")
    assert refused.status == 2 and len(refused.lines) == 1 and "--resume" in refused.err
    done = duwang("audit", sites, "--out", "out", "--resume", "--fail-on", "never")
    assert done.status == 0
    assert done.lines[0] == f"[s0] 接着读取 石桥县第0局 {server.url}"
    assert Capture.open(Path("out/s0/capture")).counts["read"] == 11
    asked = [path for path in server.asked if path.startswith("/tz/")]
    assert set(asked) == {"/tz/", *(f"/tz/{n}.html" for n in range(1, 10))}
    again = duwang("crawl", sites, "--out", "out", "--resume")
    assert (again.status, again.lines) == (0, ["[s0] 已读完，沿用 out/s0/capture"])


def test_an_interrupted_replacement_goes_on_and_is_not_the_old_capture(duwang, server: Server, interrupting) -> None:
    small(server, 9)
    sites = listing(server.url)
    assert duwang("crawl", sites, "--out", "out").status == 0
    first = Capture.open(Path("out/s0/capture")).digest
    server.pause = 0.1
    interrupting(3)
    assert duwang("crawl", sites, "--out", "out", "--force").status == 130
    assert Capture.open(Path("out/s0/capture")).digest == first
    interrupting(0)
    assert duwang("crawl", sites, "--out", "out", "--resume").status == 0
    assert Capture.open(Path("out/s0/capture")).digest != first
    assert sorted(path.name for path in Path("out/s0").iterdir()) == ["capture", "columns.csv", "coverage.csv"]


def test_a_folder_left_without_anything_of_use_is_begun_again(duwang, server: Server) -> None:
    small(server)
    left = Path("out/s0/capture/index.sqlite.part")
    left.parent.mkdir(parents=True)
    left.write_bytes(b"")
    assert duwang("crawl", listing(server.url), "--out", "out", "--resume").status == 0
    assert Capture.open(Path("out/s0/capture")).counts["read"] == 5


# --- next month ---------------------------------------------------------------------------------------


def test_what_did_not_change_since_is_told_apart(duwang, server: Server) -> None:
    small(server)
    sites = listing(server.url)
    assert duwang("crawl", sites, "--out", "one").status == 0
    done = duwang("crawl", sites, "--out", "two", "--since", "one")
    assert done.status == 0
    assert done.lines[1] == "[s0] 读到 5 页（其中与上次相同 5 页），发现的地址全部读完。"
    assert {row["结果"] for row in rows_of("two/s0/coverage.csv")} == {"已读，与上次相同"}
    # What is asked for cannot be had, and nothing is fetched for it.
    server.asked.clear()
    other = listing("http://127.0.0.1:9/", server.url)
    for words, told in (
        (("--out", "three", "--since", "none"), "none：没有这个文件夹"),
        (("--out", "three", "--since", "."), "这里没有这些站点以前的存档"),
        (("--out", "three", "--since", "one/s0/capture"), "这是一个站点的存档，而要读的站点有 2 个"),
        (("--out", "two", "--since", "two", "--force"), "--out"),
        (("--out", "three", "--resume"), "这里没有可以接着采集的内容"),
        (("--out", "two", "--resume", "--force"), "请只用一个"),
        (("--out", "two", "--render", "sometimes"), "auto、never、always"),
        (("--out", "two"), "--force"),
    ):
        done = duwang("crawl", other, *words)
        assert (done.status, len(done.lines)) == (2, 1), words
        assert told in done.err
    assert server.asked == []
    wrong = duwang("crawl", listing("http://127.0.0.1:9/"), "--out", "three", "--since", "one/s0/capture")
    assert wrong.status == 2
    assert "这不是 石桥县第0局（http://127.0.0.1:9/）的" in wrong.lines[-1]
