"""Fixed expressions: every form is silent as it stands, and told where it is misquoted."""

import re
from datetime import date

import pytest

from scoring.checks.wording.expressions import FixedExpressions
from scoring.wording.lexicons import Entry, shipped
from scoring.wording.texts import Part, Text

TODAY = date(2026, 11, 20)
CHECK = FixedExpressions(use="fixed_expressions")
ENTRIES = [entry for entry in shipped().entries if entry.lexicon == "expressions"]
NEAR = [(entry, form) for entry in ENTRIES for form in entry.data.get("near", ())]
LISTS = [entry for entry in ENTRIES if entry.data.get("members")]
MARKS = re.compile("[、，“”]")


def keys(words: str, day: date | None = TODAY) -> list[str]:
    return [hit.key for hit in CHECK.hits(Text([Part(words, "paragraph")], shipped(), day), TODAY)]


def test_all_rows_of_the_source_are_there() -> None:
    assert {entry.data["row"] for entry in ENTRIES} == set(range(1, 75))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.data["row"]))
def test_right_forms_are_silent_and_listed_misquotations_are_told(entry: Entry) -> None:
    right = [entry.data["right"], *entry.data.get("near", ()), *entry.data.get("allow", ())]
    for form in right:
        for said in (form, MARKS.sub("", form)):
            if not any(wrong in said for wrong in entry.find):
                assert keys(f"各校要{said}，抓好落实。") == [], said
    for form in entry.find:
        said = f"“一带一路”{form}" if entry.guard is not None and not entry.guard.search(form) else form
        assert keys(f"各校认真学习{said}，抓好落实。") == ["known"], form


def test_a_character_dropped_inside_is_told() -> None:
    missed = []
    for entry, form in NEAR:
        plain = MARKS.sub("", form)
        inner = [
            at for at in range(3, len(plain) - 3) if plain[at] not in "的地得和与及了" and plain[at] != plain[at - 1]
        ]
        at = inner[len(inner) // 2]
        slip = plain[:at] + plain[at + 1 :]
        allowed = slip in entry.data.get("allow", ())
        if keys(f"各校要{slip}，抓好落实。") not in ([[]] if allowed else [["near"], ["known"]]):
            missed.append(slip)
    assert missed == []


@pytest.mark.parametrize("entry", LISTS, ids=lambda entry: entry.data["right"][:12])
def test_members_in_another_order_are_told(entry: Entry) -> None:
    members = entry.data["members"]
    orders = [members, [members[1], members[0], *members[2:]], [*members[:-2], members[-1], members[-2]]]
    assert [keys(f"坚持{'、'.join(order)}的要求。") for order in orders] == [[], ["order"], ["order"]]


def test_neighbours_of_right_forms_are_silent() -> None:
    for words in (
        "推进教育治理体系和治理能力现代化，推进市域社会治理体系和治理能力现代化。",
        "引导学生认识绿水青山也是金山银山，让绿水青山变成金山银山。",
        "不忘初心、牢记嘱托，办好人民群众满意的教育。",
        "建设教育强国、科技强国、文化强国。",
        "加强政治建设、思想建设、组织建设、作风建设、纪律建设。",
        "以学生为中心的发展思想，培育和弘扬社会主义核心价值观。",
        "坚持马克思列宁主义、毛泽东思想、邓小平理论、“三个代表”重要思想、科学发展观，全面贯彻习近平新时代中国特色社会主义思想。",
        "坚持马克思列宁主义、毛泽东思想、邓小平理论、“三个代表”重要思想、科学发展观和习近平新时代中国特色社会主义思想。",
        "减轻义务教育阶段学生过重作业负担和校外培训负担。",
        "学习习近平经济思想、习近平法治思想，增强“四个自信”，践行“两个维护”。",
        "加强企业文化、校园文化、社区文化建设，坚持创新驱动、绿色发展、协调推进、开放合作、共享成果。",
    ):
        assert keys(words) == [], words


def test_forms_of_their_time_are_right_then() -> None:
    old = "培养德智体美全面发展的社会主义建设者和接班人"
    assert keys(f"{old}。", date(2018, 5, 1)) == []
    assert keys(f"{old}。") == ["known"]
    assert keys(f"2016年，学校提出{old}。") == []
    assert keys(f"学习《{old}》一文。") == []
    assert keys("示教发〔2016〕3号\n" + old, date(2024, 5, 1)) == []


def test_a_list_that_lacks_a_member_or_has_another_one() -> None:
    assert keys("增进对伟大祖国、中华民族、中华文化、中国特色社会主义的认同。") == ["missing"]
    assert keys("推进经济建设、政治建设、文化建设、社会建设、生态建设。") == ["member"]
    assert keys("推进经济建设、政治建设、文化建设、社会建设、党的建设。") == []


def test_long_lines_of_members_end() -> None:
    words = "创新、协调（" * 2_000 + "协调、创新、" * 2_000
    assert keys(words) == []
