"""A bureau site of any size, the same on every machine: home page, 25 columns with list pages, articles.

No page lies on disk: each is put together from its number and from parts that are built once (chrome, paragraphs,
titles), so that serving costs a tenth of what reading costs. The text is composed from the word lists below.
The figures of a page follow bureau pages: 30 to 60 KB, about 3,600 CJK characters on an article, 50 to 100 links.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

PER_LIST = 20
NEWEST = date(2026, 11, 20).toordinal()
DAYS = 1500  # age of the oldest article
PARAGRAPHS = 600
FIRST_NUMBER = 1_000_000
COLUMN_ROOM = 10_000  # numbers kept for the articles of one column

UNIT = "云泽市发展和改革局"
CODE = "9901020003"
# One list a line: its name, then its words. Columns are written folder=name, the section first.
_LISTS = """
jggk=机构概况 bmzn=部门职能 ldxx=领导信息 nsjg=内设机构 xsdw=下属单位 lxfs=联系方式
xxgk=政务公开 tzgg=通知公告 zcwj=政策文件 zcjd=政策解读 gknb=公开年报 ysqgk=依申请公开
zwdt=政务动态 gzdt=工作动态 qxdt=县区动态 ztbd=专题报道 rsxx=人事信息 zdjs=重大建设
bsfw=办事服务 xzxk=行政许可 jgxx=价格信息 xmsp=项目审批 nyjn=能源节能 xzzx=下载中心
hdjl=互动交流 zxft=在线访谈 myzj=民意征集 wtjd=问题解答 hygq=回应关切 dcwj=调查问卷
plain about=网站声明 contact=联系我们 map=站点地图 help=使用帮助
friends 云泽市人民政府 云泽市财政局 云泽市统计局 云泽市水利局 云泽市教育局 云泽市公共资源交易中心
places 全市 青岚县 临溪县 北桥区 石渡区 南浦县 松原镇 河湾镇 东柳街道 白鹭湖片区 高新园区 沿江六镇
actions 做好 推进 规范 下达 调整 公布 加快 开展 组织申报 加强 核定 印发 征集 落实 完善 支持 评估 验收 督办 试行 优化
actions 启动 复核
matters 老旧管网改造 居民用气价格 农村公路养护 春季电力保供 重点项目调度 粮食收储 节能审查 社区养老设施 充电桩建设
matters 水厂扩建工程 学校食堂改造 污水处理收费 物流园区规划 公共停车位建设 冬季供热准备 小微企业用电优惠 仓储设施验收
matters 医院门诊楼建设 河道清淤工程 信用信息归集 招标投标秩序 价格监测点布设 易地搬迁后续扶持 绿色工厂培育
kinds 通知 公告 公示 情况通报 实施方案 工作简报 办理答复 意见
headings 总体要求 工作目标 主要任务 进度安排 资金来源 责任分工 保障措施 监督检查
openings 根据年度工作安排 按照市政府常务会议的要求 为方便群众和企业办事 经现场核查并征求有关方面意见
openings 结合上半年的执行情况 在前期摸底的基础上 针对居民集中反映的问题 依照项目管理办法的规定
subjects 各县区发展改革部门 市局相关科室 项目建设单位 供水供气企业 街道和社区工作人员 参加评审的专家 牵头科室和配合单位
subjects 价格监测人员 第三方评估机构 承担任务的乡镇
deeds 应当在每月五日以前报送上月进度 要逐项核对工程量和资金拨付情况 对发现的十二处隐患建立台账并限期整改
deeds 已经完成管线铺设二十六公里 把办理时限由十五个工作日压缩到七个工作日 走访了四百三十户居民和五十八家企业
deeds 对照清单检查了设备运行和人员值守 共收到意见建议九十七条并全部作了回复 按季度公布收费项目和收费标准
deeds 统一了申报材料的格式和目录 安排专人负责咨询电话和窗口接待 将检查结果记入信用档案
endings 确保任务按期完成。 逾期没有说明原因的予以通报。 有关情况将继续向社会公开。 结果与下一年度的资金安排挂钩。
endings 具体事项由投资科负责解释。 群众可以拨打服务电话查询。 目前各项工作进展平稳。 存在的困难正在协调解决。
"""


def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _LISTS.split("\n"):
        name, _, rest = line.partition(" ")
        found.setdefault(name, []).extend(rest.split())
    return found


def _pairs(words: list[str]) -> dict[str, str]:
    return dict(word.split("=") for word in words)


_WORDS = _words()
SECTIONS = {
    folder: (name, _pairs(columns))
    for head, columns in _WORDS.items()
    if "=" in head
    for folder, name in (head.split("="),)
}
PLAIN = _pairs(_WORDS["plain"])
PLACES, ACTIONS, MATTERS, KINDS = (_WORDS[name] for name in ("places", "actions", "matters", "kinds"))

_ARTICLE = re.compile(r"/[a-z]+/[a-z]+/\d{6}/t\d{8}_(\d{7})\.html")
_LIST = re.compile(r"/[a-z]+/([a-z]+)/index(?:_(\d{1,4}))?\.html")
_INDENTED = "text-indent: 2em; line-height: 1.75; margin-top: 0px; margin-bottom: 0px; text-align: justify;"
_FACE = "font-family: 仿宋_GB2312, FangSong; font-size: 16pt; color: rgb(51, 51, 51);"


class Spot(NamedTuple):
    """Which page of the site: column and number within it (article, newest first; list page, first is 0)."""

    kind: Literal["home", "list", "article", "plain"]
    column: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``script`` where its pager is a call of ``createPageHTML`` and not a row of links."""

    number: int
    folder: str
    name: str
    section: str
    articles: int
    script: bool

    @property
    def lists(self) -> int:
        return -(-self.articles // PER_LIST)

    def list_name(self, page: int) -> str:
        """File name of a list page: the script counts from 0, the links count from 1."""
        return "index.html" if page == 0 else f"index_{page if self.script else page + 1}.html"


class Bureau:
    """A site of exactly ``pages`` pages (80 at least), every one of them linked from another."""

    def __init__(self, pages: int) -> None:
        self.columns, self.plain = _share_out(pages)
        self._by_folder = {column.folder.rpartition("/")[2]: column for column in self.columns}
        self._tails = [[_tail(column, j) for j in range(column.articles)] for column in self.columns]

    def __len__(self) -> int:
        return 1 + len(self.plain) + sum(column.lists + column.articles for column in self.columns)

    def paths(self) -> Iterator[str]:
        """The path of every page."""
        yield "/"
        yield from (f"/{name}.html" for name in self.plain)
        for column in self.columns:
            yield from (f"{column.folder}/{column.list_name(page)}" for page in range(column.lists))
            yield from (f"{column.folder}/{_file(column, j)}" for j in range(column.articles))

    def find(self, path: str) -> Spot | None:
        """The page at a path, None where there is none."""
        if path == "/":
            return Spot("home")
        if found := _ARTICLE.fullmatch(path):
            column, j = divmod(int(found[1]) - FIRST_NUMBER, COLUMN_ROOM)
            known = 0 <= column < len(self.columns) and j < self.columns[column].articles
            return Spot("article", column, j) if known and path.endswith(_file(self.columns[column], j)) else None
        if found := _LIST.fullmatch(path):
            listed = self._by_folder.get(found[1])
            page = int(found[2] or 0) - (0 if not found[2] or (listed and listed.script) else 1)
            return Spot("list", listed.number, page) if listed and 0 <= page < listed.lists else None
        name = path.removeprefix("/").removesuffix(".html")
        return Spot("plain", 0, self.plain.index(name)) if name in self.plain else None

    def changed_on(self, spot: Spot) -> date:
        """The day on which a page last changed."""
        day = _day(self.columns[spot.column], spot.number) if spot.kind == "article" else NEWEST
        return date.fromordinal(day)

    def render(self, spot: Spot) -> bytes:
        """The page itself, UTF-8."""
        if spot.kind == "article":
            return self._article(self.columns[spot.column], spot.number)
        if spot.kind == "list":
            return self._list(self.columns[spot.column], spot.number)
        return self._home() if spot.kind == "home" else self._plain(self.plain[spot.number])

    def _home(self) -> bytes:
        boxes = []
        for column in self.columns[5:13]:
            rows = self._rows(column, range(min(6, column.articles)), f"{column.folder}/")
            more = f'<h2><span class="name">{column.name}</span></h2>'
            boxes.append(f'<div class="box col-{column.number % 2}">{more}<ul class="list">{rows}</ul></div>')
        intro = "".join(self._paragraphs(3, 9))
        body = f'<div class="home clearfix"><div class="notice">{intro}</div>{"".join(boxes)}</div>'
        return self._page(UNIT, _column_tags("首页", "首页"), body)

    def _plain(self, name: str) -> bytes:
        title = PLAIN[name]
        links = "".join(f'<li><a href="{column.folder}/index.html">{column.name}</a></li>' for column in self.columns)
        text = "".join(self._paragraphs(len(title) + self.plain.index(name), 14))
        body = f'<div class="single"><h1>{title}</h1>{text}<ul class="map clearfix">{links}</ul></div>'
        return self._page(f"{title}_{UNIT}", "", body)

    def _list(self, column: Column, page: int) -> bytes:
        shown = range(page * PER_LIST, min((page + 1) * PER_LIST, column.articles))
        rows = self._rows(column, shown, "./")
        right = (
            f'<div class="right"><div class="tit"><h2>{column.name}</h2></div><div class="intro">'
            f"{''.join(self._paragraphs(column.number * 500 + page, 6))}</div>"
            f'<ul class="list list-main">{rows}</ul>{_pager(column, page)}</div>'
        )
        body = f'<div class="wrap clearfix">{self._side(column)}{right}</div>{self._newest}'
        return self._page(f"{column.name}_{UNIT}", _column_tags(column.name, column.name), _crumbs(column) + body)

    def _article(self, column: Column, j: int) -> bytes:
        title, day, number = _title(column, j), date.fromordinal(_day(column, j)), _number(column, j)
        mark = number * 2_654_435_761 % 2**32
        text = self._paragraphs(mark, 6 + mark % 8 + mark // 8 % 8)
        first = f"现将{title}有关事项说明如下，编号{number}，自{_written(day)}起执行。"
        text.insert(0, f'<p style="{_INDENTED}"><span style="{_FACE}">{first}</span></p>')
        if mark % 7 == 0:
            text.insert(len(text) // 2, _figures(mark))
        block = _metadata(title, day, number) if column.section == "xxgk" else ""
        body = (
            f'<div class="wrap clearfix"><div class="content">{block}<div class="title"><h1>{title}</h1></div>'
            f'<div class="info"><span>发布时间：{day} {8 + mark % 10:02d}:{mark % 60:02d}</span>'
            f"<span>来源：{UNIT}</span><span>浏览次数：<i id='hits'>0</i></span>"
            f'<span class="zoom">字体：[<a href="javascript:doZoom(18)">大</a>'
            f'<a href="javascript:doZoom(14)">小</a>]</span></div>'
            f'<div class="article" id="UCAP-CONTENT"><div class="view TRS_UEDITOR">{"".join(text)}</div></div>'
            f'<div class="sign"><p>{UNIT}</p><p>{_written(day)}</p></div>{self._around(column, j, mark)}</div></div>'
        )
        tags = _column_tags(column.name, column.name) + _article_tags(title, day, mark)
        newest = self._newest if mark % 5 else ""
        return self._page(f"{title}_{column.name}_{UNIT}", tags, f"{_crumbs(column)}{body}{newest}")

    def _around(self, column: Column, j: int, mark: int) -> str:
        """Neighbours in the list, and related articles of the column."""
        sides = [("上一篇", j - 1), ("下一篇", j + 1)]
        tails = self._tails[column.number]
        near = "".join(
            f'<p><em>{label}：</em><a href="../{tails[k].partition("<span")[0]}</p>'
            for label, k in sides
            if 0 <= k < column.articles
        )
        step = 1 + mark % 7
        related = dict.fromkeys((j + step * k) % column.articles for k in range(1, 11 + mark // 16 % 16))
        rows = self._rows(column, related, "../")
        tools = (
            '<div class="tools"><a href="javascript:window.print()">打印</a>'
            '<a href="javascript:window.close()">关闭</a></div>'
        )
        return f'{tools}<div class="near">{near}</div><div class="related"><h3>相关文章</h3><ul>{rows}</ul></div>'

    def _rows(self, column: Column, numbers: Iterable[int], prefix: str) -> str:
        tails = self._tails[column.number]
        return "".join(f'<li><i class="dot"></i><a href="{prefix}{tails[j]}</li>' for j in numbers)

    def _paragraphs(self, mark: int, count: int) -> list[str]:
        """``count`` paragraphs out of the stock, a heading before every fourth."""
        stock, found = self._stock, []
        for k in range(count):
            if k % 4 == 0:
                found.append(_HEADED[(mark + k) % len(_HEADED)])
            mark = (mark * 1_103_515_245 + 12_345) % 2**31
            found.append(stock[(mark >> 8) % PARAGRAPHS])
        return found

    def _page(self, title: str, tags: str, body: str) -> bytes:
        return "".join((_HEAD, tags, f"<title>{title}</title>", _ASSETS, self._header, body, self._footer)).encode()

    def _side(self, column: Column) -> str:
        name, columns = SECTIONS[column.section]
        items = "".join(
            f'<li class="item"><a href="/{column.section}/{folder}/index.html" title="{label}">{label}</a></li>'
            for folder, label in columns.items()
        )
        return f'<div class="left"><div class="menu-title"><h3>{name}</h3></div><ul class="menu">{items}</ul></div>'

    @cached_property
    def _newest(self) -> str:
        rows = "".join(self._rows(column, range(1), f"{column.folder}/") for column in self.columns[5:25:2])
        return f'<div class="newest"><div class="tit"><h3>最新发布</h3></div><ul>{rows}</ul></div>'

    @cached_property
    def _header(self) -> str:
        menus = []
        for section, (name, columns) in SECTIONS.items():
            items = "".join(
                f'<dd><a href="/{section}/{folder}/index.html" target="_self">{label}</a></dd>'
                for folder, label in columns.items()
            )
            first = next(iter(columns))
            menus.append(
                f'<li class="nav-item"><a href="/{section}/{first}/index.html">{name}</a><dl>{items}</dl></li>'
            )
        return (
            '<body class="page"><div class="top"><div class="w1200"><span id="day"></span>'
            '<a href="javascript:void(0)" onclick="wza()">无障碍浏览</a>'
            '<a href="javascript:void(0)">长者模式</a></div></div>'
            f'<div class="header"><div class="w1200"><a href="/" class="logo"><img src="/images/logo.png" alt="{UNIT}">'
            f'</a><h1 class="site">{UNIT}</h1><form action="/search" method="get"><input type="text" name="word">'
            '<input type="submit" value="搜索"></form></div></div><div class="nav"><ul class="w1200">'
            f'<li class="nav-item"><a href="/">首页</a></li>{"".join(menus)}</ul></div><div class="main w1200">'
        )

    @cached_property
    def _footer(self) -> str:
        friends = "".join(
            f'<a href="http://w{k}.yunze.example/" target="_blank">{name}</a>'
            for k, name in enumerate(_WORDS["friends"])
        )
        plain = "".join(f'<a href="/{name}.html">{PLAIN[name]}</a>|' for name in self.plain)
        return (
            f'</div><div class="links"><div class="w1200"><h4>友情链接</h4>{friends}</div></div>'
            f'<div class="footer"><div class="w1200"><p class="nav-foot">{plain}</p><div class="info">'
            f"<p>主办单位：{UNIT}　联系电话：0999-8000001</p><p>地址：云泽市滨河路十二号　邮政编码：999001</p>"
            f"<p>网站标识码：{CODE}　"
            '<a href="http://icp.example/">云ICP备00000001号-1</a>　'
            '<a href="http://police.example/">云公网安备99010200000001号</a></p></div><div class="marks">'
            '<a href="http://mark.example/"><img src="/images/red.png" alt="党政机关"></a>'
            f'<a href="http://error.example/?site={CODE}"><img src="/images/jiucuo.png" alt="我为政府网站找错"></a>'
            "</div></div></div></body></html>"
        )

    @cached_property
    def _stock(self) -> list[str]:
        chance = random.Random(20261123)
        return [_paragraph(chance) for _ in range(PARAGRAPHS)]


def _share_out(pages: int) -> tuple[list[Column], list[str]]:
    """Columns of nearly one size, and 3 or 4 plain pages, so that the whole makes ``pages``."""
    names = [(s, f, name) for s, (_, columns) in SECTIONS.items() for f, name in columns.items()]
    plain = list(PLAIN)[:3]
    room = pages - 1 - len(plain)
    articles = room * PER_LIST // (PER_LIST + 1) + len(names)
    while True:
        sizes = [articles // len(names) + (k < articles % len(names)) for k in range(len(names))]
        left = room - sum(size + -(-size // PER_LIST) for size in sizes)
        if left >= 0:
            break
        articles -= 1
    if left > 1 or min(sizes) < 2 or max(sizes) > COLUMN_ROOM:
        raise ValueError(f"no site of {pages} pages can be made")
    columns = [
        Column(k, f"/{section}/{folder}", name, section, sizes[k], k % 2 == 0)
        for k, (section, folder, name) in enumerate(names)
    ]
    return columns, plain + list(PLAIN)[3 : 3 + left]


def _number(column: Column, j: int) -> int:
    return FIRST_NUMBER + column.number * COLUMN_ROOM + j


def _day(column: Column, j: int) -> int:
    return NEWEST - column.number % 9 - j * DAYS // column.articles


def _file(column: Column, j: int) -> str:
    day = date.fromordinal(_day(column, j))
    return f"{day:%Y%m}/t{day:%Y%m%d}_{_number(column, j)}.html"


def _title(column: Column, j: int) -> str:
    """No two articles share a title: the product of the lists is larger than any site, the step coprime to it."""
    mark = (column.number + j * 25) * 40_503 % (len(PLACES) * len(ACTIONS) * len(MATTERS) * len(KINDS))
    mark, kind = divmod(mark, len(KINDS))
    mark, matter = divmod(mark, len(MATTERS))
    place, action = divmod(mark, len(ACTIONS))
    return f"关于{ACTIONS[action]}{PLACES[place]}{MATTERS[matter]}工作的{KINDS[kind]}"


def _tail(column: Column, j: int) -> str:
    """The rest of a list row after the folder: file name, whole title, shown title (cut where long), date."""
    title = _title(column, j)
    shown = title if len(title) <= 20 else f"{title[:19]}…"
    day = date.fromordinal(_day(column, j))
    return f'{_file(column, j)}" title="{title}" target="_blank">{shown}</a><span class="date">{day}</span>'


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _crumbs(column: Column) -> str:
    section = SECTIONS[column.section][0]
    return (
        '<div class="position"><span>当前位置：</span><a href="/">首页</a><em>&gt;</em>'
        f'<span>{section}</span><em>&gt;</em><a href="{column.folder}/index.html">{column.name}</a></div>'
    )


def _pager(column: Column, page: int) -> str:
    if column.script:
        call = f'createPageHTML({column.lists}, {page}, "index", "html");'
        return f'<div class="page-list"><script type="text/javascript">{call}</script></div>'
    near = range(max(0, page - 2), min(column.lists, page + 3))
    numbers = "".join(
        f'<span class="now">{k + 1}</span>' if k == page else f'<a href="{column.list_name(k)}">{k + 1}</a>'
        for k in near
    )
    steps = [("首页", 0), ("上一页", page - 1), ("下一页", page + 1), ("尾页", column.lists - 1)]
    ends = [
        f'<a href="{column.list_name(k)}">{label}</a>'
        if 0 <= k < column.lists and k != page
        else f"<span>{label}</span>"
        for label, k in steps
    ]
    return f'<div class="page-list">{ends[0]}{ends[1]}{numbers}{ends[2]}{ends[3]}<em>共{column.lists}页</em></div>'


def _metadata(title: str, day: date, number: int) -> str:
    rows = [
        ("索引号", f"{CODE}/{day.year}-{number}", "主题分类", "综合政务"),
        ("发布机构", UNIT, "成文日期", _written(day)),
        ("名称", title, "文号", f"云发改〔{day.year}〕{number % 900 + 1}号"),
        ("发布日期", str(day), "有效性", "有效"),
    ]
    cells = "".join(
        f'<tr><td class="name"><b>{a}：</b></td><td>{b}</td><td class="name"><b>{c}：</b></td><td>{d}</td></tr>'
        for a, b, c, d in rows
    )
    return f'<table class="xxgk-head" width="100%" cellspacing="0"><tbody>{cells}</tbody></table>'


def _figures(mark: int) -> str:
    head = "".join(
        f'<td width="120"><p align="center"><b>{name}</b></p></td>' for name in ("县区", "计划", "完成", "占比")
    )
    rows = "".join(
        f'<tr><td><p align="center">{place}</p></td>'
        + "".join(f"<td><p align='center'>{(mark >> k) % 97 + 3}</p></td>" for k in (3, 7, 11))
        + "</tr>"
        for place in PLACES[1:6]
    )
    return f'<table border="1" cellspacing="0" class="MsoNormalTable"><tbody><tr>{head}</tr>{rows}</tbody></table>'


def _column_tags(name: str, kind: str) -> str:
    values = {
        "SiteName": UNIT,
        "SiteDomain": "fgj.yunze.example",
        "SiteIDCode": CODE,
        "ColumnName": name,
        "ColumnDescription": f"{UNIT}{name}栏目",
        "ColumnKeywords": f"{name},发展改革",
        "ColumnType": kind,
    }
    return _tags(values)


def _article_tags(title: str, day: date, mark: int) -> str:
    values = {
        "ArticleTitle": title,
        "PubDate": f"{day} {8 + mark % 10:02d}:{mark % 60:02d}",
        "ContentSource": UNIT,
        "Keywords": "发展改革,项目,公开",
        "Description": f"{title}，{UNIT}发布。",
    }
    return _tags(values)


def _tags(values: dict[str, str]) -> str:
    return "".join(f'<meta name="{name}" content="{value}">\n' for name, value in values.items())


def _paragraph(chance: random.Random) -> str:
    """Two to four sentences as an editor pastes them from a word processor."""
    lists = [_WORDS[name] for name in ("openings", "subjects", "deeds", "subjects", "deeds", "endings")]
    sentences = ["，".join(map(chance.choice, lists)) for _ in range(chance.randint(2, 4))]
    spans = "".join(f'<span style="{_FACE}">{text}</span>' for text in sentences)
    return f'<p style="{_INDENTED}">{spans}</p>'


def _assets() -> str:
    """Styles and scripts as they stand in such pages."""
    styles = "".join(
        f".box-{k} .tit h2 a {{ float: left; width: {80 + k}px; height: {24 + k % 9}px; color: #{k * 4099:06x}; }}\n"
        for k in range(90)
    )
    scripts = "".join(
        f"function menu{k}() {{ var box = document.getElementById('menu{k}'); if (box) {{ "
        f"box.onmouseover = function () {{ box.className = 'on{k}'; }}; }} }}\n"
        for k in range(55)
    )
    return (
        '<link rel="stylesheet" type="text/css" href="/css/style.css"><style type="text/css">\n'
        f'{styles}</style><script type="text/javascript" src="/js/jquery.js"></script>'
        f'<script type="text/javascript">\n{scripts}</script></head>\n'
    )


_HEADED = [
    f'<p style="{_INDENTED}"><strong><span style="font-family: 黑体; font-size: 16pt;">{text}</span></strong></p>'
    for text in _WORDS["headings"]
]
_HEAD = (
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">\n'
    '<meta http-equiv="X-UA-Compatible" content="IE=edge">\n<meta name="viewport" content="width=device-width">\n'
)
_ASSETS = _assets()
