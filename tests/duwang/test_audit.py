"""Sites from the address to the report: ``demo`` on the samples, ``audit``, ``crawl`` and ``score`` on a small site."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from duwang.demo_server import DATA, HOST, serve_folder

REPORT = (DATA / "reports" / "shiqiao-yjj-2025.html").read_text(encoding="utf-8")
HOME = '<html><head><title>石桥县应急管理局</title></head><body><a href="/{target}">{text}</a></body></html>'

# duwang/demo_data/README.md, planted faults.
PLANTED = {
    "sites/lanxi-jyj/inspection.json": set(),
    "sites/yunxi-mzj/inspection.json": {
        *("AR-101", "AR-102", "AR-201", "AR-213", "AR-401", "AR-403"),
        *("WS-201", "WS-202", "WS-208", "WS-303", "WS-401", "DP-203", "DP-301", "CT-202"),
    },
    "sites/qinghe-qzf/inspection.json": {
        *("AR-601", "AR-605", "AR-609"),
        *("WS-107", "WS-204", "WS-209", "WS-305", "WS-306", "WS-405", "DP-105", "CT-103"),
    },
    "reports/songling-swj-2025.json": set(),
    "reports/baiyang-wjj-2025.json": set(),
    "reports/shiqiao-yjj-2025.json": {"AR-402", "AR-403", "AR-404", "AR-405", "AR-613"},
    "reports/shaxi-wlj-2025.json": {"DP-301"},
}
# What the rules leave to a person.
OPEN = {"sites/lanxi-jyj": set(), "sites/yunxi-mzj": {"DP-204"}, "sites/qinghe-qzf": set()}
# One fault may be told by a neighbouring rule as well.
NEIGHBOURS = {"sites/qinghe-qzf/inspection.json": {"AR-613", "AR-614"}}


def loaded(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def faults(data: dict[str, Any]) -> set[str]:
    grave = ("veto", "major", "minor")
    return {f["rule"] for f in data["findings"] if f["outcome"] == "fail" and f["severity"] in grave}


# --- the demo ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_the_planted_faults_are_found_and_nothing_else(demo: Path, name: str) -> None:
    found = faults(loaded(demo / name))
    assert found - NEIGHBOURS.get(name, set()) == PLANTED[name]


@pytest.mark.parametrize("site", sorted(OPEN))
def test_a_person_is_asked_only_where_no_rule_can_tell(demo: Path, site: str) -> None:
    found = loaded(demo / site / "inspection.json")["findings"]
    assert {f["rule"] for f in found if f["outcome"] == "needs_review"} == OPEN[site]


def test_the_demo_is_confirmed_by_verify(demo: Path, duwang) -> None:
    files = [demo / name for name in PLANTED]
    done = duwang("verify", *files)
    assert done.status == 0, done.out
    for line in done.out.splitlines():
        match = re.search(r"核对 (\d+) 条发现，(\d+) 条属实。", line)
        assert match, line
        assert match[1] == match[2]


def test_the_overview_leads_to_every_report(demo: Path) -> None:
    page = (demo / "index.html").read_text(encoding="utf-8")
    targets = re.findall(r'href="([^"#]+\.html)"', page)
    assert len(targets) == len(PLANTED)
    for target in targets:
        assert "检查报告" in (demo / target).read_text(encoding="utf-8")


def test_every_column_of_the_samples_is_read_to_its_end(demo: Path) -> None:
    whole, gaps = {}, {}
    for path in sorted((demo / "sites").glob("*/columns.csv")):
        for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()):
            whole[row["栏目"]] = (row["列表页"], row["条目"])
            gaps[row["栏目"]] = row["没有读到的部分"]
    assert {*gaps.values()} == {""}
    # The last page of this one has two rows.
    assert whole["青禾要闻"] == ("2", "5")


def test_a_changed_byte_of_an_archived_page_is_noticed(demo: Path, duwang) -> None:
    path = demo / "sites" / "qinghe-qzf" / "capture" / "data.warc.gz"
    good = path.read_bytes()
    bad = bytearray(good)
    bad[len(bad) // 2] ^= 0x10
    path.chmod(0o644)
    path.write_bytes(bad)
    done = duwang("verify", demo / "sites" / "qinghe-qzf" / "inspection.json")
    path.write_bytes(good)
    assert done.status == 1
    assert "data.warc.gz" in done.out


def test_score_judges_the_archive_again_without_the_site(demo: Path, duwang) -> None:
    done = duwang("score", demo / "sites" / "yunxi-mzj" / "capture", "--out", "again")
    assert done.status == 1
    old, new = loaded(demo / "sites/yunxi-mzj/inspection.json"), loaded(Path("again/yunxi-mzj/inspection.json"))
    assert new["findings"] == old["findings"]
    assert duwang("verify", "again/yunxi-mzj/inspection.json").status == 0


# --- audit, crawl ------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("site")
    text = "石桥县应急管理局2025年政府信息公开工作年度报告"
    (folder / "index.html").write_text(HOME.format(target="nb.html", text=text), encoding="utf-8")
    (folder / "nb.html").write_text(REPORT, encoding="utf-8")
    with serve_folder(folder) as port:
        yield f"http://{HOST}:{port}/", folder


def listing(path: Path, *homes: str) -> Path:
    lines = ["sites:"]
    for index, home in enumerate(homes):
        lines += [f"  - id: s{index}", f"    name: 石桥县第{index}局", f"    home: {home}", "    crawl: {delay: 0}"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_audit_reports_good_and_failing_sites(duwang, site, tmp_path) -> None:
    sites = listing(tmp_path / "sites.yaml", site[0], "http://127.0.0.1:9/")
    done = duwang("audit", sites, "--out", "out")
    assert done.status == 2
    assert [line for line in done.lines if line.startswith("[s1] 未能检查：")]
    assert "AR-402" in Path("out/s0/report.html").read_text(encoding="utf-8")
    assert {f["rule"] for f in loaded(Path("out/s0/inspection.json"))["findings"]} >= {"AR-402", "AR-403"}
    page = Path("out/index.html").read_text(encoding="utf-8")
    for word in ('href="s0/report.html"', "石桥县第1局", "未能检查"):
        assert word in page
    assert not Path("out/s1").exists()

    again = duwang("audit", sites, "--out", "out")
    assert again.status == 2
    assert len(again.lines) == 1
    assert "--force" in again.err
    assert "--out" in again.err


def test_crawl_then_score(duwang, site, tmp_path) -> None:
    """Also: ``--force`` replaces what is ours, and keeps it where the site is gone."""
    home, folder = site
    sites = listing(tmp_path / "sites.yaml", home)
    assert duwang("crawl", sites, "--out", "out").status == 0
    assert sorted(path.name for path in Path("out/s0").iterdir()) == ["capture", "columns.csv", "coverage.csv"]
    assert duwang("score", "out/s0/capture").status == 1
    assert duwang("verify", "out/s0/inspection.json").status == 0
    first = loaded(Path("out/s0/inspection.json"))
    (folder / "nb.html").write_text(REPORT.replace("2026-01-23", "2026-02-03"), encoding="utf-8")
    assert duwang("audit", sites, "--out", "out", "--force").status == 1
    second = loaded(Path("out/s0/inspection.json"))
    assert second["evidence"]["digest"] != first["evidence"]["digest"]
    assert "AR-102" in faults(second) - faults(first)
    gone = listing(tmp_path / "sites.yaml", "http://127.0.0.1:9/")
    assert duwang("audit", gone, "--out", "out", "--force").status == 2
    assert loaded(Path("out/s0/inspection.json")) == second
    assert duwang("verify", "out/s0/inspection.json").status == 0
    names = ["capture", "columns.csv", "coverage.csv", "inspection.json", "report.html"]
    assert sorted(path.name for path in Path("out/s0").iterdir()) == names


def test_a_folder_with_other_things_is_left_alone(duwang, site, tmp_path) -> None:
    notes = tmp_path / "out" / "s0" / "capture" / "notes.txt"
    notes.parent.mkdir(parents=True)
    notes.write_text("mine")
    done = duwang("audit", listing(tmp_path / "sites.yaml", site[0]), "--out", "out", "--force")
    assert done.status == 2
    assert len(done.lines) == 1
    assert notes.read_text() == "mine"


@pytest.mark.parametrize("source", ["none.yaml", ".", "bad.yaml", "ftp://a.example/"])
def test_an_unusable_list_is_told_before_anything_is_fetched(duwang, tmp_path, source: str) -> None:
    (tmp_path / "bad.yaml").write_text("sites:\n  - {id: a, name: 甲, homme: http://a.example/}\n", encoding="utf-8")
    done = duwang("audit", source, "--out", "out")
    assert done.status == 2
    assert done.err.startswith(source)
    assert not Path("out").exists()
