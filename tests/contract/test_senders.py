"""What every sender of settings.MAIL_SENDERS does, whatever carries its mail."""

from __future__ import annotations

import email
import email.policy
from base64 import b64encode
from email.message import EmailMessage
from typing import Any

import pytest

from mailings.senders import base
from mailings.senders.base import Attached, Mail, Outcome, SendError
from tests.contract.carriers import Harness

MAIL = Mail(
    message_id="5b0f8c1e-6a53-4f5e-9a42-0f9f3a1d7c11@ge.example",
    to="åsa@exempel.se".replace("å", "a"),
    subject="Tack för din gåva",
    html="<p>Tack, Åsa 🎈! " + "x" * 1200 + "</p>",
    text="Tack, Åsa 🎈!\n.\nEn rad med en punkt.\n",
    language="sv",
    reply_to="hej@partiet.example",
)


def parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def test_what_was_prepared_is_what_arrives(harness: Harness, settings: Any) -> None:
    settings.MAIL_FROM = "Partiet <gava@partiet.example>"
    base.chosen().send(MAIL)
    assert len(harness.delivered()) == 1
    mail = parsed(harness.delivered()[0])
    assert mail["Message-ID"] == f"<{MAIL.message_id}>"
    assert mail["Subject"] == "Tack för din gåva"
    assert mail["From"] == "Partiet <gava@partiet.example>"
    assert (mail["To"], mail["Reply-To"]) == ("asa@exempel.se", "hej@partiet.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == harness.language
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == MAIL.html


def test_no_line_is_longer_than_mail_allows(harness: Harness) -> None:
    base.chosen().send(MAIL)
    assert max(len(line) for line in harness.delivered()[0].splitlines()) <= 998


def test_twice_is_once_exactly_when_the_sender_says_so(harness: Harness) -> None:
    sender = base.chosen()
    sender.send(MAIL)
    sender.send(MAIL)
    assert len(harness.delivered()) == (1 if sender.idempotent else 2)


@pytest.mark.parametrize("address", ["", "  ", "a@exempel.se\nBcc: eva@exempel.se"])
def test_an_address_that_can_never_work_is_refused(harness: Harness, address: str) -> None:
    mail = Mail(MAIL.message_id, address, "x", "<p>x</p>", "x")
    with pytest.raises(SendError) as refused:
        base.chosen().send(mail)
    assert refused.value.outcome is Outcome.REFUSED
    assert harness.delivered() == []


def test_a_paper_comes_with_its_mail(harness: Harness) -> None:
    paper = Attached("kvitto.pdf", "application/pdf", b64encode(b"%PDF-1.7 \x00\xff").decode())
    mail = Mail(MAIL.message_id, MAIL.to, "x", "<p>x</p>", "x", attached=paper)
    base.chosen().send(mail)
    (came,) = parsed(harness.delivered()[0]).iter_attachments()
    assert (came.get_filename(), came.get_content_type()) == ("kvitto.pdf", "application/pdf")
    assert came.get_payload(decode=True) == b"%PDF-1.7 \x00\xff"


def test_trouble_before_the_mail_is_taken_may_be_tried_later(harness: Harness) -> None:
    harness.break_for_now()
    with pytest.raises(SendError) as failed:
        base.chosen().send(MAIL)
    assert failed.value.outcome is Outcome.TRY_LATER
    assert "asa@exempel.se" not in str(failed.value)


def test_the_address_and_the_words_are_not_in_the_repr() -> None:
    assert "asa@" not in repr(MAIL)
    assert "Åsa" not in repr(MAIL)
