"""The site of the kill tests: everything that leaves a trace in more than one place of a capture."""

from __future__ import annotations

from site_server import Server, page

MENU = '<div class="nav"><a href="/">首页</a> <a href="/tzgg/">通知公告</a> <a href="/zcwj/">政策文件</a></div>'
LIMITS = {
    "timeout": 5.0, "again_after": 0.0, "slow_down": 0.02, "robots_wait": 0.02, "dns_timeout": 2.0,
    "template_pages": 10, "template_reads": 6, "template_yield": 0.5, "commit_every": 0.0,
}  # fmt: skip
ARTICLES, PER_PAGE = 12, 4


def build(server: Server, *, articles: int = ARTICLES) -> None:
    """Lists by GET and by POST, attachments, copies, redirects, missing and failing pages, traps, refusals."""
    server.add("/robots.txt", "User-agent: *\nDisallow: /nb/secret\n", Content_Type="text/plain")
    odd = [
        "/copy.html", "/moved", "/loop", "/away", "/missing.html", "/broken", "/gone-softly.html", "/nb/secret.html",
        "/film.mp4", "/feed", "/ids/a.html",
    ]  # fmt: skip
    server.add("/", MENU + page("/tzgg/", ("/zcwj/", "政策文件"), ("/nb/", "年度报告"), *odd, title="示范局"))
    _lists(server, articles)
    server.add("/nb/", MENU + page(("/nb/2023.html", "2023年度报告"), ("/nb/b.txt", "附表"), title="年度报告"))
    server.add("/nb/2023.html", page(("/nb/b.txt", "附表"), title="2023年政府信息公开工作年度报告", text="全年。" * 60))
    server.add("/nb/b.txt", "附表\n第一行", Content_Type="text/plain; charset=utf-8")
    server.add("/copy.html", server.pages[_path(2)].body)
    server.go("/moved", "/there.html", 301)
    server.add("/there.html", page(title="新地址"))
    server.go("/loop", "/loop2")
    server.go("/loop2", "/loop")
    server.go("/away", "http://other.example/")
    server.add("/broken", "boom", 500)
    server.add("/gone-softly.html", page(title="页面不存在", text="您访问的页面不存在"))
    server.add("/feed", "{}", Content_Type="application/json")
    server.add("/ids/a.html", page(*[f"/ids/b.html;jsessionid={n:08}" for n in range(4)], title="会话"))
    server.add("/ids/b.html;jsessionid=00000000", page(title="会话乙"))
    for n in range(2 * articles):
        server.add(f"/many/{n}.html", page(title="同一页"))


def _path(n: int) -> str:
    return f"/tzgg/202401/t2024{n:04}.html"


def _lists(server: Server, articles: int) -> None:
    pages = range(-(-articles // PER_PAGE))
    for at in pages:
        rows = "".join(
            f'<li><a href="{_path(n)}">关于第{n}号事项的公开说明</a><span>2024-01-{n + 1:02}</span></li>'
            for n in range(at * PER_PAGE, min((at + 1) * PER_PAGE, articles))
        )
        turn = f'<a href="index_{at + 1}.html">下一页</a>' if at + 1 in pages else ""
        trail = '<div>当前位置：<a href="/">首页</a> &gt; 通知公告</div>'
        name = "/tzgg/" if at == 0 else f"/tzgg/index_{at}.html"
        server.add(name, f"<html><body>{MENU}{trail}<ul>{rows}</ul><div class='page'>{turn}</div></body></html>")
    for n in range(articles):
        more = [f"/many/{2 * n}.html", f"/many/{2 * n + 1}.html"]
        more += [f"/files/{n}.txt"] if n % 5 == 0 else []
        etag = {"ETag": f'"{n}"'} if n % 2 else {}
        server.add(_path(n), MENU + page(*more, title=f"关于第{n}号事项的公开说明", text=f"第{n}号。" * 40), **etag)
        server.add(f"/files/{n}.txt", f"附件{n}的内容", Content_Type="text/plain; charset=utf-8")
    rows = [
        f'<li><a href="/zcwj/{n}.html">关于印发第{n}号办法的通知</a><span>2023-05-0{n}</span></li>' for n in range(1, 7)
    ]
    for n in range(1, 7):
        server.add(f"/zcwj/{n}.html", MENU + page(title=f"关于印发第{n}号办法的通知", text=f"办法第{n}号。" * 40))
    call = (
        "<script>$(function(){$('#x').jpage({totalRecord:6,perPage:2,groupSize:1,proxyUrl:'/proxy.jsp',"
        "ajaxParam:{col:1,webid:1}});});</script>"
    )
    store = f"<script type='text/xml'><datastore><recordset>{_records(rows[:2])}</recordset></datastore></script>"
    head, body = "<head><title>政策文件</title></head>", f"<body>{MENU}<div id='x'>{store}{call}</div></body>"
    server.add("/zcwj/", f"<html>{head}{body}</html>")

    def reply(query: str, form: str) -> str:
        asked = dict(pair.split("=") for pair in query.split("&"))
        found = rows[int(asked["startrecord"]) - 1 : int(asked["endrecord"])]
        return f"<datastore><totalrecord>6</totalrecord><recordset>{_records(found)}</recordset></datastore>"

    server.reply("/proxy.jsp", reply, Content_Type="text/xml")


def _records(rows: list[str]) -> str:
    return "".join(f"<record><![CDATA[{row}]]></record>" for row in rows)
