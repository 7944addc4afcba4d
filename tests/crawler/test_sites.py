"""The site list: what people write is understood, and every fault is named with line, key and remedy."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from crawler.errors import UnusableInput
from crawler.evidence import Site
from crawler.sites import load_sites

GOOD = """\
sites:
  - id: qs-jyj
    name: 清水市教育局
    kind: department
    level: city
    region: 042000
    home: http://jyj.qingshui.example/
    site_code: "6200000001"
    services: true
    columns: {年报: /zwgk/nb/}
    windows: {人事信息: 365}
    crawl: {delay: 0.5, max_pages: 30, render: never}
  - {id: qs, 单位名称: 清水市人民政府, 类型: 门户, home: "https://www.qingshui.example"}
"""
EXPECTED = (
    Site(
        "qs-jyj",
        "清水市教育局",
        "http://jyj.qingshui.example/",
        "department",
        "city",
        "042000",
        "6200000001",
        True,
        {"年报": "/zwgk/nb/"},
        {"人事信息": 365},
        {"delay": 0.5, "max_pages": 30, "render": "never"},
    ),
    Site("qs", "清水市人民政府", "https://www.qingshui.example/", "portal"),
)


def write(tmp_path: Path, text: str | bytes, name: str = "sites.yaml") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(UnusableInput) as caught:
        load_sites(path)
    return str(caught.value).splitlines()


def test_yaml_with_all_keys_and_chinese_names(tmp_path: Path) -> None:
    assert load_sites(write(tmp_path, GOOD)) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_with_chinese_headings_in_both_usual_encodings(tmp_path: Path, encoding: str) -> None:
    text = (
        "编号,单位名称,网站类型,层级,行政区划代码,网址,网站标识码,对外服务,栏目,更新期限,采集间隔,crawl.max_pages,crawl.render\n"
        "qs-jyj,清水市教育局,部门,市级,042000,http://jyj.qingshui.example/,6200000001,是,年报=/zwgk/nb/,人事信息=365,0.5,30,从不\n"
        ",,,,,,,,,,,,\n"
        "qs,清水市人民政府,门户网站,,,https://www.qingshui.example,,,,,,,\n"
    )
    assert load_sites(write(tmp_path, text.encode(encoding), "sites.csv")) == EXPECTED


def test_xlsx_with_numbers_as_excel_keeps_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "name", "home", "region", "site_code", "最多页数"])
    book.active.append(["a-jyj", "甲市教育局", "http://a.example/", 620100, 6201000068.0, 200])
    book.save(tmp_path / "sites.xlsx")
    assert load_sites(tmp_path / "sites.xlsx") == (
        Site(
            "a-jyj",
            "甲市教育局",
            "http://a.example/",
            region="620100",
            site_code="6201000068",
            crawl={"max_pages": 200},
        ),
    )


def test_one_address_is_a_list_of_one_site() -> None:
    (site,) = load_sites("http://JYJ.Example.gov.cn:8080/index.html")
    assert (site.id, site.home) == ("jyj.example.gov.cn-8080", "http://jyj.example.gov.cn:8080/index.html")


@pytest.mark.parametrize("url", ["http://", "http://user:secret@a.example/", "https://[bad/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UnusableInput, match="不是可以访问的网址"):
        load_sites(url)


def test_every_fault_of_a_file_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = """\
sites:
  - id: ../etc
    name: ""
    home: ftp://a.example/
    levl: city
    level: 村
    region: 62
    site_code: "1"
    services: maybe
    crawl: {delay: fast, pages: 3, max_pages: 0}
    windows: {新闻: 一周}
  - id: b
    id: c
    name: 乙局
    home: http://b.example/
    columns: {年报: http://elsewhere.example/nb/}
  - {id: b, name: 丙局, home: http://c.example/}
  - {id: d, name: 丁局, home: https://www.c.example}
  - 戊局
other: 1
"""
    path = write(tmp_path, text)
    found = faults(path)
    expected = [
        (2, "id 的值“../etc”"),
        (3, "name 是空的"),
        (4, "home 的值“ftp://a.example/”不是完整网址"),
        (5, "不认识的项目 levl"),
        (6, "level 的值“村”不在允许范围内"),
        (7, "region 的值“62”"),
        (8, "site_code 的值“1”"),
        (9, "services 的值“maybe”"),
        (10, "crawl.delay 的值“fast”应为数字"),
        (10, "不认识的项目 crawl.pages"),
        (10, "crawl.max_pages 的值“0”太小"),
        (11, "windows.新闻 的值“一周”应为整数"),
        (13, "id 写了两次"),
        (16, "columns.年报"),
        (17, "id 与第 12 行重复"),
        (18, "home 与第 17 行重复"),
        (19, "站点应写成"),
        (20, "不认识的项目 other"),
    ]
    assert len(found) == len(expected)
    for line, words in expected:
        assert any(one.startswith(f"{path}：第 {line} 行：") and words in one for one in found), (line, words, found)
    assert all(one.endswith("。") for one in found)


def test_missing_keys_are_named_with_the_line_of_their_site(tmp_path: Path) -> None:
    assert [line.partition("：")[2] for line in faults(write(tmp_path, "sites:\n\n  - {id: a}\n"))] == [
        "第 3 行：缺少 name；请补上。",
        "第 3 行：缺少 home；请补上。",
    ]


def test_faults_of_a_table_name_its_row(tmp_path: Path) -> None:
    found = faults(write(tmp_path, "id,name,home,网页\na,甲,http://a.example/,x\nb,乙,b.example,\n", "s.csv"))
    assert any("第 2 行：有不认识的项目 网页" in line for line in found)
    assert any("第 3 行：home 的值“b.example”不是完整网址" in line for line in found)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("s.yaml", "sites: [", "第 1 行"),
        ("s.yaml", "a: &x [1]\nsites: [*x, *x]", "YAML"),
        ("s.yaml", "[" * 100_000, "YAML"),
        ("s.yaml", "", "没有站点清单"),
        ("s.yaml", "sites: []", "没有站点"),
        ("s.yaml", "sites: 甲局", "没有站点清单"),
        ("s.csv", "", "清单是空的"),
        ("s.csv", "id,name,home\n", "没有站点"),
        ("s.xlsx", "not a workbook", "XLSX"),
        ("s.pdf", "%PDF", "不认识的清单格式"),
        ("s.yaml", b"\xff\xfe\x00\x81", "编码"),
    ],
)
def test_unusable_files_give_one_clear_line(tmp_path: Path, name: str, content: str | bytes, words: str) -> None:
    path = write(tmp_path, content, name)
    found = faults(path)
    assert len(found) == 1
    assert found[0].startswith(str(path)) and words in found[0]


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "不存在" in faults(tmp_path / "none.yaml")[0]
    assert "文件夹" in faults(tmp_path)[0]
