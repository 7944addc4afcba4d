"""The house keeps its measure: no module grows past what a person reads in one sitting."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
FOLDERS = ("benchmarks", "crawler", "duwang", "reports", "scoring", "tests")
MOST_LINES = 500


def test_no_module_is_too_long() -> None:
    modules = [path for folder in FOLDERS for path in (HERE / folder).rglob("*.py")]
    lengths = {path.relative_to(HERE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in modules}
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}
