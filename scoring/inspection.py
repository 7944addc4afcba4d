"""The inspection: what was judged, with what result, resting on which evidence.

These records mirror ``inspection.json`` (design §6) one to one; every report only draws them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

FORMAT = 1

Outcome = Literal["pass", "fail", "needs_review", "not_applicable", "not_checked", "error"]
OUTCOMES: tuple[Outcome, ...] = ("pass", "fail", "needs_review", "not_applicable", "not_checked", "error")
Severity = Literal["veto", "major", "minor", "advice"]
SEVERITIES: tuple[Severity, ...] = ("veto", "major", "minor", "advice")


@dataclass(frozen=True, slots=True)
class Cite:
    """One legal basis, spelled out for a reader: regulation name, number (文号), article or part."""

    regulation: str  # id of the regulation file
    name: str  # 《…》 without the marks
    number: str
    article: str


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the stored bytes. Exactly one of ``url``/``file`` is set; table places have row and column.

    ``layer`` is ``source`` where ``start`` and ``end`` count characters of the page's decoded source (tags, links).
    In paged carriers and pictures ``page`` counts from 1 and ``box`` is (x0, y0, x1, y1) from its top left, in points
    (in a picture: pixels). ``confidence`` is that of the character recognition, None for text of the file itself.
    """

    record: str
    digest: str
    block: int
    url: str | None = None
    file: str | None = None
    selector: str = ""
    start: int = 0
    end: int = 0
    row: int | None = None
    column: int | None = None
    section: str = ""  # heading of the section it stands in, for people
    table: str = ""  # name of the table, for people
    row_label: str = ""
    column_label: str = ""
    column_path: tuple[str, ...] = ()
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    confidence: float | None = None
    layer: Literal["text", "source"] = "text"


@dataclass(frozen=True, slots=True)
class ExcerptCell:
    """One cell of a table excerpt. ``mark``: primary | related | ''. ``head``: a label cell."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    head: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What surrounds a quote: running text (before/after) or rows of the table that holds it.

    ``rows``: label rows of the table plus the rows that matter; ``cut`` says that rows are left out.
    """

    before: str = ""
    after: str = ""
    rows: tuple[tuple[ExcerptCell, ...], ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One quoted place. ``label`` says what it is (正文, 表三, 上年报告…)."""

    where: Where
    quote: str
    label: str = ""
    excerpt: Excerpt = field(default_factory=Excerpt)


DecisionKind = Literal[
    "confirmed", "dismissed", "waived", "withdrawn", "mended", "mending", "unable", "disputed",
    "found_mended", "found_persisting", "found_unseen",
]  # fmt: skip
# What the unit says of a finding of its own; it changes nothing that the finding counts as.
REPLIES: tuple[DecisionKind, ...] = ("mended", "mending", "unable", "disputed")
# What looking again came to.
RECHECKS: tuple[DecisionKind, ...] = ("found_mended", "found_persisting", "found_unseen")
# What a person enters.
DECISIONS: tuple[DecisionKind, ...] = ("confirmed", "dismissed", "waived", *REPLIES, "withdrawn")


@dataclass(frozen=True, slots=True)
class Decided:
    """One word on a finding: what a person decided, what its unit replied, or what a re-check came to.

    ``active`` says whether a decision changes what the finding counts as on the day of judging: a dismissal does, a
    waiver until its day (``until``, that day included), a confirmation for good. ``at`` is a day where an inspection
    itself was the re-check; ``reason`` of a re-check is what was found, or why nothing could be seen.
    """

    id: str
    kind: DecisionKind
    by: str
    at: str  # ISO time
    reason: str = ""
    until: str | None = None
    link: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Former:
    """A finding of an earlier inspection that this one does not have, with what it takes to know it again.

    ``fingerprint`` is the one under which it was first found, ``latest`` the last one. Among the ``fixed`` ones
    ``since`` is the day of the first inspection that found it mended; among the ``unseen`` ones ``why`` says why it
    could not be looked at again.
    """

    fingerprint: str
    rule: str
    since: str = ""
    why: str = ""
    latest: str = ""
    title: str = ""
    severity: Severity = "minor"
    outcome: Literal["fail", "needs_review"] = "fail"
    message: str = ""
    message_key: str = ""
    quote: str = ""
    url: str | None = None
    place: str = ""  # in words that survive a re-crawl
    about: str = ""  # what it is about, in such words
    pages: tuple[str, ...] = ()
    first_seen: str = ""
    last_seen: str = ""
    reply: Decided | None = None
    recheck: Decided | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """The earlier inspection that states were told by: its day, the digest of its capture, its scores by card.

    ``notes`` say what makes the two hard to compare (other rules, other scorecards, less that was read).
    """

    judged_on: str
    digest: str
    rules_digest: str
    scores: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault (``fail``) or one thing a person must look at (``needs_review``)."""

    id: str
    fingerprint: str
    rule: str  # code, AR-102
    rule_id: str  # annual-report-late
    title: str
    severity: Severity
    outcome: Literal["fail", "needs_review"]
    cites: tuple[Cite, ...]
    message: str
    remedy: str
    limits: str
    where: Where
    quote: str
    excerpt: Excerpt = field(default_factory=Excerpt)
    related: tuple[Place, ...] = ()
    arithmetic: str = ""  # written out: 859 + 18 = 877，805 + 72 = 877
    values: dict[str, Any] = field(default_factory=dict)
    message_key: str = ""
    state: Literal["new", "persisting", "reopened"] = "new"
    verified: bool = True  # False: the fact behind the rule is not confirmed against its source
    screenshot: str | None = None  # a picture of the place, relative to the inspection file
    pages: tuple[str, ...] = ()  # all addresses that it is about, where it holds several together
    first_seen: str | None = None
    last_seen: str | None = None
    known_as: str | None = None  # the fingerprint under which it was first found, where that is another one
    moved_from: str | None = None  # the address where it was found before, where that is another one
    decision: Decided | None = None
    reply: Decided | None = None  # what the unit said last
    recheck: Decided | None = None  # what looking again after that came to

    @property
    def identity(self) -> str:
        """The fingerprint that decisions and the store know it by."""
        return self.known_as or self.fingerprint

    @property
    def counted_as(self) -> Literal["fail", "needs_review", "none"]:
        """What it counts as after a person's decision.

        A fact that no one confirmed against its source stays open, whatever is decided about a single finding.
        """
        if self.decision is None or not self.decision.active:
            return self.outcome
        if self.decision.kind in ("dismissed", "waived"):
            return "none"
        return "fail" if self.decision.kind == "confirmed" and self.verified else self.outcome

    def __post_init__(self) -> None:
        if not self.quote or not self.where.record:
            raise ValueError(f"finding {self.rule} without quote or spot")


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A rule that could not be decided: not_checked (evidence missing) or error (a crash of ours)."""

    rule: str
    rule_id: str
    title: str
    outcome: Literal["not_checked", "error"]
    reason: str


@dataclass(frozen=True, slots=True)
class ManualItem:
    """One thing that a regulation asks for and only a person can judge; ``place`` says where it is looked at."""

    regulation: str
    name: str
    number: str
    article: str
    subject: str
    todo: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """Points of one indicator of a scorecard. ``findings`` are finding ids, ``costs`` what each of them costs.

    ``undecided`` are the points that rules without a result could cost.
    """

    indicator: str
    points: float
    lost: float
    open: float  # points that open outcomes could still cost
    findings: tuple[str, ...] = ()
    group: str = ""  # first-level indicator
    weights: Literal["", "published", "ours"] = ""  # whether its points stand in the source or are this project's
    costs: tuple[float, ...] = ()
    undecided: float = 0.0


@dataclass(frozen=True, slots=True)
class ScorecardResult:
    """A scorecard added up. ``range`` is [low, high]: what open outcomes could make of the score.

    ``grave`` are the ids of all findings of severity veto that it looks at; ``reduced`` says that the indicators on
    services are left out.
    """

    id: str
    title: str
    score: float
    range: tuple[float, float]
    max: float
    grade: str
    verdict: str
    items: tuple[ScoreItem, ...]
    note: str = ""  # where the weights come from; says so when they are ours
    vetoes: tuple[str, ...] = ()
    grave: tuple[str, ...] = ()
    reduced: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What was judged. ``id`` is that of the site in the site list."""

    kind: Literal["site", "report", "document"]  # document: any text that was read for its wording alone
    name: str
    url: str | None = None
    file: str | None = None
    region: str | None = None
    level: str | None = None
    report_year: int | None = None
    publisher: str | None = None  # department | government | township | None
    published: str | None = None  # ISO date
    recognised: dict[str, str] = field(default_factory=dict)  # how each of these was found out, for people
    title: str = ""
    format: str | None = None  # F2019 | F2021
    id: str | None = None


Tie = Literal["previous", "earlier", "copy", "sibling", "unit"]


@dataclass(frozen=True, slots=True)
class Beside:
    """Another report that was judged together with this one, and the record that holds it.

    ``role`` says what it is to this one: ``previous`` of the year before, ``earlier`` the same report as an earlier
    capture has it, ``copy`` the same report in another place, ``sibling`` one of another unit, ``unit`` one of a
    unit whose figures this government's report sums up. ``of`` is the record of the report it was held against;
    ``capture`` is as in ``Evidence``, empty where it is the same capture.
    """

    of: str
    role: Tie
    name: str
    capture: str
    digest: str
    record: str


@dataclass(frozen=True, slots=True)
class Probed:
    """The log of visits that a site was judged by: its file as seen from the inspection, digest, record, visits."""

    file: str
    digest: str
    record: str
    visits: int


@dataclass(frozen=True, slots=True)
class Evidence:
    capture: str  # folder, relative to the inspection file; "" where the capture was not kept
    digest: str
    pages: int
    documents: int
    started: str
    finished: str
    coverage: dict[str, Any] = field(default_factory=dict)  # {fetched: n, refused: {reason: n}, ...}
    beside: tuple[Beside, ...] = ()
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)  # record of a report -> units without report
    probes: Probed | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    scorecards: tuple[str, ...]
    rules_digest: str
    judged_on: str
    options: dict[str, Any] = field(default_factory=dict)  # what the user set (year, publisher, previous…)


@dataclass(frozen=True, slots=True)
class Inspection:
    subject: Subject
    profile: Profile
    evidence: Evidence
    scorecards: tuple[ScorecardResult, ...]
    findings: tuple[Finding, ...]
    outcomes: dict[str, dict[str, int]]
    unchecked: tuple[Unchecked, ...] = ()
    rule_titles: dict[str, str] = field(default_factory=dict)  # code -> title
    fixed: tuple[Former, ...] = ()
    checklist: tuple[ManualItem, ...] = ()
    format: int = FORMAT
    unseen: tuple[Former, ...] = ()  # found before, could not be looked at again
    compared: Compared | None = None

    def to_dict(self) -> dict[str, Any]:
        """The object of ``inspection.json`` (JSON types only)."""
        return json.loads(json.dumps(asdict(self), ensure_ascii=False))  # type: ignore[no-any-return]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Inspection:
        """Inverse of ``to_dict``; the caller has validated ``data`` against the schema.

        Fields that a file of an earlier version lacks get their defaults.
        """

        def where(d: dict[str, Any]) -> Where:
            box = tuple(d["box"]) if d.get("box") else None
            return Where(**{**d, "column_path": tuple(d["column_path"]), "box": box})

        def excerpt(d: dict[str, Any]) -> Excerpt:
            rows = tuple(tuple(ExcerptCell(**c) for c in row) for row in d["rows"])
            return Excerpt(d["before"], d["after"], rows, d["cut"])

        def place(d: dict[str, Any]) -> Place:
            return Place(where(d["where"]), d["quote"], d["label"], excerpt(d["excerpt"]))

        def finding(d: dict[str, Any]) -> Finding:
            return Finding(
                **{
                    **d,
                    "cites": tuple(Cite(**c) for c in d["cites"]),
                    "where": where(d["where"]),
                    "excerpt": excerpt(d["excerpt"]),
                    "related": tuple(place(p) for p in d["related"]),
                    "pages": tuple(d.get("pages", ())),
                    **words(d, "decision", "reply", "recheck"),
                }
            )

        def words(d: dict[str, Any], *names: str) -> dict[str, Decided | None]:
            return {name: Decided(**d[name]) if d.get(name) else None for name in names}

        def former(d: dict[str, Any]) -> Former:
            return Former(**{**d, "pages": tuple(d.get("pages", ())), **words(d, "reply", "recheck")})

        def card(d: dict[str, Any]) -> ScorecardResult:
            items = tuple(
                ScoreItem(**{**i, "findings": tuple(i["findings"]), "costs": tuple(i.get("costs", ()))})
                for i in d["items"]
            )
            told = {"range": tuple(d["range"]), "vetoes": tuple(d["vetoes"]), "grave": tuple(d.get("grave", ()))}
            return ScorecardResult(**{**d, **told, "items": items})

        profile, evidence, compared = data["profile"], data["evidence"], data.get("compared")
        return cls(
            subject=Subject(**data["subject"]),
            profile=Profile(**{**profile, "scorecards": tuple(profile["scorecards"])}),
            evidence=Evidence(
                **{
                    **evidence,
                    "beside": tuple(Beside(**b) for b in evidence.get("beside", ())),
                    "probes": Probed(**evidence["probes"]) if evidence.get("probes") else None,
                    "lacking": {record: tuple(names) for record, names in evidence.get("lacking", {}).items()},
                }
            ),
            scorecards=tuple(card(c) for c in data["scorecards"]),
            findings=tuple(finding(f) for f in data["findings"]),
            outcomes=data["outcomes"],
            unchecked=tuple(Unchecked(**u) for u in data["unchecked"]),
            rule_titles=data["rule_titles"],
            fixed=tuple(former(f) for f in data["fixed"]),
            unseen=tuple(former(f) for f in data.get("unseen", ())),
            compared=Compared(**{**compared, "notes": tuple(compared["notes"])}) if compared else None,
            checklist=tuple(ManualItem(**item) for item in data.get("checklist", ())),
            format=data["format"],
        )


def load(path: Path) -> dict[str, Any]:
    """Raw object of an inspection file (no validation)."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
