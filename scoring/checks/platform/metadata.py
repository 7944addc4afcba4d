"""The metadata blocks of a site's information items (条例第十二条); annual reports have checks of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Literal

from crawler.evidence import Labelled, Page
from scoring.checks.platform.items import Block, Folds, ItemRegion, block_of, source_of
from scoring.checks.platform.numbers import number_in_head
from scoring.data import table
from scoring.results import PageCheck, SiteCase, SiteResult
from scoring.site.view import PageView


class ItemLabelsFilled(PageCheck):
    """Every label of an item's metadata block has a value; folded per label and template.

    ``optional``: fields that may be blank. ``numbered``: those that may be blank on what is no normative document and
    shows no number of its own. A block without any value, and a label that no page of a template fills where a script
    could, is left to a person.
    """

    use: Literal["item_labels_filled"]
    optional: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()

    def watch(self, case: SiteCase, on: date) -> _Filled:
        return _Filled(self, case)


class _Filled:
    def __init__(self, check: ItemLabelsFilled, case: SiteCase) -> None:
        self._check, self._view, self._region = check, case.view, ItemRegion(case)
        self._unfilled = tuple(table("item-metadata")["unfilled"])
        self._whole = 0
        self._blank, self._empty = Folds(), Folds()
        self._of_template: dict[str, int] = {}

    def see(self, page: PageView) -> None:
        block = block_of(page)
        if block is None or self._region.is_report(page.page):
            return
        template = block.template
        self._of_template[template] = self._of_template.get(template, 0) + 1
        blank = [one for one in block.fields if self._is_blank(one.value)]
        if len(blank) == len(block.fields):
            self._empty.add((template,), page.page, blank[0].label, labels=block.labels)
            return
        wrong = [one for one in blank if not self._is_lawful(one, page)]
        self._whole += not wrong
        for one in wrong:
            self._blank.add((one.name, one.label, template), page.page, one.label, label=one.label)

    def _may_be_drawn(self, url: str, label: str) -> bool:
        """Whether a script may fill what stands behind a label: one stands there, or an element that it can name."""
        reach, signs = table("item-metadata")["drawn_reach"], table("item-metadata")["drawn_signs"]
        behind = source_of(self._view, url).partition(label)[2][:reach].lower()
        return any(sign in behind for sign in signs)

    def _is_blank(self, value: str) -> bool:
        return not value.strip() or value.strip().startswith(self._unfilled)

    def _is_lawful(self, blank: Labelled, page: PageView) -> bool:
        if blank.name in self._check.optional:
            return True
        if blank.name not in self._check.numbered:
            return False
        return self._region.kind(page.page) != "normative" and not number_in_head(page.facts.text)

    def results(self) -> Iterator[SiteResult]:
        if self._whole:
            yield SiteResult("pass", times=self._whole)
        for (name, label, template), fold in self._blank.items():
            total, place = self._of_template[template], f"{name}|{label}|{template}"
            if len(fold.pages) == total and self._may_be_drawn(fold.pages[0], label):
                yield fold.result("needs_review", "drawn_label", place, total=total)
            else:
                yield fold.result("fail", "blank_label", place, total=total)
        for (template,), fold in self._empty.items():
            yield fold.result("needs_review", "empty_block", f"empty|{template}")


class ItemLabelsPresent(PageCheck):
    """Items of the disclosure directory have a metadata block with index, summary and date of making.

    ``required``: entries of fields of which one must be there; the title of a page is its name. ``soft``: entries whose
    absence alone is for a person to judge, as is a page whose source has the labels in another form. A column whose
    list prints index numbers is the directory itself.
    """

    use: Literal["item_labels_present"]
    required: tuple[tuple[str, ...], ...]
    soft: tuple[str, ...] = ()

    def watch(self, case: SiteCase, on: date) -> _Present:
        return _Present(self, case)


class _Present:
    def __init__(self, check: ItemLabelsPresent, case: SiteCase) -> None:
        self._check, self._view, self._region = check, case.view, ItemRegion(case)
        self._called: dict[str, str] = table("item-metadata")["called"]
        self._whole = 0
        self._bare: dict[tuple[str, ...], list[Page]] = {}
        self._lacking = Folds()

    def see(self, page: PageView) -> None:
        if page.page.kind != "article" or not self._region.kind(page.page) or self._region.is_report(page.page):
            return
        block = block_of(page)
        if block is None:
            self._bare.setdefault(page.page.column_path, []).append(page.page)
            return
        missing = self._missing(block)
        self._whole += not missing
        if missing:
            called = "、".join(self._called.get(name, name) for name in missing)
            values = {"missing": called, "found": block.labels}
            kind = "soft" if set(missing) <= set(self._check.soft) else "hard"
            self._lacking.add((kind, called, block.template), page.page, block.fields[0].label, **values)

    def _missing(self, block: Block) -> list[str]:
        names = {one.name for one in block.fields}
        return [entry[0] for entry in self._check.required if not names.intersection(entry)]

    def results(self) -> Iterator[SiteResult]:
        bare, columns = Folds(), defaultdict[str, list[str]](list)
        for path, pages in self._bare.items():
            if self._is_listed(path):
                self._whole += len(pages)
                continue
            kind = "pages_unclear" if self._names_them(pages[0]) else "pages_bare"
            columns[kind].append(f"“{path[-1]}”")
            for page in pages:
                bare.add((kind,), page, page.title)
        if self._whole:
            yield SiteResult("pass", times=self._whole)
        for (kind,), fold in bare.items():
            shown = "、".join(dict.fromkeys(columns[kind][: table("platform")["most_named"]]))
            yield fold.result("fail" if kind == "pages_bare" else "needs_review", kind, kind, columns=shown)
        for (kind, called, template), fold in self._lacking.items():
            place = f"{called}|{template}"
            if kind == "hard":
                yield fold.result("fail", "pages_missing", place)
            else:
                yield fold.result("needs_review", "pages_partly", place)

    def _names_them(self, page: Page) -> bool:
        """Whether the source of a page has such labels all the same: in a script, or in a form not recognised."""
        source = source_of(self._view, page.url)
        return any(word in source for word in table("item-metadata")["in_sources"])

    def _is_listed(self, path: tuple[str, ...]) -> bool:
        """Whether the list of a column prints the index numbers itself."""
        words = table("item-metadata")["in_lists"]
        columns = [column for column in self._view.columns if column.name == path[-1]]
        for column in columns:
            document = self._view.document(column.pages[0] if column.pages else column.url)
            text = "\n".join(block.text for block in document.blocks) if document is not None else ""
            if any(word in text for word in words):
                return True
        return False
