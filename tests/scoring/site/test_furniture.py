"""Header, footer, codes, tags and dates over many pages: what is folded, what is proven first, what is left alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crawler.evidence import Document
from duwang.site_examples import MadeSite
from scoring.inspection import Finding
from scoring.results import SiteCase
from scoring.rules import RuleSet, shipped
from scoring.site.judging import judge_site
from scoring.site.view import SiteView

ON = date(2026, 3, 10)
TEXT = "<div class='TRS_Editor'><p>各县区教育局：现将有关事项通知如下，请认真贯彻落实，确保各项工作平稳有序。</p></div>"
FOOT = (
    "<div class='footer'><p>{more}<a href='/wzdt/'>网站地图</a></p>"
    "<p>主办单位：柏川市教育局　联系电话：0931-5550177</p>"
    "<p>陇ICP备05009907号-1　甘公网安备 62990702000123号　网站标识码：{code}</p>"
    "<p><a href='http://bszs.conac.cn/sitename?id=1' title='党政机关网站标识'>党政机关</a></p></div>"
)
ERROR = "<a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6299070001'>我为政府网站找错</a>"
SOUND = FOOT.format(more=ERROR, code="6299070001")


def article(day: str, *, tag: str = "", foot: str = SOUND, title: str = "关于加强校园安全工作的通知") -> dict[str, Any]:
    head = f"<meta name='ArticleTitle' content='{title}'><meta name='PubDate' content='{tag or day} 09:00'>"
    where = "<div class='dqwz'>当前位置：<a href='/'>首页</a> &gt; <a href='/tzgg/'>通知公告</a></div>"
    line = f"<p>发布时间：{day} 09:00　来源：柏川市教育局</p>"
    return {"title": title, "head": head, "body": f"{where}<h1>{title}</h1>{line}{TEXT}{foot}"}


def judged(rule: str, pages: dict[str, Any], **site: Any) -> list[Finding]:
    """What one rule says about a site of these pages; the home page has a sound footer where none is given."""
    given = {"name": "柏川市教育局", "pages": {"/": {"body": f"<h1>柏川市教育局</h1>{SOUND}"}, **pages}, **site}
    made = MadeSite(given, ON)
    view = SiteView(made, made.site, ON, made.document)
    only = RuleSet((shipped().by_code[rule],), {}, "")
    found = judge_site(SiteCase(view, made.site.name, None, (), (), False), made.document, only, ON, "bochuan")
    assert all(count["error"] == 0 for count in found.outcomes.values()), found.unchecked
    return found.findings


def paths(finding: Finding) -> list[str]:
    return [page.removeprefix("http://jyj.shili.gov.cn") for page in finding.pages]


def test_one_tag_that_many_pages_of_several_templates_lack_is_one_finding_with_all_addresses() -> None:
    lacking = {
        f"/{column}/t2026030{n}_{n}.html": article(f"2026-03-0{n}") for column in ("tzgg", "gzdt") for n in range(1, 8)
    }
    finding = next(one for one in judged("WS-306", lacking) if one.values["kind"] == "内容页")
    assert paths(finding) == list(lacking)
    assert "内容页 14 个，其中 14 个缺少必选标签或标签为空" in finding.message
    assert "ContentSource（14 页）" in finding.message and "ArticleTitle" not in finding.message


def test_the_finding_about_a_tag_keeps_its_fingerprint_when_more_pages_lack_it() -> None:
    few = {f"/tzgg/t2026030{n}_{n}.html": article(f"2026-03-0{n}") for n in range(1, 3)}
    more = {f"/tzgg/t2026030{n}_{n}.html": article(f"2026-03-0{n}") for n in range(1, 9)}
    prints = [{one.fingerprint for one in judged("WS-306", pages)} for pages in (few, more)]
    assert prints[0] == prints[1] != set()


def test_only_the_pages_with_the_odd_code_are_named() -> None:
    odd = FOOT.format(more=ERROR, code="6299070009")
    pages = {"/tzgg/t20260301_1.html": article("2026-03-01"), "/tzgg/t20260302_2.html": article("2026-03-02", foot=odd)}
    (finding,) = judged("WS-304", pages)
    assert (finding.outcome, finding.quote, paths(finding)) == ("fail", "6299070009", ["/tzgg/t20260302_2.html"])


def test_an_inner_page_whose_footer_a_script_draws_lacks_nothing() -> None:
    page = article("2026-03-01", foot="<script src='/js/footer.js'></script>")
    for rule in ("WS-303", "WS-305"):
        assert judged(rule, {"/tzgg/t20260301_1.html": page}) == []


def test_inner_pages_of_one_template_without_a_footer_are_one_matter_for_a_person() -> None:
    bare = {f"/tzgg/t2026030{n}_{n}.html": article(f"2026-03-0{n}", foot="") for n in (1, 2, 3)}
    sound = {"/gzdt/t20260301_9.html": article("2026-03-01")}
    (finding,) = judged("WS-303", {**bare, **sound})
    assert (finding.outcome, finding.message_key, paths(finding)) == ("needs_review", "bare", list(bare))


def test_what_home_and_inner_pages_lack_is_one_finding_for_each_item() -> None:
    foot = SOUND.replace("甘公网安备 62990702000123号　", "").replace("主办单位：柏川市教育局　", "")
    pages = {"/": {"body": foot}, "/tzgg/t20260301_1.html": article("2026-03-01", foot=foot)}
    found = judged("WS-303", pages)
    assert [(one.outcome, one.values["item"], len(one.pages)) for one in found] == [
        ("fail", "主办单位", 2),
        ("fail", "公安机关备案标识", 2),
    ]


@pytest.mark.parametrize(("times", "outcome"), [(2, ["earlier"]), (3, [])])
def test_dates_older_than_addresses_of_one_day_are_those_of_a_site_that_was_moved(
    times: int, outcome: list[str]
) -> None:
    pages = {f"/tzgg/t20250610_{n}.html": article(f"2019-0{n}-11") for n in range(1, times + 1)}
    assert [one.message_key for one in judged("WS-112", pages)] == outcome


def test_redated_articles_are_one_finding_that_quotes_the_date_on_the_page() -> None:
    pages = {f"/tzgg/t2025030{n}_{n}.html": article(f"2026-03-0{n}") for n in (1, 2)}
    (finding,) = judged("WS-112", pages)
    assert (finding.outcome, finding.severity, finding.quote) == ("needs_review", "veto", "2026-03-01")
    assert paths(finding) == list(pages)


@pytest.mark.parametrize(("tag", "found"), [("2026-03-11", []), ("2026-03-12", ["future"])])
def test_a_publication_date_of_tomorrow_may_be_that_of_another_time_zone(tag: str, found: list[str]) -> None:
    page = article("2026-03-10", tag=tag)
    assert [one.message_key for one in judged("WS-307", {"/tzgg/t20260310_1.html": page})] == found


def test_hidden_links_are_folded_by_the_site_they_lead_to() -> None:
    def hidden(host: str) -> str:
        return f"<p style='font-size:0'><a href='http://{host}/x'>优惠购</a></p>"

    pages = {
        f"/tzgg/t2026030{n}_{n}.html": {**(page := article(f"2026-03-0{n}")), "body": page["body"] + hidden(host)}
        for n, host in ((1, "www.gouwu-yi.com"), (2, "www.gouwu-yi.com"), (3, "www.gouwu-er.com"))
    }
    found = judged("WS-111", pages)
    assert [(one.values["host"], len(one.pages)) for one in found] == [("www.gouwu-yi.com", 2), ("www.gouwu-er.com", 1)]
    assert all("优惠购" in one.quote and one.where.layer == "source" for one in found)


def test_a_header_without_the_name_is_told_from_one_that_a_picture_makes() -> None:
    menu = "<div class='header'>{logo}<a href='/'>首页</a><a href='/tzgg/'>通知公告</a></div>"
    named, painted, bare = (menu.format(logo=logo) for logo in ("<h1>柏川市教育局</h1>", "<img src='/top.jpg'>", ""))
    pages = {}
    for path, top in (("/a/1.html", named), ("/b/1.html", painted), ("/c/1.html", bare)):
        page = article("2026-03-01", foot="")
        pages[path] = {**page, "body": top + page["body"]}
    (finding,) = judged("WS-302", pages)
    assert (finding.outcome, paths(finding)) == ("fail", ["/c/1.html"])


def test_doubtful_titles_are_read_anew_only_so_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    kept = MadeSite.document

    def counted(self: MadeSite, record: str) -> Document:
        read.append(record)
        return kept(self, record)

    monkeypatch.setattr(MadeSite, "document", counted)
    rows, pages = "", {}
    for n in range(60):
        pages[f"/tzgg/{n}.html"] = article("2026-03-01", title=f"第{n}号公告正文")
        rows += f"<li><a href='/tzgg/{n}.html'>市直属学校招聘教师拟聘用人员名单</a><span>2026-03-01</span></li>"
    judged("WS-307", {"/tzgg/": {"body": f"<h2>通知公告</h2><ul>{rows}</ul>"}, **pages})
    assert 0 < len(set(read)) <= 30
