"""A bureau's own directory: the form, its import, and the site list that names it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

from crawler.errors import UnusableInput
from crawler.sites import load_sites
from duwang.cli import run
from duwang.directory import form, take_in
from duwang.sites import wanted
from scoring.catalogue.directory import own_of
from scoring.yaml_source import RuleFileError


def book(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = (), title: str = "目录") -> Path:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    made.save(path)
    return path


def items_of(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = yaml.safe_load(path.read_text("utf-8"))["items"]
    return found


@pytest.mark.parametrize("name", ["form.xlsx", "form.yaml"])
def test_the_empty_form_can_be_taken_in_as_it_is(tmp_path: Path, name: str) -> None:
    form(tmp_path / name)
    assert take_in(tmp_path / name, tmp_path / "out.yaml").items == 2
    assert items_of(tmp_path / "out.yaml")[0]["names"] == ["机构概况", "部门职责"]


def test_a_standard_directory_is_taken_in_with_its_two_rows_of_headings_and_merged_cells(tmp_path: Path) -> None:
    given = book(
        tmp_path / "real.xlsx",
        [
            ["青溪县义务教育领域基层政务公开标准目录"],
            ["序号", "公开事项", None, "公开内容（要素）", "公开依据", "公开时限", "公开主体", "联系人"],
            [None, "一级事项", "二级事项"],
            [
                1,
                "招生管理",
                "招生计划",
                "1.各校本年度招生计划；\n2.招生班数",
                "条例",
                "20个工作日内",
                "县教育局",
                "王平",
            ],
            [2, None, "招生范围", "招生范围、学区划分详细情况"],
        ],
        ["B2:C2", "B4:B5"],
    )
    found = take_in(given, tmp_path / "out.yaml")
    assert (found.items, found.unused) == (2, ("联系人",))
    plan, area = items_of(tmp_path / "out.yaml")
    assert plan["elements"] == ["各校本年度招生计划", "招生班数"]
    assert (plan["name"], plan["group"], plan["basis"], plan["term"]) == (
        "招生计划",
        "招生管理",
        "条例",
        "20个工作日内",
    )
    assert area == {"name": "招生范围", "group": "招生管理", "elements": ["招生范围", "学区划分详细情况"]}


def test_every_fault_of_a_workbook_is_told_with_sheet_and_row_and_nothing_is_written(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["公开事项", "公开内容", "更新期限（天）"],
        ["招生计划", "", "常年"],
        ["", "名单"],
        ["招生计划"],
        ["资助", "", 90],
    ]
    given = book(tmp_path / "bad.xlsx", rows, title="教育")
    with pytest.raises(UnusableInput) as caught:
        take_in(given, tmp_path / "out.yaml")
    assert str(caught.value).splitlines() == [
        f"{given}：工作表“教育”第 2 行：更新期限“常年”看不懂；请写天数（1 至 3660）或者“每年”。",
        f"{given}：工作表“教育”第 3 行：缺少公开事项；请填写，或者删去这一行。",
        f"{given}：工作表“教育”第 4 行：公开事项“招生计划”与工作表“教育”第 2 行重复；请只保留一个。",
    ]
    assert not (tmp_path / "out.yaml").exists()


def test_a_workbook_without_the_heading_says_which_columns_there_are(tmp_path: Path) -> None:
    given = book(tmp_path / "x.xlsx", [["姓名", "电话"], ["王平", "0990-5550001"]])
    with pytest.raises(UnusableInput, match="没有“公开事项”一列"):
        take_in(given, tmp_path / "out.yaml")


@pytest.mark.parametrize("name", ["目录.docx", "目录.txt"])
def test_another_format_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("招生计划", encoding="utf-8")
    with pytest.raises(UnusableInput, match=r"请使用 \.xlsx 或 \.yaml"):
        take_in(tmp_path / name, tmp_path / "out.yaml")


def test_the_command_tells_each_fault_in_a_line_and_ends_with_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.yaml").write_text("title: 目录\nitems:\n  - {nam: 招生}\n", encoding="utf-8")
    assert run(["directory", "import", str(tmp_path / "own.yaml"), "-o", str(tmp_path / "out.yaml")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert run(["directory", "template", "-o", str(tmp_path / "form.xlsx")]) == 0
    assert run(["directory", "template", "-o", str(tmp_path / "form.pdf")]) == 2


def listed(folder: Path, directory: str) -> Path:
    path = folder / "sites.yaml"
    text = "sites:\n  - {id: qx, name: 青溪县教育局, home: http://jyj.qingxi.example/, directory: %s}\n"
    path.write_text(text % directory, encoding="utf-8")
    return path


def test_a_site_list_names_a_directory_beside_it_and_the_site_holds_its_text(tmp_path: Path) -> None:
    text = "title: 青溪县教育局目录\nitems: [{name: 食堂检查, window: {days: 90}}]\n"
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    (site,) = wanted([str(listed(tmp_path, "own.yaml"))])
    assert site.directory == text
    own = own_of(site)
    assert own is not None and [(item.name, item.window) for item in own.items] == [("食堂检查", 90)]


def test_a_directory_that_is_not_there_is_a_fault_of_the_list_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"sites\.yaml：第 2 行：directory 所指的文件“none\.yaml”读不了"):
        load_sites(listed(tmp_path, "none.yaml"))


def test_faults_in_a_directory_are_told_before_anything_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("title: 目录\nitems: []\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match="站点 qx 的 directory:2"):
        wanted([str(listed(tmp_path, "own.yaml"))])
