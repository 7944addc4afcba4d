"""What recognition writes in half width between Chinese characters is full width on the page."""

from __future__ import annotations

from crawler.readers.ocr.settings import settings
from crawler.readers.paged.lines import is_wide


def spelled(text: str) -> str:
    """``text`` with full-width punctuation beside Chinese characters, without spaces between those and outside."""
    marks: dict[str, str] = settings("spelling")["full_width"]
    text = text.strip()
    out = list(text)
    for i, char in enumerate(text):
        if char in marks and any(is_wide(other) for other in (text[i - 1 : i] + text[i + 1 : i + 2])):
            out[i] = marks[char]
    # The blank half of a full-width mark is taken for a space.
    kept = (c for i, c in enumerate(out) if not (c == " " and is_wide(out[i - 1]) and is_wide(out[i + 1])))
    return "".join(kept)
