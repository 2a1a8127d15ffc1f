"""One call, over TLS and without: an honest answer, a hostile one, and one that never ends."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from fundraise.hooks import calling, delivery
from fundraise.hooks.calling import Answer
from tests.hooks.receiver import Receiver

WAYS = ["http", "https"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    since = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "receiver.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate, trusted by whoever asks OpenSSL for what is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


@pytest.fixture
def receiver(request: pytest.FixtureRequest, trusted: Path) -> Iterator[Receiver]:
    with Receiver(certificate=trusted if request.param == "https" else None) as running:
        yield running


@pytest.mark.parametrize("receiver", WAYS, indirect=True)
def test_an_honest_answer_is_told_by_its_status(receiver: Receiver) -> None:
    receiver.status = 202
    assert calling.post(receiver.url, b"{}", {"X-A": "b"}) == Answer(202)
    assert [(one.body, one.headers["x-a"]) for one in receiver.got] == [(b"{}", "b")]
    assert calling.look(receiver.url, 60.0) == Answer(501)  # it knows no HEAD


@pytest.mark.parametrize("receiver", WAYS, indirect=True)
def test_one_that_trickles_its_answer_is_cut_off_and_hears_it(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "MOST_SECONDS", 0.5)
    receiver.trickles = True
    assert calling.post(receiver.url, b"{}", {}) == Answer(None, "too_slow")
    assert len(receiver.got) == 1
    assert receiver.hung_up.wait(20)


def test_one_that_trickles_its_handshake_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        assert calling.post(url, b"{}", {}) == Answer(None, "too_slow")
        line, _address = silent.accept()
        with line:
            line.settimeout(20)
            while line.recv(4096):  # what it was greeted with, then the end: the line is closed
                pass


def test_a_certificate_that_nobody_trusts_is_told_and_nothing_is_sent(certificate: Path) -> None:
    with Receiver(certificate=certificate) as stranger:
        assert calling.post(stranger.url, b"{}", {}) == Answer(None, "certificate")
        assert stranger.got == []


def test_a_look_up_that_takes_all_the_time_leaves_none(
    trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "MOST_SECONDS", 0.0)
    with Receiver() as receiver:
        assert calling.post(receiver.url, b"{}", {}) == Answer(None, "too_slow")
        assert receiver.got == []


def test_a_lease_is_longer_than_a_call() -> None:
    assert timedelta(seconds=3 * calling.MOST_SECONDS) <= delivery.LEASE
