"""Legal entities are made with their books, once, by a door that the log knows."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from fundraise.audit.models import ChangeLine
from fundraise.ledger import entities
from fundraise.ledger.models import LegalEntity

pytestmark = pytest.mark.django_db
GIVEN = ["--phone", "08-123 45", "--email", "hej@partiet.example", "--statement", "PARTIET"]


def command(*words: str) -> str:
    out = StringIO()
    call_command("entities", *words, stdout=out)
    return out.getvalue()


def test_party_and_district_are_begun_by_command_with_books() -> None:
    command("add", "partiet", "Partiet", "556703-7485", *GIVEN)
    command("add", "skane", "Partiet Skåne", "5560360793", "--parent", "partiet", *GIVEN)

    district = LegalEntity.objects.get(slug="skane")
    assert (district.parent and district.parent.slug, district.org_number) == (
        "partiet",
        "556036-0793",
    )
    assert (district.accounts.count(), district.series.count()) == (21, 5)
    assert ChangeLine.objects.filter(action="entity.created").count() == 2
    assert command("list").splitlines() == [
        "partiet  556703-7485  party  Partiet",
        "skane  556036-0793  party  Partiet Skåne  district of partiet",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["partiet", "Partiet", "556703-7486"], "org_number"),
        (["Partiet!", "Partiet", "556703-7485"], "slug"),
        (["partiet", "Partiet", "556703-7485", "--parent", "nobody"], "nobody"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        command("add", *words, *GIVEN)

    assert LegalEntity.objects.count() == 0
    assert ChangeLine.objects.count() == 0


def test_short_name_is_taken_once() -> None:
    command("add", "partiet", "Partiet", "556703-7485", *GIVEN)

    with pytest.raises(CommandError, match="slug"):
        command("add", "partiet", "Ett annat", "556036-0793", *GIVEN)

    assert LegalEntity.objects.get().name == "Partiet"


def test_contact_details_are_changed_and_nothing_else() -> None:
    command("add", "partiet", "Partiet", "556703-7485", *GIVEN)
    party = LegalEntity.objects.get()

    changed = entities.change_contact(party, by="staff:1", phone="08-999", email=party.email)
    with pytest.raises(ValueError, match="org_number"):
        entities.change_contact(party, by="staff:1", org_number="556036-0793")
    with pytest.raises(ValidationError):
        entities.change_contact(party, by="staff:1", email="no address")

    line: Any = ChangeLine.objects.get(action="entity.changed")
    assert (changed.phone, line.after) == ("08-999", {"fields": ["phone"]})
    assert LegalEntity.objects.get().email == "hej@partiet.example"
