"""The tables of the store. Days and moments are ISO text, which sorts as time does and reads the same everywhere."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0)


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="")


def _owned(name: str, table: str) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False)


# What is inspected: sites, and annual reports by themselves. ``key`` is ``scoring.decisions.subject_key``.
sites = Table(
    "sites",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    _words("name"),
    Column("url", Text),
    Column("region", String(20)),
    Column("level", String(20)),
)

captures = Table(
    "captures",
    metadata,
    Column("id", Integer, primary_key=True),
    _owned("site_id", "sites"),
    Column("digest", String(80), nullable=False),
    _words("folder"),
    Column("started", String(40), nullable=False),
    Column("finished", String(40), nullable=False),
    _number("pages"),
    _number("documents"),
    _number("unread"),
    UniqueConstraint("site_id", "digest"),
)

# ``content`` names what the file says, ``snapshot`` is what a comparison needs of it. The counts are of findings by
# their state, and of what was mended or could not be looked at again.
inspections = Table(
    "inspections",
    metadata,
    Column("id", Integer, primary_key=True),
    _owned("site_id", "sites"),
    _owned("capture_id", "captures"),
    Column("judged_on", String(10), nullable=False),
    Column("finished", String(40), nullable=False),
    Column("rules_digest", String(80), nullable=False),
    Column("content", String(64), nullable=False),
    _words("path"),
    Column("snapshot", LargeBinary, nullable=False),
    _number("fails"),
    _number("reviews"),
    _number("aside"),
    _number("new"),
    _number("persisting"),
    _number("reopened"),
    _number("fixed"),
    _number("unseen"),
    UniqueConstraint("site_id", "capture_id", "judged_on", "rules_digest"),
    Index("ix_inspections_site_id_judged_on", "site_id", "judged_on"),
)

# ``position`` is the place of the scorecard in the inspection: the first one ranks.
scores = Table(
    "scores",
    metadata,
    Column("inspection_id", Integer, ForeignKey("inspections.id", ondelete="CASCADE"), primary_key=True),
    Column("card", String(60), primary_key=True),
    _number("position"),
    _words("title"),
    Column("score", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("max", Float, nullable=False),
    _words("grade"),
)

# One row for a fault as long as it lives. ``state`` is that of the last inspection: new, persisting, reopened, fixed
# (``ended`` is the day from which on), unseen (``why``).
findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    _owned("site_id", "sites"),
    Column("fingerprint", String(80), nullable=False),
    Column("rule", String(10), nullable=False),
    _words("title"),
    Column("severity", String(10), nullable=False),
    Column("outcome", String(20), nullable=False),
    _words("message"),
    Column("url", Text),
    Column("state", String(20), nullable=False),
    Column("first_seen", String(10), nullable=False),
    Column("last_seen", String(10), nullable=False),
    _words("ended"),
    _words("why"),
    UniqueConstraint("site_id", "fingerprint"),
)

# A finding as one inspection has it.
sightings = Table(
    "sightings",
    metadata,
    Column("inspection_id", Integer, ForeignKey("inspections.id", ondelete="CASCADE"), primary_key=True),
    Column("finding_id", Integer, ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("latest", String(80), nullable=False),
    Column("number", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("counted", String(20), nullable=False),
    _words("message"),
    Column("url", Text),
    Column("moved_from", Text),
)

# As ``scoring.decisions.Decision``; rows are only ever added.
decisions = Table(
    "decisions",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("fingerprint", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    _words("by"),
    Column("at", String(40), nullable=False),
    _words("reason"),
    Column("until", String(10)),
    _words("link"),
    _words("unit"),
    _words("rule"),
    _words("title"),
    Column("basis", Text, nullable=False, default="", server_default=""),
    Index("ix_decisions_subject_fingerprint", "subject", "fingerprint"),
)

# What was sent to a bureau, and the findings in it.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    _owned("site_id", "sites"),
    Column("number", Text, nullable=False),
    Column("sent_on", String(10), nullable=False),
    Column("due_on", String(10)),
    _words("path"),
    UniqueConstraint("site_id", "number"),
)

noticed = Table(
    "noticed",
    metadata,
    Column("notice_id", Integer, ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("fingerprint", String(80), primary_key=True),
)

# Visits to home pages. ``opened`` is None where the visit says nothing.
probes = Table(
    "probes",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("at", String(40), primary_key=True),
    Column("opened", Boolean),
    Column("seconds", Float),
    _words("outcome"),
)

# Calls of the program over many sites.
runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("command", String(20), nullable=False),
    Column("started", String(40), nullable=False),
    Column("finished", String(40)),
    _words("folder"),
    _number("sites"),
    _number("failed"),
)

# What is made from inspection files, in an order in which it can be emptied.
DERIVED = (sightings, scores, findings, inspections, captures, probes)
