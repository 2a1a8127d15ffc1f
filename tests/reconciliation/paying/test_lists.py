"""Refunds that no provider sends, and what entities owe: listed once, booked by the bank's line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from lxml import etree

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.console import actions
from fundraise.gifts import refunds
from fundraise.gifts.booking import Movement
from fundraise.gifts.given import Given, record_given
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.models import Journal
from fundraise.ledger.queries import balance_ore
from fundraise.providers import by_hand, refunding
from fundraise.providers.models import Account, Attempt
from fundraise.reconciliation import accounts, deciding, proposals, returned
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.models import Item, Kind, Match, PaymentList, QueueItem
from fundraise.reconciliation.paying import debts, refusing, services
from fundraise.reconciliation.paying.services import PayingError
from fundraise.reconciliation.proposals import ProposalError
from fundraise.reporting.party import holding, owing, subscribers
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import Hold
from tests.people import NOON, make_campaign, make_party
from tests.proofs import differing
from tests.reconciliation.house import ADMIN, OPENING, Bank, make_bank
from tests.reconciliation.test_inbox import OCR, balances, book, donor_with
from tests.reconciliation.written import Book, Entry, Pay, one

pytestmark = pytest.mark.django_db
DAVID, EVA = "staff:7", "staff:8"
PAYER = "SE3550000000054910000003"


def _lying(entity_id: int) -> list[int]:
    return [balance_ore(entity_id, role) for role in ("giro_clearing", "suspense", "gifts")]


def test_a_refund_is_on_one_list_and_booked_when_the_bank_shows_it() -> None:
    bank = make_bank()
    donor_with(OCR, bank)
    ledger = Book()
    book(ledger.day(one(300_00, ocr=OCR, name="ANNA LIND", account=PAYER)))
    gift = Gift.objects.get()
    refund = refunds.request_refund(gift.pk, amount_ore=100_00, reason="fel belopp", by=DAVID)
    refunding.send_refund(refund.pk)
    assert [row.pk for row in services.waiting([bank.entity.pk])] == [refund.pk]

    made = services.make_refunds(bank.account, [refund.ref], by=DAVID)
    with pytest.raises(PayingError, match="nothing"):
        services.make_refunds(bank.account, [refund.ref], by=EVA)
    content = services.content_of(made, by=DAVID)
    assert services.content_of(PaymentList.objects.get(), by=EVA) == content
    read = etree.fromstring(content)
    said = {etree.QName(one_).localname: one_.text for one_ in read.iter() if one_.text}
    assert (said["EndToEndId"], said["InstdAmt"], said["IBAN"]) == (refund.ref.hex, "100.00", PAYER)
    assert balance_ore(bank.entity.pk, "gifts") == -300_00, "a list books nothing"

    services.cancel(made.pk, by=DAVID)
    again = services.make_refunds(bank.account, [refund.ref], by=DAVID)
    services.mark_sent(again.pk, by=DAVID)
    with pytest.raises(PayingError, match="ended"):
        services.cancel(again.pk, by=DAVID)

    day = date(2026, 11, 3)
    book(ledger.day(one(-100_00, end_to_end=refund.ref.hex, name="ANNA LIND", day=day), day=day))
    assert Match.objects.get(kind="refund").state == "stands"
    assert Refund.objects.get().state == Refund.State.SETTLED
    assert balance_ore(bank.entity.pk, "gifts") == -200_00
    assert balance_ore(bank.entity.pk, "giro_clearing") == 0
    assert differing() == []


def test_what_came_for_another_entity_is_owed_listed_once_and_settled() -> None:
    bank = make_bank()
    other = make_campaign(make_party("ung"), "ung")
    ledger = Book()
    book(ledger.day(one(60_00, message="till ung")))
    deciding.to_donor(Item.objects.get().pk, None, other, by=DAVID)
    (debt,) = debts.debts({other.entity_id})
    assert (debt.debtor.slug, debt.creditor.slug, debt.left_ore) == ("party", "ung", 60_00)
    with pytest.raises(PayingError, match="no_account"):
        services.make_settlement(bank.account, by=DAVID)
    accounts.open_account(
        accounts.NewAccount(other.entity, "Ungas", [("bgnr", "5050-1055")], date(2026, 9, 1)),
        by=ADMIN,
    )
    made = services.make_settlement(bank.account, by=DAVID)
    assert (made.count, made.sum_ore) == (1, 60_00)
    assert b"<Id>50501055</Id><SchmeNm><Prtry>BGNR</Prtry>" in services.content_of(made, by=DAVID)
    with pytest.raises(PayingError, match="nothing"):
        services.make_settlement(bank.account, by=DAVID)

    services.mark_sent(made.pk, by=DAVID)
    (row,) = refusing.may_be_refused(made := PaymentList.objects.get(pk=made.pk))
    refusing.refuse(made.pk, [row.end_to_end], by=DAVID, why="fel bankgiro")
    assert PaymentList.objects.get().state == "refused"
    made = services.make_settlement(bank.account, by=DAVID)
    services.mark_sent(made.pk, by=DAVID)

    day = date(2026, 11, 3)
    book(ledger.day(one(-60_00, message="avräkning", day=day), day=day))
    sent = Item.objects.get(amount_ore=-60_00)
    choice = deciding.Choice("settlement", entity=other.entity)
    deciding.decide(sent.pk, choice, by=DAVID)
    assert [debt.left_ore for debt in debts.debts({bank.entity.pk})] == [0]
    with pytest.raises(PayingError, match="paid"):
        refusing.refuse(made.pk, [made.rows.get().end_to_end], by=DAVID, why="fel bankgiro")
    assert balance_ore(bank.entity.pk, "owed_to_entity") == 0
    assert balance_ore(other.entity_id, "owed_by_entity") == 60_00, "until its own bank shows it"
    assert differing() == []


def two_refunds(bank: Bank, ledger: Book) -> list[Refund]:
    """Of 100 and 200 kr, on a list that was left to the bank."""
    book(ledger.day(one(900_00, ocr=OCR, name="ANNA LIND", account=PAYER)))
    gift = Gift.objects.get()
    asked = [
        refunds.request_refund(gift.pk, amount_ore=ore, reason="fel", by=DAVID)
        for ore in (100_00, 200_00)
    ]
    for refund in asked:
        refunding.send_refund(refund.pk)
    made = services.make_refunds(bank.account, [one_.ref for one_ in asked], by=DAVID)
    services.mark_sent(made.pk, by=DAVID)
    return asked


def test_what_the_bank_refused_goes_on_another_list_and_what_it_shows_never_does() -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    less, more = two_refunds(bank, ledger)
    made = PaymentList.objects.get()
    day = date(2026, 11, 3)
    book(ledger.day(one(-100_00, end_to_end=less.ref.hex, name="ANNA LIND", day=day), day=day))

    both = [less.ref.hex, more.ref.hex]
    for names, why, code in (
        (both, "fel konto", "paid"),
        ([more.ref.hex], " ", "why"),
        ([more.ref.hex], "ring anna@example.org", "personal"),
        (["S0"], "fel konto", "nothing"),
    ):
        with pytest.raises(PayingError, match=code):
            refusing.refuse(made.pk, names, by=DAVID, why=why)
    assert made.rows.filter(is_live=True).count() == 2
    assert [row.refund for row in refusing.may_be_refused(made)] == [more]

    assert refusing.refuse(made.pk, [more.ref.hex], by=DAVID, why="fel konto") is None
    made.refresh_from_db()
    assert (made.state, made.rows.get(is_live=True).refund) == ("sent", less), "one was paid"
    assert [row.pk for row in services.waiting([bank.entity.pk])] == [more.pk]
    line = ChangeLine.objects.get(action="payment_list.refused")
    assert (line.after, line.reason) == (
        {"kind": "refunds", "count": 1, "amount_ore": 200_00},
        "fel konto",
    )
    again = services.make_refunds(bank.account, [more.ref], by=DAVID)
    with pytest.raises(PayingError, match="not_at_bank"):
        refusing.refuse(again.pk, [more.ref.hex], by=DAVID, why="fel konto")
    assert again.rows.get().is_live


def test_a_second_person_agrees_that_the_bank_refused_unless_a_line_comes_first(
    settings: Any,
) -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    less, more = two_refunds(bank, ledger)
    settings.TWO_PERSON_REFUND_ORE = 250_00
    made = PaymentList.objects.get()
    both = [less.ref.hex, more.ref.hex]
    asked = refusing.refuse(made.pk, both, by=DAVID, why="filen avvisades")
    assert asked is not None
    with pytest.raises(PayingError, match="asked_already"):
        refusing.refuse(made.pk, both, by=EVA, why="filen avvisades")
    with pytest.raises(ProposalError, match="same_person"):
        proposals.agree(asked.ref, by=DAVID)
    assert made.rows.filter(is_live=True).count() == 2

    proposals.agree(asked.ref, by=EVA)
    made.refresh_from_db()
    assert (made.state, made.ended_by, made.rows.filter(is_live=True).count()) == (
        "refused",
        DAVID,
        0,
    )
    second = services.make_refunds(bank.account, [less.ref, more.ref], by=DAVID)
    services.mark_sent(second.pk, by=DAVID)
    asked = refusing.refuse(second.pk, both, by=DAVID, why="filen avvisades")
    assert asked is not None
    day = date(2026, 11, 3)
    book(ledger.day(one(-200_00, end_to_end=more.ref.hex, name="ANNA LIND", day=day), day=day))
    with pytest.raises(PayingError, match="paid"):
        proposals.agree(asked.ref, by=EVA)
    asked.refresh_from_db()
    assert (asked.state, second.rows.filter(is_live=True).count()) == ("asked", 2)
    proposals.refuse(asked.ref, by=EVA, reason="det betalades")
    assert differing() == []


def test_a_refund_that_comes_back_is_looked_at_until_it_is_sent_again() -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    refund = sent_back(bank, ledger)
    gift = refund.gift
    assert balances(bank) == {
        "bank": OPENING + 200_00, "giro_clearing": 0, "suspense": 0, "gifts": -200_00,
    }  # fmt: skip

    day = date(2026, 11, 4)  # a plain line in: nothing says that it is a return
    book(ledger.day(one(100_00, name="BANKEN", message="retur", day=day), day=day))
    item = Item.objects.get(booked_on=day)
    assert [row.pk for row in returned.may_have_come_back(item)] == [refund.pk]
    deciding.decide(item.pk, deciding.Choice("return", refund=refund), by=DAVID)

    refund.refresh_from_db()
    assert (refund.state, refund.failure) == ("failed", "returned_by_bank")
    assert balances(bank) == {
        "bank": OPENING + 300_00, "giro_clearing": 0, "suspense": 0, "gifts": -300_00,
    }  # fmt: skip
    (left,) = Journal.objects.filter(reversal_of__source__startswith="match:")
    assert left.reversal_of is not None
    told = QueueItem.objects.get(code="returned")
    assert (told.subject, told.amount_ore, told.state, told.entity_id) == (
        f"refund:{refund.ref}", 100_00, "open", bank.entity.pk,
    )  # fmt: skip
    assert told.due_on > date(2026, 11, 4)
    assert not returned.may_have_come_back(item), "once"
    match = Match.objects.get(kind="return")
    with pytest.raises(DecideError, match="final"):
        deciding.undo(match.pk, by=DAVID, why="fel")

    less = refunds.request_refund(gift.pk, amount_ore=40_00, reason="en del", by=DAVID)
    refunding.send_refund(less.pk)
    by_hand.confirm_refund_by_hand(less, NOON, "b-1", DAVID)
    returned.refund_settled(less.pk)
    assert QueueItem.objects.get(code="returned").state == "open", "not the whole of it"
    rest = refunds.request_refund(gift.pk, amount_ore=60_00, reason="resten", by=DAVID)
    refunding.send_refund(rest.pk)
    by_hand.confirm_refund_by_hand(rest, NOON, "b-2", DAVID)
    for _again in range(2):
        returned.refund_settled(rest.pk)
    told.refresh_from_db()
    assert (told.state, told.how) == ("settled", "paid_back")
    assert differing() == []


def sent_back(bank: Bank, ledger: Book) -> Refund:
    """A refund of 100 kr that the bank has shown leave."""
    book(ledger.day(one(300_00, ocr=OCR, name="ANNA LIND", account=PAYER)))
    gift = Gift.objects.get()
    refund = refunds.request_refund(gift.pk, amount_ore=100_00, reason="fel belopp", by=DAVID)
    refunding.send_refund(refund.pk)
    day = date(2026, 11, 3)
    book(ledger.day(one(-100_00, end_to_end=refund.ref.hex, name="ANNA LIND", day=day), day=day))
    return Refund.objects.select_related("gift").get()


def came_back(refund: Refund, day: date) -> Entry:
    """The bank's line of a refund that it returns, marked as such."""
    code = "PMNT/RCDT/RRTN"
    pay = Pay(100_00, name="ANNA LIND", end_to_end=refund.ref.hex, returned=True, code=code)
    return Entry((pay,), day=day, code=code)


def test_what_came_back_is_owed_repaid_and_held_again_when_that_comes_back_too() -> None:
    bank, ledger = make_bank(), Book()
    donor_with(OCR, bank)
    refund = sent_back(bank, ledger)
    with pytest.raises(PartyError, match="not_waiting"):
        owing.owe(refund, by=DAVID)
    day = date(2026, 11, 4)
    book(ledger.day(came_back(refund, day), day=day))
    suggested = Match.objects.get(kind="return")
    assert (suggested.state, QueueItem.objects.filter(code="returned").count()) == ("suggested", 0)
    deciding.take(suggested.pk, by=DAVID)
    told = QueueItem.objects.get(code="returned")
    assert (told.state, told.subject) == ("open", f"refund:{refund.ref}")
    assert balance_ore(bank.entity.pk, "gifts") == -300_00

    held = owing.owe(refund, by=DAVID)

    assert (held.why, held.state, held.amount_ore) == ("returned", "held", 100_00)
    assert held.repay_by == clock.today() + timedelta(days=30)
    assert balance_ore(bank.entity.pk, "gifts") == -200_00, "no income while it is owed"
    assert balance_ore(bank.entity.pk, "repay") == -100_00
    told.refresh_from_db()
    assert (told.state, told.how) == ("settled", "owed")
    with pytest.raises(PartyError, match="not_waiting"):
        owing.owe(refund, by=DAVID)
    assert Hold.objects.count() == 1
    assert differing() == []

    holding.repay(held.ref, by=DAVID, reason="nytt konto")
    again = Refund.objects.get(reason="nytt konto")
    refunding.send_refund(again.pk)
    day = date(2026, 11, 5)
    book(ledger.day(one(-100_00, end_to_end=again.ref.hex, name="ANNA LIND", day=day), day=day))
    subscribers.refund_settled(again.pk)
    assert Hold.objects.get().state == "repaid"
    assert balance_ore(bank.entity.pk, "repay") == 0
    day = date(2026, 11, 6)
    book(ledger.day(came_back(again, day), day=day))
    deciding.take(Match.objects.get(kind="return", state="suggested").pk, by=DAVID)
    again.refresh_from_db()
    assert again.failure == "returned_by_bank"
    owing.owe(again, by=DAVID)
    assert Hold.objects.get(state="held").why == "returned"
    assert balance_ore(bank.entity.pk, "repay") == -100_00
    assert differing() == []


@pytest.mark.parametrize("channel", ["autogiro", "bank"])
def test_what_came_by_autogiro_or_giro_goes_back_by_our_own_hand_beside_stripe(
    channel: str,
) -> None:
    bank, ledger = make_bank(), Book()
    stripe = Account.objects.create(
        entity=bank.entity, provider="stripe", slug="demo", name="Stripe"
    )
    at = NOON
    movement = Movement("giro:1", at, DAVID, "giro:1", "giro_clearing")
    with transaction.atomic():
        (gift,) = record_given(
            [
                Given(
                    campaign=bank.campaign, donor_id=None, giver_key=None, amount_ore=300_00,
                    channel=channel, language="sv", reference="", provider_ref="giro:1",
                    received_at=at, movement=movement,
                )
            ]
        )  # fmt: skip
    Attempt.objects.create(
        gift=gift, account=stripe, number=1, idempotency_key="k1", request=b"x", created_at=at
    )
    refund = refunds.request_refund(gift.pk, amount_ore=100_00, reason="fel", by=DAVID)
    refunding.send_refund(refund.pk)
    refund.refresh_from_db()
    assert (refund.state, refund.provider_ref, refund.failure) == ("sent", None, "")
    assert [row.pk for row in services.waiting([bank.entity.pk])] == [refund.pk]
    assert actions.confirm_refund(refund, seen_on=NOON.date(), proof="b-7", by=DAVID)
    assert balance_ore(bank.entity.pk, "gifts") == -200_00
    book(ledger.day(one(-100_00, end_to_end=refund.ref.hex)))
    assert balance_ore(bank.entity.pk, "giro_clearing") == 300_00, "the gift's own line is to come"
    assert Match.objects.get(kind="refund").refund == refund, "confirmed before its line came"
    match = Match.objects.get(kind="refund")
    deciding.undo(match.pk, by=DAVID, why="Fel rad.")
    refund.refresh_from_db()
    assert refund.state == "settled", "it left, as staff said; another line shows it"
    assert _lying(bank.entity.pk) == [
        200_00, 100_00, -200_00
    ]  # fmt: skip
    deciding.decide(match.item_id, Choice(Kind.REFUND, refund=refund), by=DAVID)
    assert _lying(bank.entity.pk) == [300_00, 0, -200_00]
