"""Real servers on this machine, and the guard of an operator who allowed them."""

import datetime as dt
import ipaddress
import os
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cuework.base.ids import new_id
from cuework.channels.addresses import Guard
from cuework.channels.provider import Account
from cuework.channels.secrets import Keyring, seal
from cuework.testing.http_server import HttpServer
from cuework.testing.http_server import http_server as serving_http

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


@pytest.fixture
async def http_server() -> AsyncIterator[HttpServer]:
    """An HTTP server on 127.0.0.1."""
    async with serving_http() as server:
        yield server


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(os.urandom(32))


@pytest.fixture
def allowing() -> Guard:
    """The guard of an operator who allowed this machine."""
    return Guard([LOOPBACK])


@pytest.fixture
def account(keyring: Keyring) -> Callable[..., Account]:
    """Builds a connection with its credentials sealed."""

    def build(kind: str, config: Mapping[str, Any], **credentials: str) -> Account:
        tenant, identity = new_id(), new_id()
        sealed, sealed_with = seal(keyring, tenant, identity, credentials)
        return Account(tenant, identity, "main", kind, config, sealed, sealed_with)

    return build


@dataclass(frozen=True)
class Certificate:
    """TLS contexts of a server with a certificate for `mail.example.com` and of a client that trusts it."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A server's TLS context and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example.com")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("mail.example.com")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder: Path = tmp_path_factory.mktemp("tls")
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate_file, key_file)
    return Certificate(server, ssl.create_default_context(cafile=str(certificate_file)))
