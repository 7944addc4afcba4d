"""The documents say what is so: links, paths, commands, options, files, keys and the output they show."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml
from doc_files import DOCUMENTS, GUIDE, ROOT, Code, fenced, first_cells, inline, links, prose, rows, shell_lines

from crawler.archive.index import IndexWriter
from crawler.archive.layout import INDEX, MANIFEST, WARC, Manifest
from crawler.capture import Capture
from crawler.crawl.handler import _REASONS as REASONS
from crawler.sites import load_sites
from crawler.words import load
from duwang.chinese import Context
from duwang.cli import app, run
from duwang.scan.settings import Settings
from duwang.scan.settings import load as load_settings
from scoring import rule_schema
from scoring.data import table

EVIDENCE, RULES, READING = (ROOT / "docs" / name for name in ("evidence.md", "rules.md", "guide/reading.zh-CN.md"))
SAMPLE = "duwang/demo_data/reports/shiqiao-yjj-2025.html"
INLINE = [code for document in DOCUMENTS for code in inline(document)]


def place(value: object) -> str | None:
    return value.place if isinstance(value, Code) else None


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that ``words`` (without ``duwang``) name, and the words left for it."""
    command: click.Command = app
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        assert words[0] in command.commands, f"no command {words[0]}; there are {sorted(command.commands)}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


def options_of(command: click.Command) -> set[str]:
    parameters = command.get_params(Context(command))
    return {name for option in parameters if isinstance(option, click.Option) for name in option.opts}


def guide_data() -> list[Code]:
    return [code for page in GUIDE for code in fenced(page) if code.kind == "yaml"]


def leaves(group: click.Group, lead: str = "duwang") -> list[str]:
    found = []
    for name, command in group.commands.items():
        path = f"{lead} {name}"
        found += leaves(command, path) if isinstance(command, click.Group) else [path]
    return found


# --- links and paths ---------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    assert [link for link in links(document) if not (document.parent / link).exists()] == []


def test_every_project_path_that_is_named_exists() -> None:
    folders = ("crawler/", "scoring/", "rules/", "reports/", "duwang/", "tests/", "docs/")
    missing = []
    for code in INLINE:
        # `<…>` stands for any name; what is only imported under that name is written with dots.
        pattern = re.sub(r"<[^<>]+>", "*", code.text)
        if pattern.startswith(folders) and " " not in pattern and not list(ROOT.glob(pattern)):
            missing.append(code.place)
    assert missing == []


def test_adding_a_rule_takes_at_most_eight_steps_each_of_them_a_path_that_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Add a rule\n")[2].partition("\n## ")[0]
    steps = re.findall(r"^\d+\. (.*)$", section, re.MULTILINE)
    assert 1 <= len(steps) <= 8
    for step in steps:
        path = re.match(r"`([^`]+)`", step)
        assert path is not None, step
        assert list(ROOT.glob(re.sub(r"<[^<>]+>", "*", path[1]))), step


# --- commands ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "words"), list(shell_lines()), ids=place)
def test_a_command_that_is_shown_would_be_understood(code: Code, words: list[str]) -> None:
    if words[0] == "make":
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert set(words[1:]) <= set(targets)
    elif words[0] == "duwang":
        command, rest = command_of(words[1:])
        # Parsing checks options, their values and the number of arguments; nothing is run or read.
        command.make_context(command.name, rest)
    else:
        assert words[0] in ("warcio", "sha256sum"), code.place


def test_commands_and_options_named_in_sentences_exist() -> None:
    named = [code for code in INLINE if re.match(r"duwang( |$)", code.text)]
    assert named
    for code in named:
        command, rest = command_of(shlex.split(code.text)[1:])
        unknown = {word for word in rest if word.startswith("-")} - options_of(command)
        assert not unknown, f"{code.place}: {unknown}"
    every = set().union(*(options_of(command_of(path.split()[1:])[0]) for path in leaves(app)))
    loose = [code for code in INLINE if re.match(r"--?[a-z]", code.text)]
    assert loose
    assert [code.place for code in loose if code.text.split()[0] not in every] == []


def test_make_targets_named_in_sentences_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {word for code in INLINE if code.text.startswith("make ") for word in code.text.split()[1:]}
    assert named and named <= targets


def test_the_manual_shows_every_command_and_every_option_of_the_main_ones() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in GUIDE)
    assert [path for path in leaves(app) if path not in text] == []
    for name in ("check", "audit", "crawl"):
        for option in options_of(app.commands[name]) - {"--help", "--output", "--out", "--format"}:
            assert option in text, f"{name} {option}"


# --- what is shown -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_finding_that_is_shown_is_what_the_command_prints(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    shown = re.search(
        r"^```sh\n(duwang check [^\n]*)\n```\n\n<!-- finding: (\S+) -->\n```text\n(.*?)```", text, re.M | re.S
    )
    assert shown is not None
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("COLUMNS", raising=False)
    assert run(shlex.split(shown[1])[1:]) == 1
    printed = re.search(rf"^\d+\.  {shown[2]} .*?(?=\n\n)", capsys.readouterr().out, re.MULTILINE | re.DOTALL)
    assert printed is not None
    assert shown[3] == printed[0] + "\n"


def test_the_site_list_of_the_manual_can_be_used(tmp_path: Path) -> None:
    lists = [code.text for code in guide_data() if code.text.startswith("sites:")]
    assert len(lists) == 1
    (tmp_path / "sites.yaml").write_text(lists[0], encoding="utf-8")
    assert [site.id for site in load_sites(tmp_path / "sites.yaml")] == ["lanxi-jyj"]


def test_the_settings_of_the_manual_can_be_used(tmp_path: Path) -> None:
    [text] = [code.text for code in guide_data() if code.text.startswith("notify:")]
    (tmp_path / "set.yaml").write_text(text, encoding="utf-8")
    held = load_settings(tmp_path / "set.yaml")
    assert held.notify.mail is not None and held.notify.webhook is not None
    assert set(yaml.safe_load(text)) == set(Settings.model_fields)


def test_no_document_states_how_many_rules_there_are() -> None:
    counted = re.compile(r"\d+\s*(?:rules\b|条规则|checks\b|examples\b|个例子)")
    assert [d.name for d in DOCUMENTS if d.name != "CHANGELOG.md" and counted.search(prose(d))] == []


# --- dependencies, rule files, evidence --------------------------------------------------------------


def test_the_dependencies_are_exactly_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def names(requirements: list[str]) -> list[str]:
        return sorted({re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower() for requirement in requirements})

    document = ROOT / "docs" / "dependencies.md"
    runtime, extra = project["project"]["dependencies"], project["build-system"]["requires"]
    assert sorted(first_cells(document, "## To run")) == names(runtime)
    assert sorted(first_cells(document, "## To work on it")) == names([*project["dependency-groups"]["dev"], *extra])


def test_the_keys_of_a_rule_file_are_those_of_its_schema() -> None:
    keys = {key for cell in first_cells(RULES, "## A rule file") for key in re.split(r"`, `", cell)}
    schema = rule_schema.build()
    assert keys == set(schema["properties"])
    examples = RULES.read_text(encoding="utf-8").partition("## Examples\n")[2].partition("\n## ")[0]
    given = set(schema["$defs"]["given"]["properties"])
    assert {key for key in given if f"`{key}`" not in examples} == set()


def test_the_tables_of_the_index_and_their_columns_are_all_explained(tmp_path: Path) -> None:
    writer = IndexWriter(tmp_path / "part")
    writer.finish(tmp_path / "index.sqlite")
    with closing(sqlite3.connect(tmp_path / "index.sqlite")) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        there = {name: [row[1] for row in db.execute(f"PRAGMA table_info({name})") if row[1] != "n"] for name in names}
    told = {row[0].strip("`"): re.findall(r"`(\w+)`", row[-1]) for row in rows(EVIDENCE, "## The index")}
    assert told == there


def test_the_keys_of_the_manifest_are_all_explained() -> None:
    cells = first_cells(EVIDENCE, "## capture.json")
    assert {key for cell in cells for key in cell.split("`, `")} == {field.name for field in fields(Manifest)}


def test_the_outcomes_are_exactly_those_that_have_words_and_those_that_the_crawl_knows() -> None:
    words = table("outcomes")
    outcomes = first_cells(EVIDENCE, "## Outcomes")
    assert [*words["read"], *words["unread"]] == [name for name in outcomes if name != "http-NNN"]
    crawl = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "crawler" / "crawl").rglob("*.py"))
    assert [name for name in words["unread"] if f'"{name}"' not in crawl] == []
    given = re.findall(r'(?:not_read\(visit|Refused\(|refuse\([\w.]+|\.bar\(visit),? ?"([\w-]+)"', crawl)
    given += [code for _, code in REASONS] + [*load("crawl")["tried_again"], "dead"]
    assert {*given} - {"gone"} <= {*words["unread"]}


def test_the_manual_says_what_to_do_about_every_reason() -> None:
    told = first_cells(READING, "## 未读的原因")
    assert told == [*table("outcomes")["unread"].values(), "返回状态码 500 等"]


def test_a_finding_can_be_checked_by_hand_as_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["check", str(ROOT / SAMPLE), "--judged-on", "2026-03-10", "-o", "result.json"]) == 1
    inspection = json.loads(Path("result.json").read_text(encoding="utf-8"))
    where = inspection["findings"][0]["where"]
    warcio = str(Path(sys.executable).with_name("warcio"))

    def shell(*words: str) -> bytes:
        return subprocess.run(words, check=True, capture_output=True).stdout

    sums = dict(
        line.split()[::-1]
        for line in shell("sha256sum", *map(str, Path("result.capture").iterdir())).decode().splitlines()
    )
    manifest = json.loads(Path("result.capture", MANIFEST).read_text(encoding="utf-8"))
    for name in (WARC, INDEX):
        assert manifest["files"][name]["sha256"] == f"sha256:{sums[f'result.capture/{name}']}"
    assert inspection["evidence"]["digest"] == f"sha256:{sums[f'result.capture/{MANIFEST}']}"

    archive = f"result.capture/{WARC}"
    assert shell(warcio, "check", archive) == b""
    wanted = "offset,warc-record-id,warc-target-uri"
    lines = [json.loads(line) for line in shell(warcio, "index", "-f", wanted, archive).splitlines()]
    offset = next(line["offset"] for line in lines if line["warc-record-id"] == f"<{where['record']}>")
    page = shell(warcio, "extract", "--payload", archive, offset)
    assert page == (ROOT / SAMPLE).read_bytes()
    document = Capture.open(Path("result.capture")).document(where["record"])
    assert document is not None and document.blocks[where["block"]].table is not None


# --- language ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if d.name.endswith(".zh-CN.md")], ids=lambda d: d.name)
def test_chinese_documents_use_full_width_punctuation(document: Path) -> None:
    text = re.sub(r"`[^`\n]+`|\]\([^()]*\)", "", prose(document))
    assert re.findall(r"[\u4e00-\u9fff][,;:?!][^\n]{0,10}|[\u4e00-\u9fff]\.(?=\s)[^\n]{0,10}", text) == []


def test_data_blocks_of_documents_are_valid_yaml() -> None:
    for document in DOCUMENTS:
        for code in fenced(document):
            if code.kind == "yaml":
                assert isinstance(yaml.safe_load(code.text), dict), code.place
