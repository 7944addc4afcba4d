"""YAML of a user that is too deep, whichever command reads it: one line with its place, and the process lives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Duwang = Callable[..., Any]
DEEP = "- " * 100_000
TOLD = "超过 50 层，层次过深；请减少层次"
SITES = "sites:\n  - {id: lanxi, name: 兰溪市教育局, home: 'http://127.0.0.1:9/', directory: deep.yaml}\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("check", "PLAIN", "--units", "deep.yaml"), f"deep.yaml:1：{TOLD}"),
        (("check", "PLAIN", "--lexicon", "deep.yaml"), "deep.yaml:1：超过 8 层，层次过深；请减少层次"),
        (("rules", "list", "--rules", "own"), f"{Path('own/website/deep.yaml')}:1：{TOLD}"),
        (("scan", "sites.yaml", "--settings", "deep.yaml"), f"deep.yaml:1：{TOLD}。"),
        (("audit", "sites.yaml"), f"站点 lanxi 的 directory:1：{TOLD}"),
        (("audit", "deep.yaml"), "deep.yaml：不是正确的 YAML；请检查文件内容。"),
    ],
    ids=["units", "lexicon", "rules", "settings", "directory", "sites"],
)
def test_a_deep_file_is_one_line(duwang: Duwang, plain: Path, words: tuple[str, ...], line: str) -> None:
    Path("deep.yaml").write_text(DEEP, encoding="utf-8")
    Path("sites.yaml").write_text(SITES, encoding="utf-8")
    Path("own/website").mkdir(parents=True)
    Path("own/website/deep.yaml").write_text(DEEP, encoding="utf-8")
    done = duwang(*(str(plain) if word == "PLAIN" else word for word in words))
    assert (done.status, done.lines) == (2, [line])
