"""One browser prints the reports that the tests read; each is printed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from documents.maker import MadeReport, html_of, pdf_of_html, printer

Print = Callable[[MadeReport, str], bytes]


@pytest.fixture(scope="session")
def printed_html() -> Iterator[Callable[[str], bytes]]:
    """Prints a page of HTML to PDF."""
    with printer() as page:
        yield partial(pdf_of_html, page)


@pytest.fixture(scope="session")
def printed(printed_html: Callable[[str], bytes]) -> Print:
    """Prints a report in a look to PDF."""
    kept: dict[tuple[MadeReport, str], bytes] = {}

    def of(report: MadeReport, look: str) -> bytes:
        if (report, look) not in kept:
            kept[report, look] = printed_html(html_of(report, look))
        return kept[report, look]

    return of
