"""White space as a browser shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Stands for <br> and block edges while text is gathered; control characters never reach us from outside.
BREAK = "\x1e"

# Parts lines while they are handled together: no parsed text can hold it.
_BETWEEN = "\0"

# What never reaches us: control characters; zero-width characters, byte order mark, soft hyphen.
CONTROLS = "".join(map(chr, {*range(0x20)} - set(b"\t\n\f\r")))
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_CLEAN = re.compile(f"[{re.escape(CONTROLS + INVISIBLE)}]+")
_WIDE = "\u2e80-\u9fff\ua000-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6"
# CSS drops a line feed between two wide characters: no space stands there on the screen.
# A run of white space with a line feed; it is looked for by its first character, which is rarer than wide ones.
_WIDE_FEED = re.compile(
    rf"[ \t\n\r\f](?<=[{_WIDE}][ \t\n\r\f])(?:(?<=[\n\r\f])|(?=[ \t]*[\n\r\f]))[ \t\n\r\f]*(?=[{_WIDE}])"
)
_RUN = re.compile(r"[ \t\n\r\f]+")
_ANY_RUN = re.compile(r"\s+")


def clean(text: str) -> str:
    """Take out control and invisible characters (zero-width space, byte order mark, soft hyphen)."""
    return _CLEAN.sub("", text)


def collapse(text: str) -> str:
    """One line of visible text: runs of white space are one space, full-width spaces inside stay."""
    if text.isalnum():
        return text  # most names and labels: nothing to fold, told without a pattern
    if "\n" in text or "\r" in text:
        text = _WIDE_FEED.sub("", text)
    return _RUN.sub(" ", text).replace("\xa0", " ").strip()


def collapse_each(lines: Sequence[str]) -> list[str]:
    """``collapse`` of many lines of a parsed page at once."""
    text = _BETWEEN.join(lines)
    if "\f" in text or "\v" in text:  # white space of bytes is another one
        return [collapse(line) for line in lines]
    if "\n" in text or "\r" in text:
        text = _WIDE_FEED.sub("", text)
    text = b" ".join(text.encode("utf-8", "surrogatepass").split()).decode("utf-8", "surrogatepass")
    return [line.strip() for line in text.replace("\xa0", " ").split(_BETWEEN)]


def cell_lines(text: str) -> str:
    """Text of a cell: ``BREAK`` is a line feed, other runs (full-width too) one space; no blank lines."""
    lines = (_ANY_RUN.sub(" ", collapse(line)).strip() for line in text.split(BREAK))
    return "\n".join(line for line in lines if line)


def solid(text: str) -> int:
    """Number of characters that are not white space."""
    return len(text) if text.isalnum() else len("".join(text.split()))
