"""What keeps a reader from seeing an element: computed from inline style and attributes; style sheets are not read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crawler.words import load

_LENGTH = re.compile(r"(-?\d{0,9}\.?\d{1,9})\s*(px|pt|em|rem|ex|cm|mm|in|vw|vh|%)?")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "cm": 38.0, "mm": 3.8, "in": 96.0,
           "vw": 10.0, "vh": 8.0, "%": 10.0}  # fmt: skip
_ALPHA = re.compile(r"alpha\s*\(\s*opacity\s*=\s*(\d{1,3})")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]{1,6})%?)?\s*\)")
_SHOWS = re.compile(r"[a-z]")
_MAX_STYLE = 2000
_PICTURE = "picture"  # a background that no colour can be compared with


@dataclass(frozen=True, slots=True)
class Look:
    """How an element looks by itself.

    ``reason`` is why it cannot be seen (a value of ``Link.hidden``), ``undo`` the name under which an element inside
    may take that back, ``undoes`` the names that this one takes back. ``covers``: nobody reads its text.
    """

    reason: str = ""
    undo: str = ""
    undoes: frozenset[str] = frozenset()
    covers: bool = False
    colour: str = ""
    background: str = ""


def look_of(tag: str, attributes: dict[str, str]) -> Look | None:
    """How the element looks, or None where nothing is said about it."""
    if "hidden" in attributes:
        return Look("attribute", covers=True)
    if tag in ("marquee", "iframe") and any(_tiny(attributes.get(side, "")) for side in ("width", "height")):
        return Look("size", covers=True)
    style, ground = attributes.get("style", ""), attributes.get("bgcolor", "")
    ink = attributes.get("color", "") if tag == "font" else ""
    return _look(style[:_MAX_STYLE], ground[:40], ink[:40]) if style or ground or ink else None


def look_of_style(style: str) -> Look | None:
    """How an element looks of which only the style says something."""
    return _look(style[:_MAX_STYLE], "", "")


def hidden_by(looks: list[Look]) -> str:
    """Why an element cannot be seen, by its own look and those around it, innermost first; "" where it can."""
    undone: set[str] = set()
    colour = background = ""
    for look in looks:
        if look.reason and look.undo not in undone:
            return look.reason
        undone |= look.undoes
        colour = colour or look.colour
        background = background or look.background
    return "colour" if colour and colour == background else ""


@lru_cache(maxsize=4096)
def _look(style: str, ground: str, ink: str) -> Look | None:
    rules = _rules(style)
    reason, undo = _reason(rules)
    colour = _colour(rules.get("color", "") or ink)
    background = _background(rules) or _colour(ground)
    undoes = frozenset(_shown(rules))
    if not (reason or undoes or colour or background):
        return None
    return Look(reason, undo, undoes, bool(reason) and undo != "font", colour, background)


def _rules(style: str) -> dict[str, str]:
    rules: dict[str, str] = {}
    for rule in style.lower().split(";"):
        name, colon, value = rule.partition(":")
        if colon:
            rules[name.strip()] = value.replace("!important", "").strip()
    return rules


def _reason(rules: dict[str, str]) -> tuple[str, str]:
    """(reason, name under which it can be undone) of a style."""
    limits = _limits()
    if rules.get("display") == "none":
        return "display", ""
    if rules.get("visibility") in ("hidden", "collapse"):
        return "visibility", "visibility"
    opacity = _number(rules.get("opacity", ""))
    alpha = _ALPHA.search(rules.get("filter", ""))
    if (opacity is not None and opacity <= limits["opacity"]) or (alpha and int(alpha[1]) <= 100 * limits["opacity"]):
        return "opacity", ""
    if _offscreen(rules):
        return "offscreen", ""
    if "hidden" in (rules.get("overflow"), rules.get("overflow-x"), rules.get("overflow-y")) and any(
        _tiny(rules.get(side, "")) for side in ("width", "height", "max-width", "max-height")
    ):
        return "size", ""
    if rules.get("color") == "transparent":
        return "colour", "font"
    return ("size", "font") if _tiny(rules.get("font-size", "")) else ("", "")


def _offscreen(rules: dict[str, str]) -> bool:
    limits = _limits()
    indent = _number(rules.get("text-indent", ""))
    if indent is not None and indent <= -limits["indent"]:
        return True
    placed = rules.get("position") in ("absolute", "fixed", "relative")
    sides = [rules.get(side, "") for side in ("left", "top", "right", "bottom")] if placed else []
    if any((at := _number(side)) is not None and at <= -limits["far"] for side in sides):
        return True
    margins = [rules.get("margin-left", ""), rules.get("margin-top", ""), *rules.get("margin", "").split()[:4]]
    return any((at := _number(margin)) is not None and at <= -limits["indent"] for margin in margins)


def _shown(rules: dict[str, str]) -> list[str]:
    """Names of what this style takes back."""
    found = ["visibility"] if rules.get("visibility") == "visible" else []
    size = rules.get("font-size", "")
    if size and not _tiny(size) and (_SHOWS.search(size) or size[:1].isdigit()) and not size.endswith(("em", "%")):
        found.append("font")
    return found


def _number(value: str) -> float | None:
    """Length in pixels, None where it is none."""
    match = _LENGTH.match(value) if value else None
    return float(match[1]) * _PIXELS[match[2] or ""] if match else None


def _tiny(value: str) -> bool:
    size = _number(value)
    return size is not None and 0 <= size <= _limits()["pixels"]


def _background(rules: dict[str, str]) -> str:
    if "url(" in rules.get("background", "") or rules.get("background-image", "none") != "none":
        return _PICTURE
    plain = _colour(rules.get("background-color", ""))
    if plain:
        return plain
    both = rules.get("background", "")
    return _colour(both) or next((found for part in both.split()[:6] if (found := _colour(part))), "")


def _colour(value: str) -> str:
    """A colour as six hexadecimal digits, "" where it is none that is known."""
    value = value.strip().lower()
    if not value:
        return ""
    if named := _limits()["colours"].get(value):
        return str(named)
    if match := _HEX.fullmatch(value):
        digits = match[1]
        return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    if match := _RGB.fullmatch(value):
        if match[4] is not None and float(match[4].strip(".") or 0) == 0:
            return ""
        return "".join(f"{min(int(part), 255):02x}" for part in match.groups()[:3])
    return ""


def _limits() -> dict[str, Any]:
    limits: dict[str, Any] = load("page-facts")["hidden"]
    return limits
