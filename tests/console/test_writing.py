"""The doors behind the editor of mails: what is kept, what is refused, who is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donors.models import Donor
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.providers.models import Account
from mailings.appeals.models import Content
from mailings.composing import services
from mailings.composing.models import Template, TemplateVersion
from tests.console.conftest import LogIn
from tests.console.house import House, furnish
from tests.console.writing import appeal_of, signed, template_of
from tests.mailings.composing.mails import WHOLE

PERSON = "Björn Testgren"


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    campaign.entity.address = "Storgatan 1, 111 22 Stockholm"
    campaign.entity.save()
    return furnish(campaign, stripe)


@pytest.fixture
def template(house: House) -> Template:
    return template_of(house)


def _send(client: Client, template: Template, sheet: Any, edition: int = 1) -> Any:
    form = {"language": "sv", "edition": edition, "sheet": json.dumps(sheet)}
    return client.post(reverse("console:template_save", args=[template.ref]), form)


def test_a_save_answers_what_became_of_the_words(cecilia: Client, template: Template) -> None:
    bad = {**signed("sv").dump(), "subject": "Hej {{first_name|du}}"}
    told = _send(cecilia, template, bad).json()

    assert (told["edition"], told["standing"]) == (2, "1 sak att rätta")
    assert told["problems"] == [
        {
            "block": "subject",
            "place": "",
            "say": "{{first_name|du}} kan inte stå här. I en ämnesrad får bara {{campaign}} och "
            "{{organisation}} stå, eftersom varje server på vägen läser den.",
            "stops": True,
            "where": "Ämne",
        }
    ]
    assert told["text_made"].startswith("{{greeting|Hej}}!\n\n")
    again = _send(cecilia, template, signed("sv").dump())
    assert (again.status_code, again.json()["edition"]) == (409, 2)
    assert again.json()["say"].startswith("cecilia har sparat det här mejlet")
    template.refresh_from_db()
    assert template.sheets["sv"]["subject"] == "Hej {{first_name|du}}"


@pytest.mark.parametrize(
    "sheet",
    [
        None,
        [],
        {"blocks": [{"id": "a", "kind": "script"}]},
        {"subject": "x" * 151},
        {"html": "<b>"},
        {"blocks": WHOLE * 3},
    ],
)
def test_what_no_editor_of_ours_sends_is_refused_in_words(
    cecilia: Client, template: Template, sheet: Any
) -> None:
    answer = _send(cecilia, template, sheet)

    assert answer.status_code == 422
    assert answer.json()["say"].startswith("Det som skickades gick inte att läsa")
    template.refresh_from_db()
    assert template.edition == 1


def test_the_frame_holds_a_mail_and_can_do_nothing(cecilia: Client, template: Template) -> None:
    url = reverse("console:template_frame", args=[template.ref])
    answer = cecilia.get(url, {"who": "long", "language": "en", "theme": "dark"})
    html, policy = answer.content.decode(), answer["Content-Security-Policy"]

    assert {part.strip() for part in policy.split(";")} >= {
        "default-src 'none'", "script-src 'none'", "style-src 'unsafe-inline'", "sandbox",
        "form-action 'none'", "frame-ancestors 'self'",
    }  # fmt: skip
    assert "Hi Wilhelmina-Charlotta" in html
    assert "-fr_" not in html
    assert 'href="http' not in html
    assert "@media all" in html
    assert "prefers-color-scheme" not in html
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert not ReadLine.objects.exists()


def test_a_real_person_is_shown_to_who_may_see_donors_and_logged(
    cecilia: Client, log_in: LogIn, template: Template, house: House
) -> None:
    people = reverse("console:mail_people")
    found = cecilia.post(people, {"text": PERSON}).json()["people"]
    frame = reverse("console:template_frame", args=[template.ref])
    shown = cecilia.get(frame, {"who": found[0]["who"]})
    other = log_in("ada", "admin")  # may read templates, and no donor

    assert found == [{"who": str(house.donor.ref), "label": f"Hittad: {PERSON}"}]
    assert "Hej Björn" in shown.content.decode()
    assert set(ReadLine.objects.values_list("purpose", "subject_ref")) == {
        ("staff.mail_preview", str(house.donor.ref))
    }
    assert other.get(frame, {"who": found[0]["who"]}).status_code == 404
    assert other.post(people, {"text": PERSON}).status_code == 403
    assert other.get(frame, {"who": "anna"}).status_code == 200
    assert cecilia.get(frame, {"who": "nobody"}).status_code == 404


def test_the_awkward_ones_are_found_without_opening_everybody(
    cecilia: Client, house: House
) -> None:
    told = cecilia.post(reverse("console:mail_people"), {"text": ""}).json()["people"]

    labels = [one["label"].split(":")[0] for one in told]
    assert labels[0] in {"Nyast med gåva", "Längst namn"}
    assert len({one["who"] for one in told}) == len(told) == Donor.objects.count()
    assert ReadLine.objects.count() == len(told)


def test_why_these_sums_is_told_with_the_mail(cecilia: Client, template: Template) -> None:
    url = reverse("console:template_words", args=[template.ref])
    told = cecilia.get(url, {"who": "anna", "language": "sv"}).json()

    assert told["subject"] == "Kan vi räkna med dig för Två miljoner till valet?"
    assert told["text"].startswith("Hej Anna!\n")
    assert [one["sums"] for one in told["sums"]] == ["350\u202fkr · 600\u202fkr · 700\u202fkr"]
    assert told["sums"][0]["why"].startswith("Senaste gåvan var 350\u202fkr")


def test_a_version_is_kept_taken_up_again_and_put_away(cecilia: Client, house: House) -> None:
    row = services.create_template(
        entity=house.campaign.entity, name="Vår", by="staff:1", sheets={"sv": signed("sv")}
    )
    at = {name: reverse(f"console:template_{name}", args=[row.ref]) for name in
          ("keep", "rename", "archive")}  # fmt: skip
    take = reverse("console:template_take", args=[row.ref, 1])
    page = cecilia.post(at["keep"], follow=True)
    assert "Version 1 är sparad." in page.content.decode()
    _send(cecilia, row, {**signed("sv").dump(), "subject": "Annat"})
    assert (
        "Någon sparade under tiden"
        in cecilia.post(take, {"edition": "1"}, follow=True).content.decode()
    )
    cecilia.post(take, {"edition": "2"})
    cecilia.post(at["rename"], {"name": "Vår 2027"})
    row.refresh_from_db()
    assert (row.name, row.sheets["sv"]["subject"]) == (
        "Vår 2027", "Kan vi räkna med dig för {{campaign}}?",
    )  # fmt: skip
    cecilia.post(at["archive"])

    assert _send(cecilia, row, signed("sv").dump(), 4).json() == {
        "say": "Mallen lades undan under tiden. Inget sparades."
    }
    assert TemplateVersion.objects.get().template == row
    templates = reverse("console:templates")
    assert "”Vår 2027” är undanlagd." in cecilia.get(templates).content.decode()
    assert "Vår 2027" not in cecilia.get(templates).content.decode()
    assert ChangeLine.objects.filter(subject_type="template").count() == 5


def test_an_appeal_begins_from_a_template_only_where_nothing_is_written(
    cecilia: Client, house: House, template: Template
) -> None:
    row = appeal_of(house)
    begin = reverse("console:appeal_begin", args=[row.ref])
    write = reverse("console:appeal_write", args=[row.ref])
    assert "Börja från en mall, eller med det" in cecilia.get(write).content.decode()
    cecilia.post(begin, {"from": str(template.ref)})
    assert "Börja från en mall, eller med det" not in cecilia.get(write).content.decode()
    first = list(Content.objects.order_by("language").values_list("language", "edition"))
    page = cecilia.post(begin, {"from": "thanks"}, follow=True)

    assert first == [("en", 1), ("sv", 1)]
    assert "Något är redan skrivet" in page.content.decode()
    assert set(Content.objects.values_list("subject", flat=True)) == {
        "Kan vi räkna med dig för {{campaign}}?", "Can we count on you for {{campaign}}?",
    }  # fmt: skip
    assert cecilia.post(begin, {"from": "nix"}).status_code == 302
    added = cecilia.post(reverse("console:appeal_add_variant", args=[row.ref]), {"letter": "A"})
    assert added["Location"].endswith("/write/#B")
    cecilia.post(reverse("console:appeal_remove_variant", args=[row.ref]), {"letter": "B"})
    assert list(row.variants.values_list("letter", flat=True)) == ["A"]


def test_what_is_scheduled_can_be_read_and_not_written(cecilia: Client, house: House) -> None:
    row = appeal_of(house)
    row.state, row.ended_at = "cancelled", row.created_at
    row.save()
    form = {"language": "sv", "edition": 0, "sheet": json.dumps(signed("sv").dump())}
    answer = cecilia.post(reverse("console:appeal_save", args=[row.ref]), form)

    assert answer.status_code == 422
    assert answer.json()["say"].startswith("Utskicket schemalades under tiden")
    page = cecilia.get(reverse("console:appeal_write", args=[row.ref])).content.decode()
    assert "orden står kvar som de godkändes" in page
    assert '"writes": false' in page
    assert not Content.objects.exists()


def test_a_picture_without_words_or_without_a_picture_is_refused_in_both_ways(
    cecilia: Client, campaign: Campaign
) -> None:
    url, form = reverse("console:mail_picture_add"), {"entity": campaign.entity_id}
    page = cecilia.post(url, form)
    said = cecilia.post(url, {**form, "alt_sv": "x"}, headers={"Accept": "application/json"})
    other = cecilia.post(url, {"entity": "999"}, headers={"Accept": "application/json"})

    assert (page.status_code, said.status_code, other.status_code) == (422, 422, 422)
    assert said.json() == {"say": "Filen är ingen JPEG-, PNG- eller WebP-bild."}
    assert other.json() == {"say": "Välj vems det är."}
    assert "Filen är ingen" in page.content.decode()


def test_whom_a_version_comes_from_is_chosen_in_a_list(cecilia: Client, house: House) -> None:
    row, own = appeal_of(house), house.campaign.entity.email
    url = reverse("console:appeal_sender", args=[row.ref])
    cecilia.post(reverse("console:appeal_begin", args=[row.ref]), {"from": "appeal"})
    page = cecilia.post(url, {"letter": "A", "address": own, "name": "Vi"}, follow=True)
    assert "Version A kommer från Vi." in page.content.decode()
    page = cecilia.post(url, {"letter": "A", "address": "x@y.se", "name": "De"}, follow=True)
    assert "bara verifierade får användas" in page.content.decode()
    assert set(Content.objects.values_list("from_email", "from_name")) == {(own, "Vi")}
