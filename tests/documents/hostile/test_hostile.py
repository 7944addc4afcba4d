"""Several hundred hostile documents: each is read or refused in one clear line, in bounded time and memory."""

from __future__ import annotations

from collections import Counter

from documents.hostile.cases import all_cases
from documents.hostile.judged import faults, run


def test_no_hostile_document_does_harm() -> None:
    results = run(heavy=False)
    wrong = {result["case"]: found for result in results if (found := faults(result))}
    assert wrong == {}
    wanted = {case.name for case in all_cases() if not case.heavy}
    assert {result["case"] for result in results} == wanted
    assert len(wanted) >= 640
    # Were all refused, or all read, the corpus would not tell anything.
    outcomes = Counter(result["what"] for result in results)
    assert min(outcomes["read"], outcomes["refused"]) > 150
