"""Encrypted connections to real servers: each mode, with certificates that fit and that do not."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core import connectors
from core.connectors.base import Connector, Target
from core.errors import CannotConnect
from tests.connectors.scratch import run
from tests.running import or_give_up
from tests.servers import DATABASE, PASSWORD, USER, MariaDB, Postgres

Key = ec.EllipticCurvePrivateKey


def certificate(name: str, key: Key, issuer: str, signed_by: Key) -> x509.Certificate:
    """A certificate for that host name and 127.0.0.1, or of an authority where it signs itself."""
    is_authority = name == issuer
    other = [] if is_authority else [x509.DNSName(name)]
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(other or [x509.IPAddress(IPv4Address("192.0.2.1"))]),
            critical=False,
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                **dict.fromkeys(
                    (
                        *("content_commitment", "key_encipherment", "data_encipherment"),
                        *("key_agreement", "encipher_only", "decipher_only"),
                    ),
                    False,
                ),
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()),
            critical=False,
        )
        .sign(signed_by, hashes.SHA256())
    )


def write(folder: Path, host: str) -> None:
    """An authority, and the key and certificate that it gave to that host."""
    folder.mkdir(exist_ok=True)
    ours, theirs = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(certificate("Test CA", ours, "Test CA", ours).public_bytes(pem))
    (folder / "server.pem").write_bytes(
        certificate(host, theirs, "Test CA", ours).public_bytes(pem)
    )
    (folder / "server.key").write_bytes(
        theirs.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def hand_over(folder: Path, account: str) -> None:
    for path in (folder, *folder.iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)
        try:
            shutil.chown(path, account)
        except (PermissionError, LookupError):
            continue


class TlsPostgres(Postgres):
    """PostgreSQL that offers TLS as the host `localhost`."""

    def prepare(self) -> None:
        super().prepare()
        write(self.folder / "tls", "localhost")
        hand_over(self.folder / "tls", "postgres")

    def command(self) -> list[str]:
        tls = self.folder / "tls"
        options = {"ssl": "on", "ssl_cert_file": tls / "server.pem"}
        options["ssl_key_file"] = tls / "server.key"
        return [
            *super().command(),
            *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
        ]


class TlsMariaDB(MariaDB):
    """MariaDB that offers TLS as the host `localhost`."""

    def prepare(self) -> None:
        super().prepare()
        write(self.folder / "tls", "localhost")
        hand_over(self.folder / "tls", "mysql")

    def command(self) -> list[str]:
        tls = self.folder / "tls"
        return [
            *super().command(),
            *(f"--ssl-cert={tls / 'server.pem'}", f"--ssl-key={tls / 'server.key'}"),
        ]


ENCRYPTED = {
    "postgresql": "SELECT ssl AS yes FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    "mysql": "SELECT VARIABLE_VALUE <> '' AS yes FROM information_schema.SESSION_STATUS "
    "WHERE VARIABLE_NAME = 'Ssl_cipher'",
}


@pytest.fixture(scope="module", params=["postgresql", "mysql"])
def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Target]]:
    kind, made = request.param, TlsPostgres if request.param == "postgresql" else TlsMariaDB
    with or_give_up(), made() as server:
        root = tmp_path_factory.mktemp("authority") / "ca.pem"
        shutil.copyfile(server.folder / "tls" / "ca.pem", root)
        database = "postgres" if kind == "postgresql" else DATABASE
        yield (
            kind,
            Target(
                *("tls", "1"),
                **{"host": "localhost", "port": server.port, "database": database},
                **{"username": USER, "password": PASSWORD, "ssl_root": root},
            ),
        )


def encrypted(connector: Connector, kind: str) -> bool:
    return bool(run(connector, ENCRYPTED[kind]).table["yes"][0].as_py())


@pytest.mark.parametrize(
    ("mode", "host", "is_encrypted"),
    [
        ("disable", "localhost", False),
        ("prefer", "localhost", True),
        ("require", "localhost", True),
        ("require", "127.0.0.1", True),
        ("verify-ca", "localhost", True),
        ("verify-ca", "127.0.0.1", True),
        ("verify-full", "localhost", True),
    ],
)
def test_each_mode_is_kept(
    target: tuple[str, Target], mode: str, host: str, is_encrypted: bool
) -> None:
    kind, where = target
    connector = connectors.open(kind, replace(where, ssl_mode=mode, host=host))
    assert encrypted(connector, kind) is is_encrypted
    connector.close()


@pytest.mark.parametrize(
    ("mode", "host", "own_authority"),
    [
        ("verify-full", "127.0.0.1", True),
        ("verify-full", "localhost", False),
        ("verify-ca", "localhost", False),
    ],
)
def test_a_certificate_that_does_not_fit_is_not_trusted(
    target: tuple[str, Target], tmp_path: Path, mode: str, host: str, own_authority: bool
) -> None:
    kind, where = target
    write(tmp_path / "strangers", "localhost")
    root = where.ssl_root if own_authority else tmp_path / "strangers" / "ca.pem"
    connector = connectors.open(kind, replace(where, ssl_mode=mode, host=host, ssl_root=root))
    with pytest.raises(CannotConnect, match=r"certificate of .* could not be trusted"):
        connector.check()
    connector.close()
