"""Old Word files (DOC, WPS, RTF, Word 2003 XML) through LibreOffice where it is installed: to DOCX, then as DOCX.

The program runs in a profile of its own that allows no macros and no active content and fetches nothing, with limits
of time and memory, and reads the one format that the bytes are.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from crawler.readers.detect import Form
from crawler.readers.drafts import MAX_BYTES, Draught, refuse
from crawler.readers.packages import DOCTYPES, limits
from crawler.readers.word import read_docx

PROGRAM = "DUWANG_SOFFICE"  # environment variable that names the program
_WHAT = {"doc": "旧版 Word 文件（DOC）", "wps": " WPS 文件", "rtf": " RTF 文件", "wordml": " Word 2003 XML 文件"}
_SAVE_AS = "用 Word 或 WPS 打开后另存为 DOCX 再试"
# The shell sets the limits, then becomes the program.
_LIMITED = 'ulimit -v "$1"; ulimit -d "$2"; ulimit -f "$3"; ulimit -t "$4"; shift 4; exec "$@"'
# What a process that used up its time of the processor leaves with, as it is and through a shell.
_OUT_OF_TIME = (-24, 152)


def read_converted(body: bytes, uri: str, form: Form, *, recognise: bool = True) -> Draught:
    """Drafts of an old Word file, its carrier ``wps`` or ``doc``.

    Raises UnusableInput where LibreOffice is not there or cannot read it.
    """
    if form == "wordml" and any(mark in body for mark in DOCTYPES):
        refuse(uri, f"是{_WHAT[form]}，内含外部实体声明，存在安全风险，已拒绝读取", _SAVE_AS)
    program = _program()
    if program is None:
        refuse(uri, f"是{_WHAT[form]}，本机没有安装 LibreOffice，无法读取", f"{_SAVE_AS}，或安装 LibreOffice")
    with tempfile.TemporaryDirectory(prefix="duwang-", ignore_cleanup_errors=True) as folder:
        converted = _convert(program, body, uri, form, Path(folder))
    page = read_docx(converted, uri, recognise=recognise)
    page.carrier = "wps" if form == "wps" else "doc"
    page.notes.insert(0, f"原件是{_WHAT[form]}，由 LibreOffice 转换后读取，版面以原件为准")
    return page


def _program() -> str | None:
    named = os.environ.get(PROGRAM)
    if named is not None:
        return shutil.which(named)
    settings = limits("convert")
    places = [*settings["programs"], *map(os.path.expandvars, settings["places"])]
    return next((found for place in places if (found := shutil.which(place))), None)


def _convert(program: str, body: bytes, uri: str, form: Form, folder: Path) -> bytes:
    """The DOCX that LibreOffice makes of ``body``; everything it writes stays in ``folder``."""
    source, profile, out = folder / f"document.{form}", folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    source.write_bytes(body)
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--invisible", "--norestore",
        "--nolockcheck", "--nologo", "--nodefault", f"--infilter={limits('convert')['filters'][form]}",
        "--convert-to", "docx", "--outdir", str(out), str(source),
    ]  # fmt: skip
    finished = _run(command, folder)
    made = out / "document.docx"
    if not finished:
        refuse(uri, f"是{_WHAT[form]}，过于庞大或已损坏，LibreOffice 没有按时转换完", _SAVE_AS)
    if not made.is_file() or not 0 < made.stat().st_size <= MAX_BYTES:
        refuse(uri, f"是{_WHAT[form]}，已损坏或加密，LibreOffice 无法转换", _SAVE_AS)
    return made.read_bytes()


def _run(command: list[str], folder: Path) -> bool:
    """Run the program in its limits; False where its time, or patience, ran out and it was stopped."""
    settings = limits("convert")
    if os.name == "posix":
        most = [str(settings[key]) for key in ("memory", "data", "output", "seconds")]
        command = ["/bin/sh", "-c", _LIMITED, "sh", *most, *command]
    # Nothing of the caller's surroundings: no proxies, no home with settings of its own.
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if key in os.environ}
    surroundings = {**kept, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(
        command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait(timeout=settings["patience"]) not in _OUT_OF_TIME
    except subprocess.TimeoutExpired:
        return False
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started: they are one session."""
    try:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()


def _profile() -> str:
    """The settings of ``crawler/data/packages.yaml`` as LibreOffice keeps them."""
    items = "".join(
        f'<item oor:path="/{escape(path)}"><prop oor:name="{escape(name)}" oor:op="fuse"><value>{escape(value)}</value>'
        "</prop></item>"
        for path, name, value in limits("convert")["settings"]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>"
    )
