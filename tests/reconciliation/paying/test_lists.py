"""Refunds that no provider sends, and what entities owe: listed once, booked by the bank's line."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from fundraise.gifts import refunds
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.queries import balance_ore
from fundraise.providers import refunding
from fundraise.reconciliation import accounts, deciding
from fundraise.reconciliation.models import Item, Match, PaymentList
from fundraise.reconciliation.paying import debts, services
from fundraise.reconciliation.paying.services import PayingError
from tests.people import make_campaign, make_party
from tests.proofs import differing
from tests.reconciliation.house import ADMIN, make_bank
from tests.reconciliation.test_inbox import OCR, book, donor_with
from tests.reconciliation.written import Book, one

pytestmark = pytest.mark.django_db
DAVID, EVA = "staff:7", "staff:8"
PAYER = "SE3550000000054910000003"


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

    day = date(2026, 11, 3)
    book(ledger.day(one(-60_00, message="avräkning", day=day), day=day))
    sent = Item.objects.get(amount_ore=-60_00)
    deciding.decide(sent.pk, deciding.Choice("settlement"), by=DAVID)
    assert balance_ore(bank.entity.pk, "owed_to_entity") == 0
    assert balance_ore(other.entity_id, "owed_by_entity") == 60_00, "until its own bank shows it"
    assert differing() == []
