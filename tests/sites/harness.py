"""Makes, serves, crawls and judges the test sites, and compares what is found with what was planted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sites.maker.draw import Drawn, draw
from sites.maker.load import TODAY, made_of, tree_of
from sites.maker.plant import plant_after, plant_before, read_faults
from sites.serving import serving
from wire.test_tls import Pair

from crawler.capture import Capture
from crawler.evidence import Site
from crawler.site import crawl_site
from scoring.assemble import inspect_site
from scoring.inspection import Finding, Inspection
from scoring.rules import shipped

SITES = ("yunling", "chengyuan", "hewan", "liuping")
# Lists of faults: one for each site, and some that take most of a site away.
LISTS = (*SITES, "liuping-bare", "liuping-robots")
_NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
_QUICK = {
    "again_after": 0.0, "timeout": 20.0, "max_pages": 600, "dns_timeout": 2.0, "robots_wait": 0.05, "survey_gap": 0.0,
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """One crawled site with the faults that were planted."""

    drawn: Drawn
    listed: dict[str, Any]
    capture: Capture

    def key(self, url: str) -> str:
        """The name under which faults call the page at an address; addresses of other sites as they are."""
        home = str(self.drawn.made.info["home_url"]).rstrip("/")
        return self.drawn.key_of(url.removeprefix(home) or "/")

    def judge(self) -> Inspection:
        """The site under the shipped rules, on the day for which it was made."""
        return inspect_site(self.capture, rules=shipped(), on=TODAY, folder="capture")


def make(name: str, *, faulty: bool) -> tuple[Drawn, dict[str, Any]]:
    """A site and the list of its faults, empty where it is to be sound."""
    listed = read_faults(name)
    tree = tree_of(listed.get("of", name))
    planted = listed if faulty else {**listed, "faults": []}
    plant_before(tree, planted)
    drawn = draw(made_of(tree))
    plant_after(drawn, planted)
    return drawn, planted


def crawl(name: str, folder: Path, root: Pair, *, faulty: bool) -> Read:
    """Make, serve and crawl a site, as of the day for which it was made."""
    drawn, planted = make(name, faulty=faulty)
    with serving(drawn, folder / "server", root):
        capture = crawl_site(
            site_of(name, drawn), folder / "capture", delay=0.0, render="never", limits=_QUICK, now=lambda: _NOON
        )
    return Read(drawn, planted, capture)


def site_of(name: str, drawn: Drawn) -> Site:
    """The entry of a site list."""
    info = drawn.made.info
    return Site(
        id=name,
        name=info["unit"],
        home=info["home_url"],
        kind=info.get("kind", "department"),
        level=info["level"],
        region=info["region"],
        site_code=info["site_code"],
        services=info.get("services"),
        windows=info.get("windows", {}),
    )


def differences(read: Read, found: Iterable[Finding]) -> list[str]:
    """What was planted and is not found, and what is found and was not planted; one line for each."""
    # A finding about one page is meant before one that holds this page among others.
    left = sorted(found, key=lambda finding: len(finding.pages))
    lines: list[str] = []
    for fault, expected in _expected(read.listed):
        match = next((finding for finding in left if _is(read, finding, expected)), None)
        if match is None:
            lines.append(f"missing: {fault} {_wanted(expected)}")
        else:
            left.remove(match)
    allowed = read.listed.get("allows", [])
    extra = [one for one in left if not any(_is(read, one, expected) for expected in allowed)]
    return lines + [f"extra: {line(read.key, finding)}" for finding in extra]


def _expected(listed: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(fault, expected finding); those that say most about theirs come first, so that they get it."""
    pairs = [(fault["id"], expected) for fault in listed["faults"] for expected in fault.get("expect", [])]
    return sorted(pairs, key=lambda pair: -len(pair[1]))


def _is(read: Read, finding: Finding, expected: dict[str, Any]) -> bool:
    """Whether a finding is the expected one: rule and outcome, and of message, page and pages what is given."""
    if finding.rule != expected["rule"] or finding.outcome != expected.get("outcome", finding.outcome):
        return False
    if "message" in expected and finding.message_key != expected["message"]:
        return False
    if "pages" in expected and len(finding.pages) != expected["pages"]:
        return False
    told = f"{finding.message} {finding.quote}"
    if "says" in expected and not re.search(expected["says"], told):
        return False
    places = {read.key(url) for url in (finding.where.url or "", *finding.pages)}
    return "page" not in expected or expected["page"] in places


def _wanted(expected: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in expected.items())


def line(key: Callable[[str], str], finding: Finding) -> str:
    """A finding in one line, for the message of a failing test."""
    pages = f" ({len(finding.pages)} pages)" if len(finding.pages) > 1 else ""
    place = key(finding.where.url or "")
    told = f"[{finding.message_key}] {finding.message} | {finding.quote[:60]!r}"
    return f"{finding.rule} {finding.outcome} {told} | {place}{pages}"
