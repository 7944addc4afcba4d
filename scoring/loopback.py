"""Sites on this machine itself: a demo has other ports each time, and is the same site."""

from __future__ import annotations

import ipaddress
import json
import re
from urllib.parse import SplitResult, urlsplit

from scoring.inspection import Inspection


def is_same(old: Inspection, new: Inspection) -> bool:
    """Whether two sites that no list names are one on this machine, seen on two ports."""
    one, other = _home(old), _home(new)
    if one is None or other is None:
        return False
    unnamed = all(i.subject.name == home.netloc for i, home in ((old, one), (new, other)))
    return unnamed and (one.scheme, one.hostname, one.path) == (other.scheme, other.hostname, other.path)


def on_ports_of(new: Inspection, old: Inspection) -> Inspection:
    """The old inspection with the addresses that its site has in the new one; as it is for any other site."""
    one, other = _home(old), _home(new)
    if one is None or other is None or one.hostname != other.hostname or one.netloc == other.netloc:
        return old
    was = re.compile(rf"(?<=://){re.escape(one.netloc)}(?![\d.:])")
    told = was.sub(other.netloc, json.dumps(old.to_dict(), ensure_ascii=False))
    return Inspection.from_dict(json.loads(told))


def _home(inspection: Inspection) -> SplitResult | None:
    """The home page of a site on this machine; None for anything else."""
    if inspection.subject.kind != "site" or not inspection.subject.url:
        return None
    try:
        home = urlsplit(inspection.subject.url)
        host = home.hostname or ""
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return None
    return home if here else None
