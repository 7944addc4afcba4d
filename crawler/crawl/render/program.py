"""Which browser this machine has, and what to say where it has none."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

from crawler.words import load

VARIABLE = "DUWANG_BROWSER"


def browser() -> str | None:
    """Path of a Chromium, Chrome or Edge; None where there is none (or where DUWANG_BROWSER names none)."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return shutil.which(named)
    known = load("render")["browser"]
    programs = (*known["names"], *(os.path.expandvars(place) for place in known["places"]))
    return next((found for program in programs if (found := shutil.which(program))), None)


def unavailable() -> str:
    """Why no page can be drawn here and what to do, as one Chinese line; ``""`` where nothing is missing."""
    texts = load("render")["unavailable"]
    if find_spec("playwright") is None:
        return str(texts["library"])
    if browser() is None:
        named = os.environ.get(VARIABLE, "").strip()
        return str(texts["setting" if named else "browser"]).format(variable=VARIABLE, value=named[:200])
    return ""
