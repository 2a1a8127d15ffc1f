"""An OCR number is a donor's for good: issued once, with a check digit, and those of letters."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings
from stdnum import luhn

from donors import services as donors
from donors.values import PersonName
from fundraise.gifts.models import Gift
from fundraise.reconciliation import references
from fundraise.reconciliation.models import Item, Reference
from tests.reconciliation.house import ADMIN, make_bank
from tests.reconciliation.test_inbox import book, donor_with
from tests.reconciliation.written import Book, one


@pytest.mark.parametrize("length_digit", [False, True])
def test_a_number_has_its_check_digit_and_one_that_was_mistyped_is_none(
    settings: Settings, *, length_digit: bool
) -> None:
    settings.OCR_LENGTH_DIGIT = length_digit
    number = references.number_of(234_567_890)
    assert luhn.is_valid(number)
    assert (len(number), number[9:-1]) == ((11, "1") if length_digit else (10, ""))
    assert references.is_valid(number)
    for place in range(len(number)):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not references.is_valid(wrong)
    assert not references.is_valid("") and not references.is_valid("12a4")  # noqa: PT018


@pytest.mark.django_db
def test_it_is_issued_once_and_what_is_paid_with_it_or_a_letters_is_the_donors() -> None:
    bank = make_bank()
    anna = donors.register_donor(
        name=PersonName("Anna", "Lind"), language="sv", source="staff", by=ADMIN
    )
    kept = references.issue(bank.entity, anna, by=ADMIN)
    assert references.issue(bank.entity, anna, by=ADMIN).pk == kept.pk
    letter = references.OfLetter("100000017", bank.entity.pk, anna.pk, bank.campaign.pk)
    references.keep_of_letters([letter, letter])
    assert Reference.objects.count() == 2
    assert references.issue(bank.entity, anna, campaign=bank.campaign, by=ADMIN).number not in {
        kept.number, "100000017",
    }  # fmt: skip
    book(Book().day(one(100_00, ocr=kept.number), one(50_00, ocr="100000017")))
    gifts = Gift.objects.order_by("amount_ore")
    assert [(gift.donor_id, gift.reference) for gift in gifts] == [
        (anna.pk, "100000017"), (anna.pk, kept.number),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_number_that_stands_in_a_message_is_the_reference_where_it_is_the_only_one() -> None:
    bank = make_bank()
    anna, bo = donor_with("1234567897", bank), donor_with("2000000006", bank)
    book(Book().day(
        one(100_00, message="Gåva 1234567897, tack!"),
        one(200_00, message="1234567897 och 2000000006"),
        one(300_00, message="mitt nummer är 46701740605 0701740605"),
        one(400_00, message="för 12345678971"),
    ))  # fmt: skip
    items = {item.amount_ore: item for item in Item.objects.all()}
    assert items[100_00].state == "matched"
    assert items[100_00].matches.get().donor_id == anna.pk
    assert (items[200_00].state, items[200_00].matches.get().donor_id) == ("suggested", anna.pk)
    assert items[300_00].state == items[400_00].state == "unknown"
    assert Gift.objects.filter(donor=bo).count() == 0
