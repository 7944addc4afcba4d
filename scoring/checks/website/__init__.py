"""Checks on the pages of a site and on what it gives as a service: tags, furniture, links, functions."""

from __future__ import annotations

from scoring.checks.website.codes import SiteCodesAgree
from scoring.checks.website.dates import DatesAgree
from scoring.checks.website.footer import FooterItems
from scoring.checks.website.functions import (
    AccessibleBasics,
    HomeLoads,
    Ipv6Reachable,
    SearchOffered,
    TransportSecure,
)
from scoring.checks.website.furniture import ContentFurniture
from scoring.checks.website.identity import DomainConforms, HeaderName
from scoring.checks.website.links import LinksVisible
from scoring.checks.website.opening import AttachmentsUsable, ExternalLinksAnnounced, LinksOpen, NoSoftMissing
from scoring.checks.website.reachable import SiteReachable
from scoring.checks.website.tag_values import TagValues
from scoring.checks.website.tags import TagsPresent
from scoring.checks.website.wording import SeriousWords
from scoring.results import Check

CHECKS: tuple[type[Check], ...] = (
    SiteReachable,
    SeriousWords,
    LinksVisible,
    DatesAgree,
    DomainConforms,
    HeaderName,
    FooterItems,
    SiteCodesAgree,
    TagsPresent,
    TagValues,
    ContentFurniture,
    LinksOpen,
    NoSoftMissing,
    AttachmentsUsable,
    ExternalLinksAnnounced,
    SearchOffered,
    Ipv6Reachable,
    TransportSecure,
    HomeLoads,
    AccessibleBasics,
)
