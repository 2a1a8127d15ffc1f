"""The sender against the stand-in for SendGrid: a process that checks and keeps what it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from fundraise import clock
from mailings.senders.base import Attached, BulkError, BulkOutcome, BulkPerson, BulkRequest, Mail
from mailings.senders.line import Times
from mailings.senders.sendgrid import SendGridSender, accounts, calls
from tests.mailings.senders.asking import ANNA, BJORN, REQUEST, request
from tests.sendgrid_stand_in import SendGridStandIn

PEOPLE = [
    BulkPerson(f"p{number}@exempel.se", (f"t{number}", f"Ö{number}")) for number in range(500)
]


@pytest.fixture(scope="module")
def process() -> Iterator[SendGridStandIn]:
    with SendGridStandIn() as made:
        yield made


@pytest.fixture
def sendgrid(process: SendGridStandIn, settings: Any) -> SendGridStandIn:
    process.reset()
    settings.SENDGRID_HOST, settings.SENDGRID_API_KEY = process.address, process.api_key
    return process


def taken(made: BulkRequest = REQUEST) -> str:
    return SendGridSender().post(made).reference


def refused(made: BulkRequest = REQUEST) -> BulkError:
    with pytest.raises(BulkError) as failed:
        taken(made)
    assert "exempel.se" not in str(failed.value)
    return failed.value


def addresses(sendgrid: SendGridStandIn) -> list[str]:
    return sorted(mail["email"] for mail in sendgrid.mails(limit=1000))


def test_five_hundred_people_each_read_their_own_mail(sendgrid: SendGridStandIn) -> None:
    assert taken(request(people=PEOPLE)) != ""
    assert len(addresses(sendgrid)) == 500
    (mail,) = sendgrid.mails("p7@exempel.se")
    assert (mail["subject"], mail["text"], mail["html"]) == ("Hej Ö7", "Hej Ö7", "<p>Hej Ö7</p>")
    assert mail["custom_args"] == {"m": "t7", "a": "7", "b": "fence-1"}
    assert dict(mail["headers"])["List-Unsubscribe"] == "<https://ge.example/t7>"


def test_a_receipt_with_a_paper_is_taken(sendgrid: SendGridStandIn) -> None:
    paper = Attached("kvitto.pdf", "application/pdf", "JVBERg==")
    mail = Mail("1@ge.example", "anna@exempel.se", "Tack", "<p>T</p>", "T", "sv", "", paper)
    assert SendGridSender().send(mail).reference != ""
    assert addresses(sendgrid) == ["anna@exempel.se"]


def test_one_bad_address_refuses_all_and_half_of_them_is_taken(sendgrid: SendGridStandIn) -> None:
    both = request(people=[ANNA, replace(BJORN, to="no address")])
    error = refused(both)
    assert (error.outcome, error.status) == (BulkOutcome.REFUSED, 400)
    assert addresses(sendgrid) == []
    taken(request(people=[ANNA]))
    assert addresses(sendgrid) == ["anna@exempel.se"]


def test_the_same_address_twice_is_refused_and_not_named(sendgrid: SendGridStandIn) -> None:
    assert refused(request(people=[ANNA, ANNA])).outcome is BulkOutcome.REFUSED


def test_a_wrong_key_is_our_fault_and_nobody_gets_anything(
    sendgrid: SendGridStandIn, settings: Any
) -> None:
    settings.SENDGRID_APPEALS_KEY = "SG.stand-in.another"
    assert refused().outcome is BulkOutcome.KEY_REFUSED
    assert addresses(sendgrid) == []


@pytest.mark.parametrize(
    ("act", "given", "means", "left"),
    [
        ("lose", {}, BulkOutcome.UNKNOWN, 2),
        ("error_after", {"status": 500}, BulkOutcome.UNKNOWN, 2),
        ("error", {"status": 503}, BulkOutcome.UNKNOWN, 0),
        ("error", {"status": 429}, BulkOutcome.WAIT, 0),
        ("lose_before", {}, BulkOutcome.UNKNOWN, 0),
        ("delay", {"seconds": 1.0}, BulkOutcome.UNKNOWN, 2),
    ],
)
def test_what_went_wrong_on_the_way_is_told_for_what_it_is(
    sendgrid: SendGridStandIn,
    monkeypatch: pytest.MonkeyPatch,
    act: str,
    given: dict[str, Any],
    means: BulkOutcome,
    left: int,
) -> None:
    monkeypatch.setattr(accounts, "TIMES", Times(connect=1.0, read=0.4, total=0.8))
    sendgrid.fault(act, **given)
    error = refused()
    assert error.outcome is means
    if error.outcome is BulkOutcome.WAIT:
        assert error.retry_after is None or error.retry_after >= 1
    taken(request(people=[BulkPerson("next@exempel.se", ("t9", "Nästa"))]))
    assert "next@exempel.se" in addresses(sendgrid)
    assert len(addresses(sendgrid)) == left + 1


def test_what_waits_is_called_back_and_never_leaves(sendgrid: SendGridStandIn) -> None:
    sender = SendGridSender()
    name = sender.new_recall_id()
    at = int(clock.real_now().timestamp()) + 1800
    taken(request(send_at=at, recall_id=name))
    taken(request(send_at=at, people=[BulkPerson("stays@exempel.se", ("t3", "S"))]))
    sender.recall(name)
    sender.recall(name)
    sendgrid.clock(1900)
    sendgrid.wait()
    states = {mail["email"]: mail["state"] for mail in sendgrid.mails()}
    assert states["stays@exempel.se"] == "gone"
    assert {states["anna@exempel.se"], states["bjorn@exempel.se"]} == {"cancelled"}


def test_what_sendgrid_holds_back_is_listed(sendgrid: SendGridStandIn) -> None:
    taken()
    sendgrid.wait()
    (mail,) = sendgrid.mails("anna@exempel.se")
    sendgrid.act(mail["id"], "spam")
    assert [(one.list, one.email) for one in calls.listed()] == [
        ("spam_reports", "anna@exempel.se")
    ]


def test_a_packed_request_is_read(sendgrid: SendGridStandIn, settings: Any) -> None:
    settings.SENDGRID_GZIP = True
    taken()
    assert addresses(sendgrid) == ["anna@exempel.se", "bjorn@exempel.se"]


def test_the_key_may_do_what_sending_takes(sendgrid: SendGridStandIn) -> None:
    found = calls.scopes(accounts.for_appeals())
    assert {"mail.send", "mail.batch", "user.scheduled_sends", "suppression"} <= found
