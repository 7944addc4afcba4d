"""Three inspections of the demo province: what became of each finding, exactly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from loop_samples import inspection, kept

from duwang.demo_server import DATA, serve_sites, site_list
from duwang.loop import records
from reports import json_report
from scoring.inspection import Inspection

Duwang = Callable[..., Any]
SITE = "yunxi-mzj"
GUIDE, LISTED, REPORTS = "col/col1202/index.html", "col/col1203/index.html", "col/col1205/index.html"
NEWS, ARTICLE, FRESH = "col/col1301/index.html", "art/2026/3/5/art_1301_4102.html", "art/2026/3/9/art_1301_4110.html"
LINK = f'<a href="/{FRESH}" target="_blank">县民政局听取安全检查汇报</a>'
REPORT, MOVED = "art/2025/2/5/art_1205_3021.html", "art/2025/2/5/art_1205_9021.html"
OF_REPORT = ["AR-102", "AR-201", "AR-213", "AR-401", "AR-403"]
REST = ["AR-101", "CT-202", "DP-204", "DP-301", "WS-201", "WS-202", "WS-208", "WS-303"]
ENDS = ("new", "reopened", "persisting", "fixed", "unseen")


def change(root: Path, page: str, old: str, new: str) -> None:
    path = root / page
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def ends(told: dict[str, Any]) -> dict[str, list[str]]:
    return {name: sorted(one["rule"] for one in told[name]) for name in ENDS if told[name]}


def test_months_of_the_demo_province(duwang: Duwang, tmp_path: Path) -> None:
    shutil.copytree(DATA / "sites", tmp_path / "sites")
    root = tmp_path / "sites" / SITE
    with serve_sites(tmp_path / "sites") as ports:
        Path("sites.yaml").write_text(site_list(ports), "utf-8")
        home = f"http://127.0.0.1:{ports[SITE]}/"
        audit = ("audit", "sites.yaml", "--store", "store.sqlite", "--judged-on")
        listed = yaml.safe_load(Path("sites.yaml").read_text("utf-8"))["sites"]
        alone = [site for site in listed if site["id"] == SITE]
        Path("one.yaml").write_text(yaml.safe_dump({"sites": alone}), "utf-8")

        first = duwang(*audit, "2026-03-10", "--out", "first")
        assert first.status == 1, first.err
        held = json_report.load(Path("first") / SITE / "inspection.json")
        assert {finding.state for finding in held.findings} == {"new"} and held.compared is None
        empty = next(finding for finding in held.findings if finding.rule == "WS-202")
        duwang(
            "review", "decide", f"first/{SITE}", empty.id, "--as", "dismissed", "--reason", "另有专栏", "--by", "张三"
        )

        # Mended: the guide, a dead link. New: a wrong word. Moved: the report. Unread: a page that robots.txt closes.
        change(root, GUIDE, "15个工作日", "20个工作日")
        change(root, LISTED, "/art/2021/5/8/art_1203_811.html", f"/{LISTED}")
        (root / FRESH).parent.mkdir()
        shutil.copy(root / ARTICLE, root / FRESH)
        change(root, FRESH, "2026-03-05", "2026-03-09")
        change(root, FRESH, "检查发现问题6个", "县祭扫工作领导小姐听取汇报。检查发现问题6个")
        change(root, NEWS, '<ul class="newslist">', f'<ul class="newslist"><li><span>[2026-03-09]</span>{LINK}</li>')
        (root / REPORT).rename(root / MOVED)
        change(root, REPORTS, REPORT, MOVED)
        (root / "robots.txt").write_text("User-agent: *\nDisallow: /art/2024/9/25/\n", "utf-8")
        second = duwang(*audit, "2026-03-11", "--out", "second", "--since", "first")
        assert second.status == 1, second.err

        # Back again: the guide. Open again: the page. The store alone tells what was before.
        change(root, GUIDE, "20个工作日", "15个工作日")
        (root / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
        third = duwang("audit", "one.yaml", "--store", "store.sqlite", "--judged-on", "2026-03-12", "--out", "third")
        assert third.status == 1, third.err

    compared = duwang("compare", "first", "second", "--format", "json")
    assert compared.status == 0, compared.err  # the new one is for a person to look at
    told = {one["subject"]: one for one in json.loads(compared.out)["subjects"]}
    assert ends(told[SITE]) == {
        "new": ["WS-110"],
        "persisting": sorted([*OF_REPORT, *REST]),
        "fixed": ["DP-203", "WS-401"],
        "unseen": ["DP-301"],
    }
    assert {one["rule"]: one.get("moved_from") for one in told[SITE]["persisting"] if one["rule"] in OF_REPORT} == (
        dict.fromkeys(OF_REPORT, home + REPORT)
    )
    assert told[SITE]["unseen"][0]["why"] == "所在网页本次没有读到（网站的 robots 规则不允许）"
    assert told[SITE]["scores"][0]["change"] > 0
    assert ends(told["lanxi-jyj"]) == {}
    assert set(ends(told["qinghe-qzf"])) == {"persisting"} and len(told["qinghe-qzf"]["persisting"]) == 13

    # What the second month says of itself is the same.
    held = json_report.load(Path("second") / SITE / "inspection.json")
    assert sorted(f.rule for f in held.findings if f.state == "persisting") == sorted([*OF_REPORT, *REST])
    assert sorted(former.rule for former in held.fixed) == ["DP-203", "WS-401"]
    assert held.compared is not None and held.compared.judged_on == "2026-03-10"
    page = (Path("second") / SITE / "report.html").read_text("utf-8")
    assert "与 2026-03-10 的检查相比：新发现 1 项，再次出现 0 项，持续存在 13 项，已改正 2 项，未能复查 1 项。" in page

    # The decision went along, twice, without being made again.
    for month in ("second", "third"):
        held = json_report.load(Path(month) / SITE / "inspection.json")
        assert [f.rule for f in held.findings if f.counted_as == "none"] == ["WS-202"]
        assert [one.reason for one in records.read(Path(month) / SITE)] == ["另有专栏"]
        assert duwang("verify", f"{month}/{SITE}/inspection.json").status == 0

    assert [f.rule for f in held.findings if f.state == "reopened"] == ["DP-203"]
    assert sorted(f.rule for f in held.findings if f.state == "persisting") == sorted(
        [*OF_REPORT, *REST, "DP-301", "WS-110"]
    )
    assert [former.rule for former in held.fixed] == ["WS-401"] and held.unseen == ()
    shown = duwang("store", "show", SITE, "--store", "store.sqlite").out
    assert "2026-03-12　部门网站检查评分" in shown and "〔再次出现〕DP-203" in shown and "〔已改正〕WS-401" in shown

    # Judged again, the second month says the same of the first one, and bears the same decision.
    path = Path("second") / SITE / "inspection.json"
    said = path.read_bytes()
    assert duwang("score", path.with_name("capture"), "--judged-on", "2026-03-11").status == 1
    assert path.read_bytes() == said

    # The same folders make the same store.
    duwang("store", "rebuild", "third", "first", "second", "--store", "again.sqlite")
    assert duwang("store", "show", SITE, "--store", "again.sqlite").out == shown


def test_an_earlier_inspection_that_cannot_be_used_is_told_before_anything_is_read(
    duwang: Duwang, tmp_path: Path
) -> None:
    address = "http://127.0.0.1:9/"
    (tmp_path / "empty").mkdir()
    Path("bad.json").write_text("{}", "utf-8")
    lines = {
        "missing": "没有这个文件或文件夹；请核对 --compare-with。",
        "empty": "这里没有这些站点以前的检查结果；请核对 --compare-with。",
        "bad.json": "不是完整的检查结果",
    }
    for place, line in lines.items():
        done = duwang("audit", address, "--compare-with", place)
        assert done.status == 2 and len(done.lines) == 1 and line in done.err, done.err
    assert not (tmp_path / "duwang-out").exists()


def test_what_cannot_be_compared_is_told_in_one_line(duwang: Duwang, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = duwang("compare", "empty", "empty")
    assert done.status == 2 and "这个文件夹里没有检查结果" in done.err and len(done.lines) == 1
    done = duwang("compare", "a.json", "b.json")
    assert done.status == 2 and "没有这个文件或文件夹" in done.err and len(done.lines) == 1


def at(port: int, day: str, faults: list[str], site: str = "") -> Inspection:
    """A site of this machine on a port; ``site`` is its id in a list, without which it is called after its port."""
    name = site or f"127.0.0.1-{port}"
    made = inspection(name, day, faults)
    found = [replace(f, where=replace(f.where, url=f"http://127.0.0.1:{port}/a.html")) for f in made.findings]
    subject = replace(made.subject, url=f"http://127.0.0.1:{port}/", name=site or f"127.0.0.1:{port}")
    return replace(made, findings=tuple(found), subject=subject)


def test_a_site_of_this_machine_is_the_same_on_another_port(duwang: Duwang, tmp_path: Path) -> None:
    kept(tmp_path / "one", at(8001, "2026-03-10", ["公告栏目", "人事栏目"]))
    kept(tmp_path / "two", at(9001, "2026-04-10", ["公告栏目"]))
    told = json.loads(duwang("compare", "one", "two", "--format", "json").out)["subjects"]
    assert [ends(one) for one in told] == [{"persisting": ["WS-202"], "fixed": ["WS-202"]}]
    assert "moved_from" not in told[0]["persisting"][0]
    # Two of them, or ones that a list names, are not guessed at.
    kept(tmp_path / "three", at(9001, "2026-04-10", ["公告栏目"]), at(9002, "2026-04-10", ["公告栏目"]))
    kept(tmp_path / "four", at(9001, "2026-04-10", ["公告栏目"], "lanxi"))
    for other in ("three", "four"):
        done = duwang("compare", "one", other)
        assert done.status == 2 and len(done.lines) == 1 and "不是同一个对象的检查结果" in done.err


def test_a_comparison_is_drawn_as_a_page_and_text_stays_text(duwang: Duwang, tmp_path: Path) -> None:
    kept(
        tmp_path / "one",
        inspection("lanxi", "2026-03-10", ["人事栏目", "公告栏目"]),
        inspection("old", "2026-03-10", []),
    )
    kept(tmp_path / "two", inspection("lanxi", "2026-04-10", ["<script>alert(1)</script>", "公告栏目"]))
    assert duwang("compare", "one", "two", "-o", "c.html").status == 1
    drawn = Path("c.html").read_text("utf-8")
    assert "<script" not in drawn and "栏目“&lt;script&gt;alert(1)&lt;/script&gt;”没有内容。" in drawn
    assert [part.partition("<")[0] for part in drawn.split("<h3>")[1:]] == [
        "新发现（1 项）", "持续存在（1 项）", "已改正（1 项）",
    ]  # fmt: skip
    assert "合计：新发现 1 项，" in drawn and "上次有、本次没有检查：old局。" in drawn
    assert 'href="http://lanxi.gov.cn/a.html"' in drawn and "2026-03-10 → 2026-04-10" in drawn
