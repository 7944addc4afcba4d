"""What became of a finding: each end of it, and nothing said of what was not looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from history.made import JUNE, compared, inspected, states
from history.test_harmless_changes import BAD_WORD, page, rewritten, site

from scoring.compare import Comparison, carried, compare, judged_again
from scoring.fingerprints import family, told_apart
from scoring.inspection import Inspection

WORD = "/tzgg/t20260302_11.html"
RULES = ("WS-110", "WS-401")


def months(*sites: dict[str, Any], rules: tuple[str, ...] = RULES) -> Comparison:
    """The last of several inspections in a row, each told by the one before it."""
    before, _ = inspected(rules=rules, **sites[0])
    for given in sites[1:]:
        comparison = compared(before, inspected(rules=rules, on=JUNE, **given))
        before = carried(comparison)
    return comparison


def mended() -> dict[str, Any]:
    return rewritten(site(), ("领导小姐", "领导小组"))


def test_what_was_corrected_is_mended_since_the_day_of_the_inspection() -> None:
    comparison = months(site(), mended())
    assert states(comparison) == {"persisting": ["WS-401"], "fixed": ["WS-110"]}
    (former,) = comparison.fixed
    assert (former.since, former.first_seen, former.url) == (
        "2026-03-12",
        "2026-03-10",
        f"http://jyj.shili.gov.cn{WORD}",
    )
    assert "领导小姐" in former.message


def test_what_was_mended_and_is_back_is_reopened_with_its_first_day() -> None:
    comparison = months(site(), mended(), site())
    assert states(comparison) == {"persisting": ["WS-401"], "reopened": ["WS-110"]}
    assert comparison.of("reopened")[0].first_seen == "2026-03-10"
    assert carried(comparison).fixed == ()


def test_what_stays_mended_is_told_once_and_remembered() -> None:
    comparison = months(site(), mended(), mended(), mended())
    assert states(comparison) == {"persisting": ["WS-401"]}
    assert [former.rule for former in carried(comparison).fixed] == ["WS-110"]


def test_another_fault_of_the_same_rule_is_new() -> None:
    given = site()
    given["pages"]["/tzgg/t20260307_16.html"] = page("关于考试的通知", "2026-03-07", "<p>中华人民共合国教育法</p>")
    assert states(months(site(), given)) == {"persisting": ["WS-110", "WS-401"], "new": ["WS-110"]}


def test_a_fault_that_takes_the_place_of_a_mended_one_is_new() -> None:
    given = rewritten(site(), ("领导小姐召开第3次会议", "中华人民共合国教育法"))
    assert states(months(site(), given)) == {"persisting": ["WS-401"], "new": ["WS-110"], "fixed": ["WS-110"]}


def test_a_page_that_was_not_read_says_nothing_and_its_finding_lives_on() -> None:
    given = site()
    del given["pages"][WORD]
    away = {**given, "unread": {WORD: "timeout"}}
    comparison = months(site(), away)
    assert states(comparison) == {"persisting": ["WS-401"], "unseen": ["WS-110"]}
    assert comparison.unseen[0].why == "所在网页本次没有读到（超时无应答）"
    again = months(site(), away, site())
    assert states(again) == {"persisting": ["WS-110", "WS-401"]}
    assert again.findings[0].first_seen == "2026-03-10"


def test_a_page_that_nobody_links_to_any_more_was_not_read_either() -> None:
    given = site()
    del given["pages"][WORD]
    assert states(months(site(), given))["unseen"] == ["WS-110"]


def test_a_page_that_is_gone_has_no_fault_any_more() -> None:
    given = site()
    del given["pages"][WORD]
    assert states(months(site(), {**given, "unread": {WORD: "dead"}}))["fixed"] == ["WS-110"]


def test_without_the_capture_nothing_is_called_mended_where_something_was_unread() -> None:
    old, _ = inspected(rules=RULES, **site())
    new, _ = inspected(rules=RULES, on=JUNE, **mended())
    assert states(compare(old, new, None))["fixed"] == ["WS-110"]
    evidence = replace(new.evidence, coverage={"refused": {"timeout": 1}})
    comparison = compare(old, replace(new, evidence=evidence), None)
    assert comparison.unseen[0].why == "本次的存档不在原处，不能确定所在网页是否读到"


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        (None, "本次没有核查这条规则"),
        ({"error": 1, "pass": 5}, "本次检查时程序出错，没有得出结论"),
        ({"not_checked": 1, "pass": 5}, "本次依据不足，未能核查这条规则"),
        ({"not_checked": 1}, "本次依据不足，未能核查这条规则"),
        ({"not_applicable": 1}, "本次没有这条规则适用的内容"),
    ],
)
def test_a_rule_that_was_not_decided_mends_nothing(counts: dict[str, int] | None, why: str) -> None:
    old, _ = inspected(rules=RULES, **site())
    new, view = inspected(rules=RULES, on=JUNE, **mended())
    outcomes = {code: dict(said) for code, said in new.outcomes.items() if code != "WS-110"}
    if counts is not None:
        outcomes["WS-110"] = dict.fromkeys(new.outcomes["WS-401"], 0) | counts
    comparison = compare(old, replace(new, outcomes=outcomes), view)
    assert [(former.rule, former.why) for former in comparison.unseen] == [("WS-110", why)]


def test_a_rule_that_was_as_undecided_before_does_not_hold_back_what_is_mended() -> None:
    old, _ = inspected(rules=RULES, **site())
    new, view = inspected(rules=RULES, on=JUNE, **mended())
    old.outcomes["WS-110"]["not_checked"] = new.outcomes["WS-110"]["not_checked"] = 2
    assert states(compare(old, new, view))["fixed"] == ["WS-110"]


# --- the same words at several places ---------------------------------------------------------------


def twins(*places: int) -> dict[str, Any]:
    """A site of three articles, of which these have a link that leads to nothing."""
    given: dict[str, Any] = {"pages": {"/": {"body": "<h1>柏川市教育局</h1>"}}, "unread": {}}
    for place in (1, 2, 3):
        link = f"<p>见<a href='/a/gone{place}.html'>附件{place}</a></p>" if place in places else ""
        given["pages"][f"/tzgg/t2026030{place}_{place}.html"] = page(f"通知{place}", f"2026-03-0{place}", link)
        given["unread"][f"/a/gone{place}.html"] = "dead"
    return given


def same_family(inspection: Inspection) -> Inspection:
    """As if a rule could not tell these findings apart by their place."""
    first = family(inspection.findings[0].fingerprint)
    marks = [f"{first}-{finding.where.url}" for finding in inspection.findings]
    alone = len(marks) == 1
    findings = (replace(f, fingerprint=first if alone else m) for f, m in zip(inspection.findings, marks, strict=True))
    return replace(inspection, findings=tuple(findings))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((1,), (1, 2), {"persisting": ["附件1"], "new": ["附件2"]}),
        ((2,), (1, 2), {"persisting": ["附件2"], "new": ["附件1"]}),
        ((1, 2), (2,), {"persisting": ["附件2"], "fixed": ["附件1"]}),
        ((1, 2, 3), (1, 3), {"persisting": ["附件1", "附件3"], "fixed": ["附件2"]}),
    ],
)
def test_twins_are_told_apart_whatever_stands_beside_them(
    before: tuple[int, ...], after: tuple[int, ...], expected: dict[str, list[str]]
) -> None:
    old, _ = inspected(rules=("WS-401",), **twins(*before))
    new, view = inspected(rules=("WS-401",), on=JUNE, **twins(*after))
    comparison = compare(same_family(old), same_family(new), view)
    told = {state: [f.quote.split(">")[1][:3] for f in comparison.of(state)] for state in ("new", "persisting")}
    told["fixed"] = [former.message.split("“")[1][:3] for former in comparison.fixed]
    assert {state: names for state, names in told.items() if names} == expected


def test_findings_of_one_family_get_marks_that_do_not_depend_on_their_order() -> None:
    both, _ = inspected(rules=("WS-110",), **site())
    (one,) = both.findings
    other = replace(one, quote="领导小 姐", where=replace(one.where, url="http://jyj.shili.gov.cn/other.html"))
    assert told_apart([one]) == [one.fingerprint]
    assert dict(zip("ab", told_apart([one, other]), strict=True)) == dict(
        zip("ba", told_apart([other, one]), strict=True)
    )
    assert told_apart([one, one])[1].endswith(".2")


def test_a_new_fault_where_a_moved_one_stood_gets_a_name_of_its_own() -> None:
    old, _ = inspected(rules=("WS-110",), **site())
    moved = rewritten(site(), (r"/tzgg/t(\d+)_1(\d)", r"/zwgk/t\1_9\2"))
    first = carried(compared(old, inspected(rules=("WS-110",), on=JUNE, **moved)))
    # The rule tells them apart by their pages here.
    renamed = replace(
        first, findings=(replace(first.findings[0], fingerprint="f" * 20, known_as=old.findings[0].identity),)
    )
    both, view = inspected(rules=("WS-110",), on=JUNE, **site())
    second = replace(both.findings[0], fingerprint="f" * 20)
    comparison = compare(renamed, replace(both, findings=(*both.findings, second)), view)
    names = [finding.identity for finding in comparison.findings]
    assert len(set(names)) == 2 and old.findings[0].identity in names


# --- notes, scores, judging again -------------------------------------------------------------------


def test_what_makes_two_inspections_hard_to_compare_is_told() -> None:
    old, _ = inspected(rules=RULES, **site())
    new, view = inspected(rules=RULES, on=JUNE, **site())
    assert compare(old, new, view).notes == ()
    profile = replace(new.profile, rules_digest="sha256:" + "b" * 64, scorecards=("province-department",))
    evidence = replace(new.evidence, pages=4, coverage={"refused": {"timeout": 3}})
    notes = compare(old, replace(new, profile=profile, evidence=evidence), view).notes
    assert notes == (
        "两次检查所用的规则有变动，新出现和已改正的问题可能由此引起。",
        "两次检查所用的计分表不同（self-check；province-department），得分不能直接比较。",
        "本次读到 4 页，上次读到 10 页，读取范围相差较大。",
        "本次有 3 个地址没有读到，上次为 0 个。",
    )
    assert compare(new, old, view).notes == ("所给的早期检查（2026-03-12）晚于后一次检查（2026-03-10），请核对次序。",)


def test_the_change_of_each_score_is_told() -> None:
    comparison = months(site(), rewritten(site(), ("<a href='/tzgg/gone_12.html'>上一期通报</a>", "上一期通报")))
    (score,) = comparison.scores
    assert score.old is not None and score.new is not None and score.new > score.old
    assert score.change == round(score.new - score.old, 1)


def test_judging_a_capture_again_keeps_what_is_known_of_earlier_inspections() -> None:
    old, _ = inspected(rules=RULES, **site())
    given = mended()
    given["pages"][WORD] = page("关于召开会议的通知", "2026-03-02", BAD_WORD.replace("小姐", "小组"))
    told = carried(compared(old, inspected(rules=RULES, on=JUNE, **given)))
    again, _ = inspected(rules=RULES, on=JUNE, **given)
    assert judged_again(told, again) == told
