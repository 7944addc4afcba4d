"""pdfium in a process of its own: a file that takes too long, too much memory or the program down ends only that."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import pypdfium2

from crawler.evidence import Box
from crawler.readers.paged.model import settings
from crawler.readers.pdf.pages import PageRead, Pages


class Stopped(Exception):
    """The file took too long or too much memory, or ended the process that read it."""


class Damaged(Exception):
    """The file cannot be opened; ``code`` is pdfium's FPDF_ERR number."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class PdfFile:
    """A PDF file that is read within limits of time and memory, all pages and pictures together.

    Raises Damaged or Stopped.
    """

    def __init__(self, body: bytes) -> None:
        self._pid = 0
        self._own: Pages | None = None
        self._conn: Connection[Any, Any] | None = None
        if hasattr(os, "fork"):
            self._start(body)
            found = self._answer()
        else:
            found = _opened(body)
            self._own = found if isinstance(found, Pages) else None
            found = (found.count, found.title) if isinstance(found, Pages) else found
        if isinstance(found, Damaged):
            self.close()
            raise found
        self.count: int = found[0]
        self.title: str = found[1]

    def _start(self, body: bytes) -> None:
        self._conn, other = Pipe()
        self._pid = os.fork()
        if not self._pid:
            self._conn.close()
            _serve(other, body)
        other.close()

    def page(self, index: int, characters: int, objects: int) -> PageRead | None:
        """As ``Pages.page``."""
        found: PageRead | None = self._ask("page", index, characters, objects)
        return found

    def picture(self, index: int, quarter: int, box: Box, scale: float) -> tuple[int, int, bytes] | None:
        """As ``Pages.picture``."""
        found: tuple[int, int, bytes] | None = self._ask("picture", index, quarter, box, scale)
        return found

    def _ask(self, name: str, *values: Any) -> Any:
        if self._own is not None:
            ask: Callable[..., Any] = getattr(self._own, name)
            return ask(*values)
        try:
            if self._conn is not None:
                self._conn.send((name, values))
        except OSError:
            self.close()
        return self._answer()

    def _answer(self) -> Any:
        try:
            if self._conn is not None and self._conn.poll(settings("pdf")["patience"]):
                return self._conn.recv()
        except (EOFError, OSError):
            pass
        self.close()
        raise Stopped

    def close(self) -> None:
        """End the process."""
        if self._own is not None:
            self._own.close()
        if self._conn is not None:
            self._conn.close()
            self._conn = None
        if self._pid:
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
            self._pid = 0


def _opened(body: bytes) -> Pages | Damaged:
    try:
        return Pages(body)
    except pypdfium2.PdfiumError as error:
        return Damaged(error.err_code)


def _serve(conn: Connection[Any, Any], body: bytes) -> NoReturn:
    """The child's life: open the file, answer, and leave without touching what belongs to the parent."""
    try:
        _silence()
        _confine()
        pages = _opened(body)
        conn.send((pages.count, pages.title) if isinstance(pages, Pages) else pages)
        while isinstance(pages, Pages):
            name, values = conn.recv()
            conn.send(getattr(pages, name)(*values))
    except BaseException:
        os._exit(1)
    os._exit(0)


def _silence() -> None:
    """What pdfium or a crash says belongs on nobody's screen."""
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _confine() -> None:
    """No more time than allowed, no more memory on top of what the parent had, no core file."""
    # Where there is fork, there is this module; Windows has neither.
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Time of the processor, which a busy machine does not use up.
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (settings("pdf")["seconds"], hard))
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + settings("pdf")["megabytes"] * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
