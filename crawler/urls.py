"""Addresses: which ones are the same page, which belong to a site, which may be contacted."""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import cache, lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from crawler.words import load

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# A definite answer that there is none; not all systems know all of them.
_NO_RECORD = {getattr(socket, name, None) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY")}
DEFAULT_PORTS = {"http": 80, "https": 443}
_SESSION = re.compile(r";[A-Za-z]*sessionid=[^/?#]*", re.IGNORECASE)


def split(url: str) -> SplitResult | None:
    """Parts of an absolute http(s) address, or None where it is none (or malformed)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme.lower() in DEFAULT_PORTS and _host_and_port(parts.netloc) else None


@lru_cache(maxsize=1024)
def _host_and_port(netloc: str) -> tuple[str, int | None] | None:
    """Host (lower case) and port of an authority, None where it is malformed; nearly all links of a site share one."""
    parts = SplitResult("", netloc, "", "", "")
    try:
        host, port = parts.hostname, parts.port
        if not host:
            return None
        if not host.isascii():
            host.encode("idna")
    except ValueError:
        return None
    return host, port


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
    # A name and password in an address are for whoever wrote it.
    netloc = parts.netloc.rpartition("@")[2].lower()
    url = urlunsplit(parts._replace(scheme=parts.scheme.lower(), netloc=netloc, path=parts.path or "/"))
    # Only wild addresses pay for escaping: it costs more than all the rest of this.
    return url if url.isascii() and " " not in url else safe_url_string(url)


def key(url: str) -> str:
    """Cheap key under which an address counts as already seen: scheme, www., default port, session parameters and the
    fragment (unless it names a page of its own) make no difference."""
    parts = split(url)
    if parts is None:
        return url
    path = _SESSION.sub("", parts.path) or "/"
    query = parts.query
    if query:
        ignored = _ignored_parameters()
        kept = [item for item in query.split("&") if item and item.partition("=")[0].lower() not in ignored]
        query = "&".join(kept)
    found = f"{host_key(parts)}{path}?{query}" if query else f"{host_key(parts)}{path}"
    return f"{found}#{parts.fragment}" if parts.fragment and _is_page(parts) else found


def page_of(url: str) -> str:
    """The address without its fragment, unless that names a page of its own."""
    return url if has_own_fragment(url) else url.partition("#")[0]


def has_own_fragment(url: str) -> bool:
    """Whether what stands after ``#`` chooses what the page shows, as another address would."""
    parts = split(url) if "#" in url else None
    return parts is not None and bool(parts.fragment) and _is_page(parts)


def host_key(parts: SplitResult) -> str:
    """Host without ``www.``, with its port where that is not the default one of its scheme."""
    name, port = _host_and_port(parts.netloc) or ("", None)
    host = bare_host(name)
    return f"{host}:{port}" if port and port != DEFAULT_PORTS[parts.scheme.lower()] else host


def bare_host(name: str) -> str:
    """The name of a host without ``www.``."""
    return name.rstrip(".").removeprefix("www.")


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


def resolve_six(host: str, port: int) -> list[str]:
    """The AAAA records of a host, none where it has none; OSError where the resolver did not answer.

    What a resolver makes of IPv4 addresses itself (RFC 6052, RFC 4291) is no record.
    """
    try:
        found = socket.getaddrinfo(host, port, family=socket.AF_INET6, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _NO_RECORD:
            return []
        raise
    addresses = dict.fromkeys(str(info[4][0]) for info in found if info[0] == socket.AF_INET6)
    return [one for one in addresses if not _is_made(ipaddress.IPv6Address(one.partition("%")[0]))]


def _is_made(address: ipaddress.IPv6Address) -> bool:
    return address.ipv4_mapped is not None or address in NAT64


def _is_page(parts: SplitResult) -> bool:
    return any(place in parts.path and form.fullmatch(parts.fragment) for place, form in _page_fragments())


@cache
def _page_fragments() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((known["path"], re.compile(known["fragment"])) for known in load("crawl")["page_fragments"])


@cache
def _ignored_parameters() -> frozenset[str]:
    return frozenset(load("crawl")["ignored_parameters"])
