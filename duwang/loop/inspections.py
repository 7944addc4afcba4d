"""Where inspections lie: single files, and folders of results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import UnusableInput
from duwang import outputs
from reports import json_report
from scoring.decisions import subject_key
from scoring.inspection import Inspection

NAME = "inspection.json"


@dataclass(frozen=True, slots=True)
class Held:
    """An inspection and the file that holds it."""

    path: Path
    inspection: Inspection

    @property
    def key(self) -> str:
        return subject_key(self.inspection)

    @classmethod
    def load(cls, path: Path) -> Held:
        """Raises ReportError where the file is no inspection."""
        return cls(path, json_report.load(path))


def files(place: Path) -> Iterator[Path]:
    """The inspection files of a folder of results, or the file itself; UnusableInput where there are none."""
    if not place.is_dir():
        if not place.exists():
            raise UnusableInput(f"{place}：没有这个文件或文件夹；请核对路径。")
        yield place
        return
    named = sorted(place.rglob(NAME))
    others = (path for path in sorted(place.glob("*.json")) if path.name != NAME and outputs.is_ours(path))
    found = [*named, *others]
    if not found:
        raise UnusableInput(f"{place}：这个文件夹里没有检查结果（{NAME}）；请指定 duwang audit 的结果文件夹。")
    yield from found


def newest(place: Path) -> dict[str, Held]:
    """The inspections of a place by subject, of several of one subject the one judged last."""
    result: dict[str, Held] = {}
    for path in files(place):
        held = Held.load(path)
        before = result.get(held.key)
        if before is None or order(held.inspection) > order(before.inspection):
            result[held.key] = held
    return result


def order(inspection: Inspection) -> tuple[str, str, str]:
    """What puts the inspections of one subject in order of time."""
    return inspection.profile.judged_on, inspection.evidence.finished, inspection.evidence.digest


def of_site(place: Path, site: str) -> Path | None:
    """The inspection of a site in a place that was given for several: below its id, or the file itself."""
    if place.is_file():
        return place
    return next((path for path in _candidates(place, site) if path.is_file()), None)


def _candidates(place: Path, site: str) -> Iterable[Path]:
    return place / site / NAME, place / NAME
