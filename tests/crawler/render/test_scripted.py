"""Which templates a browser has to draw, decided from a few pages of each."""

from __future__ import annotations

import json

import pytest

from crawler.crawl.render.scripted import Scripted, Seen, measure
from crawler.readers.html import open_html

LIMITS = {"tries": 3, "misses": 4, "shell_text": 200, "shell_links": 10}
SHELL = Seen("other", 0, 12, 1, 3, False, 200)
EMPTY_LIST = Seen("list", 0, 900, 40, 5, True, 200)
STATED_EMPTY = Seen("list", 0, 900, 40, 5, False, 200)
UNTURNED = Seen("list", 15, 1200, 60, 5, True, 200)
FULL_LIST = Seen("list", 15, 1200, 60, 5, False, 200)
ARTICLE = Seen("article", 0, 2500, 30, 4, False, 200)
SHORT_ARTICLE = Seen("article", 0, 150, 30, 4, False, 200)
BARE = Seen("other", 0, 12, 1, 0, False, 200)
BARE_LIST = Seen("list", 0, 900, 40, 0, True, 200)
CHALLENGE = Seen("other", 0, 0, 0, 2, False, 412)
MISSING = Seen("other", 0, 12, 0, 3, False, 404)

SHAPE = "www.example.gov.cn/list/0.html"
OTHER = "www.example.gov.cn/article/0.html"


@pytest.mark.parametrize(
    ("seen", "suspicious"),
    [
        (SHELL, True),
        (EMPTY_LIST, True),
        (UNTURNED, True),
        (CHALLENGE, True),
        (CHALLENGE._replace(status=521), True),
        (STATED_EMPTY, False),
        (FULL_LIST, False),
        (ARTICLE, False),
        (SHORT_ARTICLE, False),
        (BARE, False),
        (BARE_LIST, False),
        (MISSING, False),
        (SHELL._replace(status=500), False),
        (SHELL._replace(entries=2), False),
    ],
)
def test_what_makes_a_page_suspicious(seen: Seen, suspicious: bool) -> None:
    assert Scripted("auto", LIMITS).look(SHAPE, seen) is suspicious


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        (EMPTY_LIST, FULL_LIST, True),
        (EMPTY_LIST, EMPTY_LIST._replace(entries=1), True),
        (EMPTY_LIST, STATED_EMPTY, True),
        (EMPTY_LIST, EMPTY_LIST._replace(text_chars=960, links=44), False),
        (UNTURNED, UNTURNED._replace(entries=17), False),
        (UNTURNED, UNTURNED._replace(entries=30), True),
        (SHELL, SHELL._replace(text_chars=600), True),
        (SHELL, SHELL._replace(text_chars=60), False),
        (SHELL, SHELL._replace(links=20), True),
        (SHELL, SHELL._replace(links=5), False),
        (SHELL, None, False),
        (SHELL, CHALLENGE._replace(text_chars=900), False),
        (CHALLENGE, ARTICLE, True),
        (CHALLENGE, CHALLENGE, False),
    ],
)
def test_what_counts_as_clearly_more(before: Seen, after: Seen | None, more: bool) -> None:
    assert Scripted("auto", LIMITS).learn(SHAPE, before, after) is more


def test_a_script_drawn_template_is_drawn_whole() -> None:
    scripted = Scripted("auto", LIMITS)
    assert scripted.look(SHAPE, FULL_LIST) is False
    assert scripted.look(SHAPE, EMPTY_LIST)
    scripted.learn(SHAPE, EMPTY_LIST, FULL_LIST)
    assert scripted.look(SHAPE, FULL_LIST) and scripted.look(SHAPE, ARTICLE)
    assert scripted.look(OTHER, ARTICLE) is False


def test_a_template_that_gains_nothing_is_left_alone() -> None:
    scripted = Scripted("auto", LIMITS)
    drawn = 0
    for _ in range(10):
        if scripted.look(SHAPE, EMPTY_LIST):
            drawn += 1
            scripted.learn(SHAPE, EMPTY_LIST, EMPTY_LIST)
    assert drawn == 3
    assert scripted.look(OTHER, EMPTY_LIST)


def test_a_page_that_breaks_the_browser_counts_as_tried() -> None:
    scripted = Scripted("auto", LIMITS)
    for _ in range(3):
        assert scripted.look(SHAPE, SHELL)
        scripted.learn(SHAPE, SHELL, None)
        assert scripted.unread(SHAPE, SHELL, failed=True)
    assert scripted.look(SHAPE, SHELL) is False
    assert scripted.unread(SHAPE, SHELL) and not scripted.unread(SHAPE, ARTICLE)
    assert scripted.left_templates() == [(SHAPE, 4)]


def test_a_template_that_no_longer_gains_is_drawn_only_where_suspicious() -> None:
    """Lists and articles may share a shape; the articles need no browser."""
    scripted = Scripted("auto", LIMITS)
    scripted.learn(SHAPE, EMPTY_LIST, FULL_LIST)
    drawn = 0
    for _ in range(10):
        if scripted.look(SHAPE, ARTICLE):
            drawn += 1
            scripted.learn(SHAPE, ARTICLE, ARTICLE)
    assert drawn == 4
    assert scripted.look(SHAPE, EMPTY_LIST)
    scripted.learn(SHAPE, EMPTY_LIST, FULL_LIST)
    assert scripted.look(SHAPE, ARTICLE)


@pytest.mark.parametrize(
    ("mode", "seen", "drawn"),
    [
        ("always", ARTICLE, True),
        ("always", FULL_LIST, True),
        ("always", MISSING, False),
        ("always", CHALLENGE, True),
        ("never", SHELL, False),
        ("never", EMPTY_LIST, False),
        ("never", CHALLENGE, False),
    ],
)
def test_modes(mode: str, seen: Seen, drawn: bool) -> None:
    assert Scripted(mode, LIMITS).look(SHAPE, seen) is drawn  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["auto", "always"])
def test_a_challenge_is_tried_once_for_its_host(mode: str) -> None:
    scripted = Scripted(mode, LIMITS)  # type: ignore[arg-type]
    assert scripted.look(SHAPE, CHALLENGE)
    assert scripted.look(OTHER, CHALLENGE) is False
    scripted.learn(SHAPE, CHALLENGE, CHALLENGE)
    assert scripted.look(OTHER, CHALLENGE) is False
    assert scripted.look("other.example.gov.cn/0.html", CHALLENGE)
    scripted.learn("other.example.gov.cn/0.html", CHALLENGE, ARTICLE)
    assert scripted.look("other.example.gov.cn/a/0.html", CHALLENGE)
    assert scripted.look(SHAPE, EMPTY_LIST)


def test_what_was_left_undrawn_is_told() -> None:
    """Without a browser nothing is drawn or learnt: each suspicious page is one that may hold more than was read."""
    scripted = Scripted("never", LIMITS)
    pages = [(SHAPE, EMPTY_LIST)] * 5 + [(OTHER, SHELL)] * 2 + [(OTHER, ARTICLE), (OTHER, BARE), (OTHER, BARE_LIST)]
    assert not any(scripted.look(shape, seen) for shape, seen in pages)
    assert [scripted.unread(shape, seen) for shape, seen in pages] == [True] * 7 + [False] * 3
    assert scripted.left == 7
    assert scripted.left_templates() == [(SHAPE, 5), (OTHER, 2)]


def test_a_browser_that_stops_working_is_told_too() -> None:
    scripted = Scripted("auto", LIMITS)
    assert not scripted.unread(SHAPE, EMPTY_LIST)
    scripted.forgo()
    assert scripted.unread(SHAPE, EMPTY_LIST) and not scripted.unread(SHAPE, FULL_LIST)
    assert scripted.look(SHAPE, EMPTY_LIST) is scripted.look(SHAPE, CHALLENGE) is False


def test_what_was_learnt_survives_a_crash() -> None:
    scripted = Scripted("auto", LIMITS)
    scripted.learn("drawn", EMPTY_LIST, FULL_LIST)
    for _ in range(3):
        scripted.learn("plain", EMPTY_LIST, EMPTY_LIST)
    scripted.learn("open", EMPTY_LIST, EMPTY_LIST)
    assert scripted.look("host/challenged", CHALLENGE)
    assert scripted.unread("left", EMPTY_LIST, failed=True)
    again = Scripted("auto", LIMITS)
    again.load(json.loads(json.dumps(scripted.dump())))
    assert again.dump() == scripted.dump()
    assert again.look("drawn", ARTICLE)
    assert again.look("plain", EMPTY_LIST) is False
    assert again.look("host/challenged", CHALLENGE) is False
    assert again.left == 1
    drawn = 0
    while again.look("open", EMPTY_LIST):
        drawn += 1
        again.learn("open", EMPTY_LIST, EMPTY_LIST)
    assert drawn == 2


def test_memory_is_bounded() -> None:
    """Endless templates and hosts: the oldest are forgotten, what was left undrawn stays counted."""
    scripted = Scripted("auto", {**LIMITS, "max_templates": 50, "max_hosts": 10})
    for number in range(500):
        scripted.look(f"host{number}/list", EMPTY_LIST)
        scripted.unread(f"host{number}/list", EMPTY_LIST, failed=True)
        scripted.look(f"host{number}/list", CHALLENGE)
    dumped = scripted.dump()
    assert (len(dumped["templates"]), len(dumped["hosts"]), dumped["unread"]) == (50, 10, 500)
    assert dumped["templates"][-1][0] == "host499/list"


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("<html><body><div id=app></div><script src=a.js></script></body></html>", (0, 0, 1)),
        ("<title>标题</title><style>p {}</style><p>两字 <b>三个字</b>尾</p>", (6, 0, 0)),
        (
            "<noscript>请打开脚本</noscript><a href='/a'>链接</a><a name=x>锚</a><script>var a = '正文'</script>后",
            (4, 1, 1),
        ),
    ],
)
def test_sizes_of_a_page(text: str, measured: tuple[int, int, int]) -> None:
    page = open_html(text.encode(), "http://www.example.gov.cn/", "text/html; charset=utf-8")
    assert measure(page) == measured
