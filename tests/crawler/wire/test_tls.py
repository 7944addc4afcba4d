"""Pages behind bad certificates are read as a browser reads them after its warning, and the fault is known."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from wire.asking import ask
from wire.raw_server import raw_serving, send

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
NAMES = {"good.example": [["127.0.0.1"]]}


class Pair(NamedTuple):
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def made(name: str, issuer: Pair | None = None, *, days: int = 30, authority: bool = False) -> Pair:
    """A certificate that ends in ``days``; without ``issuer`` it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name[0].isdigit():
        names = [x509.IPAddress(ipaddress.ip_address(name))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=60))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    return Pair(key, certificate)


def server_context(pair: Pair, folder: Path) -> ssl.SSLContext:
    pem = serialization.Encoding.PEM
    key = pair.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(key + pair.certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


@pytest.fixture(scope="module")
def root() -> Pair:
    return made("A root", authority=True)


@pytest.fixture
def trusted(root: Pair, tmp_path: Path) -> dict[str, str]:
    """Environment of a machine that trusts this root and nothing else."""
    (tmp_path / "roots.pem").write_bytes(root.certificate.public_bytes(serialization.Encoding.PEM))
    return {"SSL_CERT_FILE": str(tmp_path / "roots.pem"), "SSL_CERT_DIR": str(tmp_path / "none")}


def certificate_of(kind: str, root: Pair) -> Pair:
    pairs = {
        "verified": lambda: made("good.example", root),
        "expired": lambda: made("good.example", root, days=-1),
        "name": lambda: made("other.example", root),
        "self-signed": lambda: made("good.example"),
        "untrusted": lambda: made("good.example", made("Another root", authority=True)),
    }
    return pairs[kind]()


def test_the_page_is_read_and_the_fault_is_told(root: Pair, trusted: dict[str, str], tmp_path: Path) -> None:
    kinds = ("verified", "expired", "name", "self-signed", "untrusted")
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                raw_serving({"/": send(OK, keep=True)}, server_context(certificate_of(kind, root), tmp_path))
            )
            for kind in kinds
        ]
        # Twice each: the second page comes over the same connection.
        urls = [f"https://good.example:{server.port}/" for server in servers for _ in range(2)]
        asked = ask(*urls, names=NAMES, environment=trusted)
        assert [(one["outcome"], one.get("body")) for one in asked.found] == [("read", "ok")] * 10
        assert [one["tls"] for one in asked.found] == [
            {"version": "TLSv1.3", "certificate": kind} for kind in kinds for _ in range(2)
        ]
        # One connection fails at the bad certificate, the next one reads all pages.
        assert [server.connections for server in servers] == [1, 2, 2, 2, 2]


def test_an_address_may_stand_in_a_certificate(root: Pair, trusted: dict[str, str], tmp_path: Path) -> None:
    with raw_serving({"/": send(OK)}, server_context(made("127.0.0.1", root), tmp_path)) as server:
        asked = ask(f"https://127.0.0.1:{server.port}/", environment=trusted)
        assert asked.found[0]["tls"]["certificate"] == "verified"


def test_nothing_is_held_against_a_certificate_where_no_roots_are_known(root: Pair, tmp_path: Path) -> None:
    nowhere = {"SSL_CERT_FILE": str(tmp_path / "none"), "SSL_CERT_DIR": str(tmp_path / "none")}
    with raw_serving({"/": send(OK)}, server_context(made("good.example", root), tmp_path)) as server:
        asked = ask(f"https://good.example:{server.port}/", names=NAMES, environment=nowhere)
        assert asked.found[0]["tls"]["certificate"] == "unchecked"


def test_a_server_that_knows_old_tls_only(root: Pair, trusted: dict[str, str], tmp_path: Path) -> None:
    context = server_context(made("good.example", root), tmp_path)
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1
    with raw_serving({"/": send(OK)}, context) as server:
        asked = ask(f"https://good.example:{server.port}/", names=NAMES, environment=trusted)
        assert asked.found[0]["tls"] == {"version": "TLSv1", "certificate": "verified"}


def test_a_server_that_does_not_speak_tls() -> None:
    def blurt(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            line.recv(65536)
            line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=blurt, args=(listener,), daemon=True).start()
        assert ask(f"https://127.0.0.1:{listener.getsockname()[1]}/").outcomes == ["network"]


def test_plain_pages_have_no_certificate() -> None:
    with raw_serving({"/": send(OK)}) as server:
        assert ask(server.url + "/").found[0]["tls"] is None
