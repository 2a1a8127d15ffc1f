"""Mandates of the Internet bank: expected ones, ones out of the blue, and their answers."""

from __future__ import annotations

import pytest

from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.sealing import AccountDetails, details_of
from fundraise.pledges.services import e_mandates, starting
from fundraise.pledges.services.e_mandates import EMandate
from fundraise.pledges.services.starting import NewAccount, NewPledge
from tests.pledging import ACCOUNT, ANNA, House


def expecting(house: House) -> Pledge:
    """A pledge whose donor was given a payer number to type in the Internet bank."""
    new = NewPledge(house.campaign, 200_00, 28, ANNA)
    return starting.start_pledge(new, NewAccount(AccountDetails(), origin="internet_bank"))


def seen(house: House, number: str) -> EMandate:
    return EMandate(house.entity.pk, number, ACCOUNT, "Swedbank …234")


def test_an_expected_mandate_is_said_yes_to_and_its_pledge_goes_on(house: House) -> None:
    pledge = expecting(house)
    number = str(pledge.mandates.get().payer_number)
    mandate = e_mandates.receive_e_mandate(seen(house, number))
    again = e_mandates.receive_e_mandate(seen(house, number))  # a reminder
    pledge.refresh_from_db()
    assert (mandate.pk, mandate.pledge_id, mandate.state) == (again.pk, pledge.pk, "created")
    assert (pledge.state, pledge.notices.get().kind) == ("pending", "sign_up")
    assert details_of(mandate) == ACCOUNT
    assert mandate.signature.way == "internet_bank"
    house.tell()
    house.approve(pledge)
    assert pledge.state == "active"


def test_a_lost_last_digit_is_found_and_the_bank_s_number_holds(house: House) -> None:
    pledge = expecting(house)
    typed = str(pledge.mandates.get().payer_number)[:-1]
    mandate = e_mandates.receive_e_mandate(seen(house, typed))
    assert (mandate.pledge_id, mandate.payer_number, mandate.state) == (pledge.pk, typed, "created")


def test_one_out_of_the_blue_draws_nothing_until_a_sum_is_named(house: House) -> None:
    mandate = e_mandates.receive_e_mandate(seen(house, "777"))
    assert (mandate.state, mandate.pledge_id) == ("received", None)
    pledge = starting.start_pledge(NewPledge(house.campaign, 100_00, 15, ANNA))
    assert e_mandates.accept_e_mandate(mandate.pk, pledge.pk, by="donor")
    assert not e_mandates.accept_e_mandate(mandate.pk, pledge.pk, by="donor")
    pledge.refresh_from_db()
    assert pledge.state == "pending"
    house.tell()
    house.approve(pledge)
    house.beat()
    assert house.send_next(pledge).mandate_id == mandate.pk


def test_a_number_that_another_has_is_refused_and_one_that_is_over_may_come_again(
    house: House,
) -> None:
    pledge = house.sign_up()
    taken = pledge.mandates.get()
    with pytest.raises(PledgeError, match="number_in_use"):
        e_mandates.receive_e_mandate(seen(house, str(taken.payer_number)))
    starting.disown(pledge.pk)
    again = e_mandates.receive_e_mandate(seen(house, str(taken.payer_number)))
    assert (again.state, again.pk != taken.pk) == ("received", True)
    assert e_mandates.reject_e_mandate(again.pk, by="staff:1", reason="unknown")
    assert not e_mandates.reject_e_mandate(again.pk, by="staff:1", reason="unknown")
    with pytest.raises(PledgeError, match="not_received"):
        e_mandates.accept_e_mandate(again.pk, None, by="staff:1")
    assert Mandate.objects.filter(state="created").count() == 0
