"""Journeys on the staff pages: made, tried, switched, and never changed while they run."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.console.journeys import trying
from fundraise.providers.models import Account
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal, Content
from mailings.appeals.services import scheduling
from mailings.journeys.models import Journey, Run
from tests.console import going
from tests.console.house import House, furnish
from tests.console.writing import SHEET
from tests.people import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


def posted(client: Client, to: str, /, *args: object, **form: str) -> str:
    """Send a form; what the page after it says."""
    return client.post(reverse(f"console:{to}", args=args), form, follow=True).content.decode()


def state(journey: Journey) -> str:
    return Journey.objects.get(pk=journey.pk).state


def test_a_journey_is_made_and_gets_its_mails_and_runs_only_with_words(
    cecilia: Client, house: House
) -> None:
    form = {"name": "Tack", "trigger": "lapsed", "months": "6", "campaign": str(house.campaign.pk)}
    posted(cecilia, "new_journey", **form)
    made = Journey.objects.get(name="Tack")

    assert (made.months, state(made)) == (6, "off")
    assert "har inget mejl än" in posted(cecilia, "switch_journey", made.ref, "on")
    posted(cecilia, "add_journey_step", made.ref, wait_days="0")
    posted(cecilia, "add_journey_step", made.ref, wait_days="3")
    posted(cecilia, "add_journey_step", made.ref, wait_days="-1")
    assert made.steps.count() == 2
    assert "Texten i mejl 1 är inte klar" in posted(cecilia, "switch_journey", made.ref, "on")
    assert state(made) == "off"
    posted(cecilia, "drop_journey_step", made.ref)
    assert Appeal.objects.filter(kind="journey", state="cancelled").count() == 1
    going.write(made.steps.get().pattern_id)
    shown = posted(cecilia, "switch_journey", made.ref, "on")

    assert "Flödet är på. Den som det händer från och med nu kommer in." in shown
    assert "Startar 6 månader efter den senaste gåvan." in shown
    assert state(made) == "on"


def test_a_running_journey_keeps_its_mails_waits_and_words(cecilia: Client, house: House) -> None:
    made = going.journey_of(house)
    posted(cecilia, "switch_journey", made.ref, "on")
    since = Journey.objects.get(pk=made.pk).since
    pattern = made.steps.get(number=1).pattern
    before = list(Content.objects.values())

    posted(cecilia, "switch_journey", made.ref, "on")
    refused = posted(cecilia, "add_journey_step", made.ref, wait_days="1")
    posted(cecilia, "journey_waits", made.ref, step_1="9", step_2="9")
    posted(cecilia, "drop_journey_step", made.ref)
    save = {"letter": "A", "language": "sv", "edition": "0", "sheet": SHEET}
    answer = cecilia.post(reverse("console:appeal_save", args=[pattern.ref]), save)

    assert "Stäng av flödet först" in refused
    assert [step.wait_days for step in made.steps.all()] == [0, 7]
    assert answer.status_code == 422
    assert json.loads(answer.content)["say"].startswith("Flödet är på, så texten ligger fast.")
    posted(cecilia, "appeal_begin", pattern.ref, **{"from": "thanks"})
    posted(cecilia, "appeal_add_variant", pattern.ref)
    assert list(Content.objects.values()) == before
    assert Journey.objects.get(pk=made.pk).since == since


def test_the_words_of_a_journey_are_never_sent_as_an_appeal(cecilia: Client, house: House) -> None:
    made = going.journey_of(house)
    pattern = made.steps.get(number=1).pattern

    with pytest.raises(AppealError, match="pattern"):
        scheduling.schedule(pattern.ref, local_time="", by=going.OTHER, quiet_reason="prov")
    page = cecilia.get(reverse("console:appeal", args=[pattern.ref]))
    posted(cecilia, "cancel_appeal", pattern.ref, reason="fel")

    assert page.headers["Location"] == reverse("console:journey", args=[made.ref])
    assert Appeal.objects.get(pk=pattern.pk).state == "draft"


def test_people_on_the_way_are_counted_listed_and_let_go_at_the_end(
    cecilia: Client, house: House
) -> None:
    made = going.journey_of(house)
    posted(cecilia, "switch_journey", made.ref, "on")
    Run.objects.create(
        journey=made, donor_id=house.donor.pk, occasion="gift:1", entered_at=NOON, next_at=NOON
    )
    Run.objects.create(
        journey=made, donor_id=1, occasion="gift:2", entered_at=NOON, next_at=NOON, state="left",
        left_for="gift",
    )  # fmt: skip
    people = reverse("console:journey_people")
    page = cecilia.get(reverse("console:journey", args=[made.ref])).content.decode()
    listed = cecilia.get(people, {"journey": str(made.ref), "state": "going"})

    assert f'{people}?journey={made.ref}&amp;state=left&amp;left=gift">1</a>' in page
    assert [row.donor_id for row in listed.context["list"].rows] == [house.donor.pk]
    assert "Björn" not in listed.content.decode()
    sure = cecilia.get(reverse("console:switch_journey", args=[made.ref, "ended"]))
    assert "1 person på väg lämnar det" in sure.content.decode()
    posted(cecilia, "switch_journey", made.ref, "ended")
    assert set(made.runs.values_list("left_for", flat=True)) == {"gift", "stopped"}
    assert "Flödet är avslutat för gott." in posted(cecilia, "switch_journey", made.ref, "on")


def test_last_month_with_people_and_no_mail_is_not_said_to_have_had_nobody(
    cecilia: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = going.journey_of(house)
    house.card.donor = house.donor
    house.card.save()
    monkeypatch.setattr(trying, "picture", lambda _seen: {"mails": 0, "days": []})

    asked = cecilia.get(reverse("console:journey_simulated", args=[made.ref]))

    seen = asked.content.decode()
    assert asked.context["seen"].entered == 1
    assert "Inget mejl skulle ha gått ut under den tiden." in seen
    assert "hände ingen av givarna" not in seen


def test_last_month_is_tried_without_mailing_anybody(cecilia: Client, house: House) -> None:
    made = going.journey_of(house)
    house.card.donor = house.donor
    house.card.save()

    seen = cecilia.get(reverse("console:journey_simulated", args=[made.ref]))

    assert seen.context["seen"].entered == 1
    assert seen.context["steps"] == [(1, "genast", 1), (2, "7 dagar efter det förra", 1)]
    assert seen.context["picture"].mails == 2
    assert not Run.objects.exists()
    assert not ReadLine.objects.filter(purpose="staff.journey_simulated").exists()
    opened = cecilia.get(reverse("console:journey_simulated", args=[made.ref]), {"people": "1"})
    donor = reverse("console:donor", args=[house.donor.ref])
    assert f'<a href="{donor}">Björn' in opened.content.decode()
    assert ReadLine.objects.filter(purpose="staff.journey_simulated").count() == 1
