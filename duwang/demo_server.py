"""Serves the sample bureau sites on loopback, each on its own port, as plain static web servers would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import yaml

DATA = Path(__file__).resolve().parent / "demo_data"
HOST = "127.0.0.1"
INDEX_NAMES = ("index.html", "index.htm")
MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".css": "text/css",
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NOT_FOUND = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>页面不存在</title></head>
<body><h1>页面不存在</h1><p>您访问的页面不存在或者已经删除。</p><p><a href="/">返回首页</a></p></body>
</html>
"""


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from one folder; everything else is refused by the base class (501)."""

    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = 30  # seconds an idle connection is kept

    def __init__(self, *args: Any, root: Path, **kwargs: Any) -> None:
        self.root = root
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        target = _inside(self.root, path)
        if target is not None and target.is_dir():
            if not path.endswith("/"):
                self._answer(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", location=quote(path) + "/")
                return
            target = next((target / name for name in INDEX_NAMES if (target / name).is_file()), None)
        if target is None or not target.is_file():
            self._answer(HTTPStatus.NOT_FOUND, NOT_FOUND.encode(), "text/html; charset=utf-8")
            return
        body = target.read_bytes()
        self._answer(HTTPStatus.OK, body, _content_type(target, body))

    do_HEAD = do_GET

    def _answer(self, status: HTTPStatus, body: bytes, content_type: str, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: the demo prints its own progress."""


def _inside(root: Path, path: str) -> Path | None:
    """The file or folder below ``root`` that an URL path names, or None where it names nothing or leads out."""
    if "\0" in path or "\\" in path:
        return None
    target = (root / path.lstrip("/")).resolve()
    return target if target.is_relative_to(root) and target.exists() else None


def _content_type(file: Path, body: bytes) -> str:
    """Media type; a charset only where the text is UTF-8, because old GBK servers send none."""
    media_type = MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream")
    if not media_type.startswith("text/"):
        return media_type
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return media_type
    return f"{media_type}; charset=utf-8"


@contextmanager
def serve_folder(root: Path) -> Iterator[int]:
    """Serve one folder on a free loopback port until the block ends; gives the port."""
    server = ThreadingHTTPServer((HOST, 0), partial(_Handler, root=root.resolve()))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serve_sites(sites: Path = DATA / "sites") -> Iterator[dict[str, int]]:
    """Serve every folder of ``sites``, each on its own port, until the block ends; gives site id -> port."""
    with ExitStack() as stack:
        yield {
            folder.name: stack.enter_context(serve_folder(folder))
            for folder in sorted(sites.iterdir())
            if folder.is_dir()
        }


def site_list(ports: Mapping[str, int], template: Path = DATA / "sites.yaml") -> str:
    """The demo's site list (YAML text, design §3) with the ports filled into the home addresses."""
    data = yaml.safe_load(template.read_text(encoding="utf-8"))
    for site in data["sites"]:
        site["home"] = site["home"].replace("{port}", str(ports[site["id"]]))
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    return text


def sample_reports() -> list[Path]:
    """The sample annual reports, by name."""
    return sorted((DATA / "reports").iterdir())
