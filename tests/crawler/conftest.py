"""Fixtures of the crawler's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from site_server import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    """A web site on 127.0.0.1, empty at first."""
    with serving() as running:
        yield running
