"""The checks: small frozen types whose fields are the options that a rule file may write."""

from __future__ import annotations

from typing import get_args

from scoring.checks import catalogue, content, platform, privacy, report, website, wording
from scoring.results import Check

ALL: tuple[type[Check], ...] = (
    *report.CHECKS,
    *content.CHECKS,
    *website.CHECKS,
    *platform.CHECKS,
    *catalogue.CHECKS,
    *wording.CHECKS,
    *privacy.CHECKS,
)


def name_of(check: type[Check]) -> str:
    """The name under which rule files use a check."""
    return str(get_args(check.model_fields["use"].annotation)[0])


BY_NAME: dict[str, type[Check]] = {name_of(check): check for check in ALL}
