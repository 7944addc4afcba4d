"""One browser prints the reports that the tests read; each is printed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from documents.maker import MadeReport, html_of, pdf_of_html, printer

Print = Callable[[MadeReport, str], bytes]


@pytest.fixture(scope="session")
def printed() -> Iterator[Print]:
    """Prints a report in a look to PDF."""
    kept: dict[tuple[MadeReport, str], bytes] = {}
    with printer() as page:

        def of(report: MadeReport, look: str) -> bytes:
            if (report, look) not in kept:
                kept[report, look] = pdf_of_html(page, html_of(report, look))
            return kept[report, look]

        yield of
