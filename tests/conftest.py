"""Test settings: in CI (DUWANG_NO_SKIP=1) a test that is left out is a failure."""

from __future__ import annotations

import os

import pytest

# Pictures of pages take a browser and seconds: only the tests of them ask for any.
os.environ.setdefault("DUWANG_SCREENSHOTS", "0")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    outcome = yield
    result = outcome.get_result()
    if result.skipped and os.environ.get("DUWANG_NO_SKIP") and not hasattr(result, "wasxfail"):
        result.outcome = "failed"
        result.longrepr = f"left out: {item.nodeid}: {call.excinfo.value if call.excinfo else ''}"
