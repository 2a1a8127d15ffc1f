"""Death, a wish for no contact and the right to be forgotten end what a donor had promised."""

from __future__ import annotations

from datetime import date

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.gifts.models import Gift
from fundraise.pledges import queries, subscribers
from fundraise.pledges.models import Mandate, Notice, Pledge, PledgeChange, Signature
from fundraise.pledges.services import linking, starting
from fundraise.pledges.services.starting import NewAccount, NewPledge
from tests.pledging import ACCOUNT, ANNA, House, pay

BY = "staff:7"
DAY = date(2026, 11, 27)


def of_anna(pledge: Pledge) -> Donor:
    """Her donor, tied to the pledge."""
    donor = donors.register_donor(
        name=PersonName("Anna", "Ek"), language="sv", source="gift_page", by=BY, email=ANNA.email
    )
    Pledge.objects.filter(pk=pledge.pk).update(donor=donor)
    return donor


def heard(donor: Donor) -> None:
    """The fact is told, twice as it may be."""
    for _ in range(2):
        subscribers.follow_donor(donor.pk)


def test_a_death_ends_the_pledge_and_lists_the_draws_after_it(house: House) -> None:
    pledge = house.active()
    donor = of_anna(pledge)
    draw = house.send_next(pledge)
    pay(draw)
    house.go_to(date(2026, 12, 1))
    donors.record_death(donor_id=donor.pk, died_on=DAY, by=BY)
    heard(donor)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "deceased")
    assert pledge.mandates.get().state == Mandate.State.ENDING
    assert not pledge.instalments.filter(state="planned").exists()
    assert list(queries.draws_after_death()) == [draw]
    change = PledgeChange.objects.get(pledge=pledge)
    assert change.after == {"state": "ended", "died_on": "2026-11-27"}
    donors.record_death(donor_id=donor.pk, died_on=draw.due_on, by=BY)
    heard(donor)
    change.refresh_from_db()
    assert change.after["died_on"] == "2026-11-30"
    assert list(queries.draws_after_death()) == []


def test_no_contact_ends_what_was_and_not_what_the_donor_begins_later(house: House) -> None:
    pledge = house.active()
    donor = of_anna(pledge)
    donors.refuse_contact(donor_id=donor.pk, by=BY)
    heard(donor)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "do_not_contact")
    house.go_to(date(2026, 11, 3))
    later = house.sign_up()
    Pledge.objects.filter(pk=later.pk).update(donor=donor)
    heard(donor)
    later.refresh_from_db()
    assert later.state == "pending"


def test_forgetting_keeps_what_was_drawn_and_forgets_what_never_was(house: House) -> None:
    drawn = house.active()
    donor = of_anna(drawn)
    house.go_to(date(2026, 11, 4))
    begun = starting.start_pledge(
        NewPledge(house.campaign, 50_00, 28, ANNA), NewAccount(ACCOUNT, "Swedbank …234")
    )
    Pledge.objects.filter(pk=begun.pk).update(donor=donor)
    donors.forget_donor(donor_ref=donor.ref, by=BY, reason="asked")
    heard(donor)
    for pledge in (drawn, begun):
        pledge.refresh_from_db()
        assert (pledge.state, pledge.end_reason) == ("ended", "forgotten")
    kept, gone = drawn.mandates.get(), begun.mandates.get()
    assert queries.giver_of(drawn.pk) == ANNA
    assert kept.account_sealed is not None
    assert Signature.objects.get(mandate=kept).evidence_sealed is not None
    assert queries.giver_of(begun.pk) is None
    assert (begun.giver_key, gone.account_sealed, gone.account_hash) == (None, None, None)
    assert (gone.identity_sealed, gone.identity_hash, gone.account_hint) == (None, None, "")
    assert not Notice.objects.filter(pledge=begun, text_sealed__isnull=False).exists()
    assert clock.today() == date(2026, 11, 4)


def test_a_monthly_gift_of_a_shared_address_is_the_donors_whom_staff_choose_for_one_of_its_gifts(
    house: House,
) -> None:
    """Else every month stays nobody's, and what was promised is drawn after a death."""
    pledge = house.active()
    kept, other = (
        donors.register_donor(
            name=PersonName(name, "Berg"), language="sv", source="staff", by=BY, email=ANNA.email
        )
        for name in ("Eva", "Lars")
    )
    linking.link_donor(pledge.pk)
    for _month in range(2):
        pay(house.send_next(pledge))
    first, second = Gift.objects.order_by("pk")
    assert (first.donor, second.donor) == (None, None)
    assert linking.giver_of_gift(second.pk) == ANNA
    assert set(linking.possible_donors(second.pk)) == {kept, other}

    assert linking.choose_donor_of_gift(second.pk, kept, by=BY)
    assert not linking.choose_donor_of_gift(second.pk, other, by=BY)

    pledge.refresh_from_db()
    assert pledge.donor == kept
    assert set(Gift.objects.values_list("donor", flat=True)) == {kept.pk}
    chosen = ChangeLine.objects.filter(action__endswith="donor.chosen").order_by("pk")
    assert [one.action for one in chosen] == ["gift.donor.chosen", "pledge.donor.chosen"]
    donors.record_death(donor_id=kept.pk, died_on=DAY, by=BY)
    heard(kept)
    pledge.refresh_from_db()
    assert pledge.state == "ended"


def test_a_monthly_gift_that_turns_out_to_be_of_who_has_died_ends_at_once(house: House) -> None:
    pledge = house.active()
    for name in ("Eva", "Lars"):
        dead = donors.register_donor(
            name=PersonName(name, "Berg"), language="sv", source="staff", by=BY, email=ANNA.email
        )
    pay(house.send_next(pledge))
    house.go_to(DAY)
    donors.record_death(donor_id=dead.pk, died_on=DAY, by=BY)
    assert linking.choose_donor_of_gift(Gift.objects.get().pk, dead, by=BY)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "deceased")
