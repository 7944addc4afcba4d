"""The HTML report in a real browser, where Chromium is installed (``make system``)."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reports import html
from test_reports import samples

CHROMIUM = shutil.which("chromium")
QUIET = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()  # noqa: SIM905 - readable as a command line


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; make system installs it")
@pytest.mark.parametrize("width", [390, 1200])
def test_the_page_never_scrolls_sideways(tmp_path: Path, width: int) -> None:
    page = tmp_path / "report.html"
    # The frame has the width asked for whatever the least window of the browser is.
    page.write_text(html.render(samples.report(), source="r.json"), encoding="utf-8")
    outer = tmp_path / "frame.html"
    outer.write_text(
        f'<iframe src="report.html" width="{width}" height="800" style="border:0"></iframe>'
        "<script>onload=()=>{document.body.append('wide '+frames[0].document.documentElement.scrollWidth)}</script>",
        encoding="utf-8",
    )
    command = [
        CHROMIUM or "", *QUIET, "--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=1400,900", "--dump-dom", str(outer),
    ]  # fmt: skip
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    wide = re.search(r"wide (\d+)", shown)
    assert wide is not None, shown[-500:]
    assert int(wide[1]) <= width
