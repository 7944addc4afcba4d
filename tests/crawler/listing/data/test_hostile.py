"""Broken and hostile data: ValueError or nothing, within bounded time, and never more than the limits."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from listing.data.making import framed, items, row

from crawler.listing import Answer, Paging, Turn, paging, paging_of_data
from crawler.listing import items as reading
from crawler.readers.html import open_html
from crawler.readers.page.literals import literal
from crawler.readers.page.script_links import script_target

HOME = "http://www.example.gov.cn"
API = f"{HOME}/gkmlpt/api/all/0?page=1&sid=1"
UNIT = f"{HOME}/front/page/build/unit?pageId=1"
PROXY = f"{HOME}/dataproxy.jsp?page=1"


@pytest.fixture(autouse=True)
def quickly() -> Iterator[None]:
    """No reading takes longer than a few seconds, whatever it is given."""
    started = time.process_time()
    yield
    assert time.process_time() - started < 5


def answered(family: str, text: str, url: str, form: str = "") -> Paging:
    turn = Turn(url, "POST" if form else "GET", form, data=True)
    return paging_of_data(family, Answer(url, text, "", turn, f"{HOME}/list.html"))


def read(body: str, url: str = f"{HOME}/list.html") -> Paging | None:
    return paging(open_html(framed(body), url, "text/html; charset=utf-8"))


@pytest.mark.parametrize(
    ("family", "url", "text"),
    [
        ("jpage", PROXY, ""),
        ("jpage", PROXY, "<html><body>系统繁忙</body></html>"),
        ("gkmlpt", API, ""),
        ("gkmlpt", API, "<html>"),
        ("gkmlpt", API, '{"articles": [{"title": "通知"'),
        ("gkmlpt", API, '{"articles": {"title": "通知"}}'),
        ("gkmlpt", API, '["通知"]'),
        ("gkmlpt", API, '{"a":' * 100_000),
        ("gkmlpt", API, '{"total": ' + "9" * 10_000 + ', "articles": []}'),
        ("jpaas", UNIT, '{"success": false, "message": "未登录"}'),
        ("jpaas", UNIT, '{"data": {"html": 5}}'),
        ("jpaas", UNIT, "[" * 200_000),
        ("trsapi", API, "{}"),
        ("data-list", API, "{}"),
        ("page-form", API, "<html>"),
        ("postback", API, "<html>"),
    ],
)
def test_an_answer_that_is_not_of_the_family_is_refused(family: str, url: str, text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        answered(family, text, url)


def test_totals_beyond_belief_do_not_become_requests() -> None:
    one = {"title": "通知", "url": "/a.html"}
    found = answered("gkmlpt", json.dumps({"total": 999_999_999, "articles": [one]}), API)
    assert (len(found.turns), found.gap) == (2999, "列表自称共999999999页，超出单个列表读取上限，只读取前3000页")
    more = answered("gkmlpt", json.dumps({"total": 10**30, "articles": [one]}), API)
    assert (more.turns, more.total) == ((), None)


def test_ranges_of_records_are_bounded() -> None:
    call = "$('#9').jpage({totalRecord:900000000,perPage:1,groupSize:1,proxyUrl:'/d.jsp',ajaxParam:{unitid:9}});"
    found = read(f"<script>{call}</script>")
    assert found is not None
    assert len(found.turns) == 3000
    assert found.gap == "列表自称共900000000页，超出单个列表读取上限，只读取前3000页"


def test_pages_of_a_proxy_and_of_a_part_are_bounded() -> None:
    record = f"<record><![CDATA[{row(items(1)[0])}]]></record>"
    by_get = answered("jpage", f"<datastore><totalpage>999999999</totalpage>{record}</datastore>", PROXY)
    pager = "<div class='pagination' rows='1' count='999999999'></div>"
    by_part = answered("jpaas", json.dumps({"data": {"html": f"<ul>{row(items(1)[0])}</ul>{pager}"}}), UNIT)
    assert (len(by_get.turns), len(by_part.turns)) == (2999, 2999)
    assert by_get.gap == by_part.gap == "列表自称共999999999页，超出单个列表读取上限，只读取前3000页"


def test_pages_of_a_form_are_bounded() -> None:
    form = (
        "<form method=post action=l.jsp><input type=hidden name=page value=1><a href='javascript:go(2)'>2</a>共999999页"
    )
    found = read(form + "</form>")
    assert found is not None
    assert (len(found.turns), found.gap) == (2999, "列表自称共999999页，超出单个列表读取上限，只读取前3000页")


def test_an_empty_proxy_ends_the_list() -> None:
    """A proxy that names a next group forever, without records."""
    text = "<datastore><nextgroup><![CDATA[<a href='?page=2'></a>]]></nextgroup><recordset></recordset></datastore>"
    assert answered("jpage", text, PROXY) == Paging("jpage", (), ())


def test_entries_are_bounded() -> None:
    articles = [{"title": f"通知{n}", "url": f"/{n}.html"} for n in range(20_050)]
    found = answered("gkmlpt", json.dumps({"total": 20_050, "articles": articles}), API)
    assert found.entries is not None
    assert (len(found.entries), found.gap) == (20_000, "列表一次给出的条目超出上限，只读取前20000条")


def test_values_of_any_kind_are_survived() -> None:
    wild: list[object] = [
        None, 5, "通知", [], {}, {"title": None, "url": None}, {"title": ["通知"], "url": "/a.html"},
        {"title": "通知", "url": "javascript:alert(1)"}, {"title": "通知", "url": "http://[bad/"},
        {"title": "\ud83d通知", "url": "/\ud83da.html", "created_at": "2024-13-45"},
        {"title": "<b>公示</b>&nbsp;", "url": "/b.html", "display_publish_time": 10**40, "created_at": "2024-01-05"},
    ]  # fmt: skip
    found = answered("gkmlpt", json.dumps({"total": True, "articles": wild}), API)
    assert found.entries is not None
    assert [(entry.title, str(entry.date)) for entry in found.entries] == [("通知", "None"), ("公示", "2024-01-05")]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000, "{a:" * 100_000, "[[1]", "[1}", "{a:1", "{a}", "[f(1)]", "['a' + b]", "['" + "\\" * 200_001,
        "/*" + "*" * 300_000, "[/*" + "* " * 300_000, '["' + "a" * 3_000_000, "[" + "1" * 100_000 + "]", "",
    ],
)  # fmt: skip
def test_a_value_that_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        literal(text, 0)


def test_a_literal_of_javascript_is_read_as_a_script_reads_it() -> None:
    text = (
        "[{a:'it\\'s \\u4e00\\x41\\n', \"b\":[1,-2.5,], c:true, 'd':undefined, e:other, /*x*/ f:'\\ud83d\\ude00'},]; x"
    )
    assert literal(text, 0) == [{"a": "it's 一A\n", "b": [1, -2.5], "c": True, "d": None, "e": "other", "f": "😀"}]


@pytest.mark.parametrize(
    "body",
    [
        "<script type='text/xml'><datastore>" + "<record><![CDATA[" * 100_000,
        "<script type='text/xml'><datastore>" + "<record>" * 200_000,
        "<script type='text/xml'>" + "<datastore>" * 100_000,
        "<script>" + "x.jpage(" * 100_000,
        "<script>x.jpage({ajaxParam:" + "{" * 1_000_000,
        "<script>" + "var dataList=[" * 100_000,
        "<script>var dataList=[" + "{title:'a'," * 200_000,
        "<script>list2.trsapi " + "recordCount:" * 200_000,
        "<script>__doPostBack</script>" + "<a href=\"javascript:__doPostBack('a','\">2</a>" * 20_000,
        "<form method=post><input name=page>" * 10_000,
        "<form method=post><input name=page>" + "<a href='javascript:goPage(goPage(goPage('>1</a>" * 20_000,
        "<form method=post><input name=page>" + "共 " * 300_000,
    ],
)
def test_wild_pages_are_read_in_bounded_time(body: str) -> None:
    found = read(body)
    assert found is None or len(found.turns) <= 3000


def test_wild_code_is_read_in_bounded_time() -> None:
    for code in ("location=" * 400, "location.href='" + "\\" * 3900, "open('" * 600, "javascript:" + "%" * 3900):
        assert script_target(code, HOME) is None


def test_numbers_are_what_they_say() -> None:
    given = ["12", " 7 ", 9, 0, True, None, -1, "x", "1e5", "٣", "9" * 10, 10**9, 3.0, [4]]
    assert [reading.number(value) for value in given] == [12, 7, 9, 0] + [None] * 10


def test_dates_are_what_they_say() -> None:
    given = ["2024-01-05 09:00", "20240105", 1704384000, 1704384000000, "1704384000", 0, None, True, "20241399", 5.5]
    assert [str(reading.when(value)) for value in given] == ["2024-01-05"] * 5 + ["None"] * 5
