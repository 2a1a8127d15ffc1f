"""Staff read what people write back and act on it; addresses are looked for, kept away, let in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from donors.models import Donor
from fundraise.audit.models import ReadLine
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from mailings.inbound import intake, taking
from mailings.inbound.models import InboundMail, Reply
from mailings.suppressions import queries as suppressions
from mailings.suppressions.models import Suppression
from tests.console.conftest import LogIn
from tests.console.matrix import write_back
from tests.give.mails.conftest import KASSA, Post, mail_out
from tests.give.mine.browsing import said
from tests.mailings.inbound import posts
from tests.pledging import House, own_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db: None) -> Iterator[House]:
    with own_time() as made:
        yield made


@pytest.fixture
def sent(house: House) -> Post:
    return mail_out(house)


@pytest.fixture
def party(sent: Post, house: House) -> LegalEntity:
    return house.entity


@pytest.fixture
def care(sent: Post, log_in: LogIn) -> Client:
    return log_in("disa", "donor_care")


def come_in(sender: str, text: str, number: int = 1) -> Reply:
    body = posts.post(sender, "hej@svar.example.org", text, message_id=f"<{number}@x>")
    intake.receive(body, posts.CONTENT_TYPE, {}, is_cut=False)
    taking.take(InboundMail.objects.latest("pk").pk)
    return Reply.objects.latest("pk")


def at(reply: Reply, act: str = "") -> str:
    return f"/staff/replies/{reply.ref}/{act}"


def test_the_queue_leads_to_what_is_due_first_and_shows_nobodys_words(
    care: Client, sent: Post
) -> None:
    come_in(KASSA, "Fin kampanj!", 1)
    pressing = come_in("dotter@example.net", "Mamma har gått bort", 2)
    page = care.get("/staff/replies/")
    assert f"/staff/replies/{pressing.ref}/" in page.content.decode()
    text = said(page)
    assert "Läs det som brådskar mest" in text
    assert "Har någon avlidit?" in text
    assert "gått bort" not in text
    assert KASSA not in text


def test_a_reply_is_read_with_a_line_in_the_log_and_breaks_no_page(
    care: Client, sent: Post
) -> None:
    reply = come_in(KASSA, "<script>alert(1)</script> Ta bort mig\n\n> Ge nu")
    page = care.get(at(reply))
    assert "<script>alert(1)" not in page.content.decode()
    text = said(page)
    assert KASSA in text
    assert "Vill inte ha fler mejl?" in text
    assert f"mailto:{KASSA}?subject=Sv" in page.content.decode()
    line = ReadLine.objects.get(purpose="staff.reply")
    assert line.subject_ref == str(sent.kassa.ref)


def test_one_press_unsubscribes_and_closes(care: Client, sent: Post) -> None:
    reply = come_in(KASSA, "Ta bort mig")
    assert care.get(at(reply, "unsubscribe/")).status_code == 302
    assert not Suppression.objects.exists()
    for _twice in range(2):
        care.post(at(reply, "unsubscribe/"))
    reply.refresh_from_db()
    assert (reply.state, reply.outcome) == ("closed", "unsubscribed")
    assert suppressions.of_address(KASSA).get().reason == "unsubscribed"


def test_a_gift_is_stopped_and_a_death_noted_only_by_who_may(
    care: Client, sent: Post, house: House, log_in: LogIn
) -> None:
    pledge = house.active()
    Pledge.objects.filter(pk=pledge.pk).update(donor=sent.kassa)
    reply = come_in(KASSA, "Avsluta min månadsgåva")
    comms = log_in("cecilia", "comms")
    assert "Stoppa månadsgåvan" not in said(comms.get(at(reply)))
    comms.post(at(reply, "stop/"), {"pledge": pledge.ref})
    comms.post(at(reply, "death/"), {"died_on": "2026-10-01"})
    pledge.refresh_from_db()
    assert (pledge.state, Donor.objects.get(pk=sent.kassa.pk).died_on) == ("active", None)
    assert "Stoppa månadsgåvan på 200" in said(care.get(at(reply)))
    care.post(at(reply, "stop/"), {"pledge": pledge.ref, "reason": "money"})
    pledge.refresh_from_db()
    reply.refresh_from_db()
    assert (pledge.state, reply.outcome) == ("ended", "stopped")
    about = come_in("dotter@example.net", "Mamma har gått bort", 2)
    care.post(at(about, "donor/"), {"donor": str(sent.anna.ref)})
    assert "Bara givarvården får anteckna att någon avlidit." in said(comms.get(at(about)))
    assert "Bara givarvården" not in said(care.get(at(about)))
    assert care.post(at(about, "death/"), {"died_on": "2027-10-01"}).status_code == 422
    care.post(at(about, "death/"), {"died_on": "2026-10-01"})
    assert Donor.objects.get(pk=sent.anna.pk).died_on is not None


def test_an_address_is_looked_for_kept_away_and_let_in_again(care: Client, sent: Post) -> None:
    assert "Inget hindrar" in said(care.post("/staff/suppressions/find/", {"email": KASSA}))
    assert care.post("/staff/suppressions/add/", {"email": "x", "scope": "all"}).status_code == 422
    care.post("/staff/suppressions/add/", {"email": KASSA.upper(), "scope": "all"})
    row = suppressions.of_address(KASSA).get()
    assert (row.reason, row.scope) == ("staff", "all")
    found = said(care.post("/staff/suppressions/find/", {"email": KASSA}))
    assert "Den är spärrad" in found
    assert ReadLine.objects.filter(purpose="staff.address").count() == 2
    page = f"/staff/suppressions/{row.ref}/"
    assert care.post(f"{page}lift/", {"why": ""}).status_code == 422
    care.post(f"{page}lift/", {"why": "fel person"})
    assert "Hävd" in said(care.get(page))
    assert suppressions.suppressed([bytes(row.email_key)]) == {}
    assert "1" in said(care.get("/staff/suppressions/?state=lifted"))


def test_a_complaint_needs_the_persons_own_wish(care: Client, sent: Post) -> None:
    write_back()
    row = Suppression.objects.create(
        email_key=b"k", reason="complaint", scope="appeals", source="event", by="system:x",
        created_at=sent.anna.created_at,
    )  # fmt: skip
    page = f"/staff/suppressions/{row.ref}/"
    refused = care.post(f"{page}lift/", {"why": "ringde"})
    assert (refused.status_code, "egen skriftliga önskan" in said(refused)) == (422, True)
    care.post(f"{page}lift/", {"why": "ångrade sig", "wish": "brev 42"})
    row.refresh_from_db()
    assert row.lifted_at is not None


def test_only_who_may_reads_and_lifts(sent: Post, log_in: LogIn) -> None:
    reply = come_in(KASSA, "Hej")
    auditor = log_in("rut", "auditor")
    assert auditor.get(at(reply)).status_code == 403
    assert auditor.get("/staff/suppressions/").status_code == 200
    form = {"email": KASSA, "scope": "all"}
    assert auditor.post("/staff/suppressions/add/", form).status_code == 403
    assert not Suppression.objects.exists()
