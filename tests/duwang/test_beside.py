"""Reports judged beside one another: several files in one call, sites of one list, an earlier capture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from duwang.demo_server import HOST, serve_folder
from scoring.data import RULES

BASE = RULES / "examples"
WATER, GOVERNMENT = "青溪县水务局", "白石县人民政府"


def text(name: str, *changes: tuple[str, str]) -> str:
    found = (BASE / f"{name}.md").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in found
        found = found.replace(old, new)
    return found


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """This year's report, last year's, another version, another unit's copy, a government's and one of its units'."""
    made = {
        "now": text("department-2023"),
        "last": text("department-2022", ("| 四、结转下年度继续办理 | 2 |", "| 四、结转下年度继续办理 | 1 |")),
        "version": text("department-2023", ("| 行政许可 | 64 |", "| 行政许可 | 46 |")),
        "other": text("department-2023", (WATER, "青溪县林业局")),
        "government": text("government-2024"),
        "unit": text(
            "department-2023", (WATER, "白石县水务局"), ("2023", "2024"), ("| 行政许可 | 64 |", "| 行政许可 | 64000 |")
        ),
    }
    for name, content in made.items():
        (tmp_path / f"{name}.md").write_text(content, encoding="utf-8")
    return {name: tmp_path / f"{name}.md" for name in made}


def loaded(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def findings(path: Path, code: str) -> list[dict[str, Any]]:
    return [finding for finding in loaded(path)["findings"] if finding["rule"] == code]


def units(folder: Path, *, complete: bool = False) -> Path:
    lines = [
        "units:",
        f'  - {{name: {GOVERNMENT}, kind: government, region: "331128", level: county}}',
        '  - {name: 白石县水务局, region: "331128", level: county}',
    ]
    path = folder / "units.yaml"
    path.write_text("\n".join([*lines, 'complete: ["331128"]' if complete else ""]), encoding="utf-8")
    return path


def test_last_years_report_in_the_same_call_is_compared(duwang, files, tmp_path) -> None:
    duwang("check", files["now"], files["last"], "-o", "out")
    carried = findings(tmp_path / "out" / "now.json", "AR-501")
    assert carried and all(f["related"][0]["where"]["file"] == "last.md" for f in carried)
    assert loaded(tmp_path / "out" / "last.json")["outcomes"]["AR-501"]["not_checked"] == 1


def test_two_versions_in_one_call_are_held_against_each_other(duwang, files, tmp_path) -> None:
    duwang("check", files["now"], files["version"], "-o", "out")
    (found,) = findings(tmp_path / "out" / "now.json", "AR-111")
    # Nobody knows whether both were published, so a person decides.
    assert (found["outcome"], found["quote"]) == ("needs_review", "64")
    assert "64（另一处 46）" in found["message"] and "version.md" in found["message"]
    assert found["related"][0]["quote"] == "46" and found["related"][0]["where"]["file"] == "version.md"


def test_another_units_copy_is_named_with_both_passages(duwang, files, tmp_path) -> None:
    duwang("check", files["now"], files["other"], "-o", "out")
    found = findings(tmp_path / "out" / "now.json", "AR-504")
    assert found and {f["outcome"] for f in found} == {"needs_review"}
    assert all("青溪县林业局" in f["message"] for f in found)
    assert all(f["related"][0]["where"]["file"] == "other.md" and f["related"][0]["quote"] == f["quote"] for f in found)
    page = (tmp_path / "out" / "now.html").read_text(encoding="utf-8")
    assert page.count('<div class="pair">') == len(found)
    # On the screen one passage stands below the other.
    told = duwang("check", files["now"], "--sibling", files["other"], "--format", "text").out
    assert told.count("青溪县林业局的报告同一部分：") == len(found)


def test_another_units_report_is_only_compared_with(duwang, files, tmp_path) -> None:
    duwang("check", files["now"], "--sibling", files["other"], "-o", "x.json")
    assert findings(tmp_path / "x.json", "AR-504")
    assert sorted(path.name for path in tmp_path.glob("*.json")) == ["x.json"]
    assert duwang("verify", "x.json").status == 0


def test_a_government_is_held_against_its_units(duwang, files, tmp_path) -> None:
    duwang("check", files["government"], files["unit"], "--units", units(tmp_path), "-o", "out")
    (found,) = findings(tmp_path / "out" / "government.json", "AR-701")
    assert found["outcome"] == "needs_review" and "白石县水务局的报告为 64000" in found["message"]
    assert findings(tmp_path / "out" / "government.json", "AR-702") == []
    assert loaded(tmp_path / "out" / "unit.json")["outcomes"]["AR-701"]["not_applicable"] == 1


def test_sums_are_formed_only_where_the_list_is_whole(duwang, files, tmp_path) -> None:
    listing = units(tmp_path, complete=True)
    duwang("check", files["government"], files["unit"], "--units", listing, "-o", "out")
    assert any("相差 115" in f["message"] for f in findings(tmp_path / "out" / "government.json", "AR-702"))
    duwang("check", files["government"], "--units", listing, "-o", "alone.json")
    assert findings(tmp_path / "alone.json", "AR-702") == []
    reasons = [u["reason"] for u in loaded(tmp_path / "alone.json")["unchecked"] if u["rule"] == "AR-702"]
    assert len(reasons) == 1 and "没有一并检查" in reasons[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("units: []\n", "units.yaml:1"),
        ('units:\n  - {name: 甲局, region: "33"}\n', "units.yaml:2"),
        ('units:\n  - {name: 甲局, region: "331128", kind: ministry}\n', "units.yaml:2"),
        ("units: [\n", "YAML"),
    ],
)
def test_a_faulty_list_of_units_is_one_clear_line(duwang, files, tmp_path, content: str, told: str) -> None:
    (tmp_path / "units.yaml").write_text(content, encoding="utf-8")
    done = duwang("check", files["now"], "--units", "units.yaml")
    assert done.status == 2 and len(done.lines) == 1 and told in done.lines[0]


def test_all_of_it_is_confirmed_from_the_stored_bytes(duwang, files, tmp_path) -> None:
    duwang("check", *files.values(), "--units", units(tmp_path, complete=True), "-o", "out")
    done = duwang("verify", *sorted((tmp_path / "out").glob("*.json")))
    assert done.status == 0, done.out + done.err


def test_a_kept_capture_is_scored_beside_what_it_was_checked_beside(duwang, files, tmp_path) -> None:
    duwang("check", *files.values(), "--units", units(tmp_path, complete=True), "-o", "out")
    folder = tmp_path / "out"
    first = {path.name: loaded(path) for path in folder.glob("*.json")}
    # Among them findings that are there only beside the others.
    assert {f["rule"] for f in first["now.json"]["findings"]} >= {"AR-111", "AR-501", "AR-504"}
    assert "AR-702" in {f["rule"] for f in first["government.json"]["findings"]}
    done = duwang("score", *sorted(folder.glob("*.capture")), "--format", "json")
    assert done.err == ""
    assert {path.name: loaded(path) for path in folder.glob("*.json")} == first
    duwang("score", folder / "now.capture", "--out", "elsewhere")
    moved = loaded(tmp_path / "elsewhere" / "now.json")
    assert [f["fingerprint"] for f in moved["findings"]] == [f["fingerprint"] for f in first["now.json"]["findings"]]
    assert duwang("verify", tmp_path / "elsewhere" / "now.json").status == 0


def test_scoring_says_whom_it_could_not_be_held_against(duwang, files, tmp_path) -> None:
    duwang("check", files["now"], files["other"], "-o", "out")
    shutil.rmtree(tmp_path / "out" / "other.capture")
    done = duwang("score", tmp_path / "out" / "now.capture")
    assert len(done.lines) == 1 and "青溪县林业局" in done.lines[0] and "没有与之对照" in done.lines[0]
    assert findings(tmp_path / "out" / "now.json", "AR-504") == []


def test_a_missing_or_changed_capture_of_the_other_report_is_noticed(duwang, files, tmp_path) -> None:
    duwang("check", files["now"], files["other"], "-o", "out")
    body = tmp_path / "out" / "other.capture" / "data.warc.gz"
    data = bytearray(body.read_bytes())
    data[len(data) // 2] ^= 4
    body.chmod(0o644)
    body.write_bytes(data)
    assert duwang("verify", "out/now.json").status == 1
    shutil.rmtree(tmp_path / "out" / "other.capture")
    done = duwang("verify", "out/now.json")
    assert done.status == 2 and "青溪县林业局" in done.lines[0]


# --- sites -------------------------------------------------------------------------------------------


def page(body: str, title: str) -> str:
    nav = '<div class="nav"><a href="/">首页</a> <a href="/nb/">政府信息公开年报</a></div>'
    head = f"<head><meta charset='utf-8'><title>{title}</title></head>"
    return f"<html>{head}<body>{nav}<div class='content'>{body}</div></body></html>"


def as_html(markdown: str) -> str:
    """The sample reports' few marks as HTML."""
    lines, rows = [], []
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not set(cells[0]) <= {"-"} or not cells[0]:
                rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
            continue
        if rows:
            lines.append(f"<table>{''.join(rows)}</table>")
            rows = []
        level = len(line) - len(line.lstrip("#"))
        if level:
            lines.append(f"<h{level}>{line.lstrip('# ')}</h{level}>")
        elif line.strip():
            lines.append(f"<p>{line}</p>")
    return "".join(lines)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "site"
    (folder / "nb").mkdir(parents=True)
    title = f"{WATER}2023年政府信息公开工作年度报告"
    (folder / "index.html").write_text(page(f"<h1>{WATER}</h1>", WATER), encoding="utf-8")
    items = "".join(f'<li><a href="/nb/{name}.html">{title}</a><span>2024-01-22</span></li>' for name in ("a", "b"))
    (folder / "nb" / "index.html").write_text(
        page(f"<h2>政府信息公开年报</h2><ul>{items}</ul>", "政府信息公开年报"), encoding="utf-8"
    )
    for name, changes in (("a", ()), ("b", (("| 行政许可 | 64 |", "| 行政许可 | 46 |"),))):
        body = as_html(text("department-2023", *changes))
        (folder / "nb" / f"{name}.html").write_text(page(body, title), encoding="utf-8")
    with serve_folder(folder) as port:
        yield f"http://{HOST}:{port}/", folder


def sites(tmp_path: Path, home: str) -> Path:
    path = tmp_path / "sites.yaml"
    path.write_text(
        f"sites:\n  - {{id: water, name: {WATER}, home: '{home}', crawl: {{delay: 0}}}}\n", encoding="utf-8"
    )
    return path


def test_two_pages_of_a_site_with_one_report_are_compared_and_judged_once(duwang, site, tmp_path) -> None:
    home, _ = site
    duwang("audit", sites(tmp_path, home), "--out", "out")
    path = tmp_path / "out" / "water" / "inspection.json"
    (found,) = findings(path, "AR-111")
    assert found["outcome"] == "fail" and found["where"]["url"].endswith("/nb/a.html")
    assert found["related"][0]["where"]["url"].endswith("/nb/b.html")
    assert duwang("verify", path).status == 0


def test_a_report_changed_since_the_earlier_capture_is_told(duwang, site, tmp_path) -> None:
    home, folder = site
    listing = sites(tmp_path, home)
    duwang("audit", listing, "--out", "first")
    report = folder / "nb" / "a.html"
    report.write_text(report.read_text(encoding="utf-8").replace("<td>12</td>", "<td>21</td>", 1), encoding="utf-8")
    duwang("audit", listing, "--out", "second", "--since", "first")
    path = tmp_path / "second" / "water" / "inspection.json"
    changed = [f for f in findings(path, "AR-110") if f["message_key"] == "figures"]
    assert len(changed) == 1 and "21（另一处 12）" in changed[0]["message"]
    assert (changed[0]["quote"], changed[0]["related"][0]["quote"]) == ("21", "12")
    assert duwang("verify", path).status == 0
    before = loaded(path)
    duwang("score", path.parent / "capture")
    assert loaded(path) == before
    assert findings(tmp_path / "first" / "water" / "inspection.json", "AR-110") == []
