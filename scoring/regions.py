"""Which units belong below which government, by the prefixes of administrative division codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scoring.annual_report import AnnualReport
from scoring.data import table
from scoring.text import fold, key

Level = Literal["province", "city", "county", "township"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit that publishes a report. ``region`` is its division code (6, 9 or 12 digits).

    ``vertical`` marks a body of a higher authority in the region: the local government does not count its figures.
    """

    name: str
    kind: Literal["department", "government"]
    region: str
    level: Level | None = None
    vertical: bool = False

    @property
    def prefix(self) -> str:
        """The digits that everything in the unit's region shares."""
        digits = {str(entry["level"]): int(entry["digits"]) for entry in table("regions")["levels"]}
        if self.level is not None:
            return self.region[: digits[self.level]]
        # Zeros at the end stand for "all of it"; a level never ends inside another one's digits.
        filled = len(self.region.rstrip("0"))
        return self.region[: min((d for d in digits.values() if d >= filled), default=len(self.region))]


class Tree:
    """The units of one or more regions. ``complete`` holds the codes of regions whose units are all listed."""

    def __init__(self, units: Iterable[Unit], complete: Iterable[str] = ()) -> None:
        self.units = tuple(units)
        names = Counter(key(unit.name) for unit in self.units)
        self._by_name = {key(unit.name): unit for unit in self.units if names[key(unit.name)] == 1}
        self._complete = frozenset(complete)

    def find(self, name: str) -> Unit | None:
        """The unit of that name, None where there are several; spaces and marks do not count."""
        return self._by_name.get(key(name))

    def is_whole(self, government: Unit) -> bool:
        """Whether every unit of the government's region is listed."""
        return government.region in self._complete

    def below(self, government: Unit) -> tuple[Unit, ...]:
        """The units whose figures the government's report takes in directly.

        These are its departments and the governments next below; what stands below another government of the list
        is in that one's figures already.
        """
        inside = [u for u in self.units if _covers(government, u) and not u.vertical]
        lower = [u for u in inside if u.kind == "government" and u.prefix != government.prefix]
        return tuple(u for u in inside if not any(_covers(g, u) for g in lower))


def _covers(government: Unit, unit: Unit) -> bool:
    return unit != government and unit.prefix.startswith(government.prefix)


def names_place(unit: str) -> bool:
    """Whether the name says in which region the unit is: many counties have a 城关镇."""
    return re.search(table("regions")["place"], key(unit)) is not None


def says_narrower(report: AnnualReport) -> bool:
    """Whether the report says itself that it covers less than its whole region."""
    pattern = re.compile(table("regions")["narrower"])
    return any(pattern.search(fold(report.text(piece))) for piece in report.pieces(0))
