"""``duwang check``: one report or many, from files, folders, ZIP files and addresses."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from crawler.errors import UnusableInput
from duwang import outputs
from duwang.check import Stated
from duwang.failures import tell
from duwang.gather import Gathered, gather
from duwang.inputs import Input, is_url
from duwang.many import Beyond, Done, Failure, Run, Spread, check_all
from duwang.outputs import Target
from duwang.progress import Progress
from duwang.settings import status
from reports import fix_list, text
from reports.files import write_whole
from reports.sheets import ENDINGS
from reports.view import Unread
from scoring.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the results are wanted: format, place, from which severity on the status is 1, number of processes.

    ``fix_list`` is where the list of corrections goes.
    """

    form: str | None
    out: Path | None
    threshold: str
    jobs: int
    fix_list: Path | None = None


def command(given: Sequence[str], beyond: Beyond, stated: Stated, rules: RuleSet, on: date, wishes: Wishes) -> int:
    """Run the command and return its exit status."""
    out = wishes.out
    if wishes.fix_list is not None and wishes.fix_list.suffix.lower() not in ENDINGS:
        raise UnusableInput(f"{wishes.fix_list}：不认识的格式；修改清单请用 .xlsx 或 .csv 结尾的文件名。")
    with tempfile.TemporaryDirectory(prefix="duwang-") as name:
        found = gather(given, Path(name), out)
        form = outputs.format_for(wishes.form, out, several=found.several)
        # Output names are fixed before anything is read, so that nothing is fetched in vain.
        places = outputs.targets(form, out, [item.stem for item in found.inputs], several=found.several)
        overall = out / "index.html" if form == "html" and out and found.several else None
        extra = Target(report=overall) if overall else Target(report=out, stated=out)
        listed = Target(report=wishes.fix_list, stated=wishes.fix_list)
        outputs.keep_off([*places, extra, listed], _read_from(found.inputs, beyond))
        screen = form if out is None else ""
        with Progress(len(found.inputs)) as progress:
            spread = Spread(wishes.jobs, progress.seen)
            run = check_all(found.inputs, beyond, stated, rules, on, places, spread, screen)
    return _Answer(found, run, form, out, overall, wishes.fix_list).show(wishes.threshold)


def _read_from(inputs: Sequence[Input], beyond: Beyond) -> list[Path]:
    names = [*(item.place for item in inputs), beyond.previous or "", *beyond.siblings]
    return [Path(name) for name in names if name and not is_url(name)]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of a call, and what is printed and written of it."""

    found: Gathered
    run: Run
    form: str
    out: Path | None
    overall: Path | None
    fix_list: Path | None

    def show(self, threshold: str) -> int:
        """Print and write what belongs to all inputs; returns the exit status."""
        self._tell_problems()
        self._draw()
        inspections = [one.inspection for one in self._done]
        if self.fix_list is not None and inspections:
            fix_list.write(inspections, self.fix_list)
            tell(f"已写入 {self.fix_list}")
        return status(inspections, threshold, unusable=bool(self._unread))

    @property
    def _done(self) -> list[Done]:
        return [self.run.done[number] for number in sorted(self.run.done)]

    @property
    def _failures(self) -> list[Unread | Failure]:
        """What could not be judged, in the order in which it was named."""
        numbers = iter(range(len(self.found.items)))
        every = [item if isinstance(item, Unread) else self.run.failed.get(next(numbers)) for item in self.found.items]
        return [item for item in every if item is not None]

    @property
    def _unread(self) -> list[Unread]:
        return [item.unread if isinstance(item, Failure) else item for item in self._failures]

    def _tell_problems(self) -> None:
        for item in self._failures:
            if isinstance(item, Failure) and item.trace and os.environ.get("DUWANG_DEBUG") == "1":
                tell(item.trace)
            tell(item.line if isinstance(item, Failure) else f"{item.name}：{item.reason}")
        for note in self.found.notes:
            tell(note)

    def _draw(self) -> None:
        done, unread, several = self._done, self._unread, self.found.several
        inspections = [one.inspection for one in done]
        names = [one.name for one in done] if several else ()
        written = [path for one in done for path in one.place.files()]
        if written or self.overall is not None:
            if self.overall is not None and self.out is not None:
                # Loaded here: the templates of pages take as long as a small report.
                from reports import overview

                reports = [(one.inspection, one.place.report) for one in done if one.place.report is not None]
                entries = [overview.Entry(inspection, path.name) for inspection, path in reports]
                overview.write(entries, self.overall, unread, self.found.notes)
                written = [self.overall, self.out]
            text.summary(text.console_for(sys.stdout), inspections, unread if several else (), names)
            for path in written:
                click.echo(f"已写入 {path}")
        elif not inspections:
            return
        elif self.form == "text" and self.out is not None:
            write_whole(self.out, text.plain(inspections, unread, names).encode("utf-8", "backslashreplace"))
            click.echo(f"已写入 {self.out}")
        elif self.form == "text":
            text.draw(text.console_for(sys.stdout), inspections, unread if several else (), names)
        elif self.form == "html":
            click.echo(done[0].drawn)
        else:
            click.echo(_json([one.drawn for one in done], as_list=several), nl=False)


def _json(drawn: Sequence[str], *, as_list: bool) -> str:
    if not as_list:
        return drawn[0]
    return json.dumps([json.loads(one) for one in drawn], ensure_ascii=False, indent=2) + "\n"
