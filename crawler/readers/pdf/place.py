"""From a PDF page's own coordinates (y upwards, any turn) to the upright page as it is seen (y downwards)."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.evidence import Box


@dataclass(frozen=True, slots=True)
class Place:
    """``area`` is the visible part of the page, ``quarter`` how many quarters clockwise it is turned to be read."""

    area: Box
    quarter: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        width, height = self.area[2] - self.area[0], self.area[3] - self.area[1]
        return (height, width) if self.quarter % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point stands on the upright page."""
        left, bottom, right, top = self.area
        if self.quarter == 1:
            return y - bottom, x - left
        if self.quarter == 2:
            return right - x, y - bottom
        if self.quarter == 3:
            return top - y, right - x
        return x - left, top - y

    def box(self, box: Box) -> Box:
        """Where a box stands on the upright page."""
        (x0, y0), (x1, y1) = self.point(box[0], box[1]), self.point(box[2], box[3])
        return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def shows(self, box: Box) -> bool:
        """Whether the middle of a box of the upright page lies on it."""
        width, height = self.size
        return 0 <= (box[0] + box[2]) / 2 <= width and 0 <= (box[1] + box[3]) / 2 <= height
