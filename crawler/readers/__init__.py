"""Bytes to Document: one entry for all carriers.

PLACEHOLDER: signature is the contract.
"""

from __future__ import annotations

from crawler.evidence import Document


def read(body: bytes, *, uri: str, media_type: str = "", record: str = "", digest: str = "") -> Document:
    """Read one resource. Raises UnusableInput with one clear line where nothing can be read."""
    raise NotImplementedError
