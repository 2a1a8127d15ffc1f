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
from mailings.attribution import counting, letters
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import GiftTouch, Letter, SourceCode
from tests.mailings.attribution.money import give
from tests.mailings.mailed import Mailed
from tests.people import CECILIA
from tests.pledging import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva(house: House) -> Donor:
    """She has no e-mail, and lives somewhere."""
    return donors.register_donor(
        name=PersonName("Eva", "Berg"),
        language="sv",
        source="staff",
        by=CECILIA,
        postal=PostalAddress(("Storgatan 1",), "111 22", "Stockholm"),
    )


def without_mail(mailed: Mailed, donor: Donor, *, targeted: bool = True) -> None:
    Message.objects.create(
        appeal=mailed.appeal, seq=9, donor_id=donor.pk, targeted=targeted, outcome="no_address"
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


def test_a_reminders_letters_go_to_those_who_got_one_and_have_not_given_since(
    mailed: Mailed, eva: Donor, house: House
) -> None:
    without_mail(mailed, eva)
    letters.freeze(mailed.appeal, by=CECILIA)

    def remind(title: str) -> Appeal:
        return Appeal.objects.create(
            campaign=house.campaign, title=title, people_of=mailed.appeal, created_at=clock.now(),
            created_by=CECILIA, frozen_at=clock.now(),
        )  # fmt: skip

    assert letters.freeze(remind("Igen"), by=CECILIA) == 1
    give(house.campaign, eva)
    assert letters.freeze(remind("En gång till"), by=CECILIA) == 0


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
