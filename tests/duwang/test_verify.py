"""``duwang verify``: confirms what was found, and notices every change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def checked(duwang, faulty, tmp_path) -> Path:
    duwang("check", faulty, "-o", "x.json")
    return tmp_path / "x.json"


def rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def test_all_findings_are_confirmed(duwang, checked) -> None:
    count = len(json.loads(checked.read_text(encoding="utf-8"))["findings"])
    assert count >= 4
    done = duwang("verify", checked)
    assert done.status == 0
    assert f"核对 {count} 条发现，{count} 条属实。" in done.out


def test_it_holds_after_everything_was_moved(duwang, checked, tmp_path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for name in ("x.json", "x.capture"):
        (tmp_path / name).rename(tmp_path / "elsewhere" / name)
    assert duwang("verify", tmp_path / "elsewhere" / "x.json").status == 0


@pytest.mark.parametrize("name", ["data.warc.gz", "index.sqlite", "capture.json"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_changed_byte_of_the_evidence_is_noticed(duwang, checked, tmp_path, name: str, share: float) -> None:
    path = tmp_path / "x.capture" / name
    data = bytearray(path.read_bytes())
    data[int(len(data) * share)] ^= 0x04
    path.chmod(0o644)
    path.write_bytes(data)
    done = duwang("verify", checked)
    assert done.status in (1, 2)
    assert name in done.out + done.err
    assert "Traceback" not in done.err


def test_an_exchanged_capture_is_noticed(duwang, checked, plain, tmp_path) -> None:
    duwang("check", plain, "-o", "other.json")
    shutil.rmtree(tmp_path / "x.capture")
    (tmp_path / "other.capture").rename(tmp_path / "x.capture")
    done = duwang("verify", checked)
    assert done.status == 1
    assert "不是同一份存档" in done.out
    assert "0 条属实" in done.out


def first(data: dict[str, Any]) -> dict[str, Any]:
    finding: dict[str, Any] = data["findings"][0]
    return finding


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: first(data).update(quote="99"), "不是引文"),
        (lambda data: first(data)["where"].update(row=first(data)["where"]["row"] + 1), "不是引文"),
        (lambda data: first(data)["where"].update(digest="sha256:" + "0" * 64), "摘要"),
        (lambda data: first(data)["where"].update(record="urn:uuid:none"), "没有记录"),
        (lambda data: first(data)["where"].update(block=9999), "内容块"),
        (lambda data: first(data).update(message="“总计”没有问题。"), "重新判定没有得出"),
        (lambda data: first(data).update(fingerprint="0" * 20), "重新判定没有得出"),
        (lambda data: first(data).update(severity="advice"), "重新判定没有得出"),
        (lambda data: data["findings"].pop(0), "检查结果中没有"),
        (lambda data: data["scorecards"][0].update(score=100.0), "得分"),
        (lambda data: data["subject"].update(name="别的单位"), "检查对象"),
    ],
)
def test_a_tampered_inspection_is_noticed(duwang, checked, change: Callable[..., None], told: str) -> None:
    rewrite(checked, change)
    done = duwang("verify", checked)
    assert done.status == 1, done.out
    assert told in done.out


def test_other_rules_are_said_and_quotes_still_checked(duwang, checked) -> None:
    rewrite(checked, lambda data: data["profile"].update(rules_digest="sha256:" + "1" * 64))
    done = duwang("verify", checked)
    assert done.status == 0
    assert "规则在检查之后有变动" in done.out
    rewrite(checked, lambda data: first(data).update(quote="99"))
    assert duwang("verify", checked).status == 1


def test_without_evidence_the_original_file_serves(duwang, faulty, tmp_path) -> None:
    (tmp_path / "x.json").write_text(duwang("check", faulty, "--format", "json").out, encoding="utf-8")
    missing = duwang("verify", "x.json")
    assert missing.status == 2
    assert "--file" in missing.err
    done = duwang("verify", "x.json", "--file", faulty)
    assert done.status == 0
    assert "条属实" in done.out
    shutil.copy(faulty, tmp_path)
    assert duwang("verify", "x.json").status == 0
    copy = tmp_path / faulty.name
    copy.write_bytes(copy.read_bytes() + b" ")
    changed = duwang("verify", "x.json")
    assert changed.status == 1
    assert "与检查时的原件不同" in changed.err


@pytest.mark.parametrize("content", ["", "{}", "[]", "not json", '{"format": 9}'])
def test_what_is_no_inspection_is_one_line(duwang, tmp_path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    done = duwang("verify", "x.json", "none.json")
    assert done.status == 2
    assert len(done.lines) == 2


def test_a_lost_capture_is_one_line(duwang, checked, tmp_path) -> None:
    shutil.rmtree(tmp_path / "x.capture")
    done = duwang("verify", checked)
    assert done.status == 2
    assert "找不到存档" in done.err


def test_score_and_report_work_from_the_saved_files(duwang, checked, tmp_path) -> None:
    done = duwang("score", "x.capture", "--out", "again", "--fail-on", "never")
    assert done.status == 0, done.err
    old = json.loads(checked.read_text(encoding="utf-8"))
    new = json.loads((tmp_path / "again" / "x.json").read_text(encoding="utf-8"))
    assert new["findings"] == old["findings"]
    assert new["evidence"]["capture"] == "../x.capture"
    assert duwang("verify", "again/x.json").status == 0
    assert "AR-402" in duwang("report", "again/x.json").out
    assert duwang("report", "again/x.json", "-o", "x.html").status == 0
    assert "duwang verify again/x.json" in (tmp_path / "x.html").read_text(encoding="utf-8")
    refused = duwang("report", "again/x.json", "-o", "again/x.json")
    assert refused.status == 2
