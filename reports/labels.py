"""The Chinese names that every report gives to the words of an inspection."""

from __future__ import annotations

SEVERITY = {"veto": "否决", "major": "重大", "minor": "一般", "advice": "提示"}

OUTCOME = {"fail": "问题", "needs_review": "待人工核对"}

STATE = {"new": "新发现", "persisting": "持续存在", "reopened": "再次出现"}

PUBLISHER = {"department": "政府部门", "government": "人民政府", "township": "乡镇人民政府（街道办事处）"}

LEVEL = {"province": "省级", "city": "市级", "county": "县级", "township": "乡级"}

FORMAT = {"F2019": "2019年试行格式", "F2021": "2021年修订格式"}

# The facts of a subject, in the order in which a reader asks for them.
FACT = {
    "name": "单位",
    "title": "文件标题",
    "url": "网址",
    "file": "文件",
    "report_year": "报告年度",
    "format": "报告格式",
    "publisher": "发布主体",
    "published": "发布日期",
    "level": "层级",
    "region": "行政区划代码",
}

# Settings that a user can give, as the command line names them.
OPTION = {
    "year": "报告年度",
    "report_year": "报告年度",
    "published": "发布日期",
    "publisher": "发布主体",
    "unit": "单位",
    "level": "行政层级",
    "fail_on": "退出状态起点",
}

# What came of an address that holds content.
_READ = {
    "read": "已读",
    "unchanged": "已读，与上次相同",
    "carried": "沿用上次，本次未读",
    "duplicate": "内容与其他地址相同",
    "redirect": "转到其他地址",
}

# Reasons for which a page was not read.
REFUSED = {
    "robots": "网站的 robots 规则不允许",
    "robots-unreachable": "robots 规则读不到，按不允许处理",
    "blocked": "网站拒绝访问",
    "throttled": "网站要求降低访问频率",
    "challenged": "网站要求安全验证",
    "timeout": "超时无应答",
    "dns": "域名不能解析",
    "refused": "连接被拒绝",
    "broken": "应答不完整",
    "network": "网络不通",
    "dead": "页面不存在（两次核实）",
    "soft-404": "网站提示页面不存在",
    "too-large": "文件过大",
    "type": "文件类型不读取",
    "budget": "超出本次读取页数上限",
    "time": "超出本次读取时间上限",
    "depth": "超出本次读取层数上限",
    "trap": "疑似无穷尽的地址",
    "redirect-loop": "循环跳转",
    "offsite-redirect": "跳转到其他网站",
    "private-address": "指向内部地址",
    "script": "需用浏览器绘制，本机没有浏览器",
    "unreadable": "内容无法识别",
    "stopped": "网站连续拒绝，已停止读取",
    "error": "程序出错，没有读成",
}


def refusal(reason: str) -> str:
    """A reason in Chinese; an HTTP status is spelled out, an unknown word stays as it is."""
    status = reason.removeprefix("http-")
    if status.isdigit():
        return f"返回状态码 {status}"
    return REFUSED.get(reason, reason)


def outcome_of_page(outcome: str) -> str:
    """What came of an address, in Chinese."""
    return _READ.get(outcome, "未读")
