"""The text of a made report: plain sentences of our own, figures taken from its tables."""

from __future__ import annotations

import random

TOWNS = (
    *("云溪", "青石", "临泽", "望川", "石桥", "南浦", "白沙"),
    *("安宁", "长风", "金桥", "龙门", "西岭", "马头", "鱼台"),
)
BUREAUS = (
    *("教育局", "民政局", "水利局", "财政局", "司法局", "卫生健康委员会"),
    *("市场监督管理局", "自然资源局", "人民政府", "文化和旅游局"),
)
_OPEN = (
    "围绕群众最常打听的事项调整了栏目，把办事条件、所需材料和办理时限写在同一个页面上。",
    "重点公开年度预算、部门决算和项目进展，每一笔专项资金都附上使用说明。",
    "会同各科室逐条核对网站旧内容，更正过期的联系电话和办公地址。",
    "对涉及面较广的文件，同步配上图表和问答，方便基层干部和群众使用。",
)
_MANAGE = (
    "所有拟发文件在起草时就注明公开方式，由办公室会同法规科审核后编号归档。",
    "建立了文件台账，按季度核对现行文件清单，废止的文件在网页上标明失效日期。",
    "对历年形成的信息分年登记，补录目录中缺少的索引号和生成日期。",
)
_PLATFORM = (
    "网站检索功能改为全文检索，手机端页面同步上线，全年运行平稳。",
    "在办事大厅设立查阅点，配备电脑、打印机和一名引导员，为老年人提供代查服务。",
    "公众号开设“一问一答”栏目，回复留言平均用时不到两天。",
)
_WATCH = (
    "办公室配备专职人员一名，年内组织两次业务培训，各科室信息员全部参加。",
    "邀请服务对象代表对公开工作提出意见，收到的意见逐条答复并公布处理情况。",
)
_PROBLEM = (
    (
        "一是个别科室报送信息不够及时，二是解读材料形式偏少。",
        "一是把报送时限列入科室月度提示，逾期的由办公室当面催办；二是请业务骨干录制短视频，说明办理中的常见疑问。",
    ),
    (
        "一是依申请公开的答复文书繁简不一，二是目录中部分条目名称过长。",
        "一是编印答复文书范本，常见情形一律套用；二是按统一写法改写条目名称，并请各科室核对。",
    ),
)


def preamble(unit: str, year: int, report_format: str) -> str:
    """The paragraph that names the legal basis, the format and the statistics period."""
    number = "国办公开办函〔2021〕30号" if report_format == "F2021" else "国办公开办函〔2019〕60号"
    return (
        f"本报告由{unit}按照《中华人民共和国政府信息公开条例》（国务院令第711号）和{number}文件规定的格式编写，"
        f"统计期限自{year}年1月1日起至{year}年12月31日止。"
    )


def _share(totals: dict[str, int]) -> str:
    names = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")
    return "、".join(f"{name}{totals[f'r3.{n}']}件" for n, name in enumerate(names, 1))


def sections(
    unit: str,
    year: int,
    report_format: str,
    totals: dict[str, int],
    cases: dict[str, int],
    documents: dict[str, int],
    draw: random.Random,
) -> list[tuple[str, tuple[str, ...]]]:
    """Headings and paragraphs of the six sections."""
    requests = (
        f"（二）依申请公开。全年新收到政府信息公开申请{totals['r1']}件，上年结转{totals['r2']}件。"
        f"新收申请中，自然人提出{totals['person']}件，法人和其他组织提出{totals['organs']}件。"
        f"年内办结{totals['r3.7']}件，其中{_share(totals)}；另有{totals['r4']}件结转下一年度继续办理。"
    )
    made = (
        f"全年制发行政规范性文件{documents['made']}件，现行有效{documents['standing']}件。"
        if report_format == "F2021"
        else f"全年新制作规范性文件{documents['made']}件，对外公开总数{documents['standing']}件。"
    )
    problem, change = draw.choice(_PROBLEM)
    law = cases["direct"] + cases["after_review"]
    disputes = f"本年度因政府信息公开引起的行政复议{cases['review']}件，行政诉讼{law}件。"
    return [
        (
            "一、总体情况",
            (
                "（一）主动公开。" + "".join(draw.sample(_OPEN, 2)),
                requests,
                "（三）政府信息管理。" + draw.choice(_MANAGE) + made,
                "（四）平台建设。" + draw.choice(_PLATFORM),
                "（五）监督保障。" + draw.choice(_WATCH),
            ),
        ),
        ("二、主动公开政府信息情况", ()),
        ("三、收到和处理政府信息公开申请情况", ()),
        ("四、政府信息公开行政复议、行政诉讼情况", (disputes,)),
        ("五、存在的主要问题及改进情况", (f"主要问题：{problem}", f"改进情况：{change}")),
        ("六、其他需要报告的事项", (f"{unit}{year}年未收取信息处理费，没有其他需要报告的事项。",)),
    ]  # fmt: skip
