"""Addresses: which ones are the same page, which belong to a site, which may be contacted."""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from crawler.words import load

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SESSION = re.compile(r";[A-Za-z]*sessionid=[^/?#]*", re.IGNORECASE)


def split(url: str) -> SplitResult | None:
    """Parts of an absolute http(s) address, or None where it is none (or malformed)."""
    try:
        parts = urlsplit(url)
        if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
            return None
        if not parts.hostname.isascii():
            parts.hostname.encode("idna")
        _ = parts.port
    except ValueError:
        return None
    return parts


def absolute(base: str, href: str) -> str | None:
    """Absolute http(s) address of a link as a browser would follow it, or None."""
    href = re.sub(r"[\t\r\n]", "", href).strip()
    if not href or len(href) > load("crawl")["limits"]["max_url"]:
        return None
    try:
        path, mark, query = href.partition("?")
        url = urljoin(base, path.replace("\\", "/") + mark + query)
    except ValueError:
        return None
    parts = split(url)
    if parts is None:
        return None
    url = urlunsplit(parts._replace(scheme=parts.scheme.lower(), path=parts.path or "/"))
    # Only wild addresses pay for escaping: it costs more than all the rest of this.
    return url if url.isascii() and " " not in url else safe_url_string(url)


def key(url: str) -> str:
    """Cheap key under which an address counts as already seen: scheme, www., default port, fragment and
    session parameters make no difference."""
    parts = split(url)
    if parts is None:
        return url
    path = _SESSION.sub("", parts.path) or "/"
    query = parts.query
    if query:
        ignored = _ignored_parameters()
        kept = [item for item in query.split("&") if item and item.partition("=")[0].lower() not in ignored]
        query = "&".join(kept)
    return f"{host_key(parts)}{path}?{query}" if query else f"{host_key(parts)}{path}"


def host_key(parts: SplitResult) -> str:
    """Host without ``www.``, with its port where that is not the default one of its scheme."""
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    port = parts.port
    return f"{host}:{port}" if port and port != _DEFAULT_PORTS[parts.scheme.lower()] else host


def same_site(url: str, home: str) -> bool:
    """True where both addresses are on one host (with or without ``www.``)."""
    one, other = split(url), split(home)
    return one is not None and other is not None and host_key(one) == host_key(other)


def ending(url: str) -> str:
    """File name ending of the path in lower case, ``""`` where there is none."""
    parts = split(url)
    name = parts.path.rpartition("/")[2] if parts else ""
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_public(address: str) -> bool:
    """True for an IP address that the open Internet routes (not loopback, private, link-local, reserved…)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_global) and not parsed.is_multicast


def literal_address(host: str) -> str | None:
    """The IP address that a host name spells out in any notation a resolver accepts, or None for a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    if re.fullmatch(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,3}", host, re.IGNORECASE):
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            return None
    return None


def resolve(host: str, port: int) -> list[str]:
    """IP addresses of a host in the resolver's order; OSError (``socket.gaierror``) where it has none."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    return list(dict.fromkeys(found))


@cache
def _ignored_parameters() -> frozenset[str]:
    return frozenset(load("crawl")["ignored_parameters"])
