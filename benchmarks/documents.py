"""Reading and judging annual reports: time by format, hostile documents.

``python -m benchmarks.documents``: medians in milliseconds, against one library that only opens the same file in the
same run, and calls of ``duwang check`` with one page and with 100. ``--hostile``: the whole corpus of hostile
documents; status 1 where one does harm. Accuracy is measured by ``benchmarks.document_accuracy``.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks import document_times

# The folder of the tests is on the path from here on.
from documents.hostile.judged import faults, run  # isort: skip


def hostile() -> int:
    """Print what is wrong with each hostile document, and the slowest ones."""
    results = run(heavy=True)
    wrong = {result["case"]: found for result in results if (found := faults(result))}
    for name, found in wrong.items():
        sys.stdout.write(f"{name}: {'; '.join(found)}\n")
    refused = sum(result["what"] == "refused" for result in results)
    sys.stdout.write(f"{len(results)} documents, {refused} refused, {len(wrong)} did harm\n")
    for result in sorted(results, key=lambda r: -r.get("seconds", 0))[:5]:
        sys.stdout.write(f"{result['case']}: {result['seconds']} s, {result['megabytes']} MB\n")
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hostile", action="store_true")
    chosen = parser.parse_args()
    if chosen.hostile:
        return hostile()
    document_times.times()
    return 0


if __name__ == "__main__":
    sys.exit(main())
