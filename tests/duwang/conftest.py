"""Running the command line inside the test process, as a user would type it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.words import load
from duwang.cli import run
from duwang.demo_server import DATA

DAY = "2026-03-10"
REPORTS = DATA / "reports"
# What does not answer in a test never will: no waiting for it.
QUICK = {"timeout": 2.0, "again_after": 0.0, "robots_wait": 0.05, "dns_timeout": 2.0}


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    """A command line has no option for these limits."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in QUICK.items():
            patch.setitem(load("crawl")["limits"], name, value)
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``duwang demo`` wrote; nobody changes it."""
    out = tmp_path_factory.mktemp("demo") / "out"
    assert run(["demo", "--out", str(out)]) == 0
    return out


@dataclass(frozen=True)
class Done:
    """What one call of the command left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines on the error stream."""
        return self.err.splitlines()


Duwang = Callable[..., Done]


@pytest.fixture
def duwang(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Duwang:
    """``duwang("check", path, …)`` in an empty folder; judging commands get the sample data's day."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Done:
        words = [str(argument) for argument in arguments]
        if words[0] in ("check", "audit", "score") and "--judged-on" not in words and "--help" not in words:
            words += ["--judged-on", DAY]
        status = run(words)
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return call


@pytest.fixture
def clean() -> Path:
    return REPORTS / "baiyang-wjj-2025.md"


@pytest.fixture
def faulty() -> Path:
    return REPORTS / "shiqiao-yjj-2025.html"


@pytest.fixture
def plain() -> Path:
    return REPORTS / "shaxi-wlj-2025.txt"
