"""``duwang report``: saved inspections drawn again, for the screen, for the office, for other programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from crawler.errors import UnusableInput
from crawler.words import software_version
from duwang import outputs
from duwang.audit import INSPECTION
from duwang.failures import tell
from duwang.inputs import distinct
from reports import json_report, junit, ledger, sarif, sheets, text
from reports.files import write_whole
from reports.word.papers import Letterhead, render
from scoring.inspection import Inspection

# One file holds all inspections …
_TOGETHER = {"xlsx": ".xlsx", "csv": ".csv", "sarif": ".sarif", "junit": ".xml"}
# … or each has one of its own.
_EACH = {**outputs.SUFFIX, "docx": ".docx", "notice": ".docx", "pdf": ".pdf"}
_BY_ENDING = {".docx": "docx", ".pdf": "pdf", ".xlsx": "xlsx", ".csv": "csv", ".sarif": "sarif", ".xml": "junit"}
_NO_SCREEN = ("docx", "notice", "pdf", "xlsx")


@dataclass(frozen=True, slots=True)
class Paper:
    """What the Word files are to say beyond the inspection, a template of the user's own, the store for notices."""

    head: Letterhead = field(default_factory=Letterhead)
    template: Path | None = None
    store: str = ""


def command(files: Sequence[str], form: str | None, out: Path | None, paper: Paper) -> int:
    """Draw saved inspections again; returns the exit status."""
    loaded = [(Path(name), json_report.load(Path(name))) for name in files]
    form = _form(form, out, several=len(loaded) > 1)
    if out is None:
        _print(loaded, form, paper)
        return 0
    several = len(loaded) > 1 or out.is_dir()
    if form in _TOGETHER:
        path = out / f"{ledger.TITLE}{_TOGETHER[form]}" if out.is_dir() else out
        written = {path: _together(loaded, form, paper)}
    elif form == "text" and not out.is_dir():
        written = {out: text.plain([inspection for _, inspection in loaded]).encode("utf-8", "backslashreplace")}
    elif not several:
        written = {out: _drawn(*loaded[0], form, outputs.relative(loaded[0][0], out.parent), paper)}
    else:
        if out.is_file() or (out.suffix and not out.is_dir()):
            raise UnusableInput(f"{out}：有多份报告要写；请用 -o 指定一个文件夹。")
        names = distinct([_name_of(path) for path, _ in loaded])
        written = {
            out / f"{name}{_EACH[form]}": _drawn(path, inspection, form, outputs.relative(path, out), paper)
            for name, (path, inspection) in zip(names, loaded, strict=True)
        }
    read = {path.resolve() for path, _ in loaded}
    for path in written:
        ours = outputs.is_ours(path) or path.suffix in _BY_ENDING
        if path.resolve() in read or (several and path.exists() and not ours):
            raise UnusableInput(f"{path}：这里已有别的文件；请换一个输出位置。")
    for path, data in written.items():
        write_whole(path, data)
        click.echo(f"已写入 {path}")
    if form == "notice" and paper.store:
        _record([(inspection, path) for (_, inspection), path in zip(loaded, written, strict=True)], paper)
    return 0


def _record(notices: Sequence[tuple[Inspection, Path]], paper: Paper) -> None:
    """Note in the store what is sent to whom. A notice without a number is a draft."""
    if not paper.head.number:
        tell("没有写明发文字号（--number），整改通知书没有记入台账库。")
        return
    from duwang.store import add_notices

    due = paper.head.due.isoformat() if paper.head.due else None
    day = paper.head.day.isoformat() if paper.head.day else ""
    for name in add_notices(paper.store, notices, paper.head.number, day, due):
        tell(f"{name}：不在台账库中，整改通知书没有记入；请先用 duwang store rebuild 记入检查结果。")


def _form(stated: str | None, out: Path | None, *, several: bool) -> str:
    """The format: as stated, else by the ending of ``out``."""
    by_name = _BY_ENDING.get(out.suffix.lower()) if out is not None else None
    if by_name is None and stated not in (*_TOGETHER, "docx", "notice", "pdf"):
        return outputs.format_for(stated, out, several=several)
    if stated is None or by_name is None or by_name == stated or (stated, by_name) == ("notice", "docx"):
        return stated or str(by_name)
    ending = {**_EACH, **_TOGETHER}[stated]
    raise UnusableInput(f"{out}：文件名的后缀与 --format {stated} 不一致；请改用 {ending}。")


def _name_of(path: Path) -> str:
    """``inspection.json`` is called after the folder of its site, any other file after itself."""
    return path.resolve().parent.name if path.name == INSPECTION else path.stem


def _together(loaded: Sequence[tuple[Path, Inspection]], form: str, paper: Paper) -> bytes:
    inspections = [inspection for _, inspection in loaded]
    if form == "junit":
        return junit.dumps(inspections)
    if form == "sarif":
        return sarif.dumps(inspections, software_version()).encode()
    due = paper.head.due.isoformat() if paper.head.due else ""
    if form == "csv":
        return sheets.csv_of(ledger.sheets([ledger.Entry(one) for one in inspections], due=due)[0])
    entries = [ledger.Entry(inspection, _shots(path, inspection)) for path, inspection in loaded]
    return sheets.workbook(ledger.sheets(entries, due=due))


def _shots(path: Path, inspection: Inspection) -> dict[str, bytes]:
    # Loaded here: most formats show no pictures.
    from duwang.shots import shots_of

    return shots_of(inspection, outputs.Held.by(inspection, path.parent).of)


def _drawn(path: Path, inspection: Inspection, form: str, source: str, paper: Paper) -> bytes:
    if form == "json":
        return json_report.dumps(inspection)
    if form == "text":
        return text.plain([inspection]).encode("utf-8", "backslashreplace")
    if form in ("docx", "notice"):
        return render(inspection, "notice" if form == "notice" else "report", paper.head, paper.template)
    page = outputs.page(inspection, source, outputs.Held.by(inspection, path.parent))
    if form == "pdf":
        # Loaded here: only this format needs a browser.
        from duwang.print_pdf import printed

        return printed(page)
    return page.encode("utf-8", "backslashreplace")


def _print(loaded: Sequence[tuple[Path, Inspection]], form: str, paper: Paper) -> None:
    if form in _NO_SCREEN:
        raise UnusableInput(f"这种格式不能输出到屏幕；请用 -o 指定文件（{({**_EACH, **_TOGETHER})[form]}）。")
    if form == "html" and len(loaded) > 1:
        raise UnusableInput("多份网页报告不能输出到屏幕；请用 -o 指定一个文件夹。")
    if form == "text":
        text.draw(text.console_for(sys.stdout), [inspection for _, inspection in loaded])
    elif form in _TOGETHER:
        click.echo(_together(loaded, form, paper).decode("utf-8-sig"), nl=False)
    else:
        for path, inspection in loaded:
            click.echo(_drawn(path, inspection, form, path.name, paper), nl=form == "html")
