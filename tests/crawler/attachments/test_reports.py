"""One report in several carriers on a real server: read, compared, and told apart; nothing else is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest
from attachments.making import archive, article, column, png
from documents.maker import Look, MadeReport, compare_tables, html_of, make_report, pdf_of_html, printer
from documents.maker.scans import Wear, scanned_pdf, scans
from documents.maker.word import docx_of
from outcomes.crawling import crawl, refused, short
from site_server import Server, serving

from crawler.capture import Capture
from crawler.evidence import Document
from crawler.readers import read
from scoring.annual_report import AnnualReport, Options
from scoring.assemble import inspect_site, site_reports
from scoring.inspection import Inspection
from scoring.rules import shipped

DAY = date(2023, 3, 1)
COMPACT = Look(
    "compact",
    page="size: A4; margin: 12mm",
    css="table {border-collapse: collapse; font-size: 9pt; line-height: 1.2} td {border: 1px solid #000} "
    "body {font: 10.5pt/14pt 'Noto Serif CJK SC'} h1 {font-size: 14pt; line-height: 20pt} h2 {font-size: 11pt}",
)
WEAR = Wear(turn=0.4, blur=0.4, noise=2.0, dpi=125)
METADATA = (
    "<table><tr><td>索引号</td><td>A0-{seed}</td><td>名称</td><td>{title}</td></tr>"
    "<tr><td>内容概述</td><td>年度报告</td><td>生成日期</td><td>{day}</td></tr></table>"
)
# Report by what its page is made of; none has a fault of its own.
SEEDS = {"all": 2, "pictures": 4, "scan": 22, "zip": 28, "rar": 14}


@dataclass
class Judged:
    """``pages``: what a page is made of → its path."""

    capture: Capture
    inspection: Inspection
    pages: dict[str, str]

    def document(self, path: str) -> Document:
        """What the page at ``path`` says."""
        assert self.capture.site
        page = self.capture.page(self.capture.site.home + path)
        found = self.capture.document(page.record) if page and page.record else None
        assert found
        return found

    def findings(self) -> list[tuple[str, str, str, str]]:
        """Code, outcome, message key and the path of what was found about the reports; the site has little else."""
        about = [f for f in self.inspection.findings if f.rule.startswith("AR-")]
        return sorted((f.rule, f.outcome, f.message_key, short(self.capture, f.where.url or "")) for f in about)


def place(kind: str) -> str:
    return f"/nb/{kind}/t{make_report(SEEDS[kind]).year + 1}0115_{SEEDS[kind]}.html"


def put(server: Server, kind: str, body: str, **files: bytes) -> None:
    """The page of a report with files beside it; ``__`` in a name stands for the dot."""
    report = make_report(SEEDS[kind])
    day = f"{report.year + 1}-01-15"
    metadata = METADATA.format(seed=report.seed, title=report.title, day=day)
    server.add(place(kind), article(report.title, metadata + body, day))
    for name, content in files.items():
        server.add(f"/nb/{kind}/{name.replace('__', '.')}", content, Content_Type="application/octet-stream")


def inner(report: MadeReport) -> str:
    """The report without its title."""
    found = re.search(r"</h1>(.*)</body>", html_of(report), re.DOTALL)
    assert found
    return found[1]


def link(name: str, text: str = "") -> str:
    return f"<p><a href='{name}'>{text or name}</a></p>"


def figures(report: AnnualReport, name: str) -> dict[tuple[str, str], str]:
    return {place: cell.value.raw for place, cell in report.bound(name).cells.items()}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    reports = {kind: make_report(seed) for kind, seed in SEEDS.items()}
    with printer() as browser:
        other = pdf_of_html(browser, html_of(reports["all"].with_wrong_digit(5, 4), COMPACT))
        shown = scans(pdf_of_html(browser, html_of(reports["pictures"], COMPACT)), replace(WEAR, turn=0.0), 4)
        scan = scanned_pdf(scans(pdf_of_html(browser, html_of(reports["scan"], COMPACT)), WEAR, 22), WEAR)
    folder = tmp_path_factory.mktemp("reports")
    with serving() as server:
        attached = link("a.docx", "附件1") + link("b.pdf", "附件2.pdf")
        put(server, "all", inner(reports["all"]) + attached, a__docx=docx_of(reports["all"]), b__pdf=other)
        pictures = {f"p{number}__png": png(image) for number, image in enumerate(shown)}
        sources = "".join(f"<p><img src='{name.replace('__', '.')}'></p>" for name in pictures)
        put(server, "pictures", sources, **pictures)
        put(server, "scan", link("scan.pdf", "附件：年度报告.pdf"), scan__pdf=scan)
        put(server, "zip", link("r.zip", "附件.zip"), r__zip=archive({"报告.docx": docx_of(reports["zip"])}))
        put(server, "rar", inner(reports["rar"]) + link("r.rar", "附件.rar"), r__rar=b"Rar!\x1a\x07\x00" + bytes(90))
        column(server, {place(kind): report.title for kind, report in reports.items()})
        capture = crawl(server, folder, limits={"max_bytes": 20_000_000, "timeout": 30.0}).capture
    inspection = inspect_site(capture, rules=shipped(), on=DAY, folder="capture")
    yield Judged(capture, inspection, {kind: place(kind)[1:] for kind in SEEDS})


def test_each_carrier_has_its_findings_and_no_other(judged: Judged) -> None:
    pages = judged.pages
    assert judged.findings() == [
        ("AR-107", "needs_review", "attachment_read", pages["scan"]),
        ("AR-107", "needs_review", "attachment_read", pages["zip"]),
        ("AR-107", "needs_review", "picture_read", pages["pictures"]),
        ("AR-111", "fail", "figures", pages["all"]),
    ]
    assert [u for u in judged.inspection.unchecked if u.outcome == "error"] == []
    assert refused(judged.capture) == {"nb/rar/r.rar": "unreadable"}


def test_the_copy_with_another_number_is_named_with_both(judged: Judged) -> None:
    (finding,) = [f for f in judged.inspection.findings if f.rule == "AR-111"]
    assert finding.message.startswith("表三（收到和处理政府信息公开申请情况）有 1 处数据与另一处的同一报告")
    assert finding.message.endswith("/nb/all/b.pdf）不同：“（一）予以公开”行“商业企业”列 6（另一处 7）。")
    (other,) = finding.related
    assert (finding.quote, other.quote, other.where.page) == ("6", "7", 1)


def test_what_the_pictures_of_a_page_say_stands_behind_them(judged: Judged) -> None:
    document = judged.document(judged.pages["pictures"])
    shown = [n for n, block in enumerate(document.blocks) if block.kind == "picture" and block.href.endswith("p1.png")]
    behind = document.blocks[shown[0] + 1]
    assert behind.confidence is not None and behind.confidence > 0.5
    scan = judged.document("nb/scan/scan.pdf")
    assert (scan.recognised, scan.notes, compare_tables(make_report(SEEDS["scan"]), scan).wrong) == (True, (), [])


def test_a_table_that_goes_on_in_the_next_picture_is_read_to_the_cell(judged: Judged) -> None:
    (pictured,) = [one for one in site_reports(judged.capture) if one.document.uri.endswith(judged.pages["pictures"])]
    made = AnnualReport(read(html_of(make_report(SEEDS["pictures"])).encode(), uri="file:///made.html"), Options())
    for name in ("t2", "t3", "t4"):
        assert figures(pictured, name) == figures(made, name)
    assert len(figures(pictured, "t3")) == 175


def test_an_attachment_stands_in_the_list_of_reports_with_what_its_page_says(judged: Judged) -> None:
    (scanned,) = [one for one in site_reports(judged.capture) if one.document.carrier == "pdf"]
    assert (scanned.unit, scanned.year, scanned.published) == ("长风县财政局", 2022, date(2023, 1, 15))
    assert scanned.recognised["published"] == "取自刊载该附件的网页"
