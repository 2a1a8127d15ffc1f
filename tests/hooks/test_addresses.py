"""Our own network is never called, whatever a name says and whenever it says it."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from fundraise.hooks import addresses, calling, services
from fundraise.hooks.addresses import AddressRefused
from fundraise.hooks.models import Endpoint
from fundraise.ledger.models import LegalEntity


def answers(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """What the name server says."""

    def looked_up(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


OWN = ["10.0.0.1", "192.168.1.1", "172.16.0.9", "169.254.169.254", "127.0.0.1", "0.1.2.3",
       "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1",
       "2002:0a00:0001::1"]  # fmt: skip


@pytest.mark.parametrize("address", OWN)
def test_our_own_network_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MODE = "live"
    answers(monkeypatch, address)
    with pytest.raises(AddressRefused, match="own_network"):
        addresses.read("https://hooks.example.org/in")


def test_one_bad_address_among_good_ones_is_enough(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MODE = "live"
    answers(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(AddressRefused, match="own_network"):
        addresses.read("https://hooks.example.org/in")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.org/", "not_https"),
        ("ftp://hooks.example.org/", "not_https"),
        ("https://anna:secret@hooks.example.org/", "not_an_address"),
        ("https://hooks.example.org/#a", "not_an_address"),
        ("https:///in", "not_an_address"),
        ("https://hooks.example.org:99999/", "not_an_address"),
        ("https://hooks.example.org/ in", "not_an_address"),
        ("https://hooks.example.org/" + "a" * 300, "not_an_address"),
    ],
)
def test_what_is_no_https_address_is_refused(
    url: str, code: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODE = "live"
    answers(monkeypatch, "93.184.215.14")
    with pytest.raises(AddressRefused, match=code):
        addresses.read(url)


def test_a_name_is_looked_at_again_when_it_is_called(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """It was the open internet's when it was saved, and is the metadata service's now."""
    settings.MODE = "live"
    answers(monkeypatch, "169.254.169.254")
    called: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args: called.append(args))
    answer = calling.post("https://hooks.example.org/in", b"{}", {})
    assert (answer.status, answer.error, called) == (None, "own_network", [])


def test_the_call_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MODE = "live"
    answers(monkeypatch, "93.184.215.14")
    called: list[Any] = []

    def refused(where: tuple[str, int], _timeout: float) -> socket.socket:
        called.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refused)
    answer = calling.post("https://hooks.example.org:8443/in", b"{}", {})
    assert (answer.error, called) == ("no_answer", [("93.184.215.14", 8443)])


@pytest.mark.django_db
def test_an_endpoint_of_our_own_network_is_not_saved(
    party: LegalEntity, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MODE = "live"
    answers(monkeypatch, "10.0.0.1")
    with pytest.raises(AddressRefused):
        services.make_endpoint(
            entity=party, name="x", url="https://in.example.org/", kinds=[], by="staff:1"
        )
    assert Endpoint.objects.count() == 0
