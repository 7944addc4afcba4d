"""TLS as old servers speak it, and what is wrong with a certificate."""

from __future__ import annotations

import ssl
from functools import cached_property
from pathlib import Path

from crawler.words import load

# ssl.OP_LEGACY_SERVER_CONNECT exists by name from Python 3.12 on.
_LEGACY_SERVER_CONNECT = 0x4


class Contexts:
    """Contexts for reading public pages: every version, cipher and key length that OpenSSL still has.

    Made when they are asked for: loading the root certificates takes longer than reading ten pages.
    """

    @cached_property
    def verifying(self) -> ssl.SSLContext:
        """Verifies certificates."""
        context = _lenient()
        context.load_default_certs()
        return context

    @cached_property
    def trusting(self) -> ssl.SSLContext:
        """Takes any certificate."""
        context = _lenient()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    @property
    def can_verify(self) -> bool:
        """False on a machine without root certificates, where every certificate would look untrusted."""
        folder = ssl.get_default_verify_paths().capath
        return bool(self.verifying.cert_store_stats()["x509_ca"] or (folder and any(Path(folder).iterdir())))


def certificate_fault(error: ssl.SSLCertVerificationError) -> str:
    """``expired``, ``not-yet-valid``, ``self-signed``, ``name`` (made out to another host) or ``untrusted``.

    OpenSSL names the first fault that it meets. ``untrusted`` also covers a chain with a certificate left out.
    """
    words = load("wire")
    return str(words["certificate_faults"].get(error.verify_code, words["other_certificate_fault"]))


def _lenient() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT
    return context
