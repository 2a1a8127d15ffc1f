"""The one page of a second person: what will happen, yes or no, and who was first."""

from __future__ import annotations

import pytest
from django.test import Client

from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Refund
from fundraise.providers.models import Account
from fundraise.staff.models import Approval
from tests.console.conftest import PERSONAL, LogIn
from tests.console.districts import Land, make_land, staff_of
from tests.console.test_front import rows
from tests.log_ins import enter


@pytest.fixture
def land(campaign: Campaign, stripe: Account) -> Land:
    return make_land(campaign, stripe)


def page_of(refund: Refund) -> str:
    return f"/staff/second/{Approval.objects.get(subject_ref=refund.ref).ref}/"


def state(refund: Refund) -> str:
    return str(Refund.objects.get(pk=refund.pk).state)


def test_the_page_says_what_will_happen_and_a_look_changes_nothing(land: Land) -> None:
    siv = staff_of("siv", "second", land.party.campaign.entity, with_districts=True)[1]
    before = rows()

    page = siv.get(page_of(land.district.awaiting)).content.decode()

    assert "Betala tillbaka 1\u202f500\u202fkr till kortet" in page
    assert "Framtidspartiet Skåne" in page
    assert [word for word in PERSONAL if word in page] == []
    assert rows() == before


def test_the_second_person_at_the_centre_says_yes_for_the_district(land: Land) -> None:
    user, siv = staff_of("siv", "second", land.party.campaign.entity, with_districts=True)

    answer = siv.post(
        page_of(land.district.awaiting), {"answer": "yes", "reason": "sett kvitto 7"}, follow=True
    )

    assert state(land.district.awaiting) == "queued"
    approval = Approval.objects.get(subject_ref=land.district.awaiting.ref)
    assert (approval.answer, approval.answered_by) == ("yes", f"staff:{user.pk}")
    assert approval.why == "sett kvitto 7"
    assert "Godkänd. Återbetalningen är på väg." in answer.content.decode()


def test_who_logged_in_long_ago_shows_it_again_and_nothing_typed_is_lost(land: Land) -> None:
    user = staff_of("siv", "second", land.party.campaign.entity)[0]
    client = Client()
    enter(client, user, minutes_ago=16)
    said = {"answer": "yes", "reason": "sett kvitto 7"}

    asked = client.post(page_of(land.party.awaiting), said)
    assert (asked.status_code, state(land.party.awaiting)) == (403, "awaiting_second")
    assert 'name="reason" value="sett kvitto 7"' in asked.content.decode()

    shown = {**said, "again": "1", "again_password": "a long enough password"}
    client.post(page_of(land.party.awaiting), shown)
    assert state(land.party.awaiting) == "queued"


def test_a_no_needs_a_reason_and_nothing_typed_is_lost(land: Land) -> None:
    siv = staff_of("siv", "second", land.party.campaign.entity)[1]
    before = rows()

    answer = siv.post(page_of(land.party.awaiting), {"answer": "no", "reason": ""})

    assert answer.status_code == 422
    assert "Skriv varför inte." in answer.content.decode()
    assert (state(land.party.awaiting), rows()) == ("awaiting_second", before)


def test_an_answer_that_is_neither_yes_nor_no_does_nothing(land: Land) -> None:
    siv = staff_of("siv", "second", land.party.campaign.entity)[1]

    assert siv.post(page_of(land.party.awaiting), {"reason": "x"}).status_code == 422
    assert state(land.party.awaiting) == "awaiting_second"


def test_the_late_one_sees_who_answered_and_changes_nothing(land: Land) -> None:
    party = land.party.campaign.entity
    siv, dana = staff_of("siv", "second", party)[1], staff_of("dana", "treasurer", party)[1]
    siv.post(page_of(land.party.awaiting), {"answer": "no", "reason": "fel gåva"})
    before = rows()

    late = dana.post(page_of(land.party.awaiting), {"answer": "yes"}, follow=True)

    assert "Det är redan bestämt. Ingenting ändrades." in late.content.decode()
    assert "fel gåva" in late.content.decode()
    assert '<form method="post" data-once>' not in late.content.decode()
    assert (state(land.party.awaiting), rows()) == ("refused", before)


def test_the_one_who_asked_sees_no_form_and_can_not_answer(land: Land) -> None:
    user, david = staff_of("david", "treasurer", land.party.campaign.entity)
    form = {"amount_ore": "900", "reason": "fel belopp", "seen": 1, "sure": "1"}
    david.post(f"/staff/gifts/{land.party.card.ref}/refund/", form)
    refund = Refund.objects.get(requested_by=f"staff:{user.pk}")

    page = david.get(page_of(refund)).content.decode()
    answer = david.post(page_of(refund), {"answer": "yes"}, follow=True)

    assert "Ditt svar" not in page
    assert "Någon annan än den som bad om återbetalningen" in answer.content.decode()
    assert state(refund) == "awaiting_second"


def test_the_second_person_of_the_party_alone_has_no_say_in_the_district(land: Land) -> None:
    siv = staff_of("siv", "second", land.party.campaign.entity)[1]

    assert siv.get(page_of(land.district.awaiting)).status_code == 404
    assert siv.post(page_of(land.district.awaiting), {"answer": "yes"}).status_code == 404
    assert state(land.district.awaiting) == "awaiting_second"


def test_the_list_and_the_refund_say_that_nobody_can_answer(land: Land, log_in: LogIn) -> None:
    admin = log_in("ada", "admin")

    listed = admin.get("/staff/second/?needs=nobody")
    refund = admin.get(f"/staff/refunds/{land.district.awaiting.ref}/")

    assert len(listed.context["rows"]) == 2
    assert "ingen: utse en andra person" in listed.content.decode()
    assert "Det finns ingen andra person för Framtidspartiet Skåne" in refund.content.decode()


def test_who_waits_for_me_is_listed_with_the_page_to_answer_on(land: Land) -> None:
    siv = staff_of("siv", "second", land.party.campaign.entity, with_districts=True)[1]

    answer = siv.get("/staff/second/?needs=me")

    assert [mine for _one, _question, _people, mine in answer.context["rows"]] == [True, True]
    assert page_of(land.party.awaiting) in answer.content.decode()


def test_who_is_not_logged_in_comes_back_to_the_page(land: Land, client: Client) -> None:
    url = page_of(land.party.awaiting)

    assert client.get(url)["Location"] == f"/staff/login/?next={url}"
