"""Pictures of annual reports in a crawl: which are fetched, how often, and that nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attachments.making import TITLE, archive, article, column, png
from documents.raw_pdf import raw_pdf, scanned
from outcomes.crawling import QUICK, crawl, refused, short
from PIL import Image, ImageDraw, ImageFont
from site_server import Server, page

from crawler.capture import Capture
from crawler.evidence import Site
from crawler.progress import Progress
from crawler.site import crawl_site

REPORT = "/nb/2026/t20260115_1.html"
NEWS = "/xw/2026/t20260116_2.html"
NAME = TITLE.format(year=2025)


def pictures(*sources: str) -> str:
    return "".join(f"<p><img src='{source}'></p>" for source in sources)


def site(server: Server, body: str) -> None:
    """A report page with ``body``; a piece of news with two of its pictures."""
    column(server, {REPORT: NAME, NEWS: "我局召开全县水利工作会议部署今冬明春农田水利建设"})
    server.add(REPORT, article(NAME, body, "2026-01-15"))
    server.add(
        NEWS,
        article("我局召开会议", pictures("/nb/2026/p1.png", "n.png") + "<p>会议部署了工作。</p>" * 20, "2026-01-16"),
    )


def asked(server: Server) -> list[str]:
    return [path for path in server.asked if path.endswith((".png", ".jpg", ".php", ".svg"))]


def held(capture: Capture) -> dict[str, str]:
    """Path → outcome of what was fetched as a picture of a report, or came to nothing."""
    return {
        short(capture, page.url): page.outcome
        for page in capture.pages()
        if page.kind == "document" or page.outcome not in ("read", "duplicate", "unchanged")
    }


def test_pictures_in_the_text_of_a_report_are_fetched_and_no_others(server: Server, tmp_path: Path) -> None:
    elsewhere = "http://other.example/p.png"
    sources = ("p1.png", "p1.png#top", "copy.png", "moved.png", "show.php?id=3", "gone.png", "page.png", elsewhere,
               "data:image/png;base64,AAAA")  # fmt: skip
    # A link to a picture would only be tried; as a picture of the report it is fetched.
    site(server, pictures(*sources) + "<p><a href='p1.png'>大图</a></p>")
    for path in ("p1.png", "copy.png", "new.png"):
        server.add(f"/nb/2026/{path}", png(shade=10 if path == "new.png" else 200), Content_Type="image/png")
    server.go("/nb/2026/moved.png", "new.png")
    server.add("/nb/2026/show.php?id=3", png(shade=90), Content_Type="application/octet-stream")
    server.add("/nb/2026/page.png", page(title="出错了"))
    capture = crawl(server, tmp_path).capture

    assert asked(server) == [
        "/nb/2026/p1.png", "/nb/2026/copy.png", "/nb/2026/moved.png", "/nb/2026/gone.png", "/nb/2026/page.png",
        "/nb/2026/new.png", "/nb/2026/gone.png",
    ]  # fmt: skip
    assert "/nb/2026/show.php?id=3" in server.asked
    assert held(capture) == {
        "nb/2026/p1.png": "read", "nb/2026/moved.png": "redirect", "nb/2026/show.php?id=3": "read",
        "nb/2026/gone.png": "dead", "nb/2026/page.png": "type", "nb/2026/new.png": "read",
    }  # fmt: skip
    assert refused(capture) == {"nb/2026/gone.png": "dead", "nb/2026/page.png": "type"}
    # The same bytes once.
    assert sum(record.media_type == "image/png" for record in capture.records()) == 2
    report = capture.page(server.url + REPORT[1:])
    assert report is not None and report.record is not None
    document = capture.document(report.record)
    assert document == capture.reread(report.record)
    assert document is not None and sum(block.kind == "picture" for block in document.blocks) == 11
    assert capture.problems() == []


def test_pictures_are_bounded_and_what_is_left_out_is_said(server: Server, tmp_path: Path) -> None:
    site(server, pictures(*(f"p{number}.png" for number in range(6))))
    for number in range(6):
        server.add(f"/nb/2026/p{number}.png", png(shade=number * 20), Content_Type="image/png")
    server.pages["/nb/2026/p1.png"].body = png() + bytes(70_000)
    capture = crawl(server, tmp_path, limits={"page_pictures": 3, "picture_bytes": 50_000}).capture
    assert asked(server) == [f"/nb/2026/p{number}.png" for number in range(3)]
    left_out = dict.fromkeys((f"nb/2026/p{number}.png" for number in (3, 4, 5)), "budget")
    assert refused(capture) == {"nb/2026/p1.png": "too-large", **left_out}


def test_a_later_crawl_and_one_that_was_killed_read_the_same(server: Server, tmp_path: Path) -> None:
    site(server, pictures("p1.png", "p2.png") + "<p><a href='a.zip'>附件</a></p>")
    words = Image.new("L", (900, 120), 255)
    ImageDraw.Draw(words).text((40, 30), "Report of the office, 2025", 0, ImageFont.load_default(48))
    server.add("/nb/2026/p1.png", png(words), Content_Type="image/png")
    server.add("/nb/2026/p2.png", png(shade=9), Content_Type="image/png")
    server.add("/nb/2026/a.zip", archive({"a.txt": "附件的正文".encode()}), Content_Type="application/zip")
    options: dict[str, Any] = {"delay": 0.0, "render": "never", "limits": QUICK}
    demo = Site("demo", "示范局", server.url)

    def stop(told: Progress) -> None:
        if "图片" in told.why:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl_site(demo, tmp_path / "one", progress=stop, **options)
    before = len(server.asked)
    one = crawl_site(demo, tmp_path / "one", resume=True, **options)
    assert asked(server) == ["/nb/2026/p1.png", "/nb/2026/p2.png"] and len(server.asked) <= before + 1
    two = crawl_site(demo, tmp_path / "two", since=tmp_path / "one", **options)
    assert held(one) == {"nb/2026/p1.png": "read", "nb/2026/p2.png": "read", "nb/2026/a.zip": "read",
                         "nb/2026/a.zip!/a.txt": "read"}  # fmt: skip
    assert held(two) == dict.fromkeys(held(one), "unchanged")
    documents = [{r.uri: capture.document(r.id) for r in capture.records()} for capture in (one, two)]
    assert documents[0] == documents[1]
    report = documents[0][server.url + REPORT[1:]]
    assert report is not None and one.reread(report.record) == report
    (read,) = [block for block in report.blocks if block.confidence is not None]
    assert "Report of the office" in read.text
    assert (one.problems(), two.problems()) == ([], [])


def test_characters_are_recognised_only_in_what_belongs_to_a_report(server: Server, tmp_path: Path) -> None:
    site(server, "<p><a href='附件.pdf'>附件</a></p><p><a href='again.pdf'>附件二</a></p>")
    scan = scanned(raw_pdf([b""]))
    server.pages["/"].body = page(
        ("/nb/", "年报"), ("/nb/2026/again.pdf", "附件二"), ("/notice.pdf", "通知"), title="首页"
    )
    server.add("/nb/2026/%E9%99%84%E4%BB%B6.pdf", scan, Content_Type="application/pdf")
    server.add("/nb/2026/again.pdf", scan + b"\n", Content_Type="application/pdf")
    server.add("/notice.pdf", scan + b"\n\n", Content_Type="application/pdf")
    capture = crawl(server, tmp_path).capture
    found = {
        short(capture, d.uri): d for r in capture.records() if (d := capture.document(r.id)) and d.carrier == "pdf"
    }
    assert {name: (document.recognised, document.notes) for name, document in found.items()} == {
        "nb/2026/%E9%99%84%E4%BB%B6.pdf": (True, ("第 1 页是扫描图片，没有识别出文字，未读取",)),
        "nb/2026/again.pdf": (True, ("第 1 页是扫描图片，没有识别出文字，未读取",)),
        "notice.pdf": (False, ("第 1 页是扫描图片，没有作文字识别，未读取",)),
    }
