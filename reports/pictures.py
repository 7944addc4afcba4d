"""Pictures of recognised places: who judges reads what was drawn there, not only what was recognised.

A report draws a picture wherever one is given; it makes none. Whoever holds the evidence file cuts them out of the
page (``where.page``, ``where.box``) and hands them over as PNG bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from scoring.inspection import Where

# The record, the page and the box on it: a place wherever it is quoted.
Spot = tuple[str, int, tuple[float, float, float, float]]
Pictures = Mapping[Spot, bytes]

MAX_BYTES = 200_000  # of one picture; a cell needs a few thousand
MAX_SHOT = 400_000  # of the picture of a part of a page
_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"


def spot_of(where: Where) -> Spot | None:
    """The key of a place in ``Pictures``; None where it has no page or box."""
    return None if where.page is None or where.box is None else (where.record, where.page, where.box)


def data_address(where: Where, pictures: Pictures) -> str | None:
    """The picture of a place as a ``data:`` address; None where none is given, or what is given is no PNG."""
    spot = spot_of(where)
    picture = pictures.get(spot) if spot is not None else None
    if picture is None or len(picture) > MAX_BYTES or not picture.startswith(_PNG):
        return None
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def jpeg_address(picture: bytes | None) -> str | None:
    """The picture of a part of a page as a ``data:`` address; None where none is given, or what is given is no JPEG."""
    if picture is None or len(picture) > MAX_SHOT or not picture.startswith(_JPEG):
        return None
    return "data:image/jpeg;base64," + base64.b64encode(picture).decode()
