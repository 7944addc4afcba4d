"""Published messages: what their pages and lists say of question and answer, in the ways sites write it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from duwang.site_examples import made_case
from scoring.checks.content.labels import Labels
from scoring.checks.content.messages import Message, messages_of

DAY = date(2026, 3, 10)
_LIST = """<h2>局长信箱</h2><ul><li><a href="/xx/1.html">咨询孩子转学手续怎么办理</a><span>2025-10-25</span></li>
<li><a href="/xx/2.html">咨询课后服务收费标准问题</a><span>2025-09-21</span></li>
<li><a href="/xx/3.html">建议增加城东校车接送线路</a><span>2025-08-12</span></li></ul>"""


def _message(body: str, listed: str = _LIST) -> Message | None:
    pages: dict[str, Any] = {"/": {}, "/xx/": {"kind": "list", "body": listed}, "/xx/1.html": {"body": body}}
    columns = [{"name": "局长信箱", "url": "/xx/", "entries": 3, "newest": "2025-10-25"}]
    case, _ = made_case({"site": {"pages": pages, "columns": columns}}, DAY)
    found = messages_of(case.view).found
    return next((one for url, one in found.items() if url.endswith("/1.html")), None)


def test_labels_are_found_in_lines_cells_and_brackets() -> None:
    labels = Labels({"asked": ["写信时间"], "answer": ["回复内容"], "other": ["写信人"]})
    lines = ["写信人：张某　写信时间：2025-10-25", "【回复内容】", "您好，已经办理。", "请知悉。"]
    said = [(one.label, one.value) for one in labels.read(lines)]
    assert said == [("写信人", "张某"), ("写信时间", "2025-10-25"), ("回复内容", "您好，已经办理。\n请知悉。")]


def test_an_empty_cell_is_the_value_of_the_label_before_it() -> None:
    labels = Labels({"answered": ["答复时间"], "answer": ["答复内容"]})
    said = labels.read(["答复时间", "", "三、答复内容：", "", "打印本页"])
    assert [(one.label, one.value) for one in said] == [("答复时间", ""), ("答复内容", "")]


@pytest.mark.parametrize(
    ("body", "asked", "answered", "state"),
    [
        (
            "<p>信件标题：咨询孩子转学</p><p>写信时间：2025-10-25　写信人：张某</p><p>内容：需要哪些材料？</p>"
            "<p>回复时间：2025-10-30</p><p>回复内容：您好，请携带户口簿到学校办理转学手续。</p>",
            date(2025, 10, 25),
            date(2025, 10, 30),
            "answered",
        ),
        (
            "<dl><dt>提交时间</dt><dd>2025年10月25日</dd><dt>咨询内容</dt><dd>需要哪些材料？</dd><dt>状态</dt><dd>待回复</dd></dl>",
            date(2025, 10, 25),
            None,
            "pending",
        ),
        (
            "<table><tr><td>留言时间</td><td>2025-10-25</td></tr><tr><td>留言内容</td><td>需要哪些材料？</td></tr>"
            "<tr><td>答复内容</td><td></td></tr></table>",
            date(2025, 10, 25),
            None,
            "blank",
        ),
        (
            # The state was not changed when the answer was written.
            "<table><tr><td>留言时间</td><td>2025-10-25</td></tr><tr><td>办理状态</td><td>已受理</td></tr>"
            "<tr><td>答复内容</td><td>您好，请携带户口簿到学校办理转学手续，全程不收费。</td></tr></table>",
            date(2025, 10, 25),
            None,
            "answered",
        ),
        (
            # An answer under a label that is not known.
            "<table><tr><td>留言时间</td><td>2025-10-25</td></tr><tr><td>办理状态</td><td>已受理</td></tr>"
            "<tr><td>领导批示</td><td>来信收悉，请到学校办理转学手续，全程不收费。</td></tr></table>",
            date(2025, 10, 25),
            None,
            "unknown",
        ),
    ],
)
def test_a_page_says_when_it_was_asked_and_answered(
    body: str, asked: date | None, answered: date | None, state: str
) -> None:
    message = _message(f"<h1>咨询孩子转学手续怎么办理</h1>{body}")
    assert message is not None
    assert (message.asked, message.answered, message.state) == (asked, answered, state)


def test_a_page_goes_before_its_line_in_the_list() -> None:
    listed = """<h2>局长信箱</h2><table><tr><th>标题</th><th>提交时间</th><th>状态</th></tr>
    <tr><td><a href="/xx/1.html">咨询孩子转学手续怎么办理</a></td><td>2025-10-25</td><td>办理中</td></tr>
    <tr><td><a href="/xx/2.html">咨询课后服务收费标准问题</a></td><td>2025-09-21</td><td>已办结</td></tr>
    <tr><td><a href="/xx/3.html">建议增加城东校车接送线路</a></td><td>2025-08-12</td><td>已办结</td></tr></table>"""
    answered = _message(
        "<h1>咨询孩子转学手续怎么办理</h1><p>留言内容：要哪些材料？</p><p>答复内容：您好，请到学校办理。</p>", listed
    )
    assert answered is not None
    assert (answered.state, answered.asked) == ("answered", date(2025, 10, 25))
    unclear = _message(
        "<h1>咨询孩子转学手续怎么办理</h1><p>留言内容：要哪些材料？</p><p>提交时间：2025-10-25</p>", listed
    )
    assert unclear is not None
    assert unclear.state == "blank"


def test_an_article_in_an_interaction_column_is_no_message() -> None:
    assert (
        _message(
            "<h1>关于做好来信办理工作的说明</h1><p>近日，市教育局对群众来信办理情况进行了通报，要求各单位按时办理。</p>"
        )
        is None
    )
