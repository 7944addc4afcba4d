"""Copied text: sketches find who is worth comparing, and both passages are quoted from where they stand."""

from __future__ import annotations

import random
import time

from support import document

from scoring.annual_report import AnnualReport
from scoring.data import RULES
from scoring.relations import Member, member_of, relate
from scoring.similarity import likeness, own_wording, same_passage, share, shingles, sketch

TEXT = (RULES / "examples" / "department-2023.md").read_text(encoding="utf-8")
WORDS = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 3000))


def prose(seed: int, length: int) -> str:
    choose = random.Random(seed)
    return "".join(choose.choice(WORDS) for _ in range(length))


def report(text: str = TEXT) -> AnnualReport:
    return AnnualReport(document(text.encode(), "x.md"))


def test_required_wording_figures_and_marks_are_no_ones_own() -> None:
    assert own_wording("2023年，按照《中华人民共和国政府信息公开条例》公开 12 条。") == "年按照《》公开条"
    assert own_wording("２０２３年没有其他需要报告的事项。") == ""
    assert own_wording("本局编印手册。全年收取信息处理费0元，减免信息处理费0元。") == "本局编印手册"


def test_a_sketch_is_the_same_on_every_run() -> None:
    made = sketch(prose(1, 400))
    assert made is not None
    assert (made.size, made.packed % 1_000_000_007) == (393, 710246361)


def test_a_short_text_has_no_sketch() -> None:
    assert sketch(prose(1, 79)) is None
    assert sketch(prose(1, 80)) is not None


def test_a_sketch_tells_about_as_much_as_the_texts() -> None:
    for part in (0.0, 0.3, 0.6, 1.0):
        for seed in range(5):
            one = prose(seed, 900)
            other = one[: int(900 * part)] + prose(seed + 100, 900 - int(900 * part))
            exact = share(shingles(one, 8), shingles(other, 8))
            first, second = sketch(one), sketch(other)
            assert first is not None and second is not None
            assert abs(likeness(first, second) - exact) < 0.17, (part, seed)


def test_a_short_text_inside_a_long_one_is_found() -> None:
    short = prose(7, 200)
    first, second = sketch(short), sketch(prose(8, 600) + short + prose(9, 400))
    assert first is not None and second is not None
    assert likeness(first, second) > 0.6 > likeness(second, first)


def member(number: int, sections: dict[int, str]) -> Member:
    made = tuple((name, held) for name, text in sections.items() if (held := sketch(text)) is not None)
    return Member(str(number), f"第{number}局", 2024, "", False, made)


def test_copies_among_a_thousand_reports_are_found_in_seconds() -> None:
    texts = {n: {1: prose(n, 700), 5: prose(n + 5000, 300)} for n in range(1000)}
    copied = {n: n + 500 for n in range(0, 100, 5)}
    for one, other in copied.items():
        texts[one][5] = texts[other][5][:210] + prose(one + 9000, 90)  # 70 % of it
    start = time.process_time()
    relations = relate([member(n, sections) for n, sections in texts.items()])
    spent = time.process_time() - start
    assert spent < 10
    found = {int(n): [int(r.other) for r in held.found] for n, held in relations.items() if held.found}
    assert all(copied[one] in found[one] for one in copied)
    # Hardly anyone else has to be compared word for word.
    assert len(found) < 2 * len(copied) + 20


def test_the_year_and_the_unit_decide_what_a_report_is_to_another() -> None:
    def taken(unit: str, year: int) -> Member:
        text = TEXT.replace("青溪县水务局", unit).replace("2023", str(year))
        return member_of(report(text), f"{unit}{year}", f"{unit}{year}.md")

    names = [("青溪县水务局", 2023), ("青溪县水务局", 2022), ("青溪县林业局", 2023)]
    relations = relate([taken(unit, year) for unit, year in names])
    ties = {name: {(r.tie, r.other) for r in held.found} for name, held in relations.items()}
    assert ties["青溪县水务局2023"] == {("previous", "青溪县水务局2022"), ("sibling", "青溪县林业局2023")}
    assert ties["青溪县水务局2022"] == set()
    assert ties["青溪县林业局2023"] == {("sibling", "青溪县水务局2023")}


def test_a_name_that_many_places_share_ties_no_reports() -> None:
    def taken(year: int, place: str) -> Member:
        text = TEXT.replace("青溪县水务局", f"{place}城关镇人民政府").replace("2023", str(year))
        return member_of(report(text), f"{place}{year}", f"{place}{year}.md")

    # The 城关镇 of another county: neither last year's report nor another version of this one.
    bare = relate([taken(2023, ""), taken(2022, "")])
    assert [held.found for held in bare.values()] == [[], []]
    placed = relate([taken(2023, "青溪县"), taken(2022, "青溪县")])
    assert [(r.tie, r.other) for r in placed["青溪县2023"].found] == [("previous", "青溪县2022")]


def test_both_passages_are_whole_sentences_where_they_stand() -> None:
    one = report()
    other = report(TEXT.replace("局门户专栏更新及时，", "专栏由专人维护，").replace("组织培训2次", "组织培训5次"))
    same = same_passage(one, other, 1)
    assert same is not None
    for source, quote in zip((one, other), same, strict=True):
        block = source.document.blocks[quote.spot.block]
        assert block.text[quote.spot.start : quote.spot.end] == quote.text
        assert quote.text.endswith("。") and len(quote.text) > 40
    assert same[0].text == same[1].text
