"""Which addresses may be contacted, and where a host is."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError

from crawler import urls
from crawler.crawl.refused import Refused

_UNICAST = ipaddress.IPv6Network("2000::/3")
# is_global of older Python versions counts these as public.
_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")


def connectable(address: str) -> bool:
    """True for an IP address that the open Internet routes, with every IPv4 address inside it public as well.

    Looked into are IPv4-mapped, NAT64 (RFC 6052), 6to4 (RFC 3056) and Teredo (RFC 4380) addresses. Everything else
    outside of 2000::/3 (RFC 4291: loopback, link-local, site-local, unique local, IPv4-compatible…) is refused.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return urls.is_public(str(parsed)) and parsed not in _PROTOCOLS
    if parsed.ipv4_mapped or parsed in urls.NAT64:
        return connectable(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
    inner = [parsed.sixtofour, *(parsed.teredo or ())]
    return parsed in _UNICAST and urls.is_public(str(parsed)) and all(connectable(str(one)) for one in inner if one)


def leads_inside(url: str, home: str) -> bool:
    """Whether an address spells out a private one although the home page's own is none."""
    there, here = (urls.literal_address(urlsplit(one).hostname or "") for one in (url, home))
    return there is not None and not connectable(there) and (here is None or connectable(here))


async def look_up(host: str, port: int, *, public_only: bool, seconds: float, six: bool = False) -> list[str]:
    """IP addresses of ``host`` (a name or a literal in any notation), in the order in which to try them.

    With ``public_only`` private ones are left out; with ``six`` all but the AAAA records are. Raises
    CannotResolveHostError where the name has no address or no answer came within ``seconds``,
    Refused("private-address") where none is left.
    """
    literal = urls.literal_address(host)
    found = [literal] if literal else await _ask(host, port, seconds, urls.resolve_six if six else urls.resolve)
    allowed = [address for address in found if connectable(address)] if public_only else found
    if not allowed:
        raise Refused("private-address")
    return allowed


async def _ask(host: str, port: int, seconds: float, resolve: Callable[[str, int], list[str]]) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            found = await loop.run_in_executor(None, resolve, host, port)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise CannotResolveHostError(f"{host}: {error}") from error
    if not found:
        raise CannotResolveHostError(f"{host}: no address")
    return found
