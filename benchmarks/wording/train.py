"""Trains the model of official writing and writes the file that the program ships.

``python -m benchmarks.wording.train --sentences odw.train --words WORDS.txt --packages FOLDER --font NotoSansCJK.ttc``

Run by hand, with pypinyin 0.55.0 installed beside the development tools; nothing is fetched. Inputs and their licences
stand in ``benchmarks/wording/sources.py``. What is shipped: pairs of characters with levels of frequency, 40-bit hashes
of longer runs with such levels, likenesses of characters, the weights of two small networks. The same inputs give the
same file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.wording.sources import Paths
from benchmarks.wording.workshop import ALL, Workshop
from scoring.wording.model.parameters import FILE, Parameters, Thresholds

# Chosen by cross-validation (``python -m benchmarks.wording.evaluate``): log odds.
THRESHOLDS = Thresholds(exchanged=3.8, missing=3.0, doubled=5.5)
_SHIPPED = Path(__file__).resolve().parents[2] / "scoring" / "wording" / "model" / FILE


def add_paths(parser: argparse.ArgumentParser) -> None:
    """The options that say where the sources lie."""
    parser.add_argument("--sentences", type=Path, required=True, help="labelled sentences (ECSpell odw.train)")
    parser.add_argument("--words", type=Path, required=True, help="words of official writing (ECSpell)")
    parser.add_argument("--packages", type=Path, required=True, help="folder with the unpacked packages")
    parser.add_argument("--font", type=Path, required=True, help="NotoSansCJK-Regular.ttc")


def paths_of(options: argparse.Namespace) -> Paths:
    return Paths(options.sentences, options.words, options.packages, options.font)


def final(workshop: Workshop) -> Parameters:
    """The model of all sources."""
    return replace(workshop.train(ALL), thresholds=THRESHOLDS)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the model of official writing.")
    add_paths(parser)
    parser.add_argument("--out", type=Path, default=_SHIPPED)
    options = parser.parse_args(arguments)
    final(Workshop(paths_of(options))).save(options.out)
    sys.stdout.write(f"{options.out}: {options.out.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
