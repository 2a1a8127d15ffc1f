"""Mail that comes in: kept once, unsubscribes done, replies put before a person and acted on."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from pytest_django.fixtures import Settings

from donors import lookup, queries
from donors import services as donors
from donors.models import Donor
from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.jobs.models import Alarm
from fundraise.pledges.models import Pledge
from mailings import addresses
from mailings.appeals.models import Fate
from mailings.inbound import acts, subscribers, taking, tasks
from mailings.inbound.acts import ReplyError
from mailings.inbound.models import InboundMail, Reply
from mailings.models import TransactionalMessage
from mailings.suppressions import queries as suppressions
from tests.donors.givers import BY, SHARED
from tests.give.mails.conftest import KASSA, Post
from tests.mailings.inbound.posts import CONTENT_TYPE, form, post, raw
from tests.pledging import House

pytestmark = pytest.mark.django_db
URL = "/webhooks/sendgrid/inbound/hemlig-adress"
US = "hej@svar.example.org"


def come_in(body: bytes, **headers: Any) -> int:
    """The post, and the worker after it."""
    answer = Client(enforce_csrf_checks=True).post(URL, body, content_type=CONTENT_TYPE, **headers)
    for pk in taking.waiting(clock.real_now(), 50):
        taking.take(pk)
    return int(answer.status_code)


def quoting(sent: Post, donor: Donor, text: str) -> str:
    return f"{text}\n\n> Ge här: https://ge.example.se/l/{sent.give(donor)}/1\n"


def suppressed() -> dict[bytes, str]:
    return suppressions.suppressed(
        [key for address in (KASSA, SHARED) for key in lookup.email_hashes(address)]
    )


def only_sort() -> str:
    return InboundMail.objects.get().sort


def test_the_mailto_of_a_mail_unsubscribes_at_once(sent: Post) -> None:
    mailto = addresses.leave_mailto(sent.leave(sent.kassa))
    address = mailto.removeprefix("mailto:").partition("?")[0]
    assert mailto == f"mailto:u+{sent.leave(sent.kassa)}@svar.example.org?subject=unsubscribe"
    assert come_in(post(KASSA, address, "", subject="unsubscribe")) == 200
    assert only_sort() == "unsubscribe"
    assert list(suppressed().values()) == ["unsubscribed"]
    assert not queries.may(sent.kassa.pk, "appeals")
    assert (Reply.objects.count(), TransactionalMessage.objects.count()) == (0, 0)


def test_a_mailto_whose_token_was_spoilt_waits_for_a_person(sent: Post) -> None:
    spoilt = f"u+{sent.leave(sent.kassa).lower()}@svar.example.org"
    come_in(post(KASSA, spoilt, "", subject="unsubscribe"))
    reply = Reply.objects.get()
    assert (reply.hint, reply.donor, reply.state) == ("unsubscribe", sent.kassa, "open")
    assert reply.due_at - reply.at == timedelta(hours=24)
    assert suppressed() == {}


def test_the_same_mail_is_kept_once_however_it_is_posted(sent: Post) -> None:
    mail = raw(KASSA, US, "Hej")
    body = form(mail, to=US, sender=KASSA)
    again = form(mail, to=US, sender=KASSA, boundary="annan")
    assert [come_in(body), come_in(body)] == [200, 200]
    Client().post(URL, again, content_type="multipart/form-data; boundary=annan")
    tasks.sweep()
    assert sorted(InboundMail.objects.values_list("sort", flat=True)) == ["reply", "twin"]
    assert Reply.objects.count() == 1


def test_only_who_knows_the_address_and_signs_gets_in(sent: Post, settings: Settings) -> None:
    body = post(KASSA, US, "Hej")
    wrong = Client().post(URL + "x", body, content_type=CONTENT_TYPE)
    assert (wrong.status_code, Client().get(URL).status_code) == (404, 405)
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    settings.SENDGRID_INBOUND_PUBLIC_KEY = [b64encode(public).decode()]
    now = str(int(clock.real_now().timestamp()))
    name = "HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_"
    signed = {
        f"{name}SIGNATURE": b64encode(key.sign(now.encode() + body, ec.ECDSA(SHA256()))).decode(),
        f"{name}TIMESTAMP": now,
    }
    assert come_in(body) == come_in(body + b" ", **signed) == 403
    assert come_in(body, **{**signed, f"{name}TIMESTAMP": "1"}) == 403
    assert InboundMail.objects.count() == 0
    assert come_in(body, **signed) == 200
    settings.SENDGRID_INBOUND_TOKEN = ""
    assert come_in(body) == 404


def test_a_mail_that_is_too_large_is_cut_and_its_words_are_read(
    sent: Post, settings: Settings
) -> None:
    settings.INBOUND_MAX_MB = 1
    assert come_in(post(KASSA, US, "Hej!\n" + "x " * 700_000)) == 200
    mail = InboundMail.objects.get()
    assert (mail.is_cut, mail.sort) == (True, "reply")
    words = acts.words_of(Reply.objects.get(), by=BY)
    assert words is not None
    assert words["text"].startswith("Hej!")


def test_a_reply_is_tied_to_its_message_and_its_writer(sent: Post) -> None:
    come_in(post(KASSA, US, quoting(sent, sent.kassa, "Hej")))
    reply = Reply.objects.get()
    assert (reply.appeal_id, reply.seq) == (sent.mailed.appeal.pk, 2)
    assert (reply.donor, reply.matched, reply.hint) == (sent.kassa, "mail", "")
    assert reply.due_at - reply.at == timedelta(hours=48)
    assert Fate.objects.get().replied_at is not None
    assert b"Hej" not in bytes(reply.words_sealed or b"")


def test_who_quotes_anothers_mail_is_not_taken_for_the_other(sent: Post) -> None:
    come_in(post("fan@example.net", US, quoting(sent, sent.kassa, "Avregistrera mig")))
    reply = Reply.objects.get()
    assert (reply.donor, reply.matched) == (sent.kassa, "quoted")
    acts.unsubscribe(reply.pk, by=BY)
    key = lookup.email_hashes("fan@example.net")[0]
    assert suppressions.suppressed([key]) == {key: "unsubscribed"}
    assert (suppressed(), queries.may(sent.kassa.pk, "appeals")) == ({}, True)


def test_two_who_share_an_address_are_told_apart_by_the_mail_alone(sent: Post) -> None:
    come_in(post(SHARED, US, "Hej", message_id="<2@x>"))
    come_in(post(SHARED, US, quoting(sent, sent.anna, "Hej"), message_id="<3@x>"))
    found = Reply.objects.order_by("pk").values_list("donor", "matched")
    assert list(found) == [(None, ""), (sent.anna.pk, "mail")]


def test_machines_reports_and_our_own_mail_are_set_apart(sent: Post, settings: Settings) -> None:
    settings.MAIL_FROM = "Partiet <hej@partiet.example.se>"
    report = raw(KASSA, US, "x").replace(b"text/plain", b"multipart/report")
    for body in (
        post(KASSA, US, quoting(sent, sent.kassa, "Jag är avliden"), Auto_Submitted="auto-replied"),
        form(report, to=US, sender=""),
        post("Hej <HEJ@partiet.example.se>", US, "x"),
        post("u+x@svar.example.org", US, "y"),
    ):
        come_in(body)
    sorts = list(InboundMail.objects.order_by("pk").values_list("sort", flat=True))
    assert sorts == ["away", "report", "ours", "ours"]
    assert [(row.state, row.hint) for row in Reply.objects.all()] == [("apart", "")]
    assert (Fate.objects.count(), TransactionalMessage.objects.count()) == (0, 0)


def test_what_can_not_be_read_is_parked_and_rings(sent: Post) -> None:
    assert come_in(b"nothing") == 200
    mail = InboundMail.objects.get()
    assert (mail.state, mail.sort, mail.tries) == ("parked", "", 1)
    assert Alarm.objects.get().code == "inbound-mail-parked"


# --- Acts -----------------------------------------------------------------------------------------
def test_each_act_closes_the_reply_once(sent: Post, house: House) -> None:
    pledge = house.active()
    Pledge.objects.filter(pk=pledge.pk).update(donor=sent.kassa)
    for number, text in enumerate(["Avsluta min månadsgåva", "Ta bort mig", "Hej"], start=1):
        come_in(post(KASSA, US, quoting(sent, sent.kassa, text), message_id=f"<{number}@x>"))
    stop, leave, hello = Reply.objects.order_by("pk")
    assert [stop.hint, leave.hint, hello.hint] == ["stop_gift", "unsubscribe", ""]
    with pytest.raises(ReplyError, match="pledge"):
        acts.stop_gift(stop.pk, pledge_id=pledge.pk + 1, reason="", by=BY)
    acts.stop_gift(stop.pk, pledge_id=pledge.pk, reason="money", by=BY)
    change = pledge.changes.get(kind="stop")
    assert (change.channel, change.received_at, change.by) == ("email", stop.at, BY)
    acts.unsubscribe(leave.pk, by=BY)
    assert list(suppressed().values()) == ["unsubscribed"]
    with pytest.raises(ReplyError, match="outcome"):
        acts.close(hello.pk, outcome="stopped", by=BY)
    acts.close(hello.pk, outcome="answered", by=BY)
    acts_again: list[Callable[[], None]] = [
        lambda: acts.close(hello.pk, outcome="gave", by=BY),
        lambda: acts.unsubscribe(hello.pk, by=BY),
        lambda: acts.stop_gift(stop.pk, pledge_id=pledge.pk, reason="", by=BY),
        lambda: acts.note_death(hello.pk, died_on=date(2026, 10, 1), by=BY),
    ]
    for again in acts_again:
        with pytest.raises(ReplyError, match="closed"):
            again()
    lines = ChangeLine.objects.filter(action="reply.closed").order_by("pk")
    outcomes = [line.after["outcome"] for line in lines]
    assert outcomes == ["stopped", "unsubscribed", "answered"]


def test_a_death_is_noted_of_whom_it_is_about(sent: Post) -> None:
    come_in(post("dotter@example.net", US, "Pappa är avliden sedan oktober."))
    reply = Reply.objects.get()
    assert (reply.hint, reply.donor) == ("deceased", None)
    with pytest.raises(ReplyError, match="donor"):
        acts.note_death(reply.pk, died_on=date(2026, 10, 1), by=BY)
    acts.choose_donor(reply.pk, donor=sent.anna, by=BY)
    acts.note_death(reply.pk, died_on=date(2026, 10, 1), by=BY)
    assert Donor.objects.get(pk=sent.anna.pk).died_on == date(2026, 10, 1)
    assert Reply.objects.get().outcome == "deceased"


def test_reading_leaves_a_line_and_words_are_forgotten_in_time(
    sent: Post, settings: Settings
) -> None:
    come_in(post(KASSA, US, quoting(sent, sent.kassa, "Hej")))
    reply = Reply.objects.get()
    assert acts.words_of(reply, by=BY) is not None
    line = ReadLine.objects.get()
    assert (line.subject_type, line.subject_ref, line.purpose) == (
        "donor", str(sent.kassa.ref), "staff.reply",
    )  # fmt: skip
    acts.close(reply.pk, outcome="answered", by=BY)
    assert acts.forget_old() == 0
    long_ago = clock.real_now() - timedelta(days=settings.REPLIES_KEEP_DAYS + 1)
    Reply.objects.update(closed_at=long_ago)
    InboundMail.objects.update(keep_until=long_ago.date())
    assert acts.forget_old() == 2
    reply.refresh_from_db()
    assert acts.words_of(reply, by=BY) is None
    assert (InboundMail.objects.get().sealed, ReadLine.objects.count()) == (None, 1)


def test_what_a_forgotten_donor_wrote_is_forgotten_too(sent: Post) -> None:
    come_in(post(KASSA, US, quoting(sent, sent.kassa, "Hej")))
    donors.forget_donor(donor_ref=sent.kassa.ref, by=BY, reason="bad om det")
    subscribers.follow_donor(sent.kassa.pk)
    reply, mail = Reply.objects.get(), InboundMail.objects.get()
    assert (reply.state, reply.outcome, reply.donor, reply.email_key) == (
        "closed", "forgotten", None, None,
    )  # fmt: skip
    assert (reply.words_sealed, mail.sealed) == (None, None)


def test_it_rings_when_somebody_has_waited_a_day_too_long(sent: Post) -> None:
    come_in(post(KASSA, US, "Hej"))
    tasks.sweep()
    assert Alarm.objects.count() == 0
    Reply.objects.update(due_at=clock.real_now() - timedelta(hours=25))
    tasks.sweep()
    assert Alarm.objects.get(resolved_at=None).code == "replies-overdue"
    acts.close(Reply.objects.get().pk, outcome="nothing", by=BY)
    tasks.sweep()
    assert Alarm.objects.filter(resolved_at=None).count() == 0
