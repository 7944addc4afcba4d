"""The pictures of the manual, made anew from the demo: ``python -m docs.tools.pictures``.

Needs Chromium, a Chinese font and LibreOffice. The second round of the circular is the demo with a fault mended.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from crawler.crawl.render.process import BrowserProcess
from crawler.words import load
from duwang.cli import run
from duwang.demo_server import DATA, serve_sites, site_list

PICTURES = Path(__file__).resolve().parents[1] / "pictures"
LARGEST = 150_000  # bytes of a picture
COLOURS = 64
SITE, REPORT, DAY = "yunxi-mzj", "shiqiao-yjj-2025", "2026-03-10"
# What is mended before the second round: a limit of the repealed regulations, in the guide of the site.
MENDED = (f"sites/{SITE}/col/col1202/index.html", "15个工作日", "20个工作日")


@dataclass(frozen=True, slots=True)
class View:
    """A part of a page: the elements that ``selector`` finds, from the first to the last, ``most`` pixels high."""

    name: str
    page: str
    selector: str
    most: int = 1200
    width: int = 960


VIEWS = (
    View("overview", "demo-out/index.html", "body", 613),
    View("finding-report", f"demo-out/reports/{REPORT}.html", "#finding-AR-403-1"),
    View("finding-site", f"demo-out/sites/{SITE}/report.html", "#finding-WS-202-1"),
    View("checklist", f"demo-out/sites/{SITE}/report.html", "#checklist", 652),
    View("circular", "通报.html", "body", 1136),
)


def make(folder: Path) -> None:
    """Run what the manual describes in ``folder`` and draw it."""
    with _inside(folder):
        run(["demo", "--out", "demo-out"])
        shutil.copytree("demo-out/sites", "2026-02")
        shutil.copytree(DATA / "sites", "sites")
        page, old, new = MENDED
        text = Path(page).read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"{page}: no {old} any more")
        Path(page).write_text(text.replace(old, new), encoding="utf-8")
        with serve_sites(Path("sites")) as ports:
            Path("sites.yaml").write_text(site_list(ports), encoding="utf-8")
            run(["audit", "sites.yaml", "--out", "2026-03", "--judged-on", DAY, "--compare-with", "2026-02"])
        run(["rank", "2026-03", "2026-02", "-o", "通报.html"])
        found = [f"demo-out/sites/{site}/inspection.json" for site in (SITE, "qinghe-qzf")]
        run(["report", *found, "-o", "问题台账.xlsx", "--due", "2026-04-10"])
        run(["report", found[0], "--issuer", "某市政务公开办公室", "-o", "检查报告.docx"])
        for name, picture in asyncio.run(_drawn()).items():
            _keep(name, Image.open(io.BytesIO(picture)))
        _keep("ledger", _printed(Path("问题台账.xlsx"), 2.2, share=0.47))
        _keep("word-report", _printed(Path("检查报告.docx"), 1.1))


async def _drawn() -> dict[str, bytes]:
    browser = BrowserProcess(load("render")["page"])
    await browser.start()
    try:
        context = await browser.context("", scripts=False)
        drawn = {}
        for view in VIEWS:
            page = await context.new_page()
            await page.set_viewport_size({"width": view.width, "height": view.most})
            await page.set_content(Path(view.page).read_text(encoding="utf-8"), wait_until="load")
            box = await page.locator(view.selector).first.bounding_box()
            if box is None:
                raise SystemExit(f"{view.page}: {view.selector} is not seen")
            clip = {"x": 0, "y": box["y"], "width": view.width, "height": min(box["height"], view.most)}
            drawn[view.name] = await page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
            await page.close()
        return drawn
    finally:
        await browser.close()


def _printed(path: Path, scale: float, share: float = 1) -> Image.Image:
    """The first page of an office file without the empty margin, of its height the upper ``share``."""
    profile = Path("office").resolve().as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    with pypdfium2.PdfDocument(path.with_suffix(".pdf")) as document:
        page: Image.Image = document[0].render(scale=scale).to_pil().convert("RGB")
    blank = Image.new("RGB", page.size, "white")
    box = ImageChops.difference(page, blank).getbbox() or (0, 0, *page.size)
    edge = 20
    left, top, right, bottom = box
    bottom = top + round((bottom - top) * share)
    return page.crop((max(0, left - edge), max(0, top - edge), right + edge, bottom + (edge if share == 1 else 0)))


def _keep(name: str, picture: Image.Image) -> None:
    """Write a picture in few colours, so that it stays small."""
    body = io.BytesIO()
    few = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(body, "PNG", optimize=True)
    if len(body.getvalue()) > LARGEST:
        raise SystemExit(f"{name}: {len(body.getvalue())} bytes are too many")
    (PICTURES / f"{name}.png").write_bytes(body.getvalue())
    sys.stdout.write(f"{name}.png {len(body.getvalue())} bytes {picture.size}\n")


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    was = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(was)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="duwang-pictures-") as place:
        make(Path(place))
