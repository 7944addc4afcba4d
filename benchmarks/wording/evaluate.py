"""How well the model of official writing finds wrong characters, by five-fold cross-validation.

``python -m benchmarks.wording.evaluate`` with the options of ``benchmarks.wording.train``, and ``--right FILE …`` for
further right text that is read by the shipped model. Each fifth of the sentences and of the newspaper is read by a
model that was trained on the other four; thresholds are those of ``train`` unless ``--sweep`` shows others.

A sentence is found when it has an error and anything in it is suspected; corrected when every proposal is right, too.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.wording.measure import PER, Tally, over_right, over_sentences, seconds_per_megabyte
from benchmarks.wording.sources import official_words
from benchmarks.wording.train import THRESHOLDS, add_paths, paths_of
from benchmarks.wording.workshop import ALL, Workshop
from scoring.wording.model import CharacterModel

_SWEEP = (1.0, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0)
_TIMED = 400_000  # characters
_LEAST_PRECISION = 0.95
_LEAST_RECALL = 0.40


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def cross_validate(workshop: Workshop, thresholds: Sequence[float]) -> dict[float, list[Tally]]:
    """A tally of each fifth for each threshold."""
    tallies: dict[float, list[Tally]] = {threshold: [] for threshold in thresholds}
    for fold in ALL:
        parameters = workshop.train([one for one in ALL if one != fold])
        for threshold, row in tallies.items():
            model = CharacterModel(replace(parameters, thresholds=replace(THRESHOLDS, exchanged=threshold)))
            right = [*workshop.news_folds[fold], *workshop.right[fold]]
            row.append(over_sentences(model, workshop.pairs_of(fold)) + over_right(model, right))
    return tallies


def _spread(tallies: Sequence[Tally], part: str, whole: str) -> str:
    shares = sorted(tally.ratio(part, whole) for tally in tallies)
    return f"{shares[0]:.3f}–{shares[-1]:.3f}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure the model of official writing.")
    add_paths(parser)
    parser.add_argument("--sweep", action="store_true", help="try other thresholds too")
    parser.add_argument("--right", type=Path, nargs="*", default=[], help="files of right text for the shipped model")
    options = parser.parse_args(arguments)
    paths = paths_of(options)
    workshop = Workshop(paths)
    tallies = cross_validate(workshop, _SWEEP if options.sweep else (THRESHOLDS.exchanged,))
    for threshold, row in tallies.items():
        _say(f"threshold {threshold}: {sum(row, Tally())}")
        _say(
            f"  spread over the fifths: found precision {_spread(row, 'detected', 'flagged')} "
            f"recall {_spread(row, 'detected', 'wrong')}; corrected precision {_spread(row, 'proper', 'flagged')}"
        )
    model = CharacterModel.shipped()
    words = over_right(model, official_words(paths.words))
    _say(f"shipped model over the word list: {words.alarms} suspected in {words.characters:,} characters")
    for path in options.right:
        lines = path.read_text("utf-8").splitlines()
        for line, found in zip(lines, model.suspicions_of(lines), strict=True):
            for one in found:
                around = line[max(0, one.start - 8) : one.end + 8]
                _say(f"  {path.name}: {around}: {one.wrong} → {one.right} ({one.score})")
        read = over_right(model, lines)
        _say(f"{path.name}: {read.alarms} in {read.characters:,} characters ({read.alarm_rate:.2f} in {PER:,})")
    timed = "\n".join(workshop.news)[:_TIMED].splitlines()
    _say(f"newspaper: {seconds_per_megabyte(model, timed):.3f} s of processor time for 1 MB")
    official = [pair.right for pair in workshop.pairs]
    _say(f"official sentences: {seconds_per_megabyte(model, official):.3f} s of processor time for 1 MB")
    chosen = sum(tallies[THRESHOLDS.exchanged], Tally())
    kept = chosen.ratio("proper", "flagged") >= _LEAST_PRECISION and chosen.ratio("detected", "wrong") >= _LEAST_RECALL
    return 0 if kept and chosen.alarm_rate <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
