"""Checks on the words of a text: spelling, names, marks, numerals."""

from __future__ import annotations

from scoring.results import Check

CHECKS: tuple[type[Check], ...] = ()
