"""Every valid number is found in every format that is born digital, and nothing in what only looks like one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from documents.maker import pdf_of_html, printer
from made_persons import Person, docx_of, html_of, persons, unsound, xlsx_of
from support import document

from scoring.inspection import Finding
from scoring.rules import shipped
from scoring.wording.documents import judge_wording
from scoring.wording.lexicons import Lexicons

DAY = date(2026, 3, 10)
RULES = replace(shipped(), rules=tuple(rule for rule in shipped().rules if rule.code.startswith("PV-")))
PEOPLE = persons(60)
TITLE = "2024年临时救助对象名单公示"
HEAD = ("序号", "姓名", "身份证号", "联系电话", "银行卡号", "金额")
# Narrow columns: long numbers go on in the next line of their cells.
NARROW = "table {border-collapse: collapse; width: 100mm} td {border: 1px solid #000; word-break: break-all}"
Made = tuple[str, list[str], list[tuple[str, ...]]]
CARRIERS = ("html", "docx", "xlsx", "pdf", "txt")


def exposed() -> Made:
    rows: list[tuple[str, ...]] = [HEAD, *((str(n), p.name, *p.secrets, "800") for n, p in enumerate(PEOPLE[:40], 1))]
    lines = [f"经核实，{p.name}（身份证号{p.identity}）符合条件。" for p in PEOPLE[40:]]
    return TITLE, lines, rows


def masked(person: Person) -> tuple[str, str, str]:
    return f"{person.identity[:6]}********{person.identity[-4:]}", f"{person.mobile[:3]}××××0000", "6228••••••••1234"


def harmless() -> Made:
    rows: list[tuple[str, ...]] = [HEAD, *((str(n), p.name, *masked(p), "800") for n, p in enumerate(PEOPLE[:20], 1))]
    lines = [
        "受理单位：示例县民政局，电话0931-8123456，监督热线12345。",
        "统一社会信用代码125001200601014374，收款单位：示例县财政局，账号6222020000456712348。",
        *(f"订单号：{p.identity}，物流单号{p.card}。" for p in PEOPLE[20:30]),
        *(f"事项代码{unsound(p.identity)}已经办结。" for p in PEOPLE[30:40]),
        *(f"资产编号{p.identity}，案号（2024）示0199执{p.identity[:8]}号。" for p in PEOPLE[40:50]),
        "全年支出13800001234元，访问13900005678人次。",
    ]
    return TITLE, lines, rows


@pytest.fixture(scope="module")
def written() -> Iterator[Callable[[Made, str], tuple[bytes, str]]]:
    with printer() as page:

        def of(made: Made, carrier: str) -> tuple[bytes, str]:
            name = f"名单.{carrier}"
            if carrier == "docx":
                return docx_of(*made), name
            if carrier == "xlsx":
                return xlsx_of(*made), name
            if carrier == "pdf":
                return pdf_of_html(page, html_of(*made, css=NARROW)), name
            if carrier == "txt":
                title, lines, rows = made
                return "\n".join([title, *lines, *("  ".join(row) for row in rows)]).encode(), name
            return html_of(*made).encode(), name

        yield of


def found(body: bytes, name: str) -> dict[str, Finding]:
    judged = judge_wording(document(body, name), RULES, DAY, "示例县民政局", Lexicons(()))
    assert not [one for one in judged.unchecked if one.outcome == "error"]
    return {one.rule: one for one in judged.findings}


@pytest.mark.optional("chromium")
@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_valid_number_is_counted_in_one_finding_and_shown_masked(
    written: Callable[[Made, str], tuple[bytes, str]], carrier: str
) -> None:
    told = found(*written(exposed(), carrier))
    counts = {rule: (one.outcome, one.values["count"]) for rule, one in told.items()}
    assert counts["PV-101"] == ("fail", 60)
    # Without a table only the heading of the list says what the other numbers are.
    assert counts["PV-102"] == ("needs_review" if carrier == "txt" else "fail", 40)
    assert counts.get("PV-103") == (None if carrier == "txt" else ("fail", 40))
    said = repr(sorted(told.items()))
    assert not [secret for p in PEOPLE for secret in p.secrets if secret in said]


@pytest.mark.optional("chromium")
@pytest.mark.parametrize("carrier", CARRIERS)
def test_nothing_is_said_of_masked_numbers_codes_orders_and_office_telephones(
    written: Callable[[Made, str], tuple[bytes, str]], carrier: str
) -> None:
    told = found(*written(harmless(), carrier))
    assert {rule: (one.message, one.quote) for rule, one in told.items() if rule not in ("PV-106",)} == {}
