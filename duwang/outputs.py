"""Where results go: report, inspection and evidence side by side, replaced as a whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler.archive.layout import INDEX, MANIFEST, WARC
from crawler.errors import UnusableInput
from duwang.coverage import OPENINGS
from reports import json_report
from reports.errors import ReportError, system_reason
from scoring.inspection import Inspection

FORMATS = ("text", "html", "json")
_FORMAT_OF = {".html": "html", ".htm": "html", ".json": "json", ".txt": "text", ".text": "text"}
SUFFIX = {"html": ".html", "text": ".txt", "json": ".json"}
_CAPTURE_FILES = {WARC, INDEX, MANIFEST}
# What every page, text report and coverage list of this program opens with.
_MARKS = (b"content=\"default-src 'none'; style-src 'unsafe-inline'", "══════════".encode(), *OPENINGS)
_HEAD = 1000
_WRITTEN = (*_FORMAT_OF, ".csv")
_INSPECTION_KEYS = {"format", "subject", "profile", "evidence", "findings"}


@dataclass(frozen=True, slots=True)
class Target:
    """The files of one inspection, all in one folder; what is None is not written.

    ``stated`` is the one that the user named; it is written over whatever it is, the others only over our own.
    """

    report: Path | None = None  # HTML or text
    inspection: Path | None = None
    capture: Path | None = None
    stated: Path | None = None

    @property
    def evidence(self) -> str:
        """What the inspection says about where its evidence lies."""
        return self.capture.name if self.capture is not None else ""

    def files(self) -> list[Path]:
        return [path for path in (self.report, self.inspection, self.capture) if path is not None]


def format_for(stated: str | None, out: Path | None, *, several: bool) -> str:
    """The format: as stated, else by the ending of ``out``, else text. Raises UnusableInput on a contradiction."""
    if out is None:
        return stated or "text"
    by_name = _FORMAT_OF.get(out.suffix.lower())
    if out.is_dir() or (several and stated != "text" and not by_name):
        return stated or "html"
    if stated and by_name and stated != by_name:
        raise UnusableInput(f"{out}：文件名的后缀与 --format {stated} 不一致；请改用 {SUFFIX[stated]}。")
    return stated or by_name or "text"


def targets(form: str, out: Path | None, stems: Sequence[str], *, several: bool) -> list[Target]:
    """One target per input, in order; ``several`` asks for a folder.

    Raises UnusableInput where ``out`` cannot take what is asked for.
    """
    if out is None or (form == "text" and not out.is_dir()):
        if form == "html" and several:
            raise UnusableInput("多个文件的网页报告不能输出到屏幕；请用 -o 指定一个文件夹。")
        return [Target() for _ in stems]
    if not out.is_dir() and not several and out.suffix:
        return [target(form, out.parent, out.stem, out.name) for _ in stems]
    if out.is_file() or (out.suffix.lower() in _FORMAT_OF and not out.is_dir()):
        raise UnusableInput(f"{out}：这里要写的不止一个文件；请用 -o 指定一个文件夹。")
    return [target(form, out, stem) for stem in stems]


def target(form: str, folder: Path, stem: str, name: str = "") -> Target:
    """Files of one inspection in ``folder``; ``name`` is the main file where the user named it."""
    main = folder / (name or stem + SUFFIX[form])
    stated = main if name else None
    if form == "text":
        return Target(report=main, stated=stated)
    capture = folder / f"{stem}.capture"
    if form == "json":
        return Target(inspection=main, capture=capture, stated=stated)
    return Target(main, folder / f"{stem}.json", capture, stated)


def keep_off(places: Sequence[Target], inputs: Sequence[Path]) -> None:
    """Refuse to write over what is being checked, or over anything that is not ours."""
    read = {path.resolve() for path in inputs}
    for place in places:
        for path in place.files():
            if path.resolve() in read:
                raise UnusableInput(f"{path}：这是要检查的文件，不能写在它上面；请用 -o 另起名字。")
        replaceable(place)


def replaceable(place: Target) -> None:
    """Refuse a target whose files, other than the one the user named, stand on something foreign."""
    for path in place.files():
        if path != place.stated and path.exists() and not is_ours(path):
            raise UnusableInput(f"{path}：这里已有别的内容，不是本程序写的；请换一个输出位置。")


def relative(path: Path, folder: Path) -> str:
    """``path`` as seen from ``folder``, with ``/`` between folders on every system."""
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def is_ours(path: Path) -> bool:
    """Whether a file or folder is a capture, an inspection or a report of this program."""
    if path.is_symlink():
        return False
    if path.is_dir():
        names = {item.name for item in path.iterdir()}
        return MANIFEST in names and names <= _CAPTURE_FILES
    try:
        if path.suffix.lower() != ".json":
            with path.open("rb") as stream:
                head = stream.read(_HEAD)
            return any(mark in head for mark in _MARKS)
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.keys() >= _INSPECTION_KEYS


def is_result(path: Path) -> bool:
    """Whether a file bears one of our endings and is ours; others are not even opened."""
    return path.suffix.lower() in _WRITTEN and is_ours(path)


@dataclass(frozen=True, slots=True)
class Held:
    """Where the evidence of an inspection lies: its own capture, and by record those of the reports beside it."""

    own: Path | None = None
    others: Mapping[str, Path] = field(default_factory=dict)

    @classmethod
    def by(cls, inspection: Inspection, base: Path) -> Held:
        """As the inspection itself says; ``base`` is the folder it lies in."""
        evidence = inspection.evidence
        others = {ref.record: base / ref.capture for ref in evidence.beside if ref.capture}
        return cls(base / evidence.capture if evidence.capture else None, others)

    def of(self, record: str) -> Path | None:
        return self.others.get(record, self.own)


def publish(inspection: Inspection, capture: Path | None, place: Target, held: Held | None = None) -> None:
    """Write the files of one inspection: all of them are finished before the first one takes its name.

    ``capture`` is the folder of the closed capture, copied to ``place.capture``; None where it lies there already.
    ``held`` says where the evidence lies now, where that is not what the inspection says. Raises ReportError where the
    place cannot be written; what stood there before is then still there.
    """
    replaceable(place)
    files = place.files()
    if not files:
        return
    folder = files[0].parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".duwang-", dir=folder) as name:
            moves = _drafts(inspection, capture, place, Path(name), held or Held.by(inspection, folder))
            _move(moves, Path(name))
    except OSError as error:
        raise ReportError(f"无法写入 {folder}：{system_reason(error)}。请换一个可写的位置。") from error


def _drafts(
    inspection: Inspection, capture: Path | None, place: Target, staging: Path, held: Held
) -> list[tuple[Path, Path]]:
    moves: list[tuple[Path, Path]] = []
    if place.capture is not None and capture is not None:
        shutil.copytree(capture, staging / "capture")
        moves.append((staging / "capture", place.capture))
    if place.inspection is not None:
        (staging / "json").write_bytes(json_report.dumps(inspection))
        moves.append((staging / "json", place.inspection))
    if place.report is not None:
        (staging / "report").write_bytes(_drawn(inspection, place, held).encode("utf-8", "backslashreplace"))
        moves.append((staging / "report", place.report))
    return moves


def _drawn(inspection: Inspection, place: Target, held: Held) -> str:
    """The report file's content; its ending in ``place`` says which kind."""
    if place.inspection is None or (place.report and place.report.suffix == ".txt"):
        from reports import text

        return text.plain([inspection])
    return page(inspection, place.inspection.name, held)


def page(inspection: Inspection, source: str, held: Held) -> str:
    """The report as a page, with pictures of what was recognised and of the pages where the evidence is at hand."""
    from duwang.crops import pictures_of
    from reports import html

    pictures, shots = pictures_of(inspection, held.of), {}
    if inspection.subject.kind == "site":
        # Loaded here: a report of one file has no use for a browser.
        from duwang.shots import shots_of

        shots = shots_of(inspection, held.of)
    return html.render(inspection, source=source, pictures=pictures, shots=shots)


def for_screen(inspection: Inspection, form: str, held: Held) -> str:
    """What goes to the screen in a format that is not drawn line by line; "" for all others."""
    if form == "html":
        return page(inspection, "inspection.json", held)
    return json_report.dumps(inspection).decode() if form == "json" else ""


def _move(moves: Sequence[tuple[Path, Path]], staging: Path) -> None:
    """Rename drafts into place; on a failure everything moved so far goes back."""
    done: list[tuple[Path, Path]] = []
    try:
        for index, (draft, final) in enumerate(moves):
            old = staging / f"old-{index}"
            if final.is_dir():
                final.rename(old)
            elif final.exists():
                shutil.copy2(final, old)
            done.append((old, final))
            draft.replace(final)
    except BaseException:  # an interrupt too leaves no half of it
        for old, final in reversed(done):
            if final.is_dir():
                shutil.rmtree(final, ignore_errors=True)
            if old.exists():
                old.replace(final)
            elif final.is_file():
                final.unlink()
        raise
