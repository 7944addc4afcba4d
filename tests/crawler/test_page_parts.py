"""What a page asks its readers to fill in, what it loads, and what it gives those who cannot see it."""

# ruff: noqa: E501 (a sample of markup is easier to check on one line)

from __future__ import annotations

import pytest
from page_source import URL, facts

from crawler.archive.codec import unpacked
from crawler.evidence import Access, Facts, Form
from crawler.pages import read_page
from crawler.readers.html import open_html

HOST = "http://jyj.example.gov.cn"


def access(body: str) -> Access:
    found = facts(body).facts.access
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (
            "<form action='/search.jsp' method='post'><input type='hidden' name='siteId' value='7'>"
            "<input name='q' placeholder='请输入关键词'><input type='submit' value='搜索'></form>",
            Form(f"{HOST}/search.jsp", "POST", ("q",), ("请输入关键词", "搜索"), "/html/body/form"),
        ),
        (
            "<form><label>站内检索<input id='key' type='SEARCH'></label><button>检 索</button></form>",
            Form(URL, "GET", ("key",), ("检 索", "站内检索检 索"), "/html/body/form"),
        ),
        (
            "<form action='javascript:go()'><textarea name='content'></textarea><input type='image' alt='提交留言'></form>",
            Form("", "GET", ("content",), ("提交留言",), "/html/body/form"),
        ),
        (
            "<div style='display:none'><form action='http://so.example.gov.cn/s'><input name='wd' title='全站搜索'></form></div>",
            Form("http://so.example.gov.cn/s", "GET", ("wd",), ("全站搜索",), "/html/body/div/form"),
        ),
        (
            "<div><input id='searchword' value='请输入'><a href='javascript:;' onclick='search()'>站内搜索</a></div>",
            Form("", "", ("searchword",), ("请输入", "站内搜索"), "/html/body/div/input"),
        ),
    ],
    ids=["post", "button", "script", "hidden", "no-form"],
)
def test_a_form_with_what_is_written_on_it(body: str, form: Form) -> None:
    assert facts(body).facts.forms == (form,)


def test_forms_without_a_text_field_are_none_and_many_are_cut() -> None:
    assert facts("<form action='/vote'><input type='radio' name='a'><button>投票</button></form>").facts.forms == ()
    many = "".join(f"<form action='/{n}'><input name='x'></form>" for n in range(50))
    assert [form.action for form in facts(many).facts.forms] == [f"{HOST}/{n}" for n in range(10)]


def test_pictures_without_a_text_of_their_own() -> None:
    body = (
        "<img src='/a.png'><img src='/b.png' alt=''><img src='/c.png' alt='局徽'>"
        "<p hidden><img src='/d.png'></p><noscript><img src='/e.png'></noscript><img src='a.gif' onclick='go()'>"
    )
    found = facts(body, f"{HOST}/zwgk/1.html").facts
    assert found.access == Access(4, 2, picture_examples=(f"{HOST}/a.png", f"{HOST}/zwgk/a.gif"))
    assert found.pictures == tuple(f"{HOST}/{name}" for name in ("a.png", "b.png", "c.png", "d.png", "zwgk/a.gif"))


@pytest.mark.parametrize(
    ("field", "is_named"),
    [
        ("<input name='q'>", False),
        ("<input name='q' title=''>", False),
        ("<select name='year'><option>2025</option></select>", False),
        ("<input name='q' placeholder='关键词'>", True),
        ("<input name='q' aria-label='关键词'>", True),
        ("<textarea title='留言内容'></textarea>", True),
        ("<label>姓名 <b><input name='q'></b></label>", True),
        ("<input id='q'><label for='q'>姓名</label>", True),
        ("<label for='p'>姓名</label><input id='q'>", False),
    ],
)
def test_a_field_is_named_by_its_label_or_by_itself(field: str, is_named: bool) -> None:
    found = access(f"<div>{field}</div><input type='hidden' name='h'><input type='submit'><button>去</button>")
    assert (found.fields, found.unnamed_fields) == (1, 0 if is_named else 1)
    assert len(found.field_examples) == found.unnamed_fields


def test_fields_that_cannot_be_seen_are_not_counted() -> None:
    assert access("<div style='display:none'><input name='q'></div>") == Access()


def test_what_comes_from_other_hosts_and_what_comes_in_the_clear() -> None:
    head = (
        "<script src='https://cdn.example.com/jq.js'></script><script>var a=1</script><script src='/own.js'></script>"
        "<link rel='stylesheet' href='http://jyj.example.gov.cn/s.css'><link rel='icon' href='http://x.example/i.ico'>"
    )
    body = "<img src='http://pic.example.com/1.jpg'><img src='//jyj.example.gov.cn/2.jpg'><iframe src='http://map.example.com/'></iframe>"
    source = f"<html lang='zh-CN'><head>{head}</head><body>{body}</body></html>".encode()
    told = {}
    for scheme in ("http", "https"):
        opened = open_html(source, f"{scheme}://jyj.example.gov.cn/", "text/html; charset=utf-8")
        told[scheme] = read_page(opened, is_home=True).facts
    assert {facts.scripts for facts in told.values()} == {("https://cdn.example.com/jq.js", "http://map.example.com/")}
    assert told["http"].mixed == ()
    assert told["https"].mixed == (f"{HOST}/s.css", "http://map.example.com/", "http://pic.example.com/1.jpg")
    assert told["https"].pictures[1] == "https://jyj.example.gov.cn/2.jpg"


@pytest.mark.parametrize(("given", "language"), [("lang=' zh-CN '", "zh-CN"), ("xml:lang='zh'", "zh"), ("", "")])
def test_the_language_of_a_page(given: str, language: str) -> None:
    opened = open_html(f"<html {given}><body><p>正文</p></body></html>".encode(), URL, "text/html; charset=utf-8")
    assert read_page(opened, is_home=False).facts.language == language


def test_facts_of_an_older_capture_say_nothing_about_it() -> None:
    assert unpacked(Facts, b'{"page":"http://a.example/","text":"x"}') == Facts("http://a.example/", text="x")
    assert Facts("").access is None
