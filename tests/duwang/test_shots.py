"""The report of a site shows the quoted places as they look; the pictures are drawn from the archive alone."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from duwang.demo_server import DATA, serve_folder
from duwang.shots import VARIABLE

SITE = DATA / "sites" / "yunxi-mzj"
SHOT = re.compile(r'<figure class="shot"><img src="data:image/jpeg;base64,([^"]+)"')
RED = (212, 56, 13)

Duwang = Callable[..., Any]


def judged(duwang: Duwang, port: int, out: Path, *more: str) -> str:
    done = duwang("audit", f"http://127.0.0.1:{port}/", "--delay", "0", "--out", out, *more)
    assert done.status in (0, 1), done.err
    return next(out.glob("*/report.html")).read_text(encoding="utf-8")


def marked(picture: Image.Image) -> int:
    """Pixels of the frame around the place."""
    colours = picture.convert("RGB").getcolors(maxcolors=1 << 24) or []
    return sum(n for n, colour in colours if sum(abs(a - b) for a, b in zip(colour, RED, strict=True)) < 60)


@pytest.mark.optional("chromium")
def test_findings_show_their_place_framed_and_nothing_is_asked_for(
    duwang: Duwang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_folder(SITE) as port:
        monkeypatch.setenv(VARIABLE, "0")
        plain = judged(duwang, port, tmp_path / "out")
    assert not SHOT.search(plain)
    # The server is gone: what is drawn now comes out of the archive.
    monkeypatch.delenv(VARIABLE)
    capture = next((tmp_path / "out").glob("*/capture"))
    done = duwang("score", capture)
    assert done.status == 1, done.err
    report = next((tmp_path / "out").glob("*/report.html")).read_text(encoding="utf-8")
    shots = [Image.open(io.BytesIO(b64decode(data))) for data in SHOT.findall(report)]
    assert len(shots) >= 5
    assert all(shot.width == 1366 and 100 < shot.height <= 900 for shot in shots)
    assert all(marked(shot) > 200 for shot in shots)
