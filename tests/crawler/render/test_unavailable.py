"""A machine without a browser: the crawl goes on and says what is missing and what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.crawl.render import program as finder
from crawler.crawl.render.program import browser, unavailable
from crawler.crawl.render.renderer import Renderer
from crawler.errors import UnusableInput
from crawler.fetch import Fetched


async def _fetch(url: str, method: str, headers: dict[str, str], body: bytes | None) -> Fetched | None:
    raise AssertionError("nothing may be asked for")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "my-browser"
    made.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    made.chmod(0o755)
    yield made


def test_the_setting_wins(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUWANG_BROWSER", str(program))
    assert browser() == str(program)


def test_usual_names_are_found(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUWANG_BROWSER", raising=False)
    program.rename(program.with_name("google-chrome-stable"))
    monkeypatch.setenv("PATH", str(program.parent))
    assert browser() == str(program.with_name("google-chrome-stable"))


def test_a_wrong_setting_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not quietly fall back on another browser."""
    monkeypatch.setattr(finder, "find_spec", lambda name: object())
    monkeypatch.setenv("DUWANG_BROWSER", "/nowhere/chromium")
    assert browser() is None
    assert unavailable() == (
        "环境变量 DUWANG_BROWSER 写明的浏览器不存在（/nowhere/chromium），由脚本生成的网页读不到；"
        "请改正或清除这个环境变量。"
    )


def test_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "find_spec", lambda name: object())
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("DUWANG_BROWSER", raising=False)
    expected = (
        "没有找到浏览器，由脚本生成的网页读不到；请安装 Chromium、Chrome 或 Edge，或用环境变量 DUWANG_BROWSER "
        "写明浏览器程序的位置。"
    )
    assert unavailable() == expected
    with pytest.raises(UnusableInput, match="没有找到浏览器"):
        asyncio.run(Renderer(_fetch).start())
    drawn = asyncio.run(Renderer(_fetch).render("http://x.example.gov.cn/", {}))
    assert (drawn.html, drawn.note) == ("", "浏览器无法启动")


def test_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "find_spec", lambda name: None)
    expected = '没有安装浏览器组件，由脚本生成的网页读不到；请运行 pip install "duwang[browser]"。'
    assert unavailable() == expected
    drawn = asyncio.run(Renderer(_fetch).render("http://x.example.gov.cn/", {}))
    assert (drawn.html, drawn.note) == ("", "浏览器无法启动")


def test_the_library_is_loaded_only_when_a_page_is_drawn() -> None:
    code = "import sys, crawler.crawl.render.renderer, crawler.crawl.render.drawing; print('playwright' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"LANG": "C"})
    assert told.stdout == "False\n"


@pytest.mark.optional("chromium")
def test_a_browser_that_does_not_start(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = unavailable()
    if missing:
        pytest.skip(missing)
    monkeypatch.setenv("DUWANG_BROWSER", str(program))
    with pytest.raises(UnusableInput) as error:
        asyncio.run(Renderer(_fetch).start())
    assert str(error.value) == (
        f"浏览器无法启动（{program}），由脚本生成的网页读不到；请直接运行它查看原因，"
        "或用环境变量 DUWANG_BROWSER 换一个浏览器。"
    )
