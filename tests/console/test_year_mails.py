"""Givers told that their yearly statement is there: once, by mail or by post, from a day on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName, PostalAddress
from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.jobs import work
from fundraise.jobs.models import Alarm, Work
from fundraise.outbox import services as outbox
from fundraise.reporting.exports.models import ExportRecord
from fundraise.reporting.models import YearStatement, YearTelling
from fundraise.reporting.tasks import renew_year_statements
from fundraise.reporting.yearly import telling
from fundraise.reporting.yearly.lines import Holder
from fundraise.reporting.yearly.telling import Way
from mailings import transactional
from mailings.models import TransactionalMessage
from tests.console.conftest import LogIn, cash_gift
from tests.people import CECILIA
from tests.reporting.pdfs import unpacked

MAILS = "/staff/yearly/mails/"
MAY = datetime(2026, 5, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Year:
    """The givers of 2026: Anna by mail, Bo by post, Cia nowhere, and Björn, whom nobody knows."""

    anna: Donor
    bo: Donor
    campaign: Campaign

    def go_to(self, month: int, day: int) -> None:
        at(datetime(2027, month, day, 9, tzinfo=UTC))


def at(now: datetime) -> None:
    ahead = now - clock.real_now()
    clock.use(lambda: ahead)


def giver(name: str, email: str = "") -> Donor:
    return donors.register_donor(
        name=PersonName(name, "Ek"), language="sv", source="staff", by=CECILIA, email=email
    )


@pytest.fixture
def year(campaign: Campaign) -> Iterator[Year]:
    at(MAY)
    anna, bo, cia = giver("Anna", "anna@example.se"), giver("Bo"), giver("Cia")
    street = PostalAddress(("Storgatan 1",), "903 26", "Umeå")
    donors.add_contact_point(
        donor_id=bo.pk, kind="postal", value=street, source="staff", by=CECILIA
    )
    for number, donor in enumerate((anna, bo, cia, anna)):
        gift = cash_gift(campaign, 400_00, f"slip {number}")
        Gift.objects.filter(pk=gift.pk).update(donor=donor)
    cash_gift(campaign, 300_00, "slip 9")
    yield Year(anna, bo, campaign)
    clock.use(None)


def done(kind: str) -> Work:
    row = Work.objects.filter(kind=kind).order_by("-pk")[0]
    work.run(row.pk)
    row.refresh_from_db()
    return row


def said(client: Client, path: str = MAILS) -> str:
    return " ".join(client.get(path).content.decode().replace("\u202f", " ").split())


def mails() -> list[str]:
    rows = TransactionalMessage.objects.filter(kind="year_statement").order_by("pk")
    return [transactional.words_of(row) for row in rows]


def test_staff_look_at_the_mail_press_and_everybody_is_told_once(year: Year, log_in: LogIn) -> None:
    entity = year.campaign.entity
    year.go_to(1, 14)
    assert telling.watch() == 0
    david = log_in("david", "treasurer")
    page = said(david)
    assert "Mejlen kan skickas från 15 januari" in page
    assert "Skicka 2 mejl" not in page
    david.post(f"{MAILS}of/{entity.ref}/send/")
    assert (Work.objects.count(), YearTelling.objects.count()) == (0, 0)

    year.go_to(1, 15)
    renew_year_statements()
    assert Alarm.objects.get(code=telling.ALARM, resolved_at=None).subject == entity.slug
    page = said(david)
    assert "Skicka 2 mejl" in page
    assert "Ditt årsbesked är klart" in page
    assert "Your yearly statement is ready" in page
    for _ in range(2):  # the double click
        assert david.post(f"{MAILS}of/{entity.ref}/send/").status_code == 302
    assert Work.objects.count() == 1
    assert done("year_mails").state == "done"
    assert not Alarm.objects.filter(code=telling.ALARM, resolved_at=None).exists()
    assert sorted(YearTelling.objects.values_list("way", flat=True)) == ["mail", "mail", "paper"]
    assert YearStatement.objects.filter(year=2026).count() == 3
    outbox.deliver_due(clock.real_now(), most=100)
    first, second = mails()
    assert first == second  # nothing about a person, and so no sum
    assert "/mina-sidor/gavor/2026/" in first
    assert [word for word in ("Anna", "Björn", "400", "300", "1 100") if word in first] == []

    # Pressed again: nobody twice; who has got an address since is told.
    david.post(f"{MAILS}of/{entity.ref}/send/")
    done("year_mails")
    outbox.deliver_due(clock.real_now(), most=100)
    assert (len(mails()), YearTelling.objects.count()) == (2, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        YearTelling.objects.create(
            entity=entity, year=2026, donor=year.anna, way=Way.MAIL, told_at=clock.now(), by="x"
        )
    assert telling.tell_many(entity, 2026, [Holder(year.anna.pk)], Way.MAIL, by="staff:1") == 0
    page = said(david)
    assert "Har redan fått veta</dt> <dd>3</dd>" in page
    assert "Anna" not in page


def test_one_giver_is_mailed_again_and_those_without_mail_are_printed(
    year: Year, log_in: LogIn
) -> None:
    entity = year.campaign.entity
    year.go_to(1, 20)
    david = log_in("david", "treasurer")
    david.post(f"{MAILS}of/{entity.ref}/send/")
    done("year_mails")
    outbox.deliver_due(clock.real_now(), most=100)
    anna = YearTelling.objects.get(donor=year.anna)
    bo = YearTelling.objects.get(donor=year.bo)

    assert david.post(f"{MAILS}of/{entity.ref}/papers/", {"part": "1"}).status_code == 403
    disa = log_in("disa", "donor_care", "treasurer")
    assert disa.post(f"{MAILS}of/{entity.ref}/papers/", {"part": "2"}).status_code == 302
    assert ExportRecord.objects.count() == 0
    place = disa.post(f"{MAILS}of/{entity.ref}/papers/", {"part": "1"})["Location"]
    assert done("year_papers").state == "done"
    record = ExportRecord.objects.get()
    assert (record.format, record.rows, record.personal) == ("pdf", 1, True)
    got = disa.post(f"{place}file/")
    content = b"".join(got.streaming_content)  # type: ignore[attr-defined]
    assert (content[:5], got["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert unpacked(content).count(b"/Type /Page\n") + unpacked(content).count(b"/Type/Page/") >= 1
    assert ReadLine.objects.filter(purpose="export:year_mails").exists()

    assert cecilias(log_in).post(f"{MAILS}{anna.ref}/again/").status_code == 403
    assert david.post(f"{MAILS}{anna.ref}/again/").status_code == 302
    refused = david.post(f"{MAILS}{bo.ref}/again/", follow=True).content.decode()
    assert "Ingen e-postadress fungerar." in refused
    donors.add_contact_point(
        donor_id=year.bo.pk, kind="email", value="bo@example.se", source="staff", by=CECILIA
    )
    david.post(f"{MAILS}{bo.ref}/again/")
    outbox.deliver_due(clock.real_now(), most=100)
    bo.refresh_from_db()
    assert (len(mails()), bo.way, bo.times) == (4, "mail", 2)
    lines = ChangeLine.objects.filter(action="year_statement.told_again")
    assert [line.after for line in lines] == [{"year": 2026}] * 2
    donors.record_death(donor_id=year.anna.pk, died_on=clock.today(), by=CECILIA)
    david.post(f"{MAILS}{anna.ref}/again/")
    assert YearTelling.objects.get(donor=year.anna).times == 2


def cecilias(log_in: LogIn) -> Client:
    return log_in("cecilia", "comms")
