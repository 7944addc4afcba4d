"""``duwang review``: a person decides about findings; what is decided is recorded and never overwritten."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from duwang import settings
from duwang.chinese import Group, one_of
from duwang.failures import tell
from scoring.inspection import DECISIONS, DecisionKind

if TYPE_CHECKING:
    from duwang.loop.desk import Desk, Item, Wish

_PLACE = click.argument("place", type=Path, metavar="检查结果或文件夹")
_BY = click.option(
    "--by", envvar="DUWANG_REVIEWER", default="", metavar="姓名", help="认定人；也可用环境变量 DUWANG_REVIEWER 设定。"
)


@click.group(
    cls=Group,
    short_help="人工认定检查发现的问题",
    help="""人工认定检查发现的问题：确认属实、不予认定（写明理由）、暂缓整改（写明理由和期限）；记录被检查单位报来的整改情况，复查已报整改的问题。

认定逐条记入检查结果旁边的 decisions.jsonl，写明由谁、何时作出，只增加，不改写；后来的认定代替先前的。

认定跟随问题，以后各次检查照样有效，得分和报告随之变动。""",
)
def review() -> None:
    pass


@review.command("list", short_help="列出问题和认定", help="列出问题、性质、历次情况和认定。")
@_PLACE
@click.option("--open", "undecided", is_flag=True, help="只列还没有认定的。")
def listed(place: Path, undecided: bool) -> int:
    from duwang.loop.desk import Desk
    from reports import history, labels
    from reports.view import visible

    desk = Desk.of(place)
    items = [item for item in desk.items() if not undecided or history.is_open(item.finding)]
    for item in items:
        finding = item.finding
        head = (
            f"{item.held.key}/{finding.id}　{labels.SEVERITY[finding.severity]}　{labels.OUTCOME[finding.counted_as]}"
        )
        click.echo(visible(f"{head}　{history.state(finding)}　{finding.title}"))
        click.echo(visible(f"　{finding.message}"))
        if said := history.decision(finding):
            click.echo(visible(f"　认定：{said}"))
    decided = sum(not history.is_open(item.finding) for item in items)
    click.echo(f"共 {len(items)} 条，已认定 {decided} 条。")
    return 0


@review.command(
    "show",
    short_help="查看一条问题和它的全部认定",
    help="查看一条问题的内容和先后作出的全部认定。\n\n例：duwang review show 三月 lanxi-jyj/WS-110-1",
)
@_PLACE
@click.argument("name", metavar="编号或指纹")
def show(place: Path, name: str) -> int:
    from duwang.loop.desk import Desk
    from duwang.loop.desk import history as decisions
    from reports import labels
    from reports.view import cite, visible

    item = Desk.of(place).find(name)
    finding = item.finding
    facts = {
        "编号": f"{item.held.key}/{finding.id}",
        "指纹": finding.identity,
        "单位": item.held.inspection.subject.name,
        "规则": f"{finding.rule} {finding.title}",
        "性质": f"{labels.SEVERITY[finding.severity]}，{labels.OUTCOME[finding.counted_as]}",
        "问题": finding.message,
        "位置": finding.where.url or finding.where.file or "",
        "原文": finding.quote,
        "依据": "；".join(map(cite, finding.cites)),
        "首次发现": finding.first_seen or "",
    }
    for label, text in facts.items():
        click.echo(visible(f"{label}：{' '.join(text.split())}"))
    for one in decisions(item.held, finding):
        told = [labels.DECISION[one.kind], f"至 {one.until}" if one.until else "", one.reason, one.link]
        click.echo(visible(f"{one.at[:16].replace('T', ' ')}　{one.by}：{'；'.join(part for part in told if part)}"))
    return 0


@review.command(
    "decide",
    short_help="认定一条或几条问题",
    help="""认定一条或几条问题。--as 可用：

confirmed 确认属实：待核对的从此计为问题。

dismissed 不予认定：不计，须写理由。

waived 暂缓整改：到期日以前（含当日）不计，须写理由和期限。

mended 已报整改：须写整改链接；复查以前照常计入。

mending 报整改中、unable 报无法整改、disputed 报情况不属实：记下单位的说法，照常计入；是否属实由检查员另作认定。

withdrawn 撤销认定。

例：duwang review decide 三月 lanxi-jyj/WS-110-1 --as dismissed --reason 引用原文 --by 张三""",
)
@_PLACE
@click.argument("names", nargs=-1, required=True, metavar="编号或指纹…")
@click.option("--as", "kind", type=one_of(DECISIONS), metavar="|".join(DECISIONS), default=None, help="认定。")
@click.option("--reason", default="", metavar="文字", help="理由。")
@click.option("--until", default="", metavar="日期", help="暂缓到哪一天（含当日）。")
@click.option("--link", default="", metavar="网址", help="整改后的网页。")
@_BY
@settings.store("同时记入这个台账库。")
def decide(
    place: Path, names: tuple[str, ...], kind: str | None, reason: str, until: str, link: str, by: str, store: str
) -> int:
    from crawler.errors import UnusableInput
    from duwang.loop.desk import Desk, Wish

    if kind is None:
        raise UnusableInput(f"没有写明怎样认定；请用 --as 写明，可用的有：{'、'.join(DECISIONS)}。")
    wish = Wish(cast(DecisionKind, kind), by.strip(), settings.moment(), reason.strip(), until.strip(), link.strip())
    fault = wish.fault()
    if fault:
        told = "（--by）" if not wish.by else ""
        raise UnusableInput(f"{fault}{told}；请补全后重试。")
    desk = Desk.of(place)
    _apply(desk, [(desk.find(name), wish) for name in dict.fromkeys(names)], store)
    return 0


@review.command(
    "form",
    short_help="写出认定表",
    help="""写出全部问题的认定表（CSV，可用 Excel 打开）。

填好“认定”“理由”“期限”“整改链接”各列，再用 duwang review import 导入。

例：duwang review form 三月 -o 认定.csv""",
)
@_PLACE
@settings.output("写到这里：.csv 文件。")
def form(place: Path, out: Path | None) -> int:
    from crawler.errors import UnusableInput
    from duwang.loop.desk import Desk
    from duwang.loop.review_file import form as draw
    from reports.files import write_whole

    if out is None:
        raise click.UsageError("请用 -o 写明输出文件。")
    if out.suffix.lower() != ".csv":
        raise UnusableInput(f"{out}：认定表是 CSV 文件；请用 .csv 结尾的文件名。")
    write_whole(out, draw(Desk.of(place)).encode("utf-8", "backslashreplace"))
    click.echo(f"已写出 {out}。")
    return 0


_JUDGED = settings.judged_on()
_CONTACT = click.option("--contact", default="", metavar="网址或邮箱", help="复查时写入访问标识的联系方式。")


@review.command(
    "import",
    short_help="导入填好的问题台账或认定表",
    help="""导入填好的问题台账（XLSX 或 CSV），或者认定表（CSV、XLSX 或 YAML）。

台账按隐藏的“指纹”列与问题对应，行的次序、筛选和增减没有影响。“已整改”记为已报整改，等待复查；“情况不属实”留待检查员认定，认定以前照常计入；“整改中”“无法整改”记入下次的台账。不能使用的行逐行列出，其余照样导入；已经导入过的不重复记录。

加上 --recheck，随即重新读取已报整改的网页并复查；不加的，下次检查时复查。

认定表没有填“认定”的行略过；有一行不能用，就一行也不导入。

退出状态：0 全部导入；1 复查发现问题仍存在；2 有的行或者文件不能使用。

例：duwang review import 三月 问题台账.xlsx --by 张三 --recheck""",
)
@_PLACE
@click.argument("given", type=Path, metavar="台账或认定表")
@click.option("--recheck", "again", is_flag=True, help="导入后复查已报整改的问题，须访问网站。")
@_CONTACT
@_BY
@_JUDGED
@settings.store("同时记入这个台账库。")
def take(place: Path, given: Path, again: bool, contact: str, by: str, judged_on: date | None, store: str) -> int:
    from duwang.loop import replies
    from duwang.loop.desk import Desk
    from duwang.loop.ledger_file import ledgers_of
    from duwang.loop.review_file import wishes

    desk = Desk.of(place)
    sheets = ledgers_of(given)
    if sheets:
        status = replies.take(desk, given, sheets, by.strip(), store)
    else:
        status = 0
        found = wishes(desk, given, by.strip(), settings.moment())
        if found:
            _apply(desk, found, store)
        else:
            click.echo("没有新的认定。")
    if again:
        found_again = replies.look_again(desk, settings.judging_day(judged_on), contact, store)
        status = max(status, found_again)
    return status


@review.command(
    "recheck",
    short_help="复查已报整改的问题",
    help="""重新读取已报整改的问题所在的网页（写明整改链接的，连同链接的网页），另行存档，按同样的规则判定。

结果有三种：已整改属实，仍存在，无法复查（写明原因）。要看整个网站才能判定的规则，留待下次检查。已经复查过的不再复查。

退出状态：0 没有仍存在的问题；1 有；2 输入不能使用。

例：duwang review recheck 三月""",
)
@_PLACE
@_CONTACT
@_JUDGED
@settings.store("同时记入这个台账库。")
def recheck(place: Path, contact: str, judged_on: date | None, store: str) -> int:
    from duwang.loop import replies
    from duwang.loop.desk import Desk

    return replies.look_again(Desk.of(place), settings.judging_day(judged_on), contact, store)


def _apply(desk: Desk, pairs: list[tuple[Item, Wish]], store: str) -> None:
    """Decide, write, and say what came of it."""
    from reports import labels
    from reports.view import number, visible

    before = _scores(desk)
    written = desk.decide(pairs)
    if store:
        from duwang.store import take_in

        take_in(store, [held.path for held in desk.held])
    for item, wish in pairs:
        told = f"{item.held.key}/{item.finding.id} {item.finding.title}：{labels.DECISION[wish.kind]}。"
        click.echo(visible(told))
        if wish.kind == "confirmed" and not item.finding.verified:
            tell(f"{item.finding.id}：本条规则所依据的事实尚未与原文核对，确认后仍不计分。")
    after = _scores(desk)
    for name, score in after.items():
        if before[name] != score:
            click.echo(visible(f"得分　{'　'.join(name)}：{number(before[name])} → {number(score)}"))
    for path in written:
        click.echo(f"已写入 {path}")


def _scores(desk: Desk) -> dict[tuple[str, str], float]:
    return {
        (held.inspection.subject.name, card.title): card.score
        for held in desk.held
        for card in held.inspection.scorecards
    }
