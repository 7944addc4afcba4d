"""Checks on personal data that must not stand in what is published."""

from __future__ import annotations

from scoring.results import Check

CHECKS: tuple[type[Check], ...] = ()
