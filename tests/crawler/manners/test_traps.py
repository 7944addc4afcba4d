"""Addresses of real forms: which lead round in circles, and which are a site's own lists and articles."""

from __future__ import annotations

import json
import time

import pytest

from crawler.crawl.traps import Traps, TrapSeen
from crawler.templates import shape

HOST = "http://jyj.example.gov.cn"


def verdict(traps: Traps, path: str, depth: int = 2, is_turn: bool = False) -> str | None:
    return traps.verdict(HOST + path, depth=depth, is_turn=is_turn)


def verdicts(paths: list[str], traps: Traps | None = None) -> list[str | None]:
    traps = traps or Traps({})
    return [verdict(traps, path) for path in paths]


FINE = [
    "/", "/index.html", "/index_12.html", "/zwgk/index_3.shtml", "/list.jsp?pageNo=37", "/list.asp?start=49",
    "/list.aspx?page=2&columnid=15", "/xxgk/202401/t20240115_812345.html", "/xxgk/202401/P020240115345678.pdf",
    "/info/1001/2.htm", "/info/1001/20458.htm", "/art/2024/1/1/art_1_1.html", "/art/2011/11/11/art_11_11.html",
    "/col/col1234/index.html", "/col/col1234/index.html?uid=5678&pageNum=2", "/gkmlpt/content/7/7265/post_7265.html",
    "/gkmlpt/index#1234", "/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=45&perpage=15&columnid=7&unitid=9",
    "/jcms_files/jcms1/web14/site/art/2019/3/4/art_77_1.html", "/zwgk/zfxxgk/zfxxgknb/index.html",
    "/a/b/a/b/", "/2024/01/01/01.htm", "/11/11/11/report.htm", "/news/news/list.html", "/index.php/zh/list/5.html",
    "/index.php?m=content&c=index&a=lists&catid=9", "/index.php?m=content&c=index&a=show&catid=9&id=12",
    "/content.jsp?year=2024&month=5&id=881", "/events/202401/t20240105_1234.html", "/xxgk.aspx?year=2009",
    "/list.asp?sort=3", "/list.asp?sort=5", "/list.asp?order=2", "/detail.jsp?uuid=0123456789abcdef0123456789abcdef",
    "/detail.jsp?uuid=fedcba9876543210fedcba9876543210", "/show.php?view=article&id=7", "/show.php?view=category&id=7",
    "/search?q=%E5%B9%B4%E6%8A%A5", "/jump.jsp?to=http%3A%2F%2Fjyj.example.gov.cn%2Fa%2520b",
    "/vote.do?a=1&a=2&a=3", "/rili.html", "/calendar/2024/05/",
]  # fmt: skip


def test_lists_and_articles_of_real_sites_are_no_traps() -> None:
    found = dict(zip(FINE, verdicts(FINE), strict=True))
    assert {path: kind for path, kind in found.items() if kind} == {}
    assert len(FINE) >= 40


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/a/b/a/b/a/b/", "repeat"),
        ("/news/list/news/list/news/list/1.html", "repeat"),
        ("/x/x/x/", "repeat"),
        ("/x/x/x/index.html", "repeat"),
        ("/zt/a/b/c/a/b/c/a/b/c/d.html", "repeat"),
        ("/img/a/img/b/img/c/img/d.html", "repeat"),
        ("/11/11/11/11/a.html", "repeat"),
        ("/" + "/".join(f"d{number}" for number in range(30)), "spiral"),
        ("/a.html/b.html/c.html/d.html", "spiral"),
        ("/list.jsp/list2.jsp/list3.jsp/index.jsp", "spiral"),
        ("/s?" + "&".join(f"p{number}=1" for number in range(40)), "parameters"),
        ("/s?tag=1&tag=2&tag=3&tag=4&tag=5", "parameters"),
        ("/login?back=%252525252Fa", "parameters"),
    ],
)
def test_addresses_that_are_traps_by_their_form(path: str, kind: str) -> None:
    assert verdict(Traps({}), path) == kind


def test_a_turn_of_a_list_is_only_judged_by_its_path() -> None:
    traps = Traps({"template_pages": 1, "template_reads": 1})
    for number in range(3000):
        assert verdict(traps, f"/list.jsp?year=1900&month=1&sort=asc&pageNo={number}", is_turn=True) is None
    assert verdict(traps, "/x/x/x/x/?pageNo=1", is_turn=True) == "repeat"
    assert [(trap.kind, trap.count) for trap in traps.report()] == [("repeat", 1)]


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("/a.jsp;jsessionid=0A1B2C?id=1", "/a.jsp;jsessionid=9F8E7D?id=1", "session"),
        ("/(S(abcdefgh12345678))/a.aspx", "/(S(zyxwvuts87654321))/a.aspx", "session"),
        ("/a.php?id=1&PHPSESSID=abc", "/a.php?id=1&PHPSESSID=def", "session"),
        ("/a.cfm?id=1&CFID=1&CFTOKEN=22", "/a.cfm?id=1&CFID=2&CFTOKEN=33", "session"),
        ("/a.jsp?id=1&_=1700000000123", "/a.jsp?id=1&_=1700000000999", "session"),
        ("/a.jsp?id=1&rnd=0.8123456", "/a.jsp?id=1&rnd=0.1234567", "session"),
        ("/list.jsp?cid=5", "/list.jsp?cid=5&sort=date", "sort"),
        ("/list.jsp?cid=5&orderby=hits+desc", "/list.jsp?cid=5&orderby=hits+asc", "sort"),
        ("/list.jsp?cid=5&view=grid", "/list.jsp?cid=5&view=list", "sort"),
        ("/list.jsp?cid=5&area=2", "/list.jsp?area=2&cid=5", "sort"),
    ],
)
def test_the_same_page_in_another_dress(first: str, second: str, kind: str) -> None:
    traps = Traps({})
    assert verdicts([first, second, first], traps) == [None, kind, None]
    template = shape(HOST + second).partition("?")[0] if kind == "sort" else shape(HOST + second)
    assert traps.report() == [TrapSeen(template, kind, HOST + second, 1)]


def test_a_doubtful_session_needs_pages_that_repeat() -> None:
    def address(number: int) -> str:
        return f"/a.jsp?id=1&sid={number:032x}"

    traps = Traps({})
    assert verdicts([address(number) for number in range(8)], traps) == [None] * 8
    for number in range(8):
        traps.seen_content(shape(HOST + address(number)), fresh=number == 0)
    assert verdicts([address(number) for number in range(8, 11)], traps) == [None, "session", "session"]


def test_a_calendar_without_end() -> None:
    traps = Traps({})
    months = [f"/cal.jsp?cid=3&year={2024 + number // 12}&month={number % 12 + 1}" for number in range(400)]
    found = [traps.verdict(HOST + path, depth=2 + at, is_turn=False) for at, path in enumerate(months)]
    assert found == [None] * 13 + ["calendar"] * 387
    assert [(trap.kind, trap.count, trap.example) for trap in traps.report()] == [
        ("calendar", 387, HOST + "/cal.jsp?cid=3&year=2025&month=2")
    ]


def test_twenty_years_of_months_on_one_page_are_an_archive() -> None:
    traps = Traps({})
    months = [f"/archive.jsp?date={year}-{month:02}" for year in range(2005, 2025) for month in range(1, 13)]
    assert verdicts(months, traps) == [None] * 240
    assert verdicts(["/archive.jsp?date=1970-01", "/archive.jsp?date=2025-01"], traps) == ["calendar", "calendar"]


@pytest.mark.parametrize(
    ("first", "far"),
    [
        ("/rili/2024/05/", "/rili/2199/05/"),
        ("/calendar/2024-05.html", "/calendar/1890-05.html"),
        ("/rc.jsp?riqi=2024-05-01", "/rc.jsp?riqi=2124-05-01"),
        ("/list.jsp?nian=2024", "/list.jsp?nian=3024"),
    ],
)
def test_years_that_no_calendar_of_today_shows(first: str, far: str) -> None:
    assert verdicts([first, far]) == [None, "calendar"]


def test_articles_with_dates_in_their_addresses_are_no_calendar() -> None:
    articles = [
        f"/events/2010{month:02}/t2010{month:02}05_{number}.html" for month in range(1, 13) for number in range(50)
    ]
    articles += [f"/show.jsp?date=2024-05-01&id={number}" for number in range(600)]
    assert set(verdicts(articles)) == {None}


def test_filters_that_combine_without_end() -> None:
    traps = Traps({})
    names = [f"f{number}" for number in range(7)]
    wanted = [
        "/s.jsp?" + "&".join(f"{name}=1" for at, name in enumerate(names) if number >> at & 1)
        for number in range(1, 128)
    ]
    assert verdicts(wanted, traps) == [None] * 60 + ["filter"] * 67


def read_all(traps: Traps, path: str, count: int, digests: int) -> list[str | None]:
    """Queue and read ``count`` addresses of one shape that have ``digests`` contents between them."""
    found = []
    for number in range(count):
        url = HOST + path.format(number)
        found.append(traps.verdict(url, depth=3, is_turn=False))
        if found[-1] is None:
            traps.seen_content(shape(url), fresh=number < digests)
    return found


def test_twenty_thousand_articles_of_one_template_are_read() -> None:
    traps = Traps({})
    assert set(read_all(traps, "/info/1001/{}.htm", 20_000, 20_000)) == {None}
    assert traps.report() == []


def test_a_counter_that_always_shows_the_same_page() -> None:
    traps = Traps({})
    found = read_all(traps, "/count.asp?n={}", 1000, 3)
    assert found == [None] * 300 + ["template"] * 700
    assert [(trap.template, trap.kind, trap.count) for trap in traps.report()] == [
        ("jyj.example.gov.cn/count.asp?n", "template", 700)
    ]


def test_many_addresses_that_were_not_read_yet_prove_nothing() -> None:
    traps = Traps({})
    assert set(verdicts([f"/info/1001/{number}.htm" for number in range(2000)], traps)) == {None}


def actions() -> list[str]:
    paths = [*FINE, "/x/x/x/", "/a.php?PHPSESSID=1&id=5", "/a.php?PHPSESSID=2&id=5", "/c.jsp?date=2024-05"]
    paths += [f"/count.asp?n={number}" for number in range(80)]
    return paths


def test_the_state_comes_back_after_a_crash() -> None:
    limits = {"template_pages": 50, "template_reads": 20}
    whole = Traps(limits)
    loaded = Traps(limits)
    for at, path in enumerate(actions()):
        if at == 70:
            loaded.load(json.loads(json.dumps(whole.dump())))
        kinds = [verdict(traps, path) for traps in ([whole, loaded] if at >= 70 else [whole])]
        assert len(set(kinds)) == 1, path
        if kinds[0] is None:
            for traps in [whole, loaded] if at >= 70 else [whole]:
                traps.seen_content(shape(HOST + path), fresh=at < 14)
    assert loaded.report() == whole.report() and len(whole.report()) == 3
    assert loaded.dump() == whole.dump()


def test_memory_and_time_are_bounded_whatever_a_site_links_to() -> None:
    caps = {"max_templates": 50, "max_bases": 60, "max_reported": 5}
    traps = Traps(caps)
    started = time.process_time()
    for number in range(3000):
        word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        for path in (f"/{word}/?{word}=1", f"/{word}.jsp?date=2024-0{number % 9 + 1}", f"/{word}/x/x/x/"):
            verdict(traps, path)
        traps.seen_content(word, fresh=True)
    state = traps.dump()
    assert {name: len(state[name]) for name in ("templates", "calendars", "paths", "bases", "seen")} == {
        "templates": 50, "calendars": 50, "paths": 50, "bases": 60, "seen": 6,
    }  # fmt: skip
    assert sum(trap.count for trap in traps.report()) == 3000
    for hostile in ("/" + "a/" * 900, "/?" + "a&" * 900, "/?a=" + "%25" * 600, "/" + ";a=" * 600, "/(" * 900):
        verdict(traps, hostile)
    assert time.process_time() - started < 3
