"""What became true between two steps of an appeal: nobody gets what no longer holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from donors import services as donors
from donors.models import ConsentWording, Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from mailings.appeals import queries
from mailings.appeals.models import Appeal, Message
from mailings.appeals.services import drafting, preparing, waves
from tests.mailings.appeals.house import (
    Fake,
    frozen,
    people,
    released,
    scheduled,
    send_all,
    written,
)
from tests.people import CECILIA

pytestmark = pytest.mark.django_db


def outcomes(appeal: Appeal) -> dict[int, str]:
    return dict(Message.objects.filter(appeal=appeal).values_list("donor_id", "outcome"))


def email_of(donor: Donor) -> int:
    return donor.contact_points.get(kind="email").pk


def another_address(donor: Donor, address: str) -> None:
    """She writes from another mailbox now, and has the old one no more."""
    old = email_of(donor)
    point = donors.add_contact_point(
        donor_id=donor.pk, kind="email", value=address, source="web", by=CECILIA
    )
    donors.make_primary(contact_point_id=point.pk, by=CECILIA)
    donors.remove_contact_point(contact_point_id=old, by=CECILIA)


def gift(campaign: Campaign, donor: Donor, **when: timedelta) -> Gift:
    return Gift.objects.create(
        entity=campaign.entity, campaign=campaign, donor=donor, state="received", channel="bank",
        amount_ore=900_00, language="sv",
        received_at=clock.now() - when.get("given", timedelta()),
        created_at=clock.now() - when.get("known", timedelta()),
    )  # fmt: skip


def test_nobody_is_mailed_at_an_address_that_is_not_theirs_any_more(campaign: Campaign) -> None:
    moved, added, stays = people(3)
    appeal = released(written(campaign))
    another_address(moved, "ny@example.org")
    point = donors.add_contact_point(
        donor_id=added.pk, kind="email", value="till@example.org", source="web", by=CECILIA
    )
    donors.make_primary(contact_point_id=point.pk, by=CECILIA)
    send_all(appeal)
    assert sorted(Fake.delivered) == ["anna1@example.org", "anna2@example.org"]
    assert outcomes(appeal) == {moved.pk: "no_address", added.pk: "", stays.pk: ""}


def test_a_gift_that_the_bank_told_of_after_freezing_counts_as_given_meanwhile(
    campaign: Campaign,
) -> None:
    today, known, old, stays = people(4)
    gift(campaign, known, given=timedelta(hours=5), known=timedelta(hours=4))
    appeal = released(written(campaign, without_recent_days=0))
    gift(campaign, today, given=timedelta(hours=5))
    gift(campaign, old, given=timedelta(days=400))
    send_all(appeal)
    assert outcomes(appeal) == {today.pk: "gave", known.pk: "", old.pk: "", stays.pk: ""}
    reminder = released(drafting.remind(appeal.ref, by=CECILIA))
    assert set(outcomes(reminder)) == {known.pk, old.pk, stays.pk}


# --- Consent to be asked by what we know ----------------------------------------------------------
def agreed(donor: Donor) -> None:
    wording, _new = ConsentWording.objects.get_or_create(
        purpose="targeting",
        version=1,
        defaults={"text_sv": "Ja", "text_en": "Yes", "from_date": clock.today()},
    )
    donors.give_consent(
        donor_id=donor.pk, wording=wording, source="form", proof="form:1", by=CECILIA
    )


def no_more(donor: Donor) -> None:
    donors.object_to(donor_id=donor.pk, purpose="targeting", source="letter", by=CECILIA)


def asked(address: str) -> str:
    """The first sum that somebody is asked for."""
    for request in Fake.requests:
        place = request.content.tags.index("ask1_kr")
        for one in request.people:
            if one.to == address:
                return one.values[place]
    raise AssertionError(f"no mail to {address}")


def test_who_takes_back_the_consent_to_be_targeted_is_asked_as_everybody_is(
    campaign: Campaign,
) -> None:
    anna, bo, cissi, david = people(4)
    for donor in (anna, bo, cissi):
        agreed(donor)
        gift(campaign, donor, given=timedelta(days=200), known=timedelta(days=200))
    appeal = frozen(scheduled(written(campaign)))
    no_more(bo)  # after freezing, before preparing
    while preparing.prepare_next(appeal.pk):
        pass
    preparing.prepared(appeal.pk)
    waves.release_next(appeal.pk)
    no_more(cissi)  # after preparing: her sums are in the body
    send_all(appeal)
    assert outcomes(appeal) == {anna.pk: "", bo.pk: "", cissi.pk: "no_basis", david.pk: ""}
    assert asked("anna1@example.org") == asked("anna3@example.org") != asked("anna0@example.org")

    no_more(anna)
    Fake.anew()
    reminder = released(drafting.remind(appeal.ref, by=CECILIA))
    send_all(reminder)
    rows = Message.objects.filter(appeal=reminder).values_list("donor_id", "targeted")
    assert dict(rows) == {anna.pk: False, bo.pk: False, david.pk: False}
    assert asked("anna0@example.org") == asked("anna3@example.org")
    assert queries.balance(Appeal.objects.get(pk=reminder.pk)).holds
