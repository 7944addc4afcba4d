"""``duwang check`` on folders, ZIP files and many files at once: the table of all, and what is left out."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from duwang import check, workers
from duwang.progress import Progress

DAY = ("--judged-on", "2026-03-10")


@pytest.fixture
def folder(tmp_path: Path, clean: Path, faulty: Path, plain: Path) -> Path:
    """Reports at two depths and in a ZIP file, between all that a folder of an office holds besides."""
    base = tmp_path / "年报"
    (base / "应急局").mkdir(parents=True)
    (base / "应急局" / "年报.html").write_bytes(faulty.read_bytes())
    (base / "卫健局.md").write_bytes(clean.read_bytes())
    packed = {"文旅局.txt": plain.read_bytes(), "公章.png": b"x", "坏.docx": b"PK\x03\x04"}
    (base / "汇总.zip").write_bytes(archive(packed))
    (base / ".git").mkdir()
    (base / ".git" / "a.html").write_bytes(faulty.read_bytes())
    (base / "~$卫健局.docx").write_bytes(b"x")
    (base / "标志.png").write_bytes(b"\x89PNG small")
    (base / "视频.mp4").write_bytes(b"x")
    (base / "链接.html").symlink_to(faulty)
    return base


def archive(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, body in files.items():
            package.writestr(name, body)
    return made.getvalue()


def table(out: str) -> list[list[str]]:
    """The rows of the table at the end, in words."""
    lines = out[out.rindex("文件 ") :].splitlines()
    return [line.split() for line in lines[2 : next(n for n, line in enumerate(lines) if line.startswith("未能检查"))]]


# --- folders and ZIP files ---------------------------------------------------------------------------


def test_a_folder_is_checked_to_its_depth_and_listed_at_the_end(duwang, folder) -> None:
    done = duwang("check", "年报")
    assert done.status == 2
    assert [(row[0], row[1], row[2], row[5], row[6]) for row in table(done.out)] == [
        ("年报/卫健局.md", "白杨区卫生健康局", "2025", "—", "0"),
        ("年报/应急局/年报.html", "石桥县应急管理局", "2025", "重大", "5"),
        ("年报/汇总.zip/文旅局.txt", "沙溪市文化和旅游局", "2025", "一般", "1"),
    ]
    assert "未能检查  年报/汇总.zip/坏.docx：" in done.out
    assert "共检查 3 个" in done.out and "未能检查 1 个" in done.out


def test_what_is_left_out_of_a_folder_is_said(duwang, folder) -> None:
    lines = duwang("check", "年报").lines
    assert lines[0].startswith("年报/汇总.zip/坏.docx：Word 文档已损坏")
    assert lines[1:] == [
        "年报/汇总.zip：压缩包里有 1 个文件不是能读的文档（公章.png），未读取。",
        "年报：有 2 个文件不是能读的文档（标志.png、视频.mp4），未读取。",
        "年报：有 2 个隐藏或临时文件（.git、~$卫健局.docx），未读取。",
        "年报：有 1 个链接（链接.html），未读取。",
    ]


def test_results_of_a_folder_are_named_after_the_places_in_it(duwang, folder, tmp_path) -> None:
    duwang("check", "年报", "-o", "年报/结果")
    out = folder / "结果"
    stems = {"卫健局", "应急局-年报", "汇总-文旅局"}
    assert {path.name for path in out.iterdir()} == {"index.html"} | {
        stem + end for stem in stems for end in (".html", ".json", ".capture")
    }
    data = json.loads((out / "汇总-文旅局.json").read_text(encoding="utf-8"))
    assert data["subject"]["file"] == "汇总.zip/文旅局.txt"
    done = duwang("verify", *sorted(out.glob("*.json")))
    assert done.status == 0, done.out + done.err
    # What stands there now is no input of the next call.
    again = duwang("check", "年报", "-o", "年报/结果")
    assert len(table(again.out)) == 3
    assert "年报：有 1 项是本程序写出的结果（结果），未读取。" in again.lines
    elsewhere = duwang("check", "年报")
    assert len(table(elsewhere.out)) == 3
    assert any("项是本程序写出的结果（结果/index.html" in line for line in elsewhere.lines)


def test_a_file_that_a_folder_holds_is_not_checked_twice(duwang, folder) -> None:
    done = duwang("check", "年报/卫健局.md", "年报", "年报/应急局/年报.html")
    assert [row[0] for row in table(done.out)] == [
        "年报/卫健局.md",
        "年报/应急局/年报.html",
        "年报/汇总.zip/文旅局.txt",
    ]


def test_a_zip_file_is_taken_apart_whatever_it_is_called(duwang, clean, plain, tmp_path) -> None:
    (tmp_path / "a.bin").write_bytes(archive({"各局/甲.md": clean.read_bytes(), "乙.txt": plain.read_bytes()}))
    found = json.loads(duwang("check", "a.bin", "--format", "json").out)
    assert [item["subject"]["file"] for item in found] == ["a.bin/各局/甲.md", "a.bin/乙.txt"]
    done = duwang("check", "a.bin", "-o", "x.html")
    assert done.status == 2 and "文件夹" in done.err


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.zip", archive({"a.exe": b"x"}), "没有能读的文档"),
        ("a.zip", archive({"a.md": b"x" * 100})[:-30], "损坏"),
        ("a.zip", archive({"a.zip": archive({"b.zip": archive({"c.md": b"x"})})}), "套了多层"),
    ],
)
def test_a_zip_file_that_cannot_be_used_is_one_line(duwang, tmp_path, clean, name: str, body: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(body)
    done = duwang("check", name, clean)
    assert done.status == 2
    assert len(done.lines) == 1
    assert done.lines[0].startswith("a.zip：") and told in done.lines[0]
    assert "白杨区卫生健康局" in done.out


def test_a_folder_without_documents_and_one_too_deep_are_said(duwang, tmp_path, clean) -> None:
    (tmp_path / "空").mkdir()
    deep = tmp_path.joinpath("深", *"abcdefghijklmn")
    deep.mkdir(parents=True)
    (deep / "x.md").write_bytes(clean.read_bytes())
    (tmp_path / "深" / "y.md").write_bytes(clean.read_bytes())
    done = duwang("check", "空", "深")
    assert done.status == 2
    assert done.lines == [
        "空：文件夹里没有能读的文档；请指定年度报告文件或其所在的文件夹。",
        "深：a/b/c/d/e/f/g/h/i/j/k/l/m：文件夹嵌套超过 12 层，未读取；请单独检查。",
    ]
    assert [row[0] for row in table(done.out)] == ["深/y.md"]


def test_pictures_that_a_browser_saved_beside_a_page_are_no_inputs(duwang, tmp_path, faulty) -> None:
    (tmp_path / "f" / "年报_files").mkdir(parents=True)
    (tmp_path / "f" / "年报.html").write_bytes(faulty.read_bytes())
    (tmp_path / "f" / "年报_files" / "a.png").write_bytes(b"\x89PNG" + bytes(30_000))
    done = duwang("check", "f")
    assert (done.status, done.err) == (1, "")


# --- several processes -------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_the_same_for_any_number_of_processes(duwang, folder, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(check.capture_report, "__defaults__", (*check.capture_report.__defaults__[:1], moment, None))
    results = []
    for jobs in ("1", "3"):
        done = duwang("check", "年报", "--jobs", jobs, "-o", "out")
        results.append((done, contents(tmp_path / "out")))
        (tmp_path / "out").rename(tmp_path / f"out-{jobs}")
    assert results[0] == results[1]
    assert len(results[0][1]) == 1 + 3 * 5


def moment() -> datetime:
    return datetime(2026, 3, 10, tzinfo=UTC)


@pytest.fixture
def three(tmp_path: Path, clean: Path, faulty: Path, plain: Path) -> list[str]:
    """Names of three reports in the folder at hand, the second with faults."""
    names = ["a.md", "b.html", "c.txt"]
    for name, path in zip(names, (clean, faulty, plain), strict=True):
        (tmp_path / name).write_bytes(path.read_bytes())
    return names


def test_a_process_that_dies_loses_its_own_file_only(duwang, three, monkeypatch) -> None:
    real = check.capture_report

    def deadly(source, *rest, **more):
        if source.given == "b.html":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(source, *rest, **more)

    monkeypatch.setattr(check, "capture_report", deadly)
    done = duwang("check", *three, "--jobs", "1")
    assert done.status == 2
    assert len(done.lines) == 1
    assert done.lines[0].startswith("b.html：程序出错") and "意外退出" in done.lines[0]
    assert [row[0] for row in table(done.out)] == ["a.md", "c.txt"]


def test_a_crash_in_one_file_is_an_error_of_that_file(duwang, three, monkeypatch) -> None:
    real = check.judge_capture

    def broken(capture, *rest, **more):
        if next(capture.records()).uri.endswith("b.html"):
            raise RuntimeError("nobody expected this")
        return real(capture, *rest, **more)

    monkeypatch.setattr(check, "judge_capture", broken)
    done = duwang("check", *three)
    assert (done.status, len(done.lines)) == (2, 1)
    assert done.lines[0].startswith("b.html：程序出错（RuntimeError：nobody expected this）")
    assert [row[0] for row in table(done.out)] == ["a.md", "c.txt"]
    monkeypatch.setenv("DUWANG_DEBUG", "1")
    assert "Traceback" in duwang("check", *three).err


def slowly(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_results_keep_their_order() -> None:
    seen: list[float] = []
    assert workers.each(slowly, [0.3, 0.0, 0.0], 2, seen.append) == [0.3, 0.0, 0.0]
    assert seen == [0.0, 0.0, 0.3]


def test_an_interrupt_ends_the_processes_and_leaves_nothing(tmp_path, clean, faulty) -> None:
    # A program of its own, as Ctrl-C reaches all processes of a terminal.
    script = (
        "import sys, time\n"
        "from duwang import check, cli\n"
        "def wait(*a, **k):\n"
        "    open('begun', 'a').write('x')\n"
        "    time.sleep(600)\n"
        "check.capture_report = wait\n"
        f"sys.exit(cli.run(['check', {str(clean)!r}, {str(faulty)!r}, '-o', 'out', '--jobs', '2']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(check.__file__).parents[1]), "TMPDIR": str(tmp_path)}
    program = subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    begun = tmp_path / "begun"
    while not (begun.exists() and len(begun.read_bytes()) == 2):
        assert program.poll() is None
        time.sleep(0.05)
    os.killpg(program.pid, signal.SIGINT)
    _, err = program.communicate()
    assert (program.returncode, err) == (130, "\n已中止。\n")
    assert [path.name for path in tmp_path.iterdir()] == ["begun"]
    with pytest.raises(ProcessLookupError):
        os.killpg(program.pid, 0)


def test_progress_is_one_line_on_a_terminal_and_silent_for_one_file(capsys) -> None:
    with Progress(2, live=True) as progress:
        progress.seen("读取", "甲\x1b[2J.html")
        progress.seen("读取", "乙.html")
    shown = capsys.readouterr().err
    assert "已读取 1 / 2　甲␛[2J.html" in shown and "已读取 2 / 2　乙.html" in shown
    assert "\n" not in shown and shown.endswith("\r\x1b[K")
    with Progress(1, live=True) as progress:
        progress.seen("读取", "甲.html")
    assert capsys.readouterr().err == ""


def test_a_page_is_checked_without_loading_what_other_formats_need(faulty) -> None:
    script = (
        "import sys\nfrom duwang.cli import run\n"
        f"run(['check', {str(faulty)!r}, *{DAY!r}])\n"
        "heavy = {'openpyxl', 'PIL', 'docx', 'pypdfium2', 'scrapy', 'twisted', 'onnxruntime', 'cv2'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(check.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment)
    assert done.stderr == "[]\n"
