"""Inspections as they come out of judging, with invented units and figures."""

from __future__ import annotations

from dataclasses import replace

from scoring.inspection import (
    OUTCOMES,
    Cite,
    Evidence,
    Excerpt,
    ExcerptCell,
    Finding,
    Former,
    Inspection,
    Place,
    Profile,
    ScorecardResult,
    ScoreItem,
    Subject,
    Unchecked,
    Where,
)

DIGEST = "sha256:" + "3f9a" * 16
RECORD = "urn:uuid:0b6f2a5e-5a0e-4c3c-9a55-7f6f0d0c1a11"
LAST_YEAR = "urn:uuid:7d1c9e04-1f5b-4b7e-8a52-0f7f0a3b9c22"
FILE = "青岚市水务局2023年年报.html"
TEMPLATE = Cite(
    "template-2021", "中华人民共和国政府信息公开工作年度报告格式", "国办公开办函〔2021〕30号", "第三部分表格"
)
ORDER = Cite("order-711", "中华人民共和国政府信息公开条例", "国务院令第711号", "第四十九条")
REQUESTS = "三、收到和处理政府信息公开申请情况"


def where(**given: object) -> Where:
    base = Where(record=RECORD, digest=DIGEST, block=12, file=FILE, selector="/html/body/div[3]/table[2]/tr[4]/td[9]")
    return replace(base, **given)  # type: ignore[arg-type]  # the names are checked by the dataclass


def table_excerpt() -> Excerpt:
    def head(text: str, rowspan: int = 1, colspan: int = 1) -> ExcerptCell:
        return ExcerptCell(text, rowspan, colspan, head=True)

    def row(label: str, figures: list[str], mark: str) -> tuple[ExcerptCell, ...]:
        cells = [ExcerptCell(text) for text in figures[:-1]]
        return (head(label, 1, 3), *cells, ExcerptCell(figures[-1], mark=mark))

    return Excerpt(
        rows=(
            (
                head("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
                head("申请人情况", 1, 7),
            ),
            (head("自然人", 2), head("法人或其他组织", 1, 5), head("总计", 2)),
            tuple(head(text) for text in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")),
            row("一、本年新收政府信息公开申请数量", ["41", "6", "0", "0", "2", "0", "49"], "related"),
            row("二、上年结转政府信息公开申请数量", ["3", "0", "0", "0", "0", "0", "3"], "related"),
            (
                head("三、本年度办理结果"),
                head("（七）总计", 1, 2),
                *(ExcerptCell(text) for text in ("40", "6", "0", "0", "2", "0")),
                ExcerptCell("48", mark="primary"),
            ),
            row("四、结转下年度继续办理", ["3", "0", "0", "0", "0", "0", "3"], "related"),
        ),
        cut=True,
    )


UNBALANCED = Finding(
    id="F-0001",
    fingerprint="a1b2c3d4e5f60718",
    rule="AR-401",
    rule_id="requests-unbalanced",
    title="申请数量勾稽关系不平衡",
    severity="major",
    outcome="fail",
    cites=(TEMPLATE, replace(ORDER, article="第五十条")),
    message="“总计”列：新收加上年结转是 52 件，办理结果总计加结转下年度是 51 件，相差 1 件。",
    remedy="核对申请台账，改正有误的单元格，并在网页上更新报告。",
    limits="只核对表内数字是否相等，不能判断哪一个单元格填错。",
    where=where(
        section=REQUESTS,
        table="收到和处理政府信息公开申请情况表",
        row=20,
        column=9,
        row_label="三、本年度办理结果 （七）总计",
        column_label="总计",
    ),
    quote="48",
    excerpt=table_excerpt(),
    arithmetic="49 + 3 = 52，48 + 3 = 51，52 ≠ 51",
    values={"left": 52, "right": 51},
)

LATE = Finding(
    id="F-0002",
    fingerprint="b2c3d4e5f6071829",
    rule="AR-102",
    rule_id="annual-report-late",
    title="年度报告发布逾期",
    severity="major",
    outcome="fail",
    cites=(ORDER,),
    message="报告于 2024-02-05 发布，逾期 5 天（应于 2024-01-31 前）。",
    remedy="按期在政府信息公开专栏发布，并标明发布日期。",
    limits="只看页面标明的发布日期，不判断是否曾经撤下重发。",
    where=where(block=3, start=5, end=15, selector="/html/body/div[2]/p[1]/span[2]"),
    quote="2024-02-05",
    excerpt=Excerpt(before="发布日期：", after="　来源：青岚市水务局　浏览次数：118"),
    state="persisting",
    first_seen="2024-03-01",
    last_seen="2024-05-01",
)

SECTION = Finding(
    id="F-0003",
    fingerprint="c3d4e5f60718293a",
    rule="AR-201",
    rule_id="report-section-missing",
    title="报告缺少规定的部分",
    severity="veto",
    outcome="fail",
    cites=(TEMPLATE,),
    message="没有找到第六部分“其他需要报告的事项”。",
    remedy="补写缺少的部分；确无内容的，也应保留标题并说明。",
    limits="只看标题，不判断内容是否写在别的部分。",
    where=where(block=40, selector="line 118", section="五、存在的主要问题及改进情况"),
    quote="五、存在的主要问题及改进情况",
    excerpt=Excerpt(before="一、总体情况　二、主动公开政府信息情况　三、…　四、…　", after=""),
)

BLANK = Finding(
    id="F-0004",
    fingerprint="d4e5f60718293a4b",
    rule="DP-301",
    rule_id="item-metadata-blank",
    title="信息项目要素空白",
    severity="minor",
    outcome="fail",
    cites=(replace(ORDER, article="第十二条第三款"),),
    message="页首信息表中“发文字号”“内容概述”没有填写。",
    remedy="补填要素；没有发文字号的，写“无”。",
    limits="",
    where=where(block=1, row=1, column=3, table="页首信息表", row_label="", column_label="", section=""),
    quote="发文字号",
    excerpt=Excerpt(
        rows=(
            (
                ExcerptCell("索引号", head=True),
                ExcerptCell("QL012/2024-0007"),
                ExcerptCell("发布机构", head=True),
                ExcerptCell("青岚市水务局"),
            ),
            (
                ExcerptCell("发文字号", head=True, mark="related"),
                ExcerptCell("", mark="primary"),
                ExcerptCell("内容概述", head=True, mark="related"),
                ExcerptCell("", mark="primary"),
            ),
        )
    ),
)

TEXT_DIFFERS = Finding(
    id="F-0005",
    fingerprint="e5f60718293a4b5c",
    rule="AR-604",
    rule_id="text-result-differs",
    title="正文办理结果与表格不一致",
    severity="major",
    outcome="fail",
    cites=(TEMPLATE,),
    message="正文写予以公开 25 件，表中“予以公开”总计为 27 件。",
    remedy="核对后统一正文和表格的数字。",
    limits="正文数字可能另有统计口径，报告未作说明时按同一口径比较。",
    where=where(block=9, start=30, end=33, section="一、总体情况", selector="/html/body/div[3]/p[4]"),
    quote="25件",
    excerpt=Excerpt(
        before="（二）依申请公开。全年共收到政府信息公开申请49件，上年结转3件，均按期答复。其中予以公开",
        after="，部分公开8件，不予公开3件，没有引起行政复议。",
    ),
    related=(
        Place(
            where(section=REQUESTS, row=3, column=9, row_label="（一）予以公开", column_label="总计"),
            "27",
            "表三",
            Excerpt(
                rows=(
                    (
                        ExcerptCell("办理结果", head=True),
                        ExcerptCell("自然人", head=True),
                        ExcerptCell("总计", head=True),
                    ),
                    (
                        ExcerptCell("（一）予以公开", head=True),
                        ExcerptCell("22"),
                        ExcerptCell("27", mark="primary"),
                    ),
                ),
                cut=True,
            ),
        ),
        Place(
            where(
                record=LAST_YEAR,
                file="青岚市水务局2022年年报.html",
                section="一、总体情况",
                selector="line 12",
            ),
            "予以公开25件",
            "上年报告",
            Excerpt(before="全年", after="，不予公开2件。"),
        ),
    ),
    arithmetic="正文 25，表格 27，相差 2",
)

REVIEW = Finding(
    id="F-0006",
    fingerprint="f60718293a4b5c6d",
    rule="AR-607",
    rule_id="text-review-differs",
    title="正文行政复议数量与表格不同",
    severity="minor",
    outcome="needs_review",
    cites=(TEMPLATE,),
    message="正文写行政复议 4 件，表中总计为 6 件；可能是统计口径不同，请人工核对。",
    remedy="核对口径；口径不同的，在正文中说明。",
    limits="不能判断正文所写是本级还是全系统。",
    where=where(block=30, start=8, end=10, section="四、政府信息公开行政复议、行政诉讼情况", selector="body/p[31]"),
    quote="4件",
    excerpt=Excerpt(before="本年度发生行政复议", after="，均已办结。"),
    verified=False,
)

ADVICE = Finding(
    id="F-0007",
    fingerprint="0718293a4b5c6d7e",
    rule="AR-203",
    rule_id="report-section-heading-nonstandard",
    title="部分标题与规定不一致",
    severity="advice",
    outcome="fail",
    cites=(TEMPLATE,),
    message="第五部分标题写作“存在问题和改进措施”。",
    remedy="改用规定的标题。",
    limits="",
    where=where(block=35, section="五、存在问题和改进措施", selector="/html/body/div[3]/p[30]"),
    quote="五、存在问题和改进措施",
)

FINDINGS = (ADVICE, REVIEW, BLANK, UNBALANCED, LATE, SECTION, TEXT_DIFFERS)

TITLES = {
    "AR-101": "网站没有当年年度报告",
    "AR-301": "缺少规定的表格",
    "AR-307": "没有规章制定权的单位填报规章",
    "AR-402": "办理结果总计不等于各项之和",
    "AR-501": "上年结转与上年报告不衔接",
    "AR-502": "现行有效件数与上年报告不衔接",
    "AR-615": "同比增长率有误",
    **{finding.rule: finding.title for finding in FINDINGS},
}

UNCHECKED = (
    Unchecked("AR-501", "carry-over-broken", TITLES["AR-501"], "not_checked", "没有提供上年报告（--previous）。"),
    Unchecked(
        "AR-502",
        "in-force-discontinuous",
        TITLES["AR-502"],
        "not_checked",
        "没有提供上年报告（--previous）。",
    ),
    Unchecked("AR-615", "text-growth-wrong", TITLES["AR-615"], "error", "检查程序内部错误（ZeroDivisionError）。"),
)


def outcome(name: str, times: int = 1) -> dict[str, int]:
    return {key: times if key == name else 0 for key in OUTCOMES}


CARD = ScorecardResult(
    id="annual-report",
    title="年度报告评分表",
    score=71.5,
    range=(69.5, 74.0),
    max=100,
    grade="合格",
    verdict="应当整改",
    items=(
        ScoreItem("按期发布", 10, 10, 0, ("F-0002",)),
        ScoreItem("内容完整", 30, 10.5, 0, ("F-0003", "F-0007")),
        ScoreItem("数据准确", 40, 6, 2, ("F-0001", "F-0005", "F-0006")),
        ScoreItem("衔接上年", 20, 0, 2.5),
    ),
    note="没有公布的分值标准，本表分值由读网自定，以公开的县级考核分值为底。",
    vetoes=("AR-201",),
)


def report(**given: object) -> Inspection:
    """An annual report with a finding of every sort."""
    base = Inspection(
        subject=Subject(
            kind="report",
            name="青岚市水务局",
            file=FILE,
            report_year=2023,
            publisher="department",
            published="2024-02-05",
            title="青岚市水务局2023年政府信息公开工作年度报告",
            format="F2021",
            recognised={
                "name": "取自标题",
                "report_year": "取自标题",
                "format": "依据表头“现行有效件数”",
                "publisher": "依据单位名称",
                "published": "取自页首“发布日期”",
            },
        ),
        profile=Profile(("annual-report",), DIGEST, "2024-05-06", {"year": None, "publisher": "department"}),
        evidence=Evidence("capture", DIGEST, 1, 1, "2024-05-06T09:00:00+08:00", "2024-05-06T09:00:01+08:00"),
        scorecards=(CARD,),
        findings=FINDINGS,
        outcomes={
            **{finding.rule: outcome(finding.outcome) for finding in FINDINGS},
            "AR-101": outcome("not_applicable"),
            "AR-301": outcome("pass", 3),
            "AR-307": outcome("not_applicable"),
            "AR-402": outcome("pass", 7),
            "AR-501": outcome("not_checked"),
            "AR-502": outcome("not_checked"),
            "AR-615": outcome("error"),
        },
        unchecked=UNCHECKED,
        rule_titles=TITLES,
    )
    return replace(base, **given)  # type: ignore[arg-type]  # the names are checked by the dataclass


def clean() -> Inspection:
    """A report without any fault, where some rules could not be decided."""
    card = replace(CARD, score=100.0, range=(97.5, 100.0), grade="优秀", verdict="符合要求", vetoes=())
    items = tuple(replace(item, lost=0, findings=()) for item in CARD.items)
    return report(
        findings=(),
        scorecards=(replace(card, items=items),),
        outcomes={
            "AR-102": outcome("pass"),
            "AR-501": outcome("not_checked"),
            "AR-502": outcome("not_checked"),
        },
        unchecked=UNCHECKED[:2],
    )


HOME = "https://sw.qinglan.example/"


def site() -> Inspection:
    """A whole site: pages, refusals, the reports found."""
    on_site = where(
        file=None, url=HOME + "zwgk/nb/", section="", column_path=("首页", "政府信息公开", "政府信息公开年报")
    )
    missing = replace(
        SECTION,
        id="F-0001",
        rule="AR-101",
        rule_id="annual-report-missing",
        severity="major",
        title=TITLES["AR-101"],
        message="政府信息公开年报栏目共 6 条，没有 2021 年度的报告。",
        where=on_site,
        quote="政府信息公开年报",
        excerpt=Excerpt(after="　2023年年报　2022年年报　2020年年报"),
    )
    unknown_date = replace(REVIEW, where=replace(on_site, url=HOME + "zwgk/nb/2022.html"))
    return report(
        subject=Subject(
            kind="site",
            name="青岚市水务局",
            url=HOME,
            region="990100",
            level="city",
            recognised={"name": "取自站点清单"},
        ),
        evidence=Evidence(
            "capture",
            DIGEST,
            186,
            4,
            "2024-05-06T09:00:00+08:00",
            "2024-05-06T09:04:10+08:00",
            {
                "fetched": 190,
                "refused": {"robots": 12, "timeout": 2, "404": 5, "文件类型未知": 1},
                "reports": [
                    {
                        "year": 2023,
                        "title": "2023年年度报告",
                        "url": HOME + "zwgk/nb/2023.html",
                        "published": "2024-01-29",
                    },
                    {
                        "year": 2022,
                        "title": "2022年年度报告",
                        "url": HOME + "zwgk/nb/2022.html",
                        "published": None,
                    },
                ],
                "sizes": {"a": 1},
            },
        ),
        findings=(missing, unknown_date),
        scorecards=(replace(CARD, items=(ScoreItem("按期发布", 10, 10, 0, ("F-0001",)),), vetoes=()),),
        outcomes={"AR-101": outcome("fail"), "AR-607": outcome("needs_review"), "AR-402": outcome("pass", 2)},
        unchecked=(),
        fixed=(Former("99", "AR-301", "2024-04-02"),),
    )


HOSTILE = "<script>alert('x')</script>\"><img src=http://evil.example/a.png onerror=alert(1)>"


def hostile() -> Inspection:
    """Every text from outside tries to break out of the page, or is too long for it."""
    long = "长" * 400 + "W" * 400
    bad = replace(
        LATE,
        id='F 1"><b>',
        title=HOSTILE,
        message=HOSTILE + long,
        quote=HOSTILE,
        excerpt=Excerpt(before="</blockquote></style>\x1b[31m", after="{{ 7 * 7 }}\u202e反向"),
        where=where(url="javascript://x/%0aalert(1)", file=None, selector=HOSTILE, section=long),
        related=(Place(where(), HOSTILE, HOSTILE, Excerpt(rows=((ExcerptCell(HOSTILE, 10**6, 10**6),),))),),
    )
    base = report(findings=(bad,))
    subject = replace(
        base.subject, name=HOSTILE, title="</title></style>" + HOSTILE, file=long, url="javascript://x/%0aalert(2)"
    )
    return replace(base, subject=subject)


def many(number: int = 200) -> Inspection:
    """A report with very many findings."""
    kinds = FINDINGS
    found = tuple(replace(kinds[i % len(kinds)], id=f"F-{i:04}", fingerprint=f"{i:016x}") for i in range(number))
    return report(findings=found)
