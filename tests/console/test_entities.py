"""Legal entities on the staff pages: who may read and change what, and what the log keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.console import sudo
from fundraise.ledger.models import LegalEntity
from fundraise.providers.models import Account
from tests.console.conftest import LogIn
from tests.console.districts import make_district, staff_of

LIST, NEW = "/staff/entities/", "/staff/entities/new/"
REACHED = {
    "phone": "08-123 45", "email": "hej@partiet.example", "address": "Gatan 1",
    "statement_text": "PARTIET",
}  # fmt: skip


def district_of(party: LegalEntity, **changes: Any) -> dict[str, Any]:
    named = {"name": "Partiet Skåne", "org_number": "5560360793", "slug": "skane"}
    return {**REACHED, **named, "parent": party.pk, **changes}


@pytest.fixture
def anna(party: LegalEntity, log_in: LogIn) -> Client:
    return log_in("anna", "admin")


def test_administrator_changes_how_givers_reach_the_party(party: LegalEntity, anna: Client) -> None:
    answer = anna.post(f"{LIST}{party.ref}/", REACHED)

    assert answer.status_code == 302
    changed = LegalEntity.objects.get()
    assert {name: getattr(changed, name) for name in REACHED} == REACHED
    assert (changed.name, changed.org_number) == (party.name, party.org_number)


def test_the_log_says_which_fields_and_not_what_stood_in_them(
    party: LegalEntity, anna: Client
) -> None:
    same = {name: getattr(party, name) for name in REACHED}
    anna.post(f"{LIST}{party.ref}/", {**same, "email": "ny@partiet.example"})
    anna.post(f"{LIST}{party.ref}/", {**same, "email": "ny@partiet.example"})

    line: Any = ChangeLine.objects.get(action="entity.changed")
    assert (line.before, line.after) == ({}, {"fields": ["email"]})
    text = anna.get(f"{LIST}{party.ref}/").content.decode()
    assert "En juridisk persons kontaktuppgifter ändrades" in text


@pytest.mark.parametrize(
    "wrong", [{"email": "no address"}, {"phone": ""}, {"statement_text": "x" * 23}]
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    party: LegalEntity, anna: Client, wrong: dict[str, str]
) -> None:
    answer = anna.post(f"{LIST}{party.ref}/", {**REACHED, "address": "Nya gatan", **wrong})

    assert answer.status_code == 422
    assert "Nya gatan" in answer.content.decode()
    assert LegalEntity.objects.get().address == party.address
    assert ChangeLine.objects.filter(action="entity.changed").count() == 0


def test_district_begins_with_its_books_and_its_line_in_the_log(
    party: LegalEntity, anna: Client
) -> None:
    answer = anna.post(NEW, district_of(party), follow=True)

    made = LegalEntity.objects.get(slug="skane")
    assert (made.parent, made.kind, made.org_number) == (party, party.kind, "556036-0793")
    assert (made.accounts.count(), made.series.count()) == (21, 5)
    assert ChangeLine.objects.get(action="entity.created").subject_ref == str(made.ref)
    assert "Partiet Skåne är skapat, med sina böcker." in answer.content.decode()


def test_district_is_made_once_however_often_the_button_is_pressed(
    party: LegalEntity, anna: Client
) -> None:
    first, again = (anna.post(NEW, district_of(party)) for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 422)
    assert LegalEntity.objects.filter(slug="skane").count() == 1
    assert ChangeLine.objects.filter(action="entity.created").count() == 1


@pytest.mark.parametrize("wrong", [{"org_number": "5560360794"}, {"slug": "å ä"}, {"parent": "0"}])
def test_wrong_district_is_not_made(
    party: LegalEntity, anna: Client, wrong: dict[str, str]
) -> None:
    answer = anna.post(NEW, district_of(party, **wrong))

    assert answer.status_code == 422
    assert LegalEntity.objects.count() == 1
    assert ChangeLine.objects.filter(action="entity.created").count() == 0


def test_it_is_asked_once_more_who_is_there(
    party: LegalEntity, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sudo, "fresh", lambda _request: False)

    answer = anna.post(f"{LIST}{party.ref}/", REACHED)

    assert answer.status_code == 403
    assert LegalEntity.objects.get().phone == party.phone


def test_districts_administrator_changes_the_district_alone(party: LegalEntity) -> None:
    district = make_district(party)
    _user, client = staff_of("disa", "admin", district)

    assert client.get(f"{LIST}{party.ref}/").status_code == 404
    assert client.post(f"{LIST}{party.ref}/", REACHED).status_code == 404
    assert client.post(f"{LIST}{district.ref}/", REACHED).status_code == 302
    text = client.get(LIST).content.decode()
    assert (district.name in text, f"{LIST}{party.ref}/" in text) == (True, False)
    party.refresh_from_db()
    assert party.phone != REACHED["phone"]


def test_accounts_are_to_read_and_the_page_says_so(
    campaign: Campaign, stripe: Account, anna: Client
) -> None:
    text = anna.get(LIST).content.decode()

    assert "stripe/main" in text
    assert "att ändra vart pengar går kräver två personer" in text
    assert [name for name in REACHED if f'name="{name}"' in text] == []


def test_treasurer_reads_and_sees_no_button(party: LegalEntity, david: Client) -> None:
    text = david.get(LIST).content.decode()

    assert party.org_number in text
    assert ("Lägg till ett distrikt" in text, "Ändra kontaktuppgifterna" in text) == (False, False)
    assert david.post(f"{LIST}{party.ref}/", REACHED).status_code == 403
