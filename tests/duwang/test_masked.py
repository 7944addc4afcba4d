"""No report, list, line or picture shows a number of a person; the evidence keeps it, and verify confirms it."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from made_persons import docx_of, html_of, persons, unsound, xlsx_of

from duwang import shots
from duwang.cli import run
from duwang.demo_server import HOST, serve_folder
from reports import json_report
from scoring.inspection import Where

Duwang = Callable[..., Any]

PEOPLE = persons(12)
SECRETS = [secret for person in PEOPLE for secret in (*person.secrets, unsound(person.identity), person.identity[:14])]
HEAD = ("序号", "姓名", "身份证号", "联系电话", "银行卡号")
ROWS = [HEAD, *((str(n), p.name, *p.secrets) for n, p in enumerate(PEOPLE[:8], 1))]
NOTICE = [
    f"经核实，{PEOPLE[8].name}（身份证号{PEOPLE[8].identity}）符合条件，卡号{PEOPLE[8].card}。",
    f"咨询请联系{PEOPLE[9].name}，手机{PEOPLE[9].mobile}，或者学生资助中心 0931-8123456。",
]
TITLE = "2024年临时救助对象公示"
SITES = """\
sites:
  - {{id: shili-mzj, name: 示例县民政局, home: "{home}", level: county, crawl: {{delay: 0, render: never}}}}
"""
HOME = "<html><head><title>示例县民政局</title></head><body><div class='nav'>{links}</div></body></html>"


def pages() -> dict[str, bytes]:
    """Lists as page and attachments, a number in a title, one in an address, one split by markup."""
    last, other = PEOPLE[10], PEOPLE[11]
    split = f"<b>{last.identity[:9]}</b>{last.identity[9:]}"
    return {
        "a/t20240301_1.html": html_of(TITLE, NOTICE, ROWS).encode(),
        "a/t20240301_2.html": html_of(f"关于{last.name}{last.identity}的答复", NOTICE[1:], [("事项",)]).encode(),
        "a/t20240301_3.html": html_of("公告", ["领取人@。"], [("一",)]).replace("@", f"身份证号{split}").encode(),
        "a/13800001234.html": html_of("通知", [f"身份证号{other.identity}的申请人请来领取。"], [("一",)]).encode(),
        "a/P020240301.docx": docx_of(TITLE, NOTICE, ROWS),
        "a/P020240302.xlsx": xlsx_of(
            TITLE, NOTICE, [*ROWS, ("9", PEOPLE[9].name, unsound(PEOPLE[9].identity), "", "")]
        ),
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for name, body in pages().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(body)
    links = "".join(f'<a href="/{name}">{name[-16:-5]}号文件</a>' for name in pages())
    (folder / "index.html").write_text(HOME.format(links=links), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def audited(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    out = tmp_path_factory.mktemp("audit")
    with serve_folder(site) as port:
        listed = out / "sites.yaml"
        listed.write_text(SITES.format(home=f"http://{HOST}:{port}/"), encoding="utf-8")
        assert run(["audit", str(listed), "--out", str(out), "--judged-on", "2026-03-10"]) == 1
    yield next(out.glob("*/inspection.json")).parent


def told(folder: Path) -> str:
    """All that people read of a folder of results: everything but the evidence."""
    files = [path for path in folder.rglob("*") if path.is_file() and "capture" not in str(path.relative_to(folder))]
    assert files
    return "\n".join(_text(path) for path in files)


def _text(path: Path) -> str:
    body = path.read_bytes()
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return body.decode("utf-8", "replace")


def leaks(text: str) -> list[str]:
    bare = text.replace(" ", "").replace("-", "")
    return [secret for secret in SECRETS if secret in text or secret in bare]


def test_the_audit_finds_the_numbers_and_writes_none_of_them(audited: Path) -> None:
    found = json_report.load(audited / "inspection.json").findings
    own = [f for f in found if f.rule == "PV-101"]
    counts = {(f.rule, f.outcome, str(f.where.url).rsplit("/", 1)[-1]): f.values["count"] for f in own}
    assert counts["PV-101", "fail", "t20240301_1.html"] == 9 + 9 + 9  # page and files of one title are one finding
    assert counts["PV-101", "fail", "13800001234.html"] == 1
    assert counts["PV-101", "fail", "t20240301_3.html"] == 1
    assert {"PV-102", "PV-103"} <= {f.rule for f in found if f.outcome == "fail"}
    assert leaks(told(audited)) == []


def test_verify_confirms_what_is_masked(audited: Path, duwang: Duwang) -> None:
    done = duwang("verify", audited / "inspection.json")
    assert (done.status, leaks(done.out + done.err)) == (0, []), done.out


def test_verify_tells_a_quote_that_says_something_else(audited: Path, duwang: Duwang, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(audited, copy)
    data = json.loads((copy / "inspection.json").read_text(encoding="utf-8"))
    finding = next(f for f in data["findings"] if f["rule"] == "PV-101")
    finding["quote"] = finding["quote"].replace("62****", "63****")
    (copy / "inspection.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    done = duwang("verify", copy / "inspection.json")
    assert done.status == 1
    assert "不是引文" in done.out


@pytest.mark.parametrize("form", ["xlsx", "csv", "docx", "notice", "sarif", "junit", "html", "json", "txt"])
def test_no_file_that_is_drawn_later_shows_one(audited: Path, duwang: Duwang, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"later.{ {'notice': 'docx', 'junit': 'xml'}.get(form, form) }"
    done = duwang("report", audited / "inspection.json", "--format", {"txt": "text"}.get(form, form), "-o", out)
    assert done.status == 0, done.err
    assert "62*************" in _text(out)
    assert leaks(_text(out)) == []


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_no_format_on_the_screen_shows_one(audited: Path, duwang: Duwang, form: str) -> None:
    done = duwang("report", audited / "inspection.json", "--format", form)
    assert done.status == 0
    assert "62*************" in done.out
    assert leaks(done.out + done.err) == []


def test_an_address_is_shown_masked_and_its_link_leads_there(audited: Path, duwang: Duwang) -> None:
    page = (audited / "report.html").read_text(encoding="utf-8")
    assert '/a/13800001234.html"' in page
    assert "/a/138****1234.html<" in page
    assert "13800001234.html<" not in page
    assert "138****1234.html" in duwang("report", audited / "inspection.json", "--format", "text").out


@pytest.mark.parametrize("name", ["a/t20240301_1.html", "a/P020240301.docx", "a/P020240302.xlsx"])
def test_what_is_written_of_a_checked_document_shows_none(
    site: Path, duwang: Duwang, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out" / "r.html"
    done = duwang("check", "--only", "wording", site / name, "-o", out, "--fix-list", tmp_path / "list.xlsx")
    assert done.status == 1, done.err
    assert "PV-101" in told(tmp_path)
    assert leaks(done.out + done.err + told(tmp_path)) == []


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_what_the_screen_shows_of_a_checked_document_has_none(site: Path, duwang: Duwang, form: str) -> None:
    done = duwang("check", "--only", "wording", site / "a/P020240301.docx", "--format", form)
    assert done.status == 1, done.err
    assert "PV-101" in done.out
    assert leaks(done.out + done.err) == []


def test_the_line_about_a_file_that_cannot_be_read_masks_its_name(duwang: Duwang, tmp_path: Path) -> None:
    (tmp_path / f"{PEOPLE[0].identity}.docx").write_bytes(b"PK\x03\x04 nothing")
    done = duwang("check", f"{PEOPLE[0].identity}.docx")
    assert done.status == 2
    assert f"62*************{PEOPLE[0].identity[-3:]}.docx" in done.err
    assert leaks(done.out + done.err) == []


@pytest.mark.optional("chromium")
def test_pictures_of_pages_show_numbers_masked_or_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    person = PEOPLE[0]
    masked = f"62*************{person.identity[-3:]}"
    line = "领取人身份证号@，请于本月底前领取。"
    page = html_of("公告", [line], [("一",)])
    sources = {
        "open": page.replace("@", person.identity),
        "twin": page.replace("@", masked),
        "split": page.replace("@", f"<b>{person.identity[:9]}</b>{person.identity[9:]}"),
    }
    monkeypatch.setattr(shots, "_source", lambda opened, folder, record: sources[record])
    wanted = [
        shots._Wanted(
            name, Where(name, "", 0, url=f"http://jyj.shili.gov.cn/{name}.html"), line.replace("@", masked), ""
        )
        for name in sources
    ]
    drawn = asyncio.run(shots._draw(wanted, lambda record: None))
    assert drawn["open"] == drawn["twin"]
    assert "split" not in drawn
