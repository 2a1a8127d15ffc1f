"""Party finance in the matrix of the staff pages: a row of each kind, and what is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.reporting.charity import in_return as returns
from fundraise.reporting.charity import services as charity
from fundraise.reporting.charity.models import InReturn
from fundraise.reporting.party import collecting, entering, filing, holding
from fundraise.reporting.party.models import CashCollection, ForeignLook, Hold, PartyReport
from tests.console import banking
from tests.console.house import House
from tests.people import DAVID


def entity(house: House) -> dict[str, Any]:
    return {"ref": house.campaign.entity.ref}


def this_year(house: House) -> dict[str, Any]:
    return {**entity(house), "year": clock.today().year}


def last_year(house: House) -> dict[str, Any]:
    return {**entity(house), "year": clock.today().year - 1}


def year_file(house: House) -> dict[str, Any]:
    return {**this_year(house), "kind": "xlsx"}


def report(house: House) -> dict[str, Any]:
    year = clock.today().year - 2
    found = PartyReport.objects.filter(entity=house.campaign.entity).first()
    return {"ref": (found or filing.file_report(house.campaign.entity, year, by=DAVID)).ref}


def report_file(house: House) -> dict[str, Any]:
    return {**report(house), "kind": "pdf"}


def hold(house: House) -> dict[str, Any]:
    found = Hold.objects.filter(entity=house.campaign.entity).first()
    if found is None:
        gift = Gift.objects.get(pk=house.cash.pk)
        found = holding.hold(gift, 10_00, why="anonymous", by=DAVID)
    return {"ref": found.ref, "act": "release"}


def look(house: House) -> dict[str, Any]:
    found, _new = ForeignLook.objects.get_or_create(
        gift=house.card,
        defaults={
            "entity": house.campaign.entity, "evidence": {"card": "NO"}, "opened_at": clock.now(),
        },
    )  # fmt: skip
    return {"ref": found.ref, "act": "keep"}


def slip(house: House) -> dict[str, Any]:
    found = CashCollection.objects.filter(entity=house.campaign.entity).first()
    if found is None:
        at = clock.now() - timedelta(days=1)
        typed = collecting.Slip(
            house.campaign, at, "Torget", 100_00, f"m {house.campaign.slug}", ("A", "B")
        )
        found = collecting.enter_collection(typed, by=DAVID)
    return {"ref": found.ref}


def typed(house: House) -> dict[str, Any]:
    year = clock.today().year
    said = entering.SumTyped(house.campaign.entity, year, "sales", 1_00, "Kassabok", "1")
    return {"ref": entering.enter_sum(said, by=DAVID).ref}


def in_kind(house: House) -> dict[str, Any]:
    given = entering.InKind(house.campaign.entity, clock.today(), "goods", 1_00, "Bord")
    return {"ref": entering.enter_in_kind(given, by=DAVID).ref}


def cost(house: House) -> dict[str, Any]:
    entity, year = house.campaign.entity, clock.today().year
    said = {"kind": "fundraising", "amount_ore": 1_00, "source": "Bok", "voucher": "1"}
    return {"ref": charity.enter_cost(entity, year, by=DAVID, **said).ref}  # type: ignore[arg-type]


def in_return(house: House) -> dict[str, Any]:
    gift = Gift.objects.get(pk=house.cash.pk)
    found = InReturn.objects.filter(gift=gift, withdrawn_at=None).first()
    return {"ref": (found or returns.note(gift, value_ore=1, what="Bok", by=DAVID)).ref}


def giver(house: House) -> dict[str, Any]:
    return {"ref": house.donor.ref}


def why(_house: House) -> dict[str, Any]:
    return {"reason": "Medlem"}


def a_sum(_house: House) -> dict[str, Any]:
    return {
        "what": "sum", "sum-line": "sales", "sum-amount_ore": "250", "sum-source": "Kassabok",
        "sum-voucher": "7",
    }  # fmt: skip


def deposit(house: House) -> dict[str, Any]:
    return {"line": str(banking.deposit_line(house.banking).ref)}


def rule(_house: House) -> dict[str, Any]:
    day = clock.today() + timedelta(days=40)
    said = {"from_date": day.isoformat(), "anonymous_permille": "0", "foreign": "flag"}
    return {**said, "reason": "Ny lag"}
