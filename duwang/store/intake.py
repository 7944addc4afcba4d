"""Taking files into the store. What a site's rows say depends on its files alone, not on the order they came in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select, update

from duwang import probed
from duwang.loop import records
from duwang.loop.inspections import Held
from duwang.store import tables as t
from duwang.store.histories import retell
from duwang.store.rows import add_new, clean, id_of, put
from duwang.store.snapshots import content, packed
from scoring.decisions import Decision, subject_key
from scoring.inspection import Inspection


def take_in(connection: Connection, paths: Iterable[Path]) -> int:
    """Take in inspection files, with the decisions and visits that lie beside them; gives their number.

    Raises ReportError where a file is no inspection, UnusableInput where what lies beside it cannot be read.
    """
    touched: dict[int, None] = {}
    number = 0
    for path in paths:
        held = Held.load(path)
        touched[_inspection(connection, held)] = None
        add_decisions(connection, records.read(path.parent))
        _visits(connection, held)
        number += 1
    for site in touched:
        retell(connection, site)
    return number


def rebuild(connection: Connection, paths: Sequence[Path]) -> int:
    """Make everything anew that is made from files. Decisions, notices and runs are kept: they are only ever added."""
    for table in t.DERIVED:
        connection.execute(delete(table))
    return take_in(connection, paths)


def add_decisions(connection: Connection, decisions: Iterable[Decision]) -> None:
    add_new(connection, t.decisions, ({"id": one.id, **asdict(one)} for one in decisions), ["id"])


def add_notice(
    connection: Connection, inspection: Inspection, path: Path, number: str, day: str, due: str | None
) -> bool:
    """Note a notice about an inspection, with the faults in it; False where the store does not know its subject."""
    key = subject_key(inspection)
    site = connection.execute(select(t.sites.c.id).where(t.sites.c.key == clean(key))).scalar()
    if site is None:
        return False
    sent = day or inspection.profile.judged_on
    row = {"site_id": site, "number": number, "sent_on": sent, "due_on": due, "path": str(path.resolve())}
    put(connection, t.notices, [row], ["site_id", "number"])
    notice = id_of(connection, t.notices, site_id=site, number=number)
    connection.execute(delete(t.noticed).where(t.noticed.c.notice_id == notice))
    faults = {one.identity: None for one in inspection.findings if one.counted_as == "fail"}
    rows = [{"notice_id": notice, "fingerprint": name} for name in faults]
    add_new(connection, t.noticed, rows, ["notice_id", "fingerprint"])
    return True


def begin_run(connection: Connection, command: str, folder: Path, sites: int, moment: str) -> str:
    """Note that a call has begun; gives its name."""
    name = hashlib.sha256(f"{folder.resolve()}|{moment}".encode("utf-8", "surrogatepass")).hexdigest()[:40]
    row = {"id": name, "command": command, "started": moment, "folder": str(folder.resolve()), "sites": sites}
    add_new(connection, t.runs, [{**row, "failed": 0}], ["id"])
    return name


def end_run(connection: Connection, name: str, failed: int, moment: str) -> None:
    connection.execute(update(t.runs).where(t.runs.c.id == name).values(finished=moment, failed=failed))


def _inspection(connection: Connection, held: Held) -> int:
    """The rows of one file; gives the id of its site. Of two files on one judgement the same one always stays."""
    inspection, path = held.inspection, held.path.resolve()
    add_new(connection, t.sites, [_site(held)], ["key"])
    site = id_of(connection, t.sites, key=held.key)
    capture = _capture(inspection, path.parent)
    put(connection, t.captures, [{"site_id": site, **capture}], ["site_id", "digest"])
    row = {
        "site_id": site,
        "capture_id": id_of(connection, t.captures, site_id=site, digest=capture["digest"]),
        "judged_on": inspection.profile.judged_on,
        "rules_digest": inspection.profile.rules_digest,
    }
    said = {
        "finished": inspection.evidence.finished,
        "content": content(inspection),
        "path": str(path),
        "snapshot": packed(inspection),
    }
    keys = list(row)
    add_new(connection, t.inspections, [{**row, **said}], keys)
    same = [t.inspections.c[name] == value for name, value in row.items()]
    kept = connection.execute(select(t.inspections.c.content, t.inspections.c.path).where(*same)).one()
    # A file that was written anew is what counts, whatever it said before.
    anew = kept.path == said["path"] or not Path(kept.path).is_file()
    if anew or (said["content"], said["path"]) > (kept.content, kept.path):
        connection.execute(update(t.inspections).where(*same).values(**said))
    return site


def _site(held: Held) -> dict[str, Any]:
    subject = held.inspection.subject
    return {"key": held.key, "kind": subject.kind, "name": subject.name}


def _capture(inspection: Inspection, base: Path) -> dict[str, Any]:
    evidence = inspection.evidence
    return {
        "digest": evidence.digest,
        "folder": str(base / evidence.capture) if evidence.capture else "",
        "started": evidence.started,
        "finished": evidence.finished,
        "pages": evidence.pages,
        "documents": evidence.documents,
        "unread": sum(evidence.coverage.get("refused", {}).values()),
    }


def _visits(connection: Connection, held: Held) -> None:
    """The visits to a home page that an inspection was judged by."""
    kept = held.inspection.evidence.probes
    path = held.path.parent / kept.file if kept is not None else None
    if path is not None and path.is_file():
        add_new(connection, t.probes, _rows(held.key, path), ["subject", "at"])


def _rows(subject: str, path: Path) -> Iterator[dict[str, Any]]:
    for visit, _ in probed.probes_of(path.read_bytes()).visits:
        at = visit.time.isoformat()
        yield {"subject": subject, "at": at, "opened": visit.ok, "seconds": visit.seconds, "outcome": visit.error}
