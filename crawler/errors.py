"""Errors a user can act on: one line, with the place and the remedy."""

from __future__ import annotations


class UnusableInput(Exception):
    """The input could not be used. ``str(error)`` is one Chinese line: which input, what is wrong, what to do."""


class CaptureDamaged(Exception):
    """The stored bytes are not those that were captured. ``str(error)`` is one Chinese line."""
