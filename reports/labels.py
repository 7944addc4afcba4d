"""The Chinese names that every report gives to the words of an inspection."""

from __future__ import annotations

SEVERITY = {"veto": "否决", "major": "重大", "minor": "一般", "advice": "提示"}

OUTCOME = {"fail": "问题", "needs_review": "待人工核对", "none": "不计"}

STATE = {
    "new": "新发现", "reopened": "再次出现", "persisting": "持续存在", "fixed": "已改正", "unseen": "未能复查",
}  # fmt: skip

DECISION = {
    "confirmed": "确认属实",
    "dismissed": "不予认定",
    "waived": "暂缓整改",
    "mended": "已报整改",
    "mending": "报整改中",
    "unable": "报无法整改",
    "disputed": "报情况不属实",
    "withdrawn": "撤销认定",
    "found_mended": "复查：已整改属实",
    "found_persisting": "复查：仍存在",
    "found_unseen": "无法复查",
}

# What a unit fills in, as the ledger words it.
REPLY = {"mended": "已整改", "mending": "整改中", "unable": "无法整改", "disputed": "情况不属实"}

# What looking again came to.
RECHECK = {"found_mended": "已整改属实", "found_persisting": "仍存在", "found_unseen": "无法复查"}

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

# How a column stands against its update window.
FRESHNESS = {
    "fresh": "按期更新",
    "stale": "超过期限未更新",
    "empty": "没有内容",
    "stated": "页面说明没有内容",
    "undated": "条目没有日期",
    "unread": "没有读全，不作判断",
    "open": "没有规定更新期限",
}
# Where a link stands on its page.
AREA = {"nav": "导航", "main": "正文", "footer": "页脚", "other": "其他位置"}
# How a scorecard came by the points of an indicator.
WEIGHTS = {"published": "公布", "ours": "自定", "": ""}
