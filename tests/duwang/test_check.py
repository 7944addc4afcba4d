"""``duwang check`` as an editor uses it: what is printed, what is written, what the exit status says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.capture import Capture
from duwang.demo_server import HOST, serve_folder

ROOT = Path(__file__).resolve().parents[2]


def codes(data: dict) -> set[str]:
    return {finding["rule"] for finding in data["findings"] if finding["outcome"] == "fail"}


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


# --- what a judgement says ---------------------------------------------------------------------------


def test_faults_are_printed_with_place_quote_basis_and_remedy(duwang, faulty) -> None:
    done = duwang("check", faulty)
    assert done.status == 1
    assert done.err == ""
    for code in ("AR-402", "AR-403", "AR-404", "AR-405"):
        assert code in done.out
    for word in ("石桥县应急管理局", "“自然人”列", "依据", "国办公开办函〔2021〕30号", "整改", "局限"):
        assert word in "".join(done.out.split())


def test_a_clean_report_gives_status_zero(duwang, clean) -> None:
    done = duwang("check", clean)
    assert done.status == 0
    assert "未发现问题" in done.out


@pytest.mark.parametrize(
    ("threshold", "expected"), [("veto", 0), ("major", 0), ("minor", 1), ("advice", 1), ("never", 0)]
)
def test_fail_on_sets_where_status_one_begins(duwang, plain, threshold: str, expected: int) -> None:
    assert duwang("check", plain, "--fail-on", threshold).status == expected


def test_what_is_stated_goes_before_what_is_recognised(duwang, clean) -> None:
    done = duwang(
        "check",
        clean,
        "--format",
        "json",
        "--published",
        "2026-02-05",
        "--publisher",
        "department",
        "--unit",
        "白杨区卫健局",
    )
    data = json.loads(done.out)
    assert done.status == 1
    assert "AR-102" in codes(data)
    assert data["subject"]["name"] == "白杨区卫健局"
    assert data["subject"]["recognised"]["published"] == "由用户指定"


def test_the_report_of_the_year_before_is_compared_and_quoted(duwang, tmp_path) -> None:
    base = ROOT / "rules" / "examples"
    now = (base / "department-2023.md").read_text(encoding="utf-8")
    row = "| 二、上年结转政府信息公开申请数量 | 2 | 0 | 0 | 0 | 0 | 0 | 2 |"
    assert row in now
    (tmp_path / "今年.md").write_text(now.replace(row, row.replace("2", "1")), encoding="utf-8")
    done = duwang("check", "今年.md", "--previous", base / "department-2022.md", "-o", "结果.json")
    assert done.status == 1
    data = json.loads((tmp_path / "结果.json").read_text(encoding="utf-8"))
    [finding] = [f for f in data["findings"] if f["rule"] == "AR-501" and f["message_key"] == "total"]
    assert data["profile"]["options"]["previous"] in {place["where"]["record"] for place in finding["related"]}
    verified = duwang("verify", "结果.json")
    assert verified.status == 0, verified.out
    assert f"{len(data['findings'])} 条属实" in verified.out


def test_an_own_previous_report_is_refused(duwang, clean) -> None:
    done = duwang("check", clean, "--previous", clean)
    assert done.status == 2
    assert "内容相同" in done.err


def test_the_evidence_tells_no_path_of_this_machine(duwang, faulty, tmp_path) -> None:
    duwang("check", faulty, "-o", "x.html")
    for name in ("x.json", "x.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert str(faulty.parent) not in text
        assert str(tmp_path) not in text
    assert b"demo_data" not in (tmp_path / "x.capture" / "capture.json").read_bytes()


def test_two_runs_say_the_same(duwang, faulty) -> None:
    first, second = (json.loads(duwang("check", faulty, "--format", "json").out) for _ in range(2))
    for data in (first, second):
        # When the file was taken in is a fact of each run, and the archive's digest covers it.
        for name in ("digest", "started", "finished"):
            del data["evidence"][name]
    assert first == second


# --- where it is written -----------------------------------------------------------------------------


def test_html_comes_with_inspection_and_evidence(duwang, faulty, tmp_path) -> None:
    done = duwang("check", faulty, "-o", "out/x.html")
    assert done.status == 1
    assert names("out") == ["x.capture", "x.html", "x.json"]
    data = json.loads(Path("out/x.json").read_text(encoding="utf-8"))
    assert data["evidence"]["capture"] == "x.capture"
    assert Capture.open(Path("out/x.capture")).problems() == []
    assert "duwang verify x.json" in Path("out/x.html").read_text(encoding="utf-8")
    command = [sys.executable, "-c", "from warcio.cli import main; main()", "check", "out/x.capture/data.warc.gz"]
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_json_to_the_screen_keeps_nothing(duwang, faulty, clean, tmp_path) -> None:
    one = json.loads(duwang("check", faulty, "--format", "json").out)
    assert one["evidence"]["capture"] == ""
    several = json.loads(duwang("check", faulty, clean, "--format", "json").out)
    assert [item["subject"]["name"] for item in several] == ["石桥县应急管理局", "白杨区卫生健康局"]
    assert list(tmp_path.iterdir()) == []


def test_several_files_go_into_a_folder_with_an_overview(duwang, faulty, clean, tmp_path) -> None:
    twin = tmp_path / "in" / faulty.name
    twin.parent.mkdir()
    twin.write_bytes(faulty.read_bytes().replace("石桥县".encode(), "石板县".encode()))
    (tmp_path / "bad.md").write_bytes(b"")
    done = duwang("check", faulty, "bad.md", twin, clean, "-o", "out")
    assert done.status == 2
    assert done.lines == ["bad.md：文件是空的，没有任何内容；请检查文件是否保存完整。"]
    stems = {"baiyang-wjj-2025", "shiqiao-yjj-2025", "shiqiao-yjj-2025-2"}
    assert set(names("out")) == {"index.html"} | {n + e for n in stems for e in (".html", ".json", ".capture")}
    page = Path("out/index.html").read_text(encoding="utf-8")
    for word in (
        "石桥县应急管理局",
        "石板县应急管理局",
        "白杨区卫生健康局",
        'href="shiqiao-yjj-2025-2.html"',
        "文件是空的",
    ):
        assert word in page


def test_our_own_results_are_replaced(duwang, faulty, clean) -> None:
    duwang("check", faulty, "-o", "x.html")
    duwang("check", clean, "-o", "x.html")
    assert json.loads(Path("x.json").read_text(encoding="utf-8"))["subject"]["name"] == "白杨区卫生健康局"
    assert duwang("verify", "x.json").status == 0
    assert names(".") == ["x.capture", "x.html", "x.json"]


@pytest.mark.parametrize("foreign", ["x.json", "x.capture/notes.txt"])
def test_what_is_not_ours_is_never_replaced(duwang, clean, tmp_path, foreign: str) -> None:
    path = tmp_path / foreign
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"mine": true}')
    done = duwang("check", clean, "-o", "x.html")
    assert done.status == 2
    assert "不是本程序写的" in done.err
    assert path.read_text() == '{"mine": true}'
    assert not (tmp_path / "x.html").exists()


def test_pages_of_the_user_in_the_output_folder_are_kept(duwang, clean, faulty, tmp_path) -> None:
    (tmp_path / "index.html").write_text("<title>我的主页</title>")
    done = duwang("check", clean, faulty, "-o", ".")
    assert done.status == 2
    assert (tmp_path / "index.html").read_text() == "<title>我的主页</title>"
    assert names(".") == ["index.html"]


def test_the_checked_file_is_never_written_over(duwang, faulty, tmp_path) -> None:
    own = tmp_path / "年报.html"
    own.write_bytes(faulty.read_bytes())
    done = duwang("check", "年报.html", "-o", "年报.html")
    assert done.status == 2
    assert "这是要检查的文件" in done.err
    assert own.read_bytes() == faulty.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "x.html", "--format", "json"], "后缀"),
        (["-o", "x.html", "second.md"], "文件夹"),
        (["--format", "html", "second.md"], "-o"),
        (["-o", "/proc/no/x.html"], "无法写入"),
    ],
)
def test_an_impossible_output_is_one_line(duwang, clean, tmp_path, arguments: list[str], told: str) -> None:
    (tmp_path / "second.md").write_bytes(clean.read_bytes())
    done = duwang("check", clean, *arguments)
    assert done.status == 2
    assert len(done.lines) == 1
    assert told in done.err
    assert names(".") == ["second.md"]


def test_text_file_holds_all_reports_and_the_summary(duwang, clean, faulty) -> None:
    done = duwang("check", clean, faulty, "-o", "all.txt")
    assert done.status == 1
    text = Path("all.txt").read_text(encoding="utf-8")
    for word in ("白杨区卫生健康局", "AR-402", "共检查 2 个"):
        assert word in text


# --- input from the web ------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path_factory, faulty) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "t20260123_1.html").write_bytes(faulty.read_bytes())
    with serve_folder(folder) as port:
        yield f"http://{HOST}:{port}/"


def test_an_address_is_judged_as_a_published_page(duwang, site: str) -> None:
    done = duwang("check", f"{site}t20260123_1.html", "-o", "page.json")
    assert done.status == 1, done.err
    data = json.loads(Path("page.json").read_text(encoding="utf-8"))
    assert data["subject"]["url"] == f"{site}t20260123_1.html"
    assert data["profile"]["options"]["page"] is True
    assert duwang("verify", "page.json").status == 0


def test_a_missing_page_is_one_line_and_the_rest_is_judged(duwang, site: str, clean) -> None:
    done = duwang("check", f"{site}none.html", clean)
    assert done.status == 2
    assert len(done.lines) == 1
    assert "404" in done.err
    assert "白杨区卫生健康局" in done.out


# --- input that cannot be used -----------------------------------------------------------------------


def bad_inputs(folder: Path) -> dict[str, str]:
    """Name of each unusable input and a word that its line must say."""
    (folder / "empty.md").write_bytes(b"")
    with (folder / "huge.html").open("wb") as stream:
        stream.truncate(60 * 1024 * 1024)
    with zipfile.ZipFile(folder / "zip.docx", "w") as archive:
        archive.writestr("a.txt", "x")
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 150_000_000)
    (folder / "deep.html").write_text("<html><body>" + "<div>" * 20_000 + "年报" + "</div>" * 20_000)
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "news.txt").write_text("今天天气很好。\n明天有雨。", encoding="utf-8")
    (folder / "folder").mkdir()
    return {
        "empty.md": "空的", "huge.html": "60 MB", "zip.docx": "ZIP", "bomb.docx": "解压", "deep.html": "嵌套",
        "binary.txt": "编码", "news.txt": "没有认出年度报告", "folder": "没有能读的文档", "none.md": "不存在",
    }  # fmt: skip


def test_each_bad_input_is_one_clear_line_and_the_others_are_judged(duwang, tmp_path, clean) -> None:
    expected = bad_inputs(tmp_path)
    before = names(".")
    done = duwang("check", *expected, clean)
    assert done.status == 2
    assert "白杨区卫生健康局" in done.out
    assert len(done.lines) == len(expected)
    for line, (name, word) in zip(done.lines, expected.items(), strict=True):
        assert line.startswith(f"{name}：")
        assert word in line
        assert re.search("请.+。$", line), line
    assert names(".") == before


def test_a_bad_input_leaves_nothing_half_written(duwang, tmp_path) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    assert duwang("check", "empty.md", "-o", "out/x.html").status == 2
    assert names(".") == ["empty.md"]


def test_a_bad_previous_report_is_told_once(duwang, tmp_path, clean, faulty) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    done = duwang("check", clean, faulty, "--previous", "empty.md")
    assert done.status == 2
    assert done.lines == ["empty.md：文件是空的，没有任何内容；请检查文件是否保存完整。"]
