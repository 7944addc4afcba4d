"""Lexicons of users: from YAML, Excel and CSV, with faults told by file and row."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from crawler import readers
from crawler.errors import UnusableInput
from duwang.cli import run
from duwang.own_lexicon import read_own, sites_of
from scoring.checks.wording.pairs import WordPairs
from scoring.wording.judging import DocumentTexts, results_on_document
from scoring.wording.lexicons import shipped
from scoring.wording.own import OwnLexicon

DAY = date(2025, 3, 1)
ALL = WordPairs(use="word_pairs", levels=("A", "B", "C", "P"), lexicons=("pairs", "terms", "own"))
HEAD = ["错误写法", "正确写法", "级别", "说明", "不查的语境", "不报的词句"]
ROWS = [
    ["云岭小学", "云岭镇小学", "A", "2024年更名。", "原云岭小学、云岭小学旧址", ""],
    ["=1+1号楼", "1号楼", "", "", "", ""],
    ["其它", "其他", "错误", "", "", "帐号密码"],
]
YAML = """
entries:
  - {wrong: 云岭小学, right: 云岭镇小学, level: A, note: 2024年更名。, unless: [原云岭小学, 云岭小学旧址]}
  - {wrong: =1+1号楼, right: 1号楼}
  - {错误写法: 其它, 正确写法: 其他, 级别: 错误}
exceptions: [帐号密码]
"""


def sheet(rows: list[list[str]]) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    page = book.worksheets[0]
    for row in rows:
        page.append(row)
        for cell in page[page.max_row]:
            cell.data_type = "s" if cell.value else cell.data_type
    book.save(stream)
    return stream.getvalue()


def comma(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def told(own: OwnLexicon, words: str) -> list[tuple[str, str, str]]:
    document = readers.read(f"{words}\n".encode(), uri="file:///x.md", record="x")
    texts = DocumentTexts(document, shipped().with_own(own.entries, own.exceptions), DAY)
    results = results_on_document(ALL, texts, DAY)
    return [(one.outcome, one.key, one.values["wrong"]) for one in results if one.outcome != "pass"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("词表.yaml", YAML.encode()), ("词表.csv", comma([HEAD, *ROWS])), ("词表.xlsx", sheet([HEAD, [""] * 6, *ROWS]))],
)
def test_a_users_lexicon_from_any_carrier(name: str, data: bytes) -> None:
    own = read_own(name, data)
    assert [(entry.find[0], entry.data["level"]) for entry in own.entries] == [
        ("云岭小学", "A"), ("=1+1号楼", "B"), ("其它", "A"),
    ]  # fmt: skip
    assert told(own, "云岭小学今日开学。") == [("fail", "own", "云岭小学")]
    assert told(own, "原云岭小学、云岭小学旧址和云岭镇小学。") == []
    assert told(own, "其它事项另行通知。") == [("fail", "own", "其它")]  # the shipped pair gives way to the user's
    assert told(own, "输入帐号密码，核对帐号。") == [("needs_review", "advice", "帐号")]


def test_a_right_form_that_holds_the_wrong_one_is_no_hit() -> None:
    own = read_own("a.csv", comma([HEAD[:2], ["公开条例", "信息公开条例"]]))
    assert told(own, "信息公开条例第五条。") == []
    assert told(own, "公开条例第五条。") == [("needs_review", "suspected", "公开条例")]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", comma([HEAD[:2], ["字", "词"]]), "a.csv：第 2 行：错误写法应为 2 至 60 字；请修改。"),
        ("a.csv", comma([HEAD[:2], ["布署", ""]]), "a.csv：第 2 行：正确写法应为 1 至 60 字；请修改。"),
        ("a.csv", comma([HEAD[:2], ["布署", "布署"]]), "a.csv：第 2 行：正确写法与错误写法相同；请修改。"),
        ("a.csv", comma([HEAD[:3], ["布署", "部署", "严重"]]), "a.csv：第 2 行：级别“严重”看不懂；请写 A、B"),
        ("a.csv", comma([HEAD[:2], *[["布署", "部署"]] * 2]), "a.csv：第 3 行：“布署”与第 2 行重复；请只保留一个。"),
        ("a.csv", comma([["词", "语"], ["布署", "部署"]]), "a.csv：没有表头；请在第一行写明：错误写法、正确写法、级别"),
        ("a.yaml", b"entries: []", "a.yaml：词表是空的；请至少写一个词条。"),
        ("a.yaml", "其他: [1]".encode(), "a.yaml：第 1 行：看不懂“其他”；请写 entries 或 exceptions。"),
        ("a.yaml", b"entries:\n  - {wrong: ab, rihgt: cd}", "a.yaml：第 2 行：不认识的项目“rihgt”；请删去。\n"),
        ("a.yaml", b"entries: [&a {wrong: ab, right: cd}, *a]", "a.yaml:1：别名（*）不可使用；请逐项写明"),
        ("a.yaml", b"entries: [", "a.yaml:2：YAML 语法错误"),
        ("a.yaml", b"\xff\xfe\x00", "a.yaml：不是 UTF-8 文本；请另存为 UTF-8。"),
        ("a.doc", b"", "a.doc：不认识的词表格式；请使用 .yaml、.xlsx、.xls 或 .csv 文件。"),
        ("a.csv", b"x" * 2_000_001, "a.csv：词表超过 2 MB；请拆分后再用。"),
        ("a.xlsx", b"PK\x03\x04", "a.xlsx"),
    ],
)  # fmt: skip
def test_faults_name_file_and_row(name: str, data: bytes, message: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        read_own(name, data)
    assert str(caught.value).startswith(message)


def test_nested_yaml_and_many_faults_are_refused_shortly() -> None:
    for deep in (b"[" * 1_000_000, b"- " * 100_000):
        with pytest.raises(UnusableInput, match=r"^a\.yaml:1：超过 8 层，层次过深；请减少层次$"):
            read_own("a.yaml", deep)
    with pytest.raises(UnusableInput) as caught:
        read_own("a.csv", comma([HEAD[:2], *([["字", "词"]] * 50)]))
    assert len(str(caught.value).split("\n")) == 21


def test_entries_that_stand_in_right_text_are_told_before_they_do_harm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "词表.yaml"
    path.write_text("entries:\n  - {wrong: 决择, right: 抉择}\n  - {wrong: 云溪具, right: 云溪县}\n", encoding="utf-8")
    assert run(["rules", "test", "--lexicon", str(path)]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("“决择”出现在正确的文字中：“")
    assert last == "词表共 2 条，与正确的文字相撞的 1 条。"
    path.write_text("entries:\n  - {wrong: 决择, right: 抉择, unless: 解决择校}\n", encoding="utf-8")
    assert run(["rules", "test", "--lexicon", str(path)]) == 0


def test_a_word_list_speaks_in_the_report_and_is_kept_for_verification(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "词表.yaml").write_text(
        "entries:\n  - {wrong: 云溪具, right: 云溪县, level: A}\nexceptions: [布署]\n", encoding="utf-8"
    )
    (tmp_path / "通知.md").write_text("# 通知\n\n云溪具各单位要按照布署做好迎检准备，不得迟报。\n", encoding="utf-8")
    call = ["check", "--only", "wording", str(tmp_path / "通知.md")]
    out = tmp_path / "结果.json"
    assert run([*call, "--lexicon", str(tmp_path / "词表.yaml"), "-o", str(out), "--fail-on", "minor"]) == 1
    (tmp_path / "词表.yaml").unlink()
    assert [finding["message"] for finding in json.loads(out.read_bytes())["findings"]] == [
        "按使用者提供的词表，“云溪具”应为“云溪县”。"
    ]
    assert run(["verify", str(out)]) == 0
    capsys.readouterr()
    assert run([*call, "--format", "json"]) == 0
    assert "“布署”应为“部署”" in capsys.readouterr().out


def test_a_site_list_names_a_word_list_of_any_carrier(tmp_path: Path) -> None:
    def listed(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        path = tmp_path / "sites.yaml"
        path.write_text(
            f"sites:\n  - {{id: qx, name: 青溪, home: 'http://127.0.0.1/', lexicon: {name}}}\n", encoding="utf-8"
        )
        return path

    for name, data in (
        ("a.csv", comma([HEAD[:2], ["云溪具", "云溪县"]])),
        ("a.yaml", b"entries: [{wrong: ab, right: cd}]"),
    ):
        (site,) = sites_of(listed(name, data))
        assert [entry.data["right"] for entry in OwnLexicon.of(site.lexicon).entries] in (["云溪县"], ["cd"])
    with pytest.raises(UnusableInput, match=r"sites\.yaml：第 2 行：.*b\.csv：没有表头"):
        sites_of(listed("b.csv", comma([["词", "语"], ["布署", "部署"]])))
