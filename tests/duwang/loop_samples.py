"""Inspection files of made-up sites, month after month, written to folders of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from reports import json_report
from scoring.compare import carried, compare
from scoring.inspection import (
    OUTCOMES,
    Cite,
    Evidence,
    Finding,
    Inspection,
    Profile,
    ScorecardResult,
    ScoreItem,
    Subject,
    Where,
)
from scoring.scorecard import add_up_again

RULES = "sha256:" + "e" * 64
CITE = Cite("order-711", "中华人民共和国政府信息公开条例", "国务院令第711号", "第二十条")


def digest(text: str) -> str:
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def finding(site: str, words: str, *, review: bool = False, page: str = "a") -> Finding:
    """A fault named by the words it is about."""
    return Finding(
        id=words,
        fingerprint=sha256(f"{site}|{words}".encode()).hexdigest()[:20],
        rule="WS-202",
        rule_id="column-empty",
        title="空白栏目",
        severity="major",
        outcome="needs_review" if review else "fail",
        cites=(CITE,),
        message=f"栏目“{words}”没有内容。",
        remedy="补充内容。",
        limits="",
        where=Where("record-1", digest(site), 0, url=f"http://{site}.gov.cn/{page}.html"),
        quote=words,
        values={"column": words},
        message_key="blank",
    )


def inspection(site: str, day: str, faults: Sequence[str], reviews: Sequence[str] = ()) -> Inspection:
    """A site on a day with these faults; each costs ten points of a hundred."""
    found = [*(finding(site, words) for words in faults), *(finding(site, words, review=True) for words in reviews)]
    numbered = tuple(replace(f, id=f"WS-202-{n}", first_seen=day, last_seen=day) for n, f in enumerate(found, 1))
    ids = tuple(f.id for f in numbered)
    item = ScoreItem("栏目", 100, 0, 0, ids, costs=(10.0,) * len(ids))
    card = ScorecardResult("self-check", "网站自查评分", 0, (0, 0), 100, "", "", (item,), note="分值自定。")
    counts = dict.fromkeys(OUTCOMES, 0) | {"pass": 5, "fail": len(faults), "needs_review": len(reviews)}
    return Inspection(
        subject=Subject("site", f"{site}局", url=f"http://{site}.gov.cn/", region="990101", level="county", id=site),
        profile=Profile(("self-check",), RULES, day),
        evidence=Evidence(
            "", digest(site + day), 20, 0, f"{day}T08:00:00+08:00", f"{day}T09:00:00+08:00", {"refused": {}}
        ),
        scorecards=(add_up_again(card, numbered),),
        findings=numbered,
        outcomes={"WS-202": counts},
    )


def kept(folder: Path, *inspections: Inspection, before: Path | None = None) -> list[Path]:
    """Write inspections as ``duwang audit`` lays them out; told by those in the folder ``before`` where it is given."""
    paths = []
    for one in inspections:
        path = folder / str(one.subject.id) / "inspection.json"
        if before is not None:
            one = carried(compare(json_report.load(before / str(one.subject.id) / path.name), one, None))
        json_report.write(one, path)
        paths.append(path)
    return paths
