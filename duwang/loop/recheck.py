"""Looking again at what units report as mended: pages fetched afresh into a capture of their own, then judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from crawler.capture import Capture
from crawler.errors import CaptureDamaged, UnusableInput
from crawler.evidence import Document, Site
from crawler.fetch import fetch_one
from crawler.site import crawl_site
from crawler.urls import absolute, same_site
from duwang import settings
from duwang.check import Stated, capture_report, judge_capture
from duwang.failures import PROBLEMS, crash_line, line_of, tell
from duwang.inputs import Source
from duwang.loop.inspections import Held
from scoring.assemble import stored_documents
from scoring.data import table
from scoring.decisions import Decision
from scoring.inspection import Finding
from scoring.rechecking import Seen, judged_alone, seen_again, told_by, unseen
from scoring.rules import RuleSet
from scoring.site.view import SiteView

FOLDER = "rechecks"


@dataclass(slots=True)
class Looked:
    """What looking again at one subject came to, by identity, and the digests of the captures that it rests on."""

    seen: dict[str, Seen] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)

    def take(self, found: Mapping[str, Seen], capture: Capture | None = None) -> None:
        self.seen |= found
        if capture is not None:
            self.basis |= dict.fromkeys(found, capture.digest)

    def all_of(self, findings: Iterable[Finding], seen: Seen, capture: Capture | None = None) -> None:
        self.take({finding.identity: seen for finding in findings}, capture)


def waiting(held: Held) -> list[Finding]:
    """The findings that are reported as mended and were not looked at again since."""
    return [
        finding
        for finding in held.inspection.findings
        if finding.reply is not None
        and finding.reply.kind == "mended"
        and (finding.recheck is None or finding.recheck.kind == "found_unseen")
    ]


def recheck(held: Held, rules: RuleSet, on: date, contact: str = "") -> tuple[list[Decision], Looked]:
    """Look again at what waits for it; gives the entries to record. A failure of ours leaves all of it for later."""
    wanted = waiting(held)
    if not wanted:
        return [], Looked()
    moment = settings.moment()
    folder = held.path.parent / FOLDER / f"{held.path.stem}-{moment[:19].replace(':', '')}"
    try:
        looked = (
            _of_site(held, wanted, rules, on, folder, contact)
            if held.inspection.subject.kind == "site"
            else _of_report(held, wanted, rules, on, folder)
        )
    except PROBLEMS as error:
        tell(f"{held.inspection.subject.name}：没有复查：{line_of(error)}")
        return [], Looked()
    except Exception as error:  # a fault of ours on one subject must not lose the others
        tell(f"{held.inspection.subject.name}：没有复查：{crash_line(error)}")
        return [], Looked()
    return [_entry(held, one, looked, settings.moment()) for one in wanted if _is_news(one, looked)], looked


def _is_news(finding: Finding, looked: Looked) -> bool:
    """Whether looking again came to something that is not recorded yet."""
    seen, known = looked.seen.get(finding.identity), finding.recheck
    return seen is not None and (known is None or (known.kind, known.reason) != (seen.kind, seen.reason))


def _entry(held: Held, finding: Finding, looked: Looked, at: str) -> Decision:
    seen = looked.seen[finding.identity]
    return Decision(
        subject=held.key,
        fingerprint=finding.identity,
        kind=seen.kind,
        by=table("decisions")["program"],
        at=at,
        reason=seen.reason,
        link=finding.where.url or "",
        unit=held.inspection.subject.name,
        rule=finding.rule,
        title=finding.title,
        basis=looked.basis.get(finding.identity, ""),
    )


# --- pages of a site --------------------------------------------------------------------------------


def _of_site(held: Held, wanted: list[Finding], rules: RuleSet, on: date, folder: Path, contact: str) -> Looked:
    before, looked = _capture_of(held), Looked()
    if before is None or before.site is None:
        looked.all_of(wanted, unseen("no_capture"))
        return looked
    site = before.site
    looked.take({f.identity: unseen("many_pages", count=len(f.pages)) for f in wanted if len(f.pages) > 1})
    single = [finding for finding in wanted if finding.identity not in looked.seen and finding.where.url]
    pages = {str(finding.where.url): _links(finding, site) for finding in single}
    most = table("decisions")["recheck"]["pages"]
    asked = list(dict.fromkeys(url for page, links in pages.items() for url in (page, *links)))[:most]
    if not asked:
        return looked
    # By all manners of a crawl, and only what was asked for: the home page and these.
    listed = replace(site, columns={str(number): url for number, url in enumerate(asked)}, windows={})
    fresh = crawl_site(listed, folder, max_pages=1 + len(asked), contact=contact, survey=False)
    looked.folders.append(folder)
    view = SiteView(fresh, listed, fresh.finished.date(), stored_documents(fresh))
    old = stored_documents(before)
    judge = partial(judged_alone, site=site, rules=rules, on=on)
    for url, links in pages.items():
        own = [finding for finding in single if finding.where.url == url]
        if url not in asked:
            looked.all_of(own, unseen("over_budget"))
            continue
        state = view.state(url)
        after = [*_document(view, url, fresh), *(d for link in links for d in _document(view, link, fresh))]
        if state == "gone" and not after:
            looked.all_of(own, unseen("gone"), fresh)
        elif state not in ("read", "gone"):
            looked.all_of(own, unseen("unread", why=view.why(url)), fresh)
        else:
            for record, some in _by_record(own):
                found = seen_again(held.inspection, some, old(record), after, judge)
                looked.take({name: _unless_moved(seen, view, url) for name, seen in found.items()}, fresh)
    return looked


def _unless_moved(seen: Seen, view: SiteView, url: str) -> Seen:
    """What a page says to which another one leads now is no word on the page that was there."""
    page = view.led_to(url)
    if seen.kind == "found_mended" and page is not None and page.url != url:
        return unseen("moved", url=page.url)
    return seen


def _by_record(findings: Iterable[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.where.record, []).append(finding)
    yield from grouped.items()


def _links(finding: Finding, site: Site) -> list[str]:
    """Where the unit says that it mended the fault; what lies on another site is not opened."""
    link = absolute(site.home, finding.reply.link) if finding.reply is not None and finding.reply.link else None
    if link is None or link == finding.where.url:
        return []
    if same_site(link, site.home):
        return [link]
    _told_strange(finding)
    return []


def _told_strange(finding: Finding) -> None:
    tell(f"{finding.id}：{table('decisions')['recheck']['reasons']['strange_link']}。")


def _document(view: SiteView, url: str, capture: Capture) -> list[Document]:
    page = view.content(url)
    found = capture.document(page.record) if page is not None and page.record is not None else None
    return [found] if found is not None else []


def _capture_of(held: Held) -> Capture | None:
    """The capture that an inspection rests on; None where it is not at hand."""
    evidence = held.inspection.evidence
    if not evidence.capture:
        return None
    try:
        capture = Capture.open(held.path.parent / evidence.capture)
    except (CaptureDamaged, UnusableInput, OSError):
        return None
    return capture if capture.digest == evidence.digest else None


# --- a single report --------------------------------------------------------------------------------


def _of_report(held: Held, wanted: list[Finding], rules: RuleSet, on: date, folder: Path) -> Looked:
    """A report that was checked by itself is fetched and checked as a whole, once for each address."""
    looked = Looked()
    grouped: dict[str, list[Finding]] = {}
    for finding in wanted:
        grouped.setdefault(_address(finding, held.inspection.subject.url), []).append(finding)
    for number, (address, findings) in enumerate(grouped.items()):
        if not address:
            looked.all_of(findings, unseen("no_address"))
            continue
        place = folder if number == 0 else folder.with_name(f"{folder.name}-{number}")
        try:
            capture = _fetched(held, address, place)
        except UnusableInput as error:
            told = str(error).removeprefix(f"{address}：").rstrip("。")
            looked.all_of(findings, unseen("unread", why=f"（{told}）"))
            continue
        looked.folders.append(place)
        again = judge_capture(capture, rules, on, "")
        if again.profile.rules_digest != held.inspection.profile.rules_digest:
            looked.all_of(findings, unseen("other_rules"), capture)
        else:
            looked.take(told_by(held.inspection, again, findings, unseen("whole_site")), capture)
    return looked


def _address(finding: Finding, home: str | None) -> str:
    """Where the mended report stands: where its unit says, or where it stood. Another site is not opened."""
    link = finding.reply.link if finding.reply is not None else ""
    if link and home and not same_site(link, home):
        _told_strange(finding)
        return home
    return link or home or ""


def _fetched(held: Held, address: str, place: Path) -> Capture:
    inspection = held.inspection
    # What stands in a table that somebody sent must not lead inside, unless the report itself was found there.
    answer = fetch_one(address, public_only=inspection.subject.url is None)
    source = Source(address, answer.url, answer.body, answer)
    return capture_report(source, None, Stated.of(inspection.profile.options), place)
