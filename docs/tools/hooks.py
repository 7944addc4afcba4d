"""What MkDocs is told beyond ``mkdocs.yml``: pages made from the rule files, documents from elsewhere, Chinese words.

MkDocs calls the functions by their names; https://www.mkdocs.org/dev-guide/plugins/#events says when.
"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

import rjieba
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from duwang import rule_pages
from scoring.rules import shipped

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = "reference"
# Documents outside docs/, by their place in the site.
ELSEWHERE = {
    "project/contributing.md": "CONTRIBUTING.md",
    "project/changelog.md": "CHANGELOG.md",
    "project/scoring.md": "scoring/SCORING.md",
}
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s#]+)(#[^()\s]*)?\)")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_BETWEEN = "\u200b"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the rule reference and the documents that lie elsewhere."""
    for name, text in rule_pages.pages(shipped()).items():
        files.append(File.generated(config, f"{REFERENCE}/{name}", content=text))
    for name, source in ELSEWHERE.items():
        files.append(File.generated(config, name, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links between documents to their place in the site; name a file of the project that has none there."""
    here = page.file.src_uri
    if here.startswith(f"{REFERENCE}/"):
        return markdown
    source = ELSEWHERE.get(here, f"docs/{here}")
    places = {path: name for name, path in ELSEWHERE.items()}

    def lead(match: re.Match[str]) -> str:
        text, target, anchor = match[1], match[2], match[3] or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        place = places.get(path) or path.removeprefix("docs/")
        if "://" in target or (place == path and not (ROOT / path).is_file()):
            return match[0]  # what leads nowhere is for --strict to tell
        if place != path:
            return f"[{text}]({posixpath.relpath(place, posixpath.dirname(here))}{anchor})"
        return f"`{path}`" if text.strip("`") in path else f"{text}（`{path}`）"

    return _LINK.sub(lead, markdown)


@event_priority(-50)  # after the index is written, before the offline plugin puts it into a script
def on_post_build(config: MkDocsConfig) -> None:
    """Set words of Chinese text apart in the search index: the search itself only knows white space and marks."""
    path = Path(config.site_dir) / "search" / "search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        for key in ("title", "text"):
            entry[key] = _HAN.sub(_words, entry[key])
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _words(match: re.Match[str]) -> str:
    return f"{_BETWEEN}{_BETWEEN.join(rjieba.cut(match[0]))}{_BETWEEN}"
