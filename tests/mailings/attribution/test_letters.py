"""An audience as letters: frozen once, with numbers that bring gifts home, and a file."""

from __future__ import annotations

import pytest
from stdnum import luhn

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName, PostalAddress
from fundraise import clock
from fundraise.audit.models import ReadLine
from fundraise.console.tables.attributed import LETTERS
from fundraise.console.tables.base import Viewer
from fundraise.staff.rights import Rights
from mailings.appeals.models import Appeal, Message
from mailings.attribution import by_post, counting, letters
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import GiftTouch, Letter, SourceCode
from tests.mailings.attribution.money import give
from tests.mailings.mailed import Mailed
from tests.people import CECILIA
from tests.pledging import House

pytestmark = pytest.mark.django_db


def resident(given: str, family: str) -> Donor:
    return donors.register_donor(
        name=PersonName(given, family),
        language="sv",
        source="staff",
        by=CECILIA,
        postal=PostalAddress(("Storgatan 1",), "111 22", "Stockholm"),
    )


@pytest.fixture
def eva(house: House) -> Donor:
    """She has no e-mail, and lives somewhere."""
    return resident("Eva", "Berg")


def without_mail(mailed: Mailed, donor: Donor, *, targeted: bool = True, seq: int = 9) -> None:
    Message.objects.create(
        appeal=mailed.appeal,
        seq=seq,
        donor_id=donor.pk,
        targeted=targeted,
        outcome="no_address",
    )


def test_those_without_e_mail_get_a_letter_with_a_number_and_their_sums(
    mailed: Mailed, eva: Donor, house: House
) -> None:
    without_mail(mailed, eva)
    give(house.campaign, eva, ore=400_00)

    assert letters.freeze(mailed.appeal, by=CECILIA) == 1

    letter = Letter.objects.get()
    assert (letter.donor, letter.base_ore) == (eva, 400_00)
    assert luhn.is_valid(letter.ocr)
    assert letters.sums(letter) == (400_00, 600_00, 800_00)
    assert SourceCode.objects.get().appeal == mailed.appeal
    with pytest.raises(AttributionError) as error:
        letters.freeze(mailed.appeal, by=CECILIA)
    assert error.value.code == "frozen"


def remind(mailed: Mailed, title: str = "Igen") -> Appeal:
    first = mailed.appeal
    return Appeal.objects.create(
        campaign=first.campaign, title=title, people_of=first, created_at=clock.now(),
        created_by=CECILIA, frozen_at=clock.now(),
    )  # fmt: skip


def test_a_reminders_letters_go_to_those_who_got_one_and_have_not_given_since(
    mailed: Mailed, eva: Donor, house: House
) -> None:
    without_mail(mailed, eva)
    letters.freeze(mailed.appeal, by=CECILIA)

    assert letters.freeze(remind(mailed), by=CECILIA) == 1
    give(house.campaign, eva)
    assert letters.freeze(remind(mailed, "En gång till"), by=CECILIA) == 0


# --- Two records that are one now -----------------------------------------------------------------
@pytest.fixture
def evas_other(house: House) -> Donor:
    """Eva once more, at the same place."""
    return resident("Eva", "Bergh")


def merged(kept: Donor, gone: Donor) -> None:
    donors.merge_donors(kept_ref=kept.ref, gone_ref=gone.ref, by=CECILIA, reason="samma person")


def lettered(appeal: Appeal) -> list[int]:
    return list(Letter.objects.filter(appeal=appeal).values_list("donor_id", flat=True))


@pytest.mark.parametrize("both", [False, True])
def test_who_got_the_letter_by_a_record_that_is_gone_is_reminded_once_by_the_one_that_is_kept(
    mailed: Mailed, eva: Donor, evas_other: Donor, both: bool
) -> None:
    without_mail(mailed, evas_other)
    if both:
        without_mail(mailed, eva, seq=10)
    letters.freeze(mailed.appeal, by=CECILIA)
    merged(eva, evas_other)
    reminder = remind(mailed)

    assert by_post.number(reminder) == 1
    assert letters.freeze(reminder, by=CECILIA) == 1
    assert lettered(reminder) == [eva.pk]


@pytest.mark.parametrize("giver", ["kept", "gone"])
@pytest.mark.parametrize("before", [True, False])
def test_a_gift_by_either_record_before_or_after_they_were_one_is_the_persons(
    mailed: Mailed, eva: Donor, evas_other: Donor, giver: str, before: bool
) -> None:
    without_mail(mailed, evas_other if giver == "kept" else eva)
    letters.freeze(mailed.appeal, by=CECILIA)
    if before:
        give(mailed.appeal.campaign, eva if giver == "kept" else evas_other)
        merged(eva, evas_other)
    else:
        merged(eva, evas_other)
        give(mailed.appeal.campaign, eva)

    assert by_post.number(remind(mailed)) == 0
    assert letters.freeze(remind(mailed), by=CECILIA) == 0


def test_who_was_mailed_by_one_record_gets_no_letter_for_the_other(
    mailed: Mailed, anna: Donor, eva: Donor, evas_other: Donor
) -> None:
    without_mail(mailed, eva)
    without_mail(mailed, evas_other, seq=10)
    letters.freeze(mailed.appeal, by=CECILIA)
    merged(anna, eva)
    reminder = remind(mailed)
    mail = mailed.messages[0]
    Message.objects.create(
        appeal=reminder, seq=1, donor_id=anna.pk, email_key=mail.email_key, batch_id=mail.batch_id
    )

    assert letters.freeze(reminder, by=CECILIA) == 1
    assert lettered(reminder) == [evas_other.pk]


def test_letters_made_after_a_merge_go_to_the_record_that_is_kept(
    mailed: Mailed, anna: Donor, eva: Donor, evas_other: Donor
) -> None:
    without_mail(mailed, evas_other)
    also = resident("Anna", "Eck")  # she got the mail by her other record
    without_mail(mailed, also, seq=10)
    merged(eva, evas_other)
    merged(anna, also)

    assert letters.freeze(mailed.appeal, by=CECILIA) == 1
    assert lettered(mailed.appeal) == [eva.pk]


def test_who_may_not_be_targeted_is_asked_for_the_campaigns_own_sums(
    mailed: Mailed, eva: Donor, house: House
) -> None:
    without_mail(mailed, eva, targeted=False)
    give(house.campaign, eva, ore=5_000_00)
    letters.freeze(mailed.appeal, by=CECILIA)

    letter = Letter.objects.get()
    assert letter.base_ore is None
    assert letters.sums(letter) == (100_00, 250_00, 500_00)


def test_a_gift_with_the_number_counts_to_the_appeal_and_a_mistyped_one_to_none(
    mailed: Mailed, eva: Donor, house: House
) -> None:
    without_mail(mailed, eva)
    letters.freeze(mailed.appeal, by=CECILIA)
    ocr = Letter.objects.get().ocr
    mistyped = ocr[:-1] + str((int(ocr[-1]) + 1) % 10)

    right = give(house.campaign, None, ocr)
    wrong = give(house.campaign, None, mistyped)
    counting.count_left()

    assert GiftTouch.objects.get(gift=right).appeal == mailed.appeal
    assert GiftTouch.objects.get(gift=wrong).way == "none"


def test_the_file_has_address_sums_number_and_link_and_its_reading_is_noted(
    mailed: Mailed, eva: Donor, house: House
) -> None:
    without_mail(mailed, eva)
    letters.freeze(mailed.appeal, by=CECILIA)
    assert LETTERS.opened is not None

    viewer = Viewer(Rights({}), CECILIA)
    (one,) = LETTERS.opened(
        list(letters.with_code(Letter.objects.select_related("appeal__campaign"))), viewer
    )

    values = {column.name: column.value(one) for column in LETTERS.columns}
    ocr = Letter.objects.get().ocr
    assert values == {
        "donor": str(eva.ref), "appeal": mailed.appeal.title,
        "name": "Eva Berg", "greeting": "Hej Eva Berg!", "address": "Storgatan 1",
        "postcode": "111 22", "city": "Stockholm", "country": "SE", "language": "sv",
        "first_ore": 100_00, "second_ore": 250_00, "third_ore": 500_00, "ocr": ocr,
        "code": SourceCode.objects.get().code,
        "link": values["link"],
    }  # fmt: skip
    assert str(values["link"]).endswith(f"/valet/?ref={ocr}")
    assert ReadLine.objects.filter(purpose="export:letters").exists()


def test_a_mail_that_is_not_prepared_has_no_list_to_make_letters_of(house: House) -> None:
    draft = Appeal.objects.create(
        campaign=house.campaign, title="Utkast", created_at=house.now, created_by=CECILIA
    )

    with pytest.raises(AttributionError) as error:
        letters.freeze(draft, by=CECILIA)

    assert error.value.code == "not_frozen"
    assert not SourceCode.objects.exists()
