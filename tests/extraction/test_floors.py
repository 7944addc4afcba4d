"""What is read off the labelled pages never gets worse: a floor per figure (``floors.yaml``) that only rises.

The pages of the corpus are not part of the project; without them nothing is collected for them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from extraction.measure import CORPUS, HERE, Tally, floor_of, measured

FLOORS: dict[str, dict[str, float]] = yaml.safe_load((HERE / "floors.yaml").read_text(encoding="utf-8"))
ROOM = 1.0  # points that a figure may stand above its floor
GROUPS = ["pages", "corpus"] if CORPUS.is_dir() else ["pages"]


def complaint(group: str, name: str, tally: Tally, floor: float) -> str:
    """What is wrong with a figure, ``""`` where nothing is."""
    figure = f"{group}.{name}: {tally.right} of {tally.asked} = {tally.percent:.2f}"
    if tally.percent < floor:
        return "\n".join([f"{figure}, the floor is {floor}", *tally.wrong])
    if tally.percent > floor + ROOM:
        return f"{figure}, raise the floor to {floor_of(tally)}"
    return ""


@pytest.mark.parametrize(("group", "name"), [(group, name) for group in GROUPS for name in FLOORS[group]])
def test_a_figure_keeps_its_floor(group: str, name: str) -> None:
    found = complaint(group, name, measured(group).get(name, Tally()), FLOORS[group][name])
    assert not found, found


@pytest.mark.parametrize("group", GROUPS)
def test_every_figure_has_a_floor(group: str) -> None:
    assert sorted(measured(group)) == sorted(FLOORS[group])


def test_a_figure_below_or_far_above_its_floor_is_a_complaint() -> None:
    low = Tally(right=8, asked=10, wrong=["some-page: wanted 'a', got 'b'"])
    assert "the floor is 90" in complaint("pages", "title", low, 90) and "some-page" in complaint("pages", "t", low, 90)
    assert complaint("pages", "title", Tally(right=95, asked=100), 93.0).endswith("raise the floor to 95.0")
    assert complaint("pages", "title", Tally(right=95, asked=100), 94.5) == ""


def test_every_page_has_its_label_and_every_label_its_page() -> None:
    def names(folder: str, ending: str) -> list[str]:
        return sorted(path.stem for path in Path(HERE / folder).glob(ending))

    assert names("pages", "*.html") == names("labels", "*.yaml")
    assert len(names("pages", "*.html")) >= 60
