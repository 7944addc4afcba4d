"""Errors a user can act on: one line, with the place and the remedy."""

from __future__ import annotations


class UnusableInput(Exception):
    """The input could not be used. ``str(error)`` is one Chinese line: which input, what is wrong, what to do."""


class StorageFailed(Exception):
    """The disk takes no more of a capture (full, no permission); what was committed before stands."""


class CaptureDamaged(Exception):
    """The stored bytes are not those that were captured. ``str(error)`` is one Chinese line."""
