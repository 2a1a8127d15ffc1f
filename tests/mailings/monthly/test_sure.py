"""Nothing counts as told that has not left; what was missed is found; the dead get nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

import pytest

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import bankdays, clock
from fundraise.gifts.giver import Giver
from fundraise.jobs.models import Alarm
from fundraise.outbox import services as outbox
from fundraise.outbox.models import OutboxEvent
from fundraise.pledges import queries
from fundraise.pledges.models import Collection, Instalment, Mandate, Notice, Pledge
from fundraise.pledges.services import e_mandates, saved_cards, starting
from fundraise.pledges.services.e_mandates import EMandate
from fundraise.pledges.services.saved_cards import SavedCard
from fundraise.pledges.services.starting import NewAccount, NewPledge, Signed
from mailings import transactional
from mailings.models import TransactionalMessage
from mailings.monthly import asking, notices, people, reasons, watch
from mailings.senders.base import Mail, Outcome, SendError, SendResult
from tests.mailings.monthly.posting import Posting
from tests.pledging import ACCOUNT, ANNA

NOBODY = Giver(name="Eva Ek")


class Refusing:
    """A sender that takes nothing over."""

    name: ClassVar[str] = "refusing"
    idempotent: ClassVar[bool] = False
    outcome: ClassVar[Outcome] = Outcome.REFUSED

    def send(self, mail: Mail) -> SendResult:
        raise SendError("no such box", self.outcome)


@pytest.fixture
def refusing(settings: Any) -> type[Refusing]:
    settings.MAIL_SENDERS = {**settings.MAIL_SENDERS, "refusing": f"{__name__}.Refusing"}
    settings.MAIL_SENDER = "refusing"
    return Refusing


def anna_of(pledge: Pledge) -> Donor:
    donor = donors.register_donor(
        name=PersonName("Anna", "Ek"), language="sv", source="gift_page", by="staff:1",
        email=ANNA.email,
    )  # fmt: skip
    Pledge.objects.filter(pk=pledge.pk).update(donor=donor)
    return donor


def test_a_notice_that_was_refused_is_a_letter_and_nothing_is_drawn_before_it(
    house: Posting, refusing: type[Refusing]
) -> None:
    refusing.outcome = Outcome.REFUSED
    pledge = house.sign_up()
    notice = pledge.notices.get()
    assert (notice.way, notice.sent_at) == ("letter", None)
    assert list(queries.notices_to_print()) == [notice]
    house.approve(pledge)
    house.go_to(bankdays.add(pledge.starts_on, -8), hour=9)
    watch.ring_for_near()
    assert Alarm.objects.get(code="notice-not-told", resolved_at=None).subject == "letter"
    house.go_to(bankdays.add(pledge.starts_on, -2))
    house.beat()
    assert house.send() == []
    assert "Belopp: 200" in notices.printed(notice.pk).as_text()


def test_a_mail_in_doubt_is_not_told_until_somebody_says_that_it_left(
    house: Posting, refusing: type[Refusing]
) -> None:
    refusing.outcome = Outcome.UNKNOWN
    pledge = house.sign_up()
    notice = pledge.notices.get()
    row = TransactionalMessage.objects.get()
    assert (row.state, notice.sent_at, notice.way) == ("in_doubt", None, "mail")
    assert transactional.settle(row.pk, left=True, by="staff:1")
    house.tell()
    notice.refresh_from_db()
    assert notice.sent_at is not None
    assert notice.text_sealed is not None


def test_a_lost_fact_and_a_lost_proof_are_found_again(house: Posting) -> None:
    pledge = house.sign_up()
    notice = pledge.notices.get()
    TransactionalMessage.objects.all().delete()
    OutboxEvent.objects.all().delete()
    Notice.objects.update(sent_at=None, text_sealed=None)
    assert watch.find_missed() == 0
    house.now += timedelta(minutes=11)
    assert watch.find_missed() == 1
    house.tell()
    notice.refresh_from_db()
    assert notice.sent_at is not None
    Notice.objects.update(sent_at=None, text_sealed=None)
    house.now += timedelta(minutes=11)
    assert watch.find_missed() == 1
    house.tell()
    notice.refresh_from_db()
    assert notice.text_sealed is not None
    assert house.kinds() == ["notice"]
    assert watch.work() == {"notices": 0, "sums_asked": 0, "near": 0}


def test_who_left_no_address_gets_a_letter(house: Posting) -> None:
    pledge = house.sign_up(giver=NOBODY)
    assert house.kinds() == []
    assert list(queries.notices_to_print()) == list(pledge.notices.all())


@pytest.mark.parametrize("what", ["died", "no_contact", "forgotten"])
def test_no_mail_to_the_dead_nor_to_who_wants_none(house: Posting, what: str) -> None:
    pledge = house.active()
    donor = anna_of(pledge)
    before = house.kinds()
    if what == "died":
        donors.record_death(donor_id=donor.pk, died_on=date(2026, 11, 1), by="staff:1")
    elif what == "no_contact":
        donors.refuse_contact(donor_id=donor.pk, by="staff:1")
    else:
        donors.forget_donor(donor_ref=donor.ref, by="staff:1", reason="asked")
    house.replay()
    pledge.refresh_from_db()
    assert pledge.state == "ended"
    Notice.objects.update(sent_at=None)
    notices.tell(pledge.notices.get().pk)
    watch.work()
    house.tell()
    assert house.kinds() == before
    assert list(queries.notices_to_print()) == []
    assert not Collection.objects.exists()


def e_mandate(house: Posting, number: str) -> Mandate:
    return e_mandates.receive_e_mandate(EMandate(house.entity.pk, number, ACCOUNT, "Swedbank …234"))


def test_a_mandate_without_a_sum_asks_whoever_is_known(house: Posting) -> None:
    mandate = e_mandate(house, "1234566")
    assert asking.ask_for_sums() == 0
    assert list(queries.mandates_without_sum()) == [mandate]
    house.sign_up()
    assert [asking.ask_for_sums(), asking.ask_for_sums()] == [1, 0]
    house.tell()
    mail = house.mails()[-1]
    assert (mail["To"], mail["Subject"].strip()) == (ANNA.email, "Hur mycket vill du ge?")
    last = bankdays.add(clock.today(), 18)
    assert f"senast den {last.day} " in house.last()[1]


def test_a_mandate_without_a_sum_finds_its_donor_in_the_register(house: Posting) -> None:
    donor = donors.register_donor(
        name=PersonName("Anna", "Ek"), language="en", source="x", by="staff:1", email=ANNA.email
    )
    donors.record_identity(
        donor_id=donor.pk, kind="personal_number", number="811228-9874", reason="mandate",
        source="staff", by="staff:1",
    )  # fmt: skip
    e_mandate(house, "1234566")
    assert asking.ask_for_sums() == 1
    house.tell()
    assert house.last()[0] == "How much do you want to give?"
    donors.refuse_contact(donor_id=donor.pk, by="staff:1")
    e_mandate(house, "7654325")
    assert asking.ask_for_sums() == 0


def test_a_card_is_asked_about_once_and_its_end_is_told_in_time(house: Posting) -> None:
    pledge = starting.start_pledge(NewPledge(house.campaign, 200_00, 28, ANNA, method="card"))
    card = SavedCard("cus_1", "pm_1", "Visa •• 4242", date(2026, 11, 30))
    mandate = saved_cards.add_card(pledge.pk, card, gift_id=None, by="donor")
    assert mandate is not None
    house.tell()
    assert "Kort, Visa •• 4242" in house.last()[1]
    notice = pledge.notices.get()
    assert (notice.way, notice.sent_at, notice.sha256 is None) == (
        "page", pledge.created_at, False,
    )  # fmt: skip
    for _time in range(2):
        asking.expiring(mandate.pk)
    house.tell()
    assert "gäller till och med november 2026" in house.last()[1]
    row = Instalment.objects.create(
        pledge=pledge, period=date(2026, 11, 1), due_on=date(2026, 11, 30), amount_ore=200_00,
        state="missed", reason="authentication_required", created_at=clock.now(),
    )  # fmt: skip
    draw = Collection.objects.create(
        instalment=row, mandate=mandate, number=1, amount_ore=200_00, due_on=row.due_on,
        state="failed", created_at=clock.now(),
    )  # fmt: skip
    outbox.write("InstalmentMissed", row.pk)
    outbox.write("CardActionNeeded", draw.pk)
    house.replay()
    assert house.kinds() == ["notice", "card-expiring", "pledge-missed"]
    subject, said = house.last()
    assert subject == "Din bank frågar om din månadsgåva"
    assert "Bekräfta gåvan:" in said
    assert "Du är inte skyldig något" in said
    assert reasons.sentence(pledge, "lost_card") == "Det gick inte att dra från ditt kort."


def test_the_registers_address_is_used_where_none_was_typed(house: Posting) -> None:
    pledge = starting.start_pledge(
        NewPledge(house.campaign, 200_00, 28, NOBODY), NewAccount(ACCOUNT, "Swedbank …234")
    )
    donor = anna_of(pledge)
    starting.sign(pledge.mandates.get().pk, Signed("tick"), by="donor")
    house.tell()
    (mail,) = house.mails()
    assert mail["To"] == ANNA.email
    point = donor.contact_points.get(kind="email")
    donors.mark_bouncing(contact_point_id=point.pk, by="system:mail")
    pledge.refresh_from_db()
    assert people.address_of(pledge) == ""
