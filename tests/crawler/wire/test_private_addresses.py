"""No connection ever goes to an address that the open Internet does not route, however it is written or reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from wire.asking import ask
from wire.raw_server import RawServer, raw_serving, send

from crawler.crawl.wire.addresses import connectable

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

LOOPBACK_HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "0X7F.1",
    "someone@127.0.0.1",
    "１２７.０.０.１",
    "127。0。0。1",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::1]",
    "[2001:0:7f00:1::1]",
    "[fe80::1%25lo]",
    "[fec0::1]",
    "[fd00::1]",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
]


@contextmanager
def trap(address: str = "127.0.0.1", port: int = 0) -> Iterator[RawServer]:
    with raw_serving({"/": send(ANSWER, keep=True)}, address=address, port=port) as server:
        yield server


def test_no_notation_of_a_private_address_is_contacted() -> None:
    with trap() as server:
        urls = [f"http://{host}:{server.port}/" for host in LOOPBACK_HOSTS]
        asked = ask(*urls, DUWANG_PUBLIC_ONLY=True)
        assert dict(zip(LOOPBACK_HOSTS, asked.outcomes, strict=True)) == dict.fromkeys(
            LOOPBACK_HOSTS, "private-address"
        )
        assert server.connections == 0


def test_the_same_addresses_are_read_where_that_is_allowed() -> None:
    hosts = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
    with trap() as server:
        asked = ask(*(f"http://{host}:{server.port}/" for host in hosts), DUWANG_PUBLIC_ONLY=False)
        assert asked.outcomes == ["read"] * len(hosts)


def test_a_name_with_private_addresses_only_is_refused() -> None:
    names = {"a.example": [["127.0.0.1", "::1", "::ffff:10.0.0.1"]], "localhost": [["127.0.0.1"]]}
    with trap() as server:
        urls = [f"http://{name}:{server.port}/" for name in ("a.example", "localhost", "nowhere.example")]
        assert ask(*urls, names=names, DUWANG_PUBLIC_ONLY=True).outcomes == [
            "private-address",
            "private-address",
            "dns",
        ]
        assert server.connections == 0


def test_of_several_addresses_only_the_public_ones_are_tried() -> None:
    with trap() as private, trap("127.0.0.2", private.port) as public:
        asked = ask(
            f"http://a.example:{private.port}/",
            names={"a.example": [["127.0.0.1", "127.0.0.3", "127.0.0.2"]]},
            public=["127.0.0.2", "127.0.0.3"],
            DUWANG_PUBLIC_ONLY=True,
        )
        assert [(one["outcome"], one["address"]) for one in asked.found] == [("read", "127.0.0.2")]
        assert (private.connections, public.connections) == (0, 1)


def test_where_a_connection_really_ends_is_looked_at() -> None:
    """The kernel takes 0.0.0.0 for this machine, whoever takes it for a public address."""
    with trap() as server:
        asked = ask(f"http://0.0.0.0:{server.port}/", public=["0.0.0.0"], DUWANG_PUBLIC_ONLY=True)
        assert asked.outcomes == ["private-address"]
        assert server.asked == []


def test_a_name_that_changes_its_mind_is_checked_again() -> None:
    """Rebinding: public at the first look-up, loopback at the second one."""
    with trap() as private, raw_serving({"/": send(ANSWER)}, address="127.0.0.2", port=private.port) as public:
        url = f"http://a.example:{private.port}/"
        asked = ask(
            url,
            url,
            names={"a.example": [["127.0.0.2"], ["127.0.0.1"]]},
            public=["127.0.0.2"],
            limits={"names_seconds": 0},
            DUWANG_PUBLIC_ONLY=True,
        )
        assert asked.outcomes == ["read", "private-address"]
        assert (private.connections, public.connections) == (0, 1)


def test_proxies_of_the_environment_are_not_used() -> None:
    with trap() as proxy, trap("127.0.0.2") as public:
        asked = ask(
            f"http://a.example:{public.port}/",
            names={"a.example": [["127.0.0.2"]]},
            environment=dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"), proxy.url),
        )
        assert asked.outcomes == ["read"]
        assert (proxy.connections, public.connections) == (0, 1)


def test_a_look_up_that_does_not_end_costs_its_time_only() -> None:
    asked = ask("http://a.example/", names={"a.example": [["slow"]]}, DNS_TIMEOUT=0.3)
    assert asked.outcomes == ["dns"]
    assert asked.found[0]["seconds"] < 1


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"],
)
def test_public_addresses_are_connectable(address: str) -> None:
    assert connectable(address)


def test_what_is_no_address_is_not_connectable() -> None:
    assert not connectable("")
    assert not connectable("a.example")
