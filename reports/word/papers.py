"""What goes into the Word templates, and the files made of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from reports import extent, labels, view
from reports.errors import ReportError
from reports.site import Numerals
from reports.word.forms import FOLDER
from scoring.inspection import SEVERITIES, Finding, Inspection
from scoring.veil import veiled

Kind = Literal["report", "notice"]
_SHIPPED: dict[Kind, str] = {"report": "inspection-report.docx", "notice": "rectification-notice.docx"}
_BLANK = "＿＿＿＿＿＿"  # what the office fills in by hand
_MOST_TEMPLATE = 10 * 1024 * 1024
_LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What only the office knows: its name, the number of the document, the day by which to mend, attachments."""

    issuer: str = ""
    number: str = ""
    due: date | None = None
    attachments: tuple[str, ...] = ()
    day: date | None = None


def render(inspection: Inspection, kind: Kind, head: Letterhead, template: Path | None = None) -> bytes:
    """The Word file of an inspection. ``template`` is one of the user's own.

    Raises ReportError where the template cannot be used.
    """
    # Loaded here: most calls write no Word file.
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    path = template or FOLDER / _SHIPPED[kind]
    _usable(path)
    out = io.BytesIO()
    try:
        draft = DocxTemplate(str(path))
        draft.render(_content(inspection, kind, head), SandboxedEnvironment(autoescape=True), autoescape=True)
        draft.save(out)
    except TemplateError as error:
        raise ReportError(f"{path}：模板中的标记有误（{error}）；请对照自带模板改正。") from error
    except (KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise ReportError(f"{path}：不是可用的 Word 模板（{error}）；请用 .docx 文件。") from error
    return out.getvalue()


def _usable(path: Path) -> None:
    if not path.is_file():
        raise ReportError(f"{path}：没有这个模板；请检查路径。")
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
            named = "word/document.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise ReportError(f"{path}：不是可用的 Word 模板；请用 .docx 文件。") from error
    if not named or size > _MOST_TEMPLATE:
        raise ReportError(f"{path}：不是可用的 Word 模板，或内容超过 10 MB；请用 .docx 文件。")


def _content(inspection: Inspection, kind: Kind, head: Letterhead) -> dict[str, Any]:
    subject = inspection.subject
    judged = date.fromisoformat(inspection.profile.judged_on)
    what = _subject(inspection)
    titles = {
        "report": f"关于{subject.name}{what}检查情况的报告",
        "notice": f"关于限期整改{what}有关问题的通知",
    }
    due = _day(head.due) if head.due else _BLANK
    return {
        "title": titles[kind],
        "unit": subject.name,
        "number": head.number,
        "summary": _summary(inspection, what, judged),
        "opening": f"{_day(judged)}，对你单位{what}进行了检查，现将发现的问题和整改要求通知如下。",
        "demand": f"请于{due}前完成整改，将整改结果和改正后的网页地址报送本机关；对需要核实的事项，请核实后一并反馈。"
        "对发现的问题有异议的，请在期限内说明理由并附证明材料。",
        "scores": list(_scores(inspection)),
        "faults": _groups(inspection, "fail"),
        "reviews": _groups(inspection, "needs_review"),
        "unchecked": _unchecked(inspection),
        "attachments": list(head.attachments),
        "issuer": head.issuer or _BLANK,
        "date": _day(head.day or judged),
    }


def _subject(inspection: Inspection) -> str:
    kind, year = inspection.subject.kind, inspection.subject.report_year
    if kind == "site":
        return "政府网站和政务公开"
    return f"{year or ''}{'年度' if year else ''}政府信息公开工作年度报告" if kind == "report" else "文字"


def _summary(inspection: Inspection, what: str, judged: date) -> str:
    read = (
        f"共读取网页 {inspection.evidence.pages} 页，年度报告 {inspection.evidence.documents} 份。"
        if inspection.subject.kind == "site"
        else ""
    )
    fails, reviews = view.total(inspection, "fail"), view.total(inspection, "needs_review")
    counts = "、".join(
        f"{labels.SEVERITY[severity]} {times} 项"
        for severity in SEVERITIES
        if (times := sum(f.counted_as == "fail" and f.severity == severity for f in inspection.findings))
    )
    told = f"发现问题 {fails} 项{f'（{counts}）' if counts else ''}，需要人工核实的事项 {reviews} 项。"
    return f"{_day(judged)}，对{inspection.subject.name}{what}进行了检查。{read}{told}"


def _scores(inspection: Inspection) -> Iterable[str]:
    for card in inspection.scorecards:
        span = view.score_range(card)
        graded = f"，等级为“{card.grade}”" if card.grade else ""
        open_ = f"；未定事项可使得分在 {span} 之间" if span else ""
        score = f"得 {view.number(card.score)} 分（满分 {view.number(card.max)} 分）"
        yield f"按《{card.title}》计分，{score}{graded}{open_}。"


def _groups(inspection: Inspection, outcome: str) -> list[dict[str, Any]]:
    numerals, found = Numerals(), []
    for severity in SEVERITIES:
        findings = [f for f in inspection.findings if f.counted_as == outcome and f.severity == severity]
        if findings:
            rows = [_row(number, finding) for number, finding in enumerate(findings, 1)]
            name = f"{labels.SEVERITY[severity]}{'问题' if outcome == 'fail' else '事项'}"
            found.append({"numeral": numerals.next(), "name": name, "findings": rows})
    return found


def _row(number: int, finding: Finding) -> dict[str, Any]:
    quote = view.visible(" ".join(finding.quote.split()))
    return {
        "number": number,
        "title": finding.title,
        "message": finding.message,
        "place": view.place(finding.where),
        "address": veiled(finding.where.url or finding.where.file or ""),
        "quote": quote[:_LONGEST_QUOTE] + ("……" if len(quote) > _LONGEST_QUOTE else ""),
        "basis": "；".join(map(view.cite, finding.cites)),
        "remedy": finding.remedy,
    }


def _unchecked(inspection: Inspection) -> Sequence[str]:
    reasons = view.rules(inspection).not_checked
    lines = [f"{reason.text}（涉及 {len(reason.rules)} 条规则）" for reason in reasons]
    refused = [f"{name}：{times} 个地址" for name, times in extent.coverage(inspection).refused]
    lines += [f"没有读取的地址：{'；'.join(refused)}。没有读取的内容不作判断，不视为缺失。"] if refused else []
    return lines or ["无。"]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
