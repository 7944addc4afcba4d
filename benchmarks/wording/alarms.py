"""What all rules on wording and personal data say of text that is right, and of sentences with errors.

``python -m benchmarks.wording.alarms FILE…``: prints the hits of each rule and how many there are in 20,000 characters.
A file of three columns (count, as written, corrected) also gives the sentence-level precision and recall of RD-101 and
RD-102 together on what was written, and the alarms on what is corrected. Sentences that the model was trained on tell
nothing of it: ``benchmarks.wording.evaluate`` measures the model on sentences it has not seen.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from crawler.readers import read
from scoring.engine import running_rules
from scoring.rules import RuleVersion, shipped
from scoring.wording.check import Hit, TextCheck
from scoring.wording.judging import DocumentTexts
from scoring.wording.lexicons import shipped as lexicons

DAY = date(2026, 3, 10)
PER = 20_000
_TYPOS = ("RD-101", "RD-102")


def checks() -> list[tuple[str, TextCheck]]:
    """Every rule on running text by its code."""
    found: list[tuple[str, TextCheck]] = []
    for rule in running_rules(shipped(), "text"):
        version: RuleVersion | None = rule.version(DAY)
        if version is not None and isinstance(version.check, TextCheck):
            found.append((rule.code, version.check))
    return found


def hits(text: str, wanted: Iterable[tuple[str, TextCheck]]) -> list[tuple[str, Hit, str]]:
    """(rule, hit, the words) of all checks in a text."""
    document = read(text.encode(), uri="file:///text.txt", record="text")
    texts = DocumentTexts(document, lexicons(), None)  # nobody knows when these sentences were published
    found = []
    for code, check in wanted:
        words = texts.of(check)
        found += [(code, hit, words.words[hit.start : hit.end]) for hit in check.hits(words, DAY)]
    return found


def alarms(name: str, lines: Sequence[str], shown: int) -> None:
    """Print what is said of lines that are right."""
    text = "\n\n".join(lines)
    found = hits(text, checks())
    size = sum(map(len, lines))
    counts = Counter((code, hit.outcome) for code, hit, _ in found)
    rate = PER * len(found) / max(1, size)
    sys.stdout.write(f"{name}: {size:,} characters, {len(found)} hits, {rate:.2f} in {PER:,}\n")
    for (code, outcome), times in sorted(counts.items()):
        words = [f"{said}→{hit.values.get('right', '')}" for one, hit, said in found if one == code][:shown]
        sys.stdout.write(f"  {code} {outcome}: {times}  {'；'.join(words)}\n")


def typos(name: str, rows: Sequence[tuple[bool, str]]) -> None:
    """Print how many sentences with errors RD-101 and RD-102 flag, and how many without."""
    wanted = [(code, check) for code, check in checks() if code in _TYPOS]
    flagged = [wrong for wrong, sentence in rows if hits(sentence, wanted)]
    right, wrong = sum(flagged), sum(wrong for wrong, _ in rows)
    sys.stdout.write(
        f"{name}: RD-101 and RD-102 flag {len(flagged)} of {len(rows)} sentences; precision "
        f"{right / max(1, len(flagged)):.3f}, recall {right / max(1, wrong):.3f}\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wording.alarms", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--shown", type=int, default=6, help="hits shown of each rule (default 6)")
    chosen = parser.parse_args()
    for path in chosen.files:
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        pairs = [row for row in rows if len(row) == 3 and row[0].isdigit()]
        if pairs:
            typos(path.name, [(int(count) > 0, written.strip()) for count, written, _ in pairs])
            alarms(f"{path.name}, corrected", [corrected.strip() for *_, corrected in pairs], chosen.shown)
        else:
            alarms(path.name, [row[0].strip() for row in rows], chosen.shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
