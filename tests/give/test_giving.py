from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client

from donors.models import ConsentWording
from fundraise.campaigns.models import Campaign
from fundraise.give.tokens import read_token
from fundraise.ledger.models import LegalEntity
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.models import Account
from tests.give.form import GOOD, HOSTED, Door, door, give, hidden, refused, said_in

__all__ = ["door"]

NOON = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)


def test_a_good_form_goes_through_the_door_and_on_to_the_provider(
    client: Client, campaign: Campaign, door: Door
) -> None:
    answer = give(client, "/valet/?ref=brev-11")
    assert (answer.status_code, answer["Location"]) == (303, HOSTED)
    (asked,) = door.requests
    assert (asked.campaign, asked.amount_ore, asked.method) == (campaign, 250_00, "stripe")
    assert (asked.language, asked.reference) == ("sv", "brev-11")
    assert (asked.giver.name, asked.giver.email) == ("Björn Berg", "bjorn@example.org")


def test_the_same_form_sent_twice_is_the_same_submission(
    client: Client, campaign: Campaign, door: Door
) -> None:
    sent = {**GOOD, "token": hidden(client.get("/valet/"), "token"), "way": "stripe"}
    for _ in range(2):
        assert client.post("/valet/", sent).status_code == 303
    first, second = door.requests
    assert first.submission == second.submission == read_token(sent["token"], "valet").submission


def test_two_openings_are_two_submissions(client: Client, campaign: Campaign, door: Door) -> None:
    give(client)
    give(client)
    first, second = door.requests
    assert first.submission != second.submission


def test_english_is_handed_on(client: Client, campaign: Campaign, door: Door) -> None:
    give(client, "/en/valet/")
    assert door.requests[0].language == "en"


def test_without_a_hosted_page_the_gifts_own_page_comes(
    client: Client, campaign: Campaign, door: Door
) -> None:
    door.redirect_url = ""
    assert give(client)["Location"] == f"/gava/{door.ref}/"
    assert give(client, "/en/valet/")["Location"] == f"/en/gift/{door.ref}/"


def test_the_ticks_and_the_words_beside_them_are_handed_on_apart(
    client: Client, campaign: Campaign, door: Door
) -> None:
    wordings = {w.purpose: w.pk for w in ConsentWording.objects.all()}
    give(client)
    give(client, appeals="on", register="", member="on")
    give(client, targeting="on")
    kept, member, fitted = (asked.giver for asked in door.requests)
    assert (kept.targeting_wording_id, member.targeting_wording_id) == (None, None)
    assert fitted.targeting_wording_id == wordings["targeting"]
    assert (kept.keep_as_donor, kept.appeals, kept.member) == (True, False, False)
    assert (kept.register_wording_id, kept.appeals_wording_id) == (wordings["register"], None)
    assert (member.keep_as_donor, member.appeals, member.member) == (False, True, True)
    assert (member.register_wording_id, member.appeals_wording_id) == (None, wordings["appeals"])


def test_targeting_is_offered_unticked_by_a_party_and_by_nobody_else(
    client: Client, campaign: Campaign, door: Door
) -> None:
    tick = re.search(rb'<input[^>]*name="targeting"[^>]*>', client.get("/valet/").content)
    assert tick is not None
    assert b"checked" not in tick.group()
    LegalEntity.objects.filter(pk=campaign.entity_id).update(kind="charity")
    assert b'name="targeting"' not in client.get("/valet/").content
    give(client, targeting="on")
    assert door.requests[0].giver.targeting_wording_id is None


def test_keeping_is_asked_for_when_only_consent_is_enough(
    client: Client, campaign: Campaign, door: Door, settings: object
) -> None:
    settings.LEGAL_BASES = {"register": ["consent"], "appeals": ["consent"]}  # type: ignore[attr-defined]
    assert b'name="member"' not in client.get("/valet/").content
    answer = give(client, register="", member="on")
    refused(answer, door, "Kryssa i att vi får spara dina uppgifter. Bara då får vi ta emot gåvan.")


def test_keeping_is_not_asked_for_when_consent_is_no_basis(
    client: Client, campaign: Campaign, door: Door, settings: object
) -> None:
    settings.LEGAL_BASES = {"register": ["membership"], "appeals": []}  # type: ignore[attr-defined]
    assert b'name="register"' not in client.get("/valet/").content
    assert give(client, register="").status_code == 303
    assert door.requests[0].giver.keep_as_donor is False


def test_an_empty_form_says_everything_at_once(
    client: Client, campaign: Campaign, door: Door
) -> None:
    answer = give(client, **dict.fromkeys(GOOD, ""))
    page = refused(
        answer,
        door,
        "Välj ett belopp.",
        "Skriv ditt namn.",
        "Skriv din e-postadress.",
        "Kryssa i att vi får spara dina uppgifter, eller att du är medlem.",
    )
    title = page.split("<title>")[1].split("</title>")[0]
    assert " ".join(title.split()) == "Fel: Två miljoner till valet – Framtidspartiet"
    assert re.findall(r'<li><a href="#([\w-]+)"', re.sub(r">\s+<", "><", page)) == [
        "once-1",
        "name",
        "email",
        "register",
    ]
    assert re.search(r'id="problem"[^>]*tabindex="-1"[^>]*autofocus', page)


def test_an_error_keeps_what_was_typed_and_its_token(
    client: Client, campaign: Campaign, door: Door
) -> None:
    token = hidden(client.get("/valet/"), "token")
    answer = give(client, token=token, email="bjorn@", amount_once="other", other_once="1 234")
    page = refused(answer, door, "Skriv hela e-postadressen, till exempel anna@example.se.")
    assert hidden(answer, "token") == token
    for kept in ('value="Björn Berg"', 'value="bjorn@"', 'value="1 234"'):
        assert kept in page
    assert re.search(r'<input[^>]*name="register"[^>]*\bchecked\b', page)
    assert not re.search(r'<input[^>]*name="appeals"[^>]*\bchecked\b', page)


@pytest.mark.parametrize(
    "name", ["🌹 Åsa Öberg 🌻", "محمد الأحمد", "Anna\u202egrebnE", "O'Brien <b>", "名前"]
)
def test_any_name_is_kept_as_a_name(
    client: Client, campaign: Campaign, door: Door, name: str
) -> None:
    give(client, name=name)
    assert door.requests[0].giver.name == name.replace("\u202e", "")
    page = give(client, name=name, email="").content.decode()
    assert "<b>" not in page


def test_a_name_is_one_line(client: Client, campaign: Campaign, door: Door) -> None:
    give(client, name="Anna\r\nBcc: alla@example.org\t Ek")
    assert door.requests[0].giver.name == "Anna Bcc: alla@example.org Ek"


def test_ten_thousand_characters_are_too_many(
    client: Client, campaign: Campaign, door: Door
) -> None:
    answer = give(client, name="å" * 10_000, email="a" * 10_000 + "@example.org")
    refused(
        answer,
        door,
        "Skriv namnet med högst 120 tecken.",
        "Skriv hela e-postadressen, till exempel anna@example.se.",
    )


@pytest.mark.parametrize(
    "typed", ["0", "-200", "0.001", "1000000000000", "1.000", "tvåhundra", "NaN", "1e3", "\x00"]
)
def test_no_unusable_amount_goes_through(
    client: Client, campaign: Campaign, door: Door, typed: str
) -> None:
    answer = give(client, amount_once="other", other_once=typed)
    assert answer.status_code == 422
    assert len(said_in(answer)) == 1
    assert door.requests == []


def test_monthly_is_refused_with_a_sentence_and_never_taken_once(
    client: Client, campaign: Campaign, door: Door
) -> None:
    Campaign.objects.update(monthly_open=False)
    answer = give(client, frequency="monthly", amount_monthly="20000")
    assert answer.status_code == 422
    assert said_in(answer)[0] == "Det går inte att ge varje månad här. Välj att ge en gång."
    assert door.requests == []


def test_a_forged_token_gives_the_form_again_with_a_fresh_one(
    client: Client, campaign: Campaign, door: Door
) -> None:
    answer = give(client, token="0:0:forged")
    page = refused(answer, door, status=400)
    assert "Vi kunde inte se att formuläret kom från den här sidan" in page
    assert 'value="Björn Berg"' in page
    assert len(read_token(hidden(answer, "token"), "valet").submission) == 32


def test_an_expired_token_gives_the_form_again_with_a_fresh_one(
    client: Client, campaign: Campaign, door: Door
) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        token = hidden(client.get("/valet/"), "token")
        traveller.shift(timedelta(hours=5))
        answer = client.post("/valet/", {**GOOD, "token": token, "way": "stripe"})
        page = refused(answer, door, status=400)
        assert "Sidan hade varit öppen länge" in page
        again = {**GOOD, "token": hidden(answer, "token"), "way": "stripe"}
        assert client.post("/valet/", again).status_code == 303
    assert len(door.requests) == 1


def test_a_provider_that_is_away_leaves_a_calm_page_with_the_form(
    client: Client, campaign: Campaign, door: Door
) -> None:
    door.refusal = ProviderUnavailable("down")
    answer = give(client)
    page = unescape(answer.content.decode())
    assert answer.status_code == 503
    assert "Det går inte att betala så just nu" in page
    assert "Inga pengar har dragits. Det du skrev finns kvar." in page
    assert "Ring oss på" in page
    assert 'value="Björn Berg"' in page
    assert read_token(hidden(answer, "token"), "valet").submission == door.requests[0].submission


def test_too_many_gifts_from_one_network_wait_with_their_form(
    client: Client, campaign: Campaign, door: Door, settings: object
) -> None:
    settings.LIMITS = {**settings.LIMITS, "give": (2, 600)}  # type: ignore[attr-defined]
    assert [give(client).status_code for _ in range(3)] == [303, 303, 429]
    answer = give(client)
    page = unescape(answer.content.decode())
    assert "För många har försökt nyss" in page
    assert 'value="Björn Berg"' in page
    assert len(door.requests) == 2
    assert give(client, email="").status_code == 422


def test_a_form_from_another_site_is_not_taken(
    client: Client, campaign: Campaign, door: Door
) -> None:
    token = hidden(client.get("/valet/"), "token")
    answer = client.post(
        "/valet/",
        {**GOOD, "token": token, "way": "stripe"},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403
    assert "Formuläret skickades från en annan webbplats" in answer.content.decode()
    assert door.requests == []


def test_the_way_must_be_one_that_is_open(client: Client, campaign: Campaign, door: Door) -> None:
    Account.objects.create(
        entity=campaign.entity, provider="swish_number", slug="s", name="S", external_id="123"
    )
    opened = client.get("/valet/")
    sent = {**GOOD, "token": hidden(opened, "token")}
    refused(client.post("/valet/", {**sent, "way": "bitcoin"}), door, "Välj hur du vill ge.")
    client.post("/valet/", {**sent, "way": "swish_number"})
    assert door.requests[0].method == "swish_number"


def test_a_forms_answer_never_reaches_the_address_bar_or_the_log(
    client: Client, campaign: Campaign, door: Door, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = give(client, name="Tyra Hemlig", email="tyra@hemlig.example")
    printed = "".join(capfd.readouterr())
    assert "hemlig" not in answer["Location"].lower()
    assert "hemlig" not in printed.lower()


def test_the_database_being_away_is_a_calm_page(
    client: Client, campaign: Campaign, door: Door
) -> None:
    from django.db import OperationalError

    token = hidden(client.get("/valet/"), "token")

    def away(*args: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(away):
        opened = client.get("/valet/")
        sent = client.post("/valet/", {**GOOD, "token": token, "way": "stripe"})
    for answer in (opened, sent):
        assert answer.status_code == 503
        assert answer["Retry-After"] == "30"
        assert "Vi är strax tillbaka" in answer.content.decode()
    assert door.requests == []
