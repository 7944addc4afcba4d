"""Test sites after the platforms of single provinces, one per way in which a list pages on by computed addresses."""

# ruff: noqa: E501 (a sample of markup is easier to check on one line)

from __future__ import annotations

from collections.abc import Callable

from listing.computed.parts import TestSite, in_blocks, in_table, numbered, script, site

# 上海, 河南, 兵团: numbered files


def shanghai_folder() -> TestSite:
    def pager(p: int) -> str:
        return script(
            f'$(".pagination").pagination({{ totalPage: 5, callback: turn }}); $(".pagination").pagination("setPage",{p},5);'
        )

    return site(
        numbered("/tnprygs_17409/", "index", "html", 5),
        [20] * 4 + [3],
        pager,
        start="/tnprygs_17409/",
        article="/tnprygs_17409/{day:%Y%m%d}/t0035_{n}.html",
    )


def shanghai_file() -> TestSite:
    def pager(p: int) -> str:
        return script(f"$('.pagination').pagination('setPage', {p}, 3);")

    return site(numbered("/gsgg/", "index", "html", 3), [15, 15, 15], pager, article="/gsgg/{day:%Y%m%d}/{n}.html")


def shanghai_one_page() -> TestSite:
    return site(["/zcjd/index.html"], [17], lambda p: script('$(".pagination").pagination("setPage",1,1);'))


def henan_folder() -> TestSite:
    def pager(p: int) -> str:
        return '<div id="pageDec" pagesize="18" pagecount="3"></div>'

    return site(
        numbered("/zkly/", "index", "html", 3),
        [18, 18, 9],
        pager,
        start="/zkly/",
        row=in_table,
        article="/{day:%Y}/{day:%m-%d}/{n}.html",
    )


def henan_file() -> TestSite:
    def pager(p: int) -> str:
        return '<p>第1页</p><div class="pageDec" pagecount="44" id="other"></div><div pagecount="4" pagesize="15" class="fy" id=pageDec></div>'

    return site(numbered("/ywdt/", "list", "html", 4), [15, 15, 15, 1], pager, article="/{day:%Y}/{day:%m-%d}/{n}.html")


def henan_one_page() -> TestSite:
    return site(
        ["/jgsz/index.html"], [15], lambda p: '<div id="pageDec" pagesize="24" pagecount="1"></div>', row=in_blocks
    )


def _bingtuan(pages: int) -> Callable[[int], str]:
    def pager(p: int) -> str:
        jump = f"function go(){{ var PageIndex=$('#PageInp').val(); PageIndex=PageIndex>{pages}?{pages}:PageIndex; var path='index_${{PageIndex}}.shtml'; location.href=path; }}"
        return f'<input id="PageInp" value="{p}">/<span class="pageCount">{pages}</span>{script(jump)}'

    return pager


def bingtuan_short() -> TestSite:
    return site(
        numbered("/gwyks/", "index", "shtml", 3),
        [15, 15, 8],
        _bingtuan(3),
        start="/gwyks/",
        article="/c/{day:%Y-%m-%d}/{n}.shtml",
    )


def bingtuan_ten() -> TestSite:
    return site(
        numbered("/sydw/", "index", "shtml", 10), [15] * 9 + [14], _bingtuan(10), article="/c/{day:%Y-%m-%d}/{n}.shtml"
    )


def bingtuan_cut() -> TestSite:
    """Thirteen pages claimed, ten there."""
    missing = [f"/zkgg/index_{p}.shtml" for p in (11, 12, 13)]
    return site(
        numbered("/zkgg/", "index", "shtml", 10),
        [15] * 10,
        _bingtuan(13),
        article="/c/{day:%Y-%m-%d}/{n}.shtml",
        missing=missing,
    )


# 甘肃


def _gansu(entries: int, path: str, size: str = "") -> Callable[[int], str]:
    def pager(p: int) -> str:
        return script(
            f'var dataTotal = parseInt("{entries}"); var pagenum = parseInt("{p}");{size} var target="{path}&begin=";'
        )

    return pager


def _begins(path: str, size: int, pages: int) -> list[str]:
    return [path, *(f"{path}&begin={(p - 1) * size}&pagenum={p}" for p in range(2, pages + 1))]


def gansu_counted() -> TestSite:
    path = "/ncms/wzlb.shtml?mkbh=gwysydwks"
    return site(
        _begins(path, 15, 4),
        [15, 15, 15, 5],
        _gansu(50, "wzlb.shtml?mkbh=gwysydwks"),
        article="/ncms/article_{n:032x}.shtml",
    )


def gansu_stated_size() -> TestSite:
    path = "/ncms/wzlb.shtml?mkbh=zyzg"
    return site(
        _begins(path, 20, 3),
        [20, 20, 4],
        _gansu(44, "wzlb.shtml?mkbh=zyzg", " var pageSize = 20;"),
        article="/ncms/article_N{n:012d}.shtml",
        row=in_table,
    )


def gansu_one_page() -> TestSite:
    return site(
        ["/ncms/wzlb.shtml?mkbh=gsgs"], [15], _gansu(15, "wzlb.shtml?mkbh=gsgs"), article="/ncms/article_{n:032x}.shtml"
    )


# 山东: all entries in one page


def _slices(total: int, size: int) -> str:
    pages = -(-total // size)
    return script(
        f"var totalCount={total};var perSize={size};var startPage=1;var endPage={pages};var logicTotalPage={pages};"
    )


def _slice_row(href: str, title: str, day: object) -> str:
    return f'<li class="pagedContent"><a href="{href}" title="{title}"><span class="news_box01_title">{title}</span><span>{day}</span></a></li>'


def shandong_whole() -> TestSite:
    return site(
        ["/channels/ch00232/"],
        [47],
        lambda p: _slices(47, 20),
        row=_slice_row,
        article="/articles/ch00232/202406/{n}.shtml",
    )


def shandong_one_slice() -> TestSite:
    return site(
        ["/channels/ch00240/"],
        [15],
        lambda p: _slices(15, 20),
        row=_slice_row,
        article="/articles/ch00240/202406/{n}.shtml",
    )


def shandong_in_part() -> TestSite:
    return site(
        ["/channels/ch00250/"],
        [40],
        lambda p: _slices(120, 20),
        row=_slice_row,
        article="/articles/ch00250/202406/{n}.shtml",
    )


PROVINCES: dict[str, Callable[[], TestSite]] = {
    made.__name__: made
    for made in (
        shanghai_folder, shanghai_file, shanghai_one_page, henan_folder, henan_file, henan_one_page,
        bingtuan_short, bingtuan_ten, bingtuan_cut,
        gansu_counted, gansu_stated_size, gansu_one_page,
        shandong_whole, shandong_one_slice, shandong_in_part,
    )
}  # fmt: skip
