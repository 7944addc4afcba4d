"""YAML of users: what is too deep, too long or repeats itself is refused with its line before it can do harm."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scoring.yaml_source import RuleFileError, load_yaml, parse_yaml
from scoring.yaml_value import MOST_BYTES

NAME = Path("清单.yaml")
LAUGHS = "a: &a [1, 1]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)


def refused(text: str, *, aliases: bool = False) -> list[str]:
    with pytest.raises(RuleFileError) as caught:
        parse_yaml(text, NAME, aliases=aliases)
    return caught.value.faults


@pytest.mark.parametrize(
    "deep",
    ["- " * 100_000, "[" * 100_000, "{a: " * 100_000, "? " * 100_000, "".join(f"{' ' * n}a:\n" for n in range(2_000))],
    ids=["lists in a line", "brackets", "braces", "keys", "lines"],
)
def test_a_text_of_many_levels_is_refused_and_does_not_end_the_process(deep: str) -> None:
    [fault] = refused(deep)
    assert fault.startswith("清单.yaml:") and fault.endswith(("超过 50 层，层次过深；请减少层次", "键应为文字；请改正"))


def test_fifty_levels_are_taken_and_one_more_is_not() -> None:
    value = parse_yaml("[" * 50 + "]" * 50, NAME).value
    for _ in range(50):
        value = value[0] if value else None
    assert value is None
    assert refused("[" * 51 + "]" * 51) == ["清单.yaml:1：超过 50 层，层次过深；请减少层次"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("甲: &x 1\n乙: *x\n", "清单.yaml:2：别名（*）不可使用；请逐项写明"),
        ("甲: 1\n---\n乙: 2\n", "清单.yaml:2：有不止一个 YAML 文档；请只保留一个"),
        ("甲: 1\n[乙]: 2\n", "清单.yaml:2：键应为文字；请改正"),
        ("甲: 1\n乙: 2026-02-30\n", "清单.yaml:2：值“2026-02-30”不可读；请改正，文字可以加引号"),
        ("甲: 1\n乙: !!python/name:os.system x\n", "清单.yaml:2：值“x”不可读；请改正，文字可以加引号"),
        ("甲: \0", "清单.yaml:1：不是可读的 YAML（"),
        ("甲: \ud800", "清单.yaml:1：不是可读的 YAML（"),
        ("a" * (MOST_BYTES + 1), "清单.yaml:1：超过 2000 万字；请拆分文件"),
    ],
)
def test_each_fault_is_one_line_with_its_place(text: str, told: str) -> None:
    [fault] = refused(text)
    assert fault.startswith(told) and "\n" not in fault


def test_aliases_of_our_own_files_are_bounded() -> None:
    assert parse_yaml("a: &a [1, 2]\nb: [*a, *a]\n", NAME, aliases=True).value["b"] == [[1, 2], [1, 2]]
    assert refused(LAUGHS, aliases=True) == ["清单.yaml:7：超过 100 万项；请拆分文件"]
    assert refused("a: &a [*a]\n", aliases=True) == ["清单.yaml:1：别名“a”没有定义；请改正"]


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    with pytest.raises(RuleFileError, match=r"large\.yaml:1：文件超过 20 MB；请拆分文件"):
        load_yaml(path)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=9), st.text("0189:._eE+-xTZ ")
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3), max_leaves=8
)


@given(VALUES, st.booleans())
def test_values_are_those_that_pyyaml_reads(value: object, flow: bool) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow)
    assert repr(parse_yaml(text, NAME, aliases=True).value) == repr(yaml.load(text, yaml.CSafeLoader))


def test_lines_lead_back_to_the_text() -> None:
    source = parse_yaml("甲:\n  - 一: 1\n    二: &x [1, 2]\n  - *x\n", NAME, aliases=True)
    paths = [("甲",), ("甲", 0, "二"), ("甲", 0, "二", 1), ("甲", 1), ("甲", 1, 0), ("乙",)]
    assert [source.line(at) for at in paths] == [1, 3, 3, 4, 4, 1]
