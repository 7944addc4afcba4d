"""What the pages of a made bureau site are put together from: words, paragraphs, tables, tags, styles."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import yaml

WORDS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("bureau_site.yaml").read_text(encoding="utf-8"))
UNIT, CODE = str(WORDS["unit"]), str(WORDS["code"])
# Folder -> (name, folder -> name of its columns).
SECTIONS: dict[str, tuple[str, dict[str, str]]] = {
    folder: (section["name"], section["columns"]) for folder, section in WORDS["sections"].items()
}
PARAGRAPHS = 600

_INDENTED = "text-indent: 2em; line-height: 1.75; margin-top: 0px; margin-bottom: 0px; text-align: justify;"
_FACE = "font-family: 仿宋_GB2312, FangSong; font-size: 16pt; color: rgb(51, 51, 51);"


def paragraphs() -> list[str]:
    """A stock of paragraphs, always the same."""
    chance = random.Random(20261123)
    return [_paragraph(chance) for _ in range(PARAGRAPHS)]


def sentence(text: str) -> str:
    """A paragraph of one sentence."""
    return f'<p style="{_INDENTED}"><span style="{_FACE}">{text}</span></p>'


def written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def metadata(title: str, day: date, number: int) -> str:
    rows = [
        ("索引号", f"{CODE}/{day.year}-{number}", "主题分类", "综合政务"),
        ("发布机构", UNIT, "成文日期", written(day)),
        ("名称", title, "文号", f"云发改〔{day.year}〕{number % 900 + 1}号"),
        ("发布日期", str(day), "有效性", "有效"),
    ]
    cells = "".join(
        f'<tr><td class="name"><b>{a}：</b></td><td>{b}</td><td class="name"><b>{c}：</b></td><td>{d}</td></tr>'
        for a, b, c, d in rows
    )
    return f'<table class="xxgk-head" width="100%" cellspacing="0"><tbody>{cells}</tbody></table>'


def figures(mark: int) -> str:
    head = "".join(
        f'<td width="120"><p align="center"><b>{name}</b></p></td>' for name in ("县区", "计划", "完成", "占比")
    )
    rows = "".join(
        f'<tr><td><p align="center">{place}</p></td>'
        + "".join(f"<td><p align='center'>{(mark >> k) % 97 + 3}</p></td>" for k in (3, 7, 11))
        + "</tr>"
        for place in WORDS["places"][1:6]
    )
    return f'<table border="1" cellspacing="0" class="MsoNormalTable"><tbody><tr>{head}</tr>{rows}</tbody></table>'


def column_tags(name: str, kind: str) -> str:
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


def article_tags(title: str, day: date, mark: int) -> str:
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
    lists = [WORDS[name] for name in ("openings", "subjects", "deeds", "subjects", "deeds", "endings")]
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


HEADED = [
    f'<p style="{_INDENTED}"><strong><span style="font-family: 黑体; font-size: 16pt;">{text}</span></strong></p>'
    for text in WORDS["headings"]
]
HEAD = (
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">\n'
    '<meta http-equiv="X-UA-Compatible" content="IE=edge">\n<meta name="viewport" content="width=device-width">\n'
)
ASSETS = _assets()
