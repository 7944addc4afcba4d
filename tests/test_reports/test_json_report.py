from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reports import json_report, schema_tool
from reports.errors import ReportError
from scoring.inspection import Inspection

from . import samples

SAMPLES = [samples.report, samples.clean, samples.site, samples.hostile, samples.many]


@pytest.mark.parametrize("make", SAMPLES)
def test_what_is_written_reads_back_as_the_same_inspection(make: Callable[[], Inspection], tmp_path: Path) -> None:
    inspection = make()
    json_report.write(inspection, tmp_path / "new folder" / "inspection.json")
    assert json_report.load(tmp_path / "new folder" / "inspection.json") == inspection
    assert Inspection.from_dict(inspection.to_dict()) == inspection


def test_the_file_is_readable_chinese_in_record_order_and_the_same_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    json_report.write(samples.report(), first)
    json_report.write(samples.report(), second)
    assert first.read_bytes() == second.read_bytes()
    text = first.read_text(encoding="utf-8")
    assert "青岚市水务局" in text
    assert text.startswith('{\n  "subject"')
    assert sorted(tmp_path.iterdir()) == [first, second]  # no draft left behind


def test_a_lone_surrogate_survives(tmp_path: Path) -> None:
    finding = replace(samples.LATE, quote="坏字\ud800")
    json_report.write(samples.report(findings=(finding,)), tmp_path / "i.json")
    assert json_report.load(tmp_path / "i.json").findings[0].quote == "坏字\ud800"


def test_a_file_of_the_version_before_opens_with_nothing_in_the_later_fields(tmp_path: Path) -> None:
    data = samples.report().to_dict()
    wheres = [data["findings"][0]["where"], *(place["where"] for f in data["findings"] for place in f["related"])]
    for where in [*wheres, *(f["where"] for f in data["findings"][1:])]:
        for name in ("page", "box", "confidence"):
            del where[name]
    for name in ("beside", "lacking"):
        del data["evidence"][name]
    (tmp_path / "i.json").write_text(json.dumps(data), encoding="utf-8")
    assert json_report.load(tmp_path / "i.json") == samples.report()


def _set(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = value

    return change


def _drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        del data[path[-1]]

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("findings", 0, "quote", value=""),
        _set("findings", 0, "where", "record", value=""),
        _set("findings", 0, "cites", value=[]),
        _set("findings", 0, "rule", value="AR-1"),
        _set("findings", 0, "outcome", value="pass"),
        _set("findings", 0, "severity", value="grave"),
        _set("findings", 0, "where", "digest", value="sha256:abc"),
        _set("findings", 0, "where", "url", value="https://a.example/"),  # and a file too
        _set("findings", 0, "where", "file", value=None),  # and no url either
        _set("findings", 0, "where", "row", value=1),  # a row without a column
        _set("findings", 0, "extra", value=1),
        _set("findings", 0, "excerpt", "rows", value=[[{"text": "1"}]]),
        _set("subject", "published", value="2024-02-30"),
        _set("subject", "published", value="2024年2月5日"),
        _set("subject", "kind", value="page"),
        _set("profile", "judged_on", value="today"),
        _set("profile", "rules_digest", value=""),
        _set("evidence", "pages", value=-1),
        _set("outcomes", "AR-102", value={"fail": 1}),
        _set("outcomes", "late", value=samples.outcome("fail")),
        _set("scorecards", 0, "range", value=[1]),
        _set("scorecards", 0, "range", value=[1, 2, 3]),
        _set("unchecked", 0, "reason", value=""),
        _set("format", value=2),
        _drop("evidence", "digest"),
        _drop("findings", 0, "limits"),
        _drop("outcomes"),
    ],
)
def test_the_schema_refuses_what_an_inspection_cannot_be(
    change: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    data = samples.report().to_dict()
    assert json_report.fault(data) is None
    change(data)
    assert json_report.fault(data)
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ReportError, match=re.escape(str(path))) as caught:
        json_report.load(path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("。")


def test_the_line_names_the_place_of_the_fault(tmp_path: Path) -> None:
    data = samples.report().to_dict()
    del data["findings"][2]["message"]
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ReportError, match=r"findings\[2\] 缺少 message"):
        json_report.load(path)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b'{"format": NaN}', b"[]", b"null", b"{}"]
)
def test_a_file_that_is_no_inspection_gives_one_line(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(body)
    with pytest.raises(ReportError) as caught:
        json_report.load(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_give_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="文件不存在"):
        json_report.load(tmp_path / "none.json")
    with pytest.raises(ReportError, match="文件夹"):
        json_report.load(tmp_path)


def test_a_broken_inspection_is_not_written_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "inspection.json"
    json_report.write(samples.clean(), path)
    before = path.read_bytes()
    broken = samples.report(findings=(replace(samples.LATE, cites=()),))
    with pytest.raises(ReportError, match="cites"):
        json_report.write(broken, path)
    assert path.read_bytes() == before


def test_the_stored_schema_is_the_generated_one() -> None:
    result = CliRunner().invoke(schema_tool.main, [])
    assert result.exit_code == 0, result.output
    assert json.loads(schema_tool.SCHEMA_FILE.read_text(encoding="utf-8")) == schema_tool.build()


def test_an_outdated_schema_is_noticed_and_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_tool, "SCHEMA_FILE", tmp_path / "inspection.schema.json")
    assert CliRunner().invoke(schema_tool.main, ["--check"]).exit_code == 1
    assert CliRunner().invoke(schema_tool.main, ["--write"]).exit_code == 0
    assert CliRunner().invoke(schema_tool.main, ["--check"]).exit_code == 0
