"""Refusals, challenges and content are told apart; what only writes about them is content."""

from __future__ import annotations

import time

import pytest

from crawler.crawl.answers import outcome_of

MENU = "".join(f'<li><a href="/c{number}/">栏目{number}</a></li>' for number in range(12))
FOOT = "<div>主办：示范市教育局　地址：示范市和平路一号　电话：01234567　网站标识码：0000000001</div>"


def html(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def article(title: str, text: str, head: str = "") -> str:
    return html(title, f"<ul>{MENU}</ul><h1>{title}</h1><p>{text}</p>{FOOT}<script>count()</script>", head)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "content"), (206, "content"), (301, "http-301"), (304, "http-304"), (400, "http-400"), (401, "blocked"),
        (403, "blocked"), (404, "gone"), (405, "http-405"), (410, "gone"), (412, "challenged"), (429, "throttled"),
        (451, "blocked"), (468, "challenged"), (500, "http-500"), (502, "http-502"), (503, "throttled"),
        (504, "http-504"), (521, "challenged"), (567, "http-567"),
    ],
)  # fmt: skip
def test_status_alone(status: int, outcome: str) -> None:
    assert outcome_of(status, {}, "") == outcome
    assert outcome_of(status, {}, article("工作动态", "今天召开会议。")) == outcome


JSL = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+(1+2+'');location.href=location.pathname+location.search"
    "</script>"
)
CHALLENGES = {
    "jsl first": JSL,
    "jsl second": "<script>var go=function(a){document.cookie='__jsl_clearance_s='+a};go({ct:'9'})</script>",
    "rs": html("", "", "<meta id='x' content='aB3' r='m'><script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};"
               f"$_ts.nsd=1;$_ts.cd='{'q' * 60_000}';</script><script src='/x.js' r='m'></script>"),
    "aliyun": "<html><script>var arg1='0A1B';setCookie('acw_sc__v2',f(arg1));location.reload();</script></html>",
    "huawei": "<html><body><script>var a='0011';document.cookie='HW_CHECK='+a;location.reload()</script></body></html>",
    "waiting": html("请稍候", "<p>正在进行安全检查，请稍候……</p><script>setTimeout('location.reload()',3000)</script>"),
    "browser": html("安全检测", "<div>正在检查您的浏览器，5 秒后跳转</div>", '<meta http-equiv="refresh">'),
    "english": html("Just a moment...", "<p>Checking your browser.</p><script>location.reload()</script>"),
    "slider": html("访问验证", "<p>为了保障网站安全，请拖动滑块，完成安全验证后继续访问。</p><div id='nc_1'></div>"),
    "code": html("验证码", "<form><p>请输入验证码后继续访问。</p><img src='captcha.jpg'><input></form>"),
    "upper tags": "<HTML><HEAD><TITLE>请稍候</TITLE></HEAD><BODY><SCRIPT>if(a<b)location.reload();</SCRIPT>"
                  "<P>正在检测您的浏览器</P></BODY></HTML>",
}  # fmt: skip


@pytest.mark.parametrize("name", CHALLENGES)
@pytest.mark.parametrize("status", [200, 202, 403, 412, 503, 521])
def test_challenges_with_any_status(name: str, status: int) -> None:
    assert outcome_of(status, {}, CHALLENGES[name]) == "challenged"


def test_a_challenge_that_only_the_header_names() -> None:
    assert outcome_of(403, {"CF-Mitigated": "challenge"}, "") == "challenged"


@pytest.mark.parametrize(
    "page",
    [
        html(
            "网站防火墙", "<div>您的请求带有不合法参数，已被网站管理员设置拦截！</div><p>可能原因：提交内容有危险</p>"
        ),
        html("405", "<p>很抱歉，由于您访问的地址有可能对网站造成安全威胁，您的访问被阻断。</p>"),
        html("提示", "<p>当前访问疑似黑客攻击，已被拦截。</p><a href='/'>返回首页</a>"),
        html("访问受限", "<p>您的 IP 已被临时禁止访问本站</p>"),
        html("拦截", "<img src='http://404.safedog.cn/images/head.png'><p>拦截编号 7788</p>"),
        html("403 Forbidden", "<p>Forbidden</p><!-- event_id: 0123456789abcdef TYPE: A -->"),
    ],
)
@pytest.mark.parametrize("status", [200, 403, 404, 405])
def test_pages_of_web_firewalls(page: str, status: int) -> None:
    assert outcome_of(status, {}, page) == "blocked"


@pytest.mark.parametrize(
    "page",
    [
        html("提示", "<p>您的访问过于频繁，请稍后再试。</p>"),
        html("访问过于频繁", "<h1>429</h1><p>请休息一分钟</p>"),
        '{"code": 43003, "msg": "请求过于频繁，请稍后重试"}',
        "<script>alert('x')</script>操作过于频繁",
    ],
)
@pytest.mark.parametrize("status", [200, 403, 404])
def test_pages_that_ask_to_slow_down(page: str, status: int) -> None:
    assert outcome_of(status, {}, page) == "throttled"


RS_HEAD = "<meta content='k' r='m'><script r='m'>$_ts=window['$_ts'];$_ts.cd='abc';</script>"
CONTENT = {
    "safety inspection": article("我局正在进行安全检查", "我局正在进行安全检查，重点查看消防通道和用电情况。" * 3),
    "about codes": article("谨防验证码诈骗", "不要把短信验证码告诉他人，拖动滑块、继续访问陌生网页前请核实。" * 2),
    "about traffic": article("网站维护公告", "近期有用户反映访问过于频繁时网页打不开，现已修复。"),
    "about firewalls": article("网络安全知识", "当您的访问被拦截时，页面会提示已被网站管理员设置拦截，请联系我们。"),
    "passed the check": article("工作动态", "今天召开全市教育工作会议，部署下半年工作。" * 3, RS_HEAD),
    "short article": html("正在进行安全检查", "<p>本周各校正在进行安全检查。</p><a href='/'>首页</a>"),
    "mailbox": html("局长信箱", "<form>姓名<input>内容<textarea></textarea>验证码<input name='yzm'>"
                    "<img src='captcha.jpg'><input type='submit' value='提交'></form>"),
    "empty shell": html("示范市教育局", "<div id='app'></div><script src='/app.js'></script>"),
    "frames": "<html><frameset><frame src='a.html'></frameset></html>",
    "data": '{"total": 3, "rows": [{"title": "通知"}]}',
    "nothing": "",
    "script that is not closed": "<html><script>var a = 1;" + "中文" * 300,
}  # fmt: skip


@pytest.mark.parametrize("name", CONTENT)
def test_content_stays_content(name: str) -> None:
    assert outcome_of(200, {"Content-Type": "text/html"}, CONTENT[name]) == "content"


@pytest.mark.parametrize("piece", ["<", "<a", "<!--", "<script", "<script>", "< >", "</", "x<", "<a <a ", "&"])
def test_hostile_markup_costs_little(piece: str) -> None:
    started = time.process_time()
    outcome_of(200, {}, piece * (290_000 // len(piece)))
    assert time.process_time() - started < 4


def test_pages_of_usual_size_are_quick() -> None:
    page = article("工作动态", "今天召开全市教育工作会议，部署下半年工作。" * 2000)
    started = time.process_time()
    for _ in range(100):
        outcome_of(200, {}, page)
    assert (time.process_time() - started) / 100 < 0.01
