"""Messages, results, senders, templates, codes, suppressions and journeys through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from donors.models import Donor
from fundraise import clock
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from mailings.appeals.models import Appeal, Content, Link, Message
from mailings.attribution.models import SourceCode
from mailings.composing import services as composing
from mailings.composing import sheets
from mailings.journeys import services as journeys
from mailings.journeys.models import Journey
from mailings.suppressions import queries, services
from mailings.suppressions.models import Suppression
from tests.api.conftest import Api, key_for
from tests.mailings.appeals import house
from tests.mailings.appeals.house import write
from tests.mailings.mailed import mail_to
from tests.matrix import snapshot
from tests.people import CECILIA

pytestmark = pytest.mark.django_db
NOTED = ("keys", "limits", "api")


@pytest.fixture
def campaign(db: None) -> Campaign:
    return house.house()


@pytest.fixture
def api(campaign: Campaign) -> Api:
    return key_for(campaign.entity, "comms")


def errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.content
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def test_messages_are_told_by_token_a_part_at_a_time_and_the_donor_to_who_may_know(
    api: Api, campaign: Campaign
) -> None:
    people: list[Donor] = [house.person(n) for n in range(3)]
    mailed = mail_to(campaign, [(one.pk, f"anna{n}@example.org") for n, one in enumerate(people)])
    Message.objects.filter(appeal=mailed.appeal, seq=2).update(outcome="gave")
    path = f"appeals/{mailed.appeal.ref}/messages"

    first = api.get(path, limit=2).json()
    rest = api.get(first["next"]).json()
    told = [*first["items"], *rest["items"]]
    assert rest["next"] is None
    assert [one["token"] for one in told] == [mailed.token(seq) for seq in (3, 2, 1)]
    assert [one["donor"] for one in told] == [str(one.ref) for one in reversed(people)]
    assert (told[0]["variant"], told[0]["language"], told[0]["batch_state"]) == (
        "A", "sv", "accepted",
    )  # fmt: skip
    assert [one["outcome"] for one in api.get(path, outcome="gave").json()["items"]] == ["gave"]
    assert "example.org" not in api.get(path).content.decode()
    blind = key_for(campaign.entity, "second")
    assert {one["donor"] for one in blind.get(path).json()["items"]} == {None}
    assert api.get(path, outcome="sometimes").status_code == 400


def test_results_are_told_in_all_and_by_version(api: Api, campaign: Campaign) -> None:
    mailed = mail_to(campaign, [(house.person(1).pk, "anna1@example.org")])
    told = api.get(f"appeals/{mailed.appeal.ref}/results").json()
    assert (told["appeal"], told["total"]["mails"]) == (str(mailed.appeal.ref), 1)
    assert (told["total"]["received_ore"], told["total"]["per_mail_ore"]) == (0, 0)
    (version,) = told["versions"]
    assert (version["variant"], version["figures"]["mails"]) == ("A", 1)
    assert (told["left_out"], told["compared"], told["hours"]) == ({}, {}, [])


def test_a_sender_is_one_of_its_house_and_a_link_is_mended_with_a_reason(
    api: Api, campaign: Campaign
) -> None:
    appeal = house.written(campaign, languages=["sv"])
    path, address = f"appeals/{appeal.ref}", campaign.entity.email
    assert [one["address"] for one in api.get(f"{path}/sender").json()] == [address]
    before = snapshot(*NOTED)
    other = {"address": "nagon@annan.example", "name": "Partiet"}
    assert errors(api.post(f"{path}/sender", other)) == {"/address": "sender_unknown"}
    mend = {"language": "sv", "number": 1, "target": "https://party.example/ny", "why": "flyttad"}
    assert errors(api.post(f"{path}/links", {**mend, "target": "ingen adress"})).keys() == {
        "/target"
    }
    assert errors(api.post(f"{path}/links", {**mend, "why": "anna@example.se"})) == {
        "/why": "personal"
    }
    assert api.post(f"{path}/links", {**mend, "number": 9}).status_code == 404
    assert snapshot(*NOTED) == before

    chosen = {"address": address, "name": "Anna på partiet"}
    assert api.post(f"{path}/sender", chosen).status_code == 200
    assert Content.objects.get().from_name == "Anna på partiet"
    assert api.post(f"{path}/links", mend).status_code == 200
    assert Link.objects.get().target == "https://party.example/ny"


def test_a_template_is_read_with_its_versions_and_an_appeal_begins_with_it(
    api: Api, campaign: Campaign
) -> None:
    made = composing.create_template(entity=campaign.entity, name="Brev", by=CECILIA)
    heading = {"id": "a", "kind": "heading", "text": "Nu gäller det"}
    sheet = sheets.read({"subject": "Nu gäller det", "blocks": [heading]})
    composing.save_sheet(ref=made.ref, language="sv", sheet=sheet, edition=1, by=CECILIA)

    assert [one["name"] for one in api.get("templates", archived="no").json()["items"]] == ["Brev"]
    one = api.get(f"templates/{made.ref}").json()
    assert (one["edition"], one["sheets"]["sv"]["subject"]) == (2, "Nu gäller det")
    assert api.get(f"templates/{made.ref}/versions").json() == {"items": [], "next": None}
    begun = {"campaign": str(campaign.ref), "title": "Nytt", "template": str(made.ref)}
    appeal = api.post("appeals", begun).json()
    (words,) = api.get(f"appeals/{appeal['ref']}/words").json()
    assert (words["subject"], words["blocks"]) == ("Nu gäller det", [heading])
    wrong = {**begun, "template": str(campaign.ref)}
    assert errors(api.post("appeals", wrong)) == {"/template": "no_such"}
    assert Appeal.objects.count() == 1


def test_a_code_for_print_is_made_once_and_closed(api: Api, campaign: Campaign) -> None:
    asked = {"campaign": str(campaign.ref), "code": "brev-7", "label": "Brev i november"}
    first, again = (api.post("source-codes", asked, once="a") for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json()["url"].endswith("?ref=brev-7")
    before = snapshot(*NOTED)
    taken = api.post("source-codes", {**asked, "code": "BREV-7"})
    assert (taken.status_code, taken.json()["code"]) == (409, "code_taken")
    assert errors(api.post("source-codes", {**asked, "code": "å"})) == {"/code": "invalid"}
    assert snapshot(*NOTED) == before
    for _ in range(2):
        closed = api.post(f"source-codes/{first.json()['ref']}/close").json()
        assert closed["closed_at"] is not None
    assert [one["code"] for one in api.get("source-codes").json()["items"]] == ["brev-7"]
    assert SourceCode.objects.count() == 1


def test_an_address_is_kept_away_looked_for_and_let_in_again_and_never_told(api: Api) -> None:
    asked = {"email": "anna@example.se", "scope": "all"}
    made, again = api.post("suppressions", asked), api.post("suppressions", asked)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    assert (made.json()["reason"], made.json()["scope"]) == ("staff", "all")
    assert "anna" not in api.get("suppressions", state="standing").content.decode()
    found = api.post("suppressions/search", {"email": "Anna@Example.se"}, once="").json()
    assert (found["stands"], found["items"]) == (True, [made.json()])
    assert ReadLine.objects.get().purpose == "api.address"

    services.suppress(
        email_key=queries.keys_of("bo@example.se")[0], reason="complaint", source="sendgrid",
        by="system:test",
    )  # fmt: skip
    before = snapshot(*NOTED)
    complaint = f"suppressions/{Suppression.objects.get(reason='complaint').ref}/lift"
    assert errors(api.post(complaint, {"why": "ringde"})) == {"/wish": "needs_wish"}
    assert errors(api.post(complaint, {"why": "", "wish": "brev 7"})) == {"/why": "blank"}
    assert errors(api.post("suppressions", {"email": "ingen"})) == {"/email": "invalid"}
    assert errors(api.post("suppressions", {**asked, "scope": "campaign"})) == {
        "/campaign": "required"
    }
    assert snapshot(*NOTED) == before

    path = f"suppressions/{made.json()['ref']}/lift"
    assert api.post(path, {"why": "ville få mejl igen"}).json()["lifted_at"] is not None
    twice = api.post(path, {"why": "igen"})
    assert (twice.status_code, twice.json()["code"]) == (409, "lifted_already")


def test_a_journey_is_read_simulated_and_switched(api: Api, campaign: Campaign) -> None:
    made = journeys.new_journey(campaign, "welcome", "Välkommen", by=CECILIA)
    path = f"journeys/{made.ref}"
    before = snapshot(*NOTED)
    empty = api.post(f"{path}/on")
    assert (empty.status_code, empty.json()["code"]) == (409, "no_steps")
    simulated = api.get(f"{path}/simulation").json()
    assert (simulated["entered"], simulated["mailed"], simulated["by_day"]) == (0, {}, {})
    assert simulated["since"] == (clock.today() - timedelta(days=30)).isoformat()
    assert snapshot(*NOTED) == before

    journeys.add_step(made, 2, by=CECILIA)
    unwritten = api.post(f"{path}/on")
    assert (unwritten.json()["code"], unwritten.json()["faults"]) == ("words", ["1"])
    write(made.steps.get().pattern.variants.get())
    running = api.post(f"{path}/on").json()
    assert (running["state"], running["steps"][0]["wait_days"], running["runs"]) == ("on", 2, {})
    assert [one["ref"] for one in api.get("journeys", state="on").json()["items"]] == [
        str(made.ref)
    ]
    assert api.post(f"{path}/off").json()["state"] == "off"
    journeys.end(Journey.objects.get(), by=CECILIA)
    over = api.post(f"{path}/on")
    assert (over.status_code, over.json()["code"]) == (409, "ended")
