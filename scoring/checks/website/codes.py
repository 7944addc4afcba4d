"""The identification code of a site (网站标识码): its form, and that it is the same wherever the site states it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Literal

from scoring.checks.website.looking import Fold, furniture, look
from scoring.checks.website.tags import is_filled, tag_of
from scoring.results import PageCheck, Point, SiteCase, SiteResult
from scoring.site.view import PageView, SiteView

_Origin = Literal["footer", "tag", "link"]
_LABELS: dict[_Origin, str] = {"footer": "页面底部", "tag": "SiteIDCode标签", "link": "找错链接"}
_Stated = tuple[_Origin, str]


class SiteCodesAgree(PageCheck):
    """The code in the footers, the tags SiteIDCode and the error report links is well-formed and one.

    Where all of these agree and only the site list has another one, that is for a person.
    """

    use: Literal["site_codes_agree"]

    def watch(self, case: SiteCase, on: date) -> _Codes:
        return _Codes(case.view)


class _Codes:
    """The pages that state a code, by what states it and what it says."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        self._stated: dict[_Stated, Fold] = {}
        self._quotes: dict[_Stated, Point] = {}

    def see(self, page: PageView) -> None:
        if not self._view.is_own(page.url):
            return
        if is_filled(code := tag_of(page, "SiteIDCode")):
            self._add("tag", code, page.url, tag="SiteIDCode")
        for item in page.facts.footer:
            if item.name == "site_code":
                self._add("footer", item.value, page.url, words=item.value)
            elif item.name == "error_report" and (found := _parameter().search(item.value)):
                self._add("link", found[1], page.url, link=item.value)

    def _add(self, origin: _Origin, code: str, url: str, **quoted: str) -> None:
        stated = (origin, code)
        if stated not in self._stated:
            self._stated[stated] = Fold()
            self._quotes[stated] = Point(url, **quoted)
        self._stated[stated].add(url)

    def results(self) -> Iterator[SiteResult]:
        self._look_closer()
        if not self._stated:
            yield SiteResult("not_applicable")
            return
        malformed = [stated for stated in self._stated if not _form().fullmatch(stated[1])]
        for origin, code in malformed:
            values = {"where": _LABELS[origin], "code": code}
            yield self._result("fail", "malformed", values, [(origin, code)], f"{origin}|malformed")
        sound = [stated for stated in self._stated if stated not in malformed]
        codes = {code for _, code in sound}
        listed = self._view.site.site_code
        if len(codes) > 1:
            # What most pages state is quoted first, what differs from it behind it.
            sound.sort(key=lambda stated: -len(self._stated[stated]))
            told = [f"{_LABELS[origin]}{code}（{len(self._stated[origin, code])} 页）" for origin, code in sound]
            odd = [stated for stated in sound if stated[1] != sound[0][1]]
            yield self._result("fail", "differs", {"codes": "、".join(told)}, [*odd, sound[0]], "differs")
        elif codes and listed and codes != {listed}:
            values = {"code": sound[0][1], "listed": listed}
            yield self._result("needs_review", "listed", values, sound, "listed")
        elif not malformed:
            yield SiteResult("pass")

    def _result(
        self, outcome: Literal["fail", "needs_review"], name: str, values: dict[str, str], stated: list[_Stated],
        place: str,
    ) -> SiteResult:  # fmt: skip
        first, *others = [self._quotes[one] for one in stated]
        told = stated[:-1] if name == "differs" else stated
        pages = tuple(dict.fromkeys(url for one in told for url in self._stated[one].pages))
        return SiteResult(outcome, name, values, point=first, points=tuple(others), pages=pages, place=place)

    def _look_closer(self) -> None:
        """What only the home page itself tells: a code of another form in its footer, that given to the script."""
        front = self._view.front
        page = look(self._view, front.url) if front else None
        if page is None:
            return
        for code, script in page.script_codes().items():
            self._add("link", code, page.url, link=script)
        shown: list[str] = re.findall(furniture()["site_code_shown"], page.footer)
        for code in shown:
            # Eleven digits begin with ten, and fewer are no code to the crawl.
            known = next((one for one in self._stated if one[0] == "footer" and code.startswith(one[1])), None)
            if known is not None and known[1] != code:
                self._stated["footer", code] = self._stated.pop(known)
                self._quotes["footer", code] = Point(page.url, words=code)
            elif known is None:
                self._add("footer", code, page.url, words=code)


@cache
def _form() -> re.Pattern[str]:
    return re.compile(furniture()["site_code"])


@cache
def _parameter() -> re.Pattern[str]:
    return re.compile(furniture()["site_code_parameter"], re.IGNORECASE)
