"""SFTP against a real server: pinned keys, lost answers, a server that hangs."""

from __future__ import annotations

from dataclasses import replace

import asyncssh
import pytest

from fundraise.providers.transport.base import Delivery, NameTaken, Seen, TransportError, temporary
from fundraise.providers.transport.sftp import SftpTransport
from tests.providers.transport.conftest import Bank, Lost

NAME, FILE = "file", b"82" * 100_000


def way(bank: Bank, **changes: object) -> SftpTransport:
    server = replace(bank.server, **changes)  # type: ignore[arg-type]
    return SftpTransport(server, "/out", "/in", settle=0)


def lose() -> None:
    raise Lost


def test_no_other_key_of_a_server_is_taken(bank: Bank) -> None:
    for kind in ("ssh-ed25519", "ecdsa-sha2-nistp256"):
        other = asyncssh.generate_private_key(kind).export_public_key().decode().strip()
        with pytest.raises(TransportError, match="not the pinned one") as said:
            way(bank, host_keys=(other,)).deliver(NAME, FILE)
        assert said.value.permanent
    assert list(bank.out.iterdir()) == []


def test_one_of_several_pinned_keys_is_enough(bank: Bank) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    both = (other, *bank.server.host_keys)
    assert way(bank, host_keys=both).deliver(NAME, FILE) is Delivery.DELIVERED


def test_a_key_of_ours_that_is_not_known_is_refused(bank: Bank) -> None:
    path = bank.folder / "stranger"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(path))
    with pytest.raises(TransportError, match="does not take our key") as said:
        way(bank, key_file=path).deliver(NAME, FILE)
    assert said.value.permanent
    path.write_text("no key")
    with pytest.raises(TransportError, match="a key can't be read"):
        way(bank, key_file=path).incoming()


def test_an_answer_lost_after_the_name_was_given_is_found_out(bank: Bank) -> None:
    bank.after_rename = lose
    assert way(bank).deliver(NAME, FILE) is Delivery.DELIVERED
    assert [one.name for one in bank.out.iterdir()] == [NAME]
    assert (bank.out / NAME).read_bytes() == FILE


def test_a_connection_lost_before_the_name_was_given_delivered_nothing(bank: Bank) -> None:
    bank.before_rename = lose
    with pytest.raises(TransportError) as said:
        way(bank).deliver(NAME, FILE)
    assert not said.value.permanent
    assert [one.name for one in bank.out.iterdir()] == [temporary(NAME, FILE)]
    bank.before_rename = lambda: None
    assert way(bank).deliver(NAME, FILE) is Delivery.DELIVERED
    assert [one.name for one in bank.out.iterdir()] == [NAME]


def test_a_file_that_was_taken_before_we_could_look_is_unknown_and_not_sent_again(
    bank: Bank,
) -> None:
    def take() -> None:
        (bank.out / NAME).rename(bank.folder / "at the bank")
        raise Lost

    bank.after_rename = take
    assert way(bank).deliver(NAME, FILE) is Delivery.UNKNOWN
    assert way(bank).look(NAME, FILE) is Seen.GONE
    assert list(bank.out.iterdir()) == []
    assert (bank.folder / "at the bank").read_bytes() == FILE


def test_a_server_that_can_not_be_asked_again_leaves_it_unknown(bank: Bank) -> None:
    def shut() -> None:
        for file in bank.out.iterdir():
            file.rename(bank.folder / file.name)
        bank.out.rmdir()
        bank.out.write_text("no folder")
        raise Lost

    bank.after_rename = shut
    assert way(bank).deliver(NAME, FILE) is Delivery.UNKNOWN


def test_a_name_that_was_taken_meanwhile_stays_theirs(bank: Bank) -> None:
    def taken() -> None:
        (bank.out / NAME).write_bytes(b"theirs")

    bank.before_rename = taken
    with pytest.raises(NameTaken):
        way(bank).deliver(NAME, FILE)
    assert (bank.out / NAME).read_bytes() == b"theirs"


def test_a_server_that_is_away_or_says_nothing_is_not_waited_for(bank: Bank) -> None:
    with pytest.raises(TransportError) as said:
        way(bank, act_seconds=0).deliver(NAME, FILE)
    assert not said.value.permanent
    assert not (bank.out / NAME).exists()
    with pytest.raises(TransportError) as said:
        way(bank, port=1).incoming()
    assert not said.value.permanent
