"""Measurements, each a ratio to a named reference in the same run. Not part of the wheel."""
