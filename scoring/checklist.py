"""The checklist of a site (人工核查清单): what its regulations ask for and a machine cannot judge, or not wholly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.evidence import Site
from scoring.inspection import ManualItem
from scoring.rules import PLACES, Regulation, RuleSet


def checklist(rules: RuleSet, site: Site) -> tuple[ManualItem, ...]:
    """Every item left to a person that holds for this site, things to look up on the site first, then internal files.

    Items of status ``manual``, and of ``partial`` what the rules leave open, in the order of the regulations. Texts
    that are about the annual report alone are left out: its findings say what a person has to confirm.
    """
    found = [
        _item(regulation, item)
        for regulation in rules.regulations.values()
        if regulation.applies_to != "report" and _binds(regulation, site)
        for item in regulation.items
        if item["status"] in ("manual", "partial") and _holds(item, site)
    ]
    return tuple(sorted(found, key=lambda item: PLACES.index(item.place)))


def _binds(regulation: Regulation, site: Site) -> bool:
    # A portal publishes for all its departments; a department is known by its name only.
    return not regulation.bodies or site.kind == "portal" or any(word in site.name for word in regulation.bodies)


def _holds(item: Mapping[str, Any], site: Site) -> bool:
    # Where the site list does not say whether the body serves the public, a person decides that too.
    return site.kind in item.get("kinds", (site.kind,)) and not (item.get("services") and site.services is False)


def _item(regulation: Regulation, item: Mapping[str, Any]) -> ManualItem:
    return ManualItem(
        regulation.id, regulation.name, regulation.number, item["id"], item.get("subject", ""),
        item.get("todo") or item["why"], item.get("place", PLACES[0]),
    )  # fmt: skip
