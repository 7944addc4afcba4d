"""Checks on services: are there any, and do their guides hold the elements that they have to hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from scoring.checks.content.guides import Guide, guides_at, guides_of, is_sure, name_of
from scoring.checks.content.home import menu_names, menu_point
from scoring.inspection import Outcome
from scoring.results import Point, SiteCase, SiteCheck, SiteResult
from scoring.site.view import SiteView

_MOST_NAMED = 8  # guides named in one message


class ServicesShown(SiteCheck):
    """A body that serves the public shows its services: a place of the class ``services``, or pages that are guides.

    Portals and sites that the site list says to serve are asked; where it says nothing of another site: not_checked
    ``unknown``. Missing is for a person to weigh, and said only where the menus were read whole.
    """

    use: Literal["services_shown"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        view = case.view
        if view.site.services is False:
            yield SiteResult("not_applicable")
        elif any(place.state != "gone" for place in view.classed("services")) or guides_of(view):
            yield SiteResult("pass")
        elif not view.site.services and view.site.kind != "portal":
            yield SiteResult("not_checked", "unknown")
        elif view.gaps:
            yield SiteResult("not_checked", "gaps", {"gaps": view.gap_text()})
        else:
            values = {"seen": menu_names(view)}
            yield SiteResult("needs_review", "missing", values, point=menu_point(view), place="site")


class GuidesComplete(SiteCheck):
    """Fewer than ``least`` service guides lack ``classes`` classes of elements or more; of fewer guides, not all do.

    Both numbers and half of the classes are not confirmed: more are for a person to weigh (``many``, ``all``).
    """

    use: Literal["service_guides_complete"]
    classes: int
    least: int

    def expects(self, case: SiteCase) -> Iterable[str]:
        return guides_at(case.view)

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        guides = guides_of(case.view)
        if not guides:
            yield _no_guides(case.view)
            return
        poor = [guide for guide in guides if len(guide.lacking) >= self.classes]
        if len(poor) >= self.least:
            key = "many"
        elif len(guides) < self.least and len(poor) == len(guides):
            key = "all"
        else:
            yield SiteResult("pass", times=len(guides))
            return
        titles = "、".join(f"《{guide.title}》" for guide in poor[:_MOST_NAMED])
        values = {
            "count": len(poor),
            "total": len(guides),
            "classes": self.classes,
            "least": self.least,
            "guides": titles + (f"等 {len(poor)} 个" if len(poor) > _MOST_NAMED else ""),
        }
        first, *others = (_at(guide) for guide in poor)
        pages = tuple(guide.url for guide in poor)
        yield SiteResult("needs_review", key, values, point=first, points=tuple(others), pages=pages, place="site")


def _no_guides(view: SiteView) -> SiteResult:
    """Nothing to look at: not asked for, or perhaps on a platform that was not read."""
    serves = view.site.services or any(place.state != "gone" for place in view.classed("services"))
    return (
        SiteResult("not_checked", "none")
        if serves and view.site.services is not False
        else SiteResult("not_applicable")
    )


def _at(guide: Guide) -> Point:
    return Point(guide.url, words=guide.label, label=guide.title)


class GuideElements(SiteCheck):
    """Each service guide has all classes of elements, and says which materials it wants.

    Guides that lack the same ones are one result. Fail ``missing`` or ``blank``: a class that was read in the source,
    on a page that offers no file or picture which could hold it; what else it lacks is told with it. Needs_review
    ``unconfirmed`` where only other classes are lacking or the page offers such a file, ``vague`` for words like
    其他材料.
    """

    use: Literal["service_guide_elements"]

    def run(self, case: SiteCase, on: date) -> Iterator[SiteResult]:
        guides = guides_of(case.view)
        if not guides:
            yield _no_guides(case.view)
            return
        groups: dict[_Fault, list[Guide]] = {}
        for guide in guides:
            for fault in _faults(guide):
                groups.setdefault(fault, []).append(guide)
        sound = sum(not guide.lacking and not guide.vague for guide in guides)
        if sound:
            yield SiteResult("pass", times=sound)
        for fault, same in groups.items():
            yield _lacking(fault, same, len(guides))


class _Fault(NamedTuple):
    """What is to be said of a guide: the classes it is about, and what else it lacks."""

    outcome: Outcome
    key: str
    kinds: tuple[str, ...]
    besides: tuple[str, ...] = ()


def _faults(guide: Guide) -> Iterator[_Fault]:
    missing = tuple(kind for kind in guide.missing if is_sure(kind) and not guide.offers)
    blank = tuple(kind for kind in guide.blank if is_sure(kind))
    rest = tuple(kind for kind in guide.lacking if kind not in (*missing, *blank))
    if missing:
        yield _Fault("fail", "missing", missing, rest)
    if blank:
        yield _Fault("fail", "blank", blank, () if missing else rest)
    if rest and not missing and not blank:
        yield _Fault("needs_review", "unconfirmed", rest)
    if guide.vague:
        yield _Fault("needs_review", "vague", (guide.vague,))


def _lacking(fault: _Fault, same: list[Guide], total: int) -> SiteResult:
    is_vague = fault.key == "vague"
    names = "、".join(fault.kinds if is_vague else map(name_of, fault.kinds))
    titles = "、".join(f"《{guide.title}》" for guide in same[:_MOST_NAMED])
    values = {
        "elements": names,
        "besides": f"（另外没有看到{'、'.join(map(name_of, fault.besides))}）" if fault.besides else "",
        "count": len(same),
        "total": total,
        "guides": titles + (f"等 {len(same)} 个" if len(same) > _MOST_NAMED else ""),
    }
    points = [Point(guide.url, words=guide.vague, label=guide.title) if is_vague else _at(guide) for guide in same]
    pages = tuple(guide.url for guide in same)
    place = f"{fault.key}|{names}|{'、'.join(fault.besides)}"
    return SiteResult(
        fault.outcome, fault.key, values, point=points[0], points=tuple(points[1:]), pages=pages, place=place
    )
