"""Which earlier inspection a new one is told by: the one named, that of the earlier capture, or the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crawler.errors import UnusableInput
from duwang import outputs
from duwang.failures import tell
from duwang.loop.inspections import NAME, Held, of_site
from duwang.sites import Pace, Visit, earlier_capture
from reports.errors import ReportError


@dataclass(frozen=True, slots=True)
class Source:
    """Where to look, in this order; what is not given is left out.

    ``compare`` is a file or folder that was named, ``since`` an earlier capture, ``store`` the store, ``place`` the
    folder that the new inspection goes into, where an earlier one may lie that it replaces.
    """

    compare: Path | None = None
    since: Path | None = None
    store: str = ""
    place: Path | None = None


def tell_earlier(visits: Sequence[Visit], pace: Pace, on: date) -> None:
    """Find the earlier inspection of every site before anything is fetched.

    Raises UnusableInput or ReportError where the one that was named cannot be used.
    """
    if pace.compare is not None and pace.compare.is_file() and len(visits) > 1:
        raise UnusableInput(
            f"{pace.compare}：这是一个站点的检查结果，而要检查的站点有 {len(visits)} 个；请指定以前的结果文件夹。"
        )
    for visit in visits:
        source = Source(pace.compare, earlier_capture(pace, visit.site), pace.store, visit.folder)
        visit.before = earlier_of(source, visit.site.id, on)
    if pace.compare is not None and not any(visit.before for visit in visits):
        raise UnusableInput(f"{pace.compare}：这里没有这些站点以前的检查结果；请核对 --compare-with。")


def earlier_of(source: Source, site: str, on: date) -> Held | None:
    """The earlier inspection of a site; None where there is none.

    Raises UnusableInput or ReportError where the one that was named cannot be used; any other one is told and left out.
    """
    if source.compare is not None:
        return _named(source.compare, site)
    for path in _candidates(source, site, on):
        if path.is_file() and outputs.is_ours(path):
            try:
                held = Held.load(path)
            except ReportError as error:
                tell(f"没有与以前的检查结果比较：{error}")
                continue
            if held.key == site and held.inspection.profile.judged_on <= on.isoformat():
                return held
    return None


def _named(place: Path, site: str) -> Held | None:
    if not place.exists():
        raise UnusableInput(f"{place}：没有这个文件或文件夹；请核对 --compare-with。")
    path = of_site(place, site)
    if path is None:
        return None
    held = Held.load(path)
    if held.key != site:
        raise UnusableInput(f"{path}：这是“{held.inspection.subject.name}”的检查结果，不是站点 {site} 的；请核对路径。")
    return held


def _candidates(source: Source, site: str, on: date) -> list[Path]:
    found = [source.since.parent / NAME] if source.since is not None else []
    if source.store:
        from duwang.store import last_inspection

        last = last_inspection(source.store, site, on)
        found += [last] if last is not None else []
    return [*found, *([source.place / NAME] if source.place is not None else [])]
