"""A charity's giver is asked once a year for the number that a control statement wants."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.charity import asking, numbers, sums
from fundraise.reporting.charity.models import NumberAsk
from mailings.models import TransactionalMessage
from mailings.transactional import words_of
from tests.give.mine.browsing import HOME, deliver, said, visit
from tests.pledging import House

PAGE = f"{HOME}personnummer/"
NUMBER = "19811228-9874"


def giver(house: House, name: str, *kronor: int) -> Donor:
    donor = donors.register_donor(
        name=PersonName(name, "Ek"), language="sv", source="gift_page", by="staff:1",
        email=f"{name.lower()}@example.se",
    )  # fmt: skip
    donors.confirm_contact_point(contact_point_id=donor.contact_points.get().pk, by="staff:1")
    for one in kronor:
        Gift.objects.create(
            campaign=house.campaign, entity=house.entity, donor=donor, state="received",
            channel="card", amount_ore=one * 100, origin="page", created_at=clock.now(),
            received_at=clock.now(),
        )  # fmt: skip
    return donor


def mailed() -> list[str]:
    rows = TransactionalMessage.objects.filter(kind="tax_number").order_by("pk")
    return [words_of(row) for row in rows]


def hidden_ref(client: Client) -> str:
    found = re.search(r'name="ask" value="([^"]+)"', client.get(PAGE).content.decode())
    assert found is not None
    return found[1]


def test_who_reached_the_limit_is_asked_once_and_tells_the_number_or_declines(
    house: House,
) -> None:
    anna, bo = giver(house, "Anna", 1_500, 500), giver(house, "Bo", 2_000)
    giver(house, "Cia", 1_999)
    giver(house, "Dan", *[199] * 11)
    assert asking.watch() == 0  # a party asks nobody
    LegalEntity.objects.update(kind="charity")
    assert asking.watch() == 0  # nor does a charity whose gifts lower nobody's tax
    LegalEntity.objects.update(tax_reduction=True)
    assert [asking.watch(), asking.watch()] == [2, 0]
    deliver()
    first, second = mailed()
    assert "/mina-sidor/personnummer/" in first
    assert [word for word in ("Anna", "1 500", "1981") if word in first + second] == []
    row = NumberAsk.objects.get(donor=anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberAsk.objects.create(
            entity=house.entity, year=row.year, donor=anna, asked_at=clock.now()
        )

    browser = visit(Client(), "anna@example.se")
    assert "Dina gåvor kan ge dig lägre skatt." in said(browser.get(HOME))
    assert "Dina gåvor till" in said(browser.get(PAGE))
    sent = {"ask": hidden_ref(browser), "do": "tell"}
    for typed in ("123", "", "198112289875"):
        wrong = browser.post(PAGE, {**sent, "number": typed})
        assert (wrong.status_code, "Skriv personnumret med tolv siffror." in said(wrong)) == (
            422, True,
        )  # fmt: skip
    assert (anna.identities.count(), NumberAsk.objects.filter(answered_at=None).count()) == (0, 2)
    for _ in range(2):  # the double click
        answer = browser.post(PAGE, {**sent, "number": NUMBER})
        assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}?told=1")
    assert numbers.read(anna, by="staff:1") == "198112289874"
    assert "ditt svar är sparat" in said(browser.get(f"{PAGE}?told=1"))
    assert "1981" not in browser.get(PAGE).content.decode()
    assert [donor for donor, _ore in sums.without_number(house.entity.pk, row.year)] == [bo.pk]

    # Another's question is not hers to answer; Bo wants none, and is left alone until next year.
    his = str(NumberAsk.objects.get(donor=bo).ref)
    browser.post(PAGE, {"ask": his, "do": "decline"})
    assert NumberAsk.objects.filter(answered_at=None).count() == 1
    visit(Client(), "bo@example.se").post(PAGE, {"ask": his, "do": "decline"})
    assert NumberAsk.objects.get(donor=bo).declined
    assert asking.watch() == 0
    assert visit(Client(), "eva@example.org").get(PAGE).status_code == 200
    deliver()
    assert len(mailed()) == 2


def test_last_years_givers_are_asked_until_the_statements_are_due(house: House) -> None:
    assert asking.years(date(2027, 1, 31)) == [2027, 2026]
    assert asking.years(date(2027, 2, 1)) == [2027]
    dead = giver(house, "Eva", 5_000)
    LegalEntity.objects.update(kind="charity", tax_reduction=True)
    donors.record_death(donor_id=dead.pk, died_on=clock.today(), by="staff:1")
    assert (asking.watch(), NumberAsk.objects.count()) == (0, 0)
