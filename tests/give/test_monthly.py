from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.pledges import queries, sealing, signed
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Mandate, MandateWording, Notice, PayerRange, Pledge, Signature
from fundraise.pledges.services import starting
from fundraise.pledges.services.starting import Signed, first_day
from fundraise.providers.models import Account
from tests.give.form import HOSTED, Answer, Door, door, hidden, said_in
from tests.give.monthly import ACCOUNT, NUMBER, only_pledge, open_monthly, sign_up

__all__ = ["door"]

FULL_NUMBER = "198112289874"


def text_of(answer: Answer) -> str:
    return html.unescape(answer.content.decode()).replace("\u202f", " ")


def nothing_begun() -> bool:
    return not (Pledge.objects.exists() or Mandate.objects.exists() or Gift.objects.exists())


def test_every_month_stands_first_and_chosen_when_the_campaign_says_so(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign, first=True)
    page = text_of(client.get("/valet/"))
    assert page.index('id="frequency-monthly"') < page.index('id="frequency-once"')
    monthly = re.search(r'<input[^>]*id="frequency-monthly"[^>]*>', page)
    assert monthly is not None
    assert " checked" in monthly[0]
    assert "Ge 200 kr <span" in re.sub(r"\s+", " ", page)
    assert '<span class="every every-1">varje månad</span>' in page


def test_a_sign_up_is_a_signed_mandate_and_a_promise_of_its_first_day(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    answer = sign_up(client, "/valet/?ref=brev-11")
    pledge, mandate = only_pledge()
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"/manadsgava/{pledge.ref}/?ny=")
    assert (pledge.state, pledge.amount_ore, pledge.day, pledge.interval_months) == (
        "pending", 20_000, 28, 1,
    )  # fmt: skip
    assert (pledge.reference, pledge.language, pledge.origin) == ("brev-11", "sv", "page")
    assert pledge.starts_on == first_day(28, clock.today())
    assert (mandate.state, mandate.variant, mandate.account_hint) == (
        "created", "person", "SEB 5102-…751",
    )  # fmt: skip
    details = sealing.details_of(mandate)
    assert (details.account16, details.identity12) == ("5102000000158751", FULL_NUMBER)
    giver = queries.giver_of(pledge.pk)
    assert giver is not None
    assert (giver.name, giver.identity_number, giver.keep_as_donor) == (
        "Björn Berg", FULL_NUMBER, True,
    )  # fmt: skip
    assert Notice.objects.get().first_on == pledge.starts_on
    assert Gift.objects.count() == 0


def test_the_signature_keeps_what_stood_on_the_page(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    sign_up(client)
    pledge, mandate = only_pledge()
    signature = Signature.objects.get(mandate=mandate)
    assert (signature.way, signature.by) == ("tick", "donor")
    evidence = sealing.evidence_of(mandate.ref, bytes(signature.evidence_sealed or b""))
    assert evidence["text"] == "person sv 1"
    assert len(str(evidence["text_sha256"])) == 64
    assert (evidence["amount_ore"], evidence["day"], evidence["ticked"]) == (20_000, 28, True)
    assert evidence["first_on"] == pledge.starts_on.isoformat()
    assert evidence["address"] == "127.0.0.1"


def test_another_day_and_rhythm_may_be_chosen(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    sign_up(client, "/en/valet/", day="31", every="3")
    pledge, mandate = only_pledge()
    assert (pledge.day, pledge.interval_months, pledge.language) == (31, 3, "en")
    assert mandate.wording is not None
    assert (mandate.wording.language, mandate.wording.variant) == ("en", "person")


def test_a_day_that_is_not_offered_gives_way_to_the_usual_one(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    sign_up(client, day="29", every="2", payer="robot")
    pledge, _mandate = only_pledge()
    assert (pledge.day, pledge.interval_months) == (28, 1)


def test_the_days_on_the_page_are_those_of_the_pledge(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    page = re.sub(r"\s+", " ", text_of(client.get("/valet/")))
    sign_up(client)
    pledge, _mandate = only_pledge()
    months = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti",
              "september", "oktober", "november", "december"]  # fmt: skip
    first = pledge.starts_on
    year = "" if first.year == clock.today().year else f" {first.year}"
    said = f"{first.day} {months[first.month - 1]}{year}"
    assert f'on-28-1"> Första gången <strong>{said}</strong>, sedan den 28:e varje månad:' in page
    assert page.count('class="on on-') == 2 * 5 * 4  # by autogiro and by card


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"account": ""}, "Skriv ditt clearingnummer och ditt kontonummer."),
        (
            {"account": "6789 123456788"},
            "En siffra är fel. Jämför numret med bankens, siffra för siffra.",
        ),
        ({"payer_number": ""}, "Skriv ditt personnummer. Din bank jämför det med kontot."),
        (
            {"payer_number": "19811228-9875"},
            "Skriv personnumret med tolv siffror, och jämför varje siffra.",
        ),
        ({"mandate": ""}, "Kryssa i att du godkänner medgivandet: det är din underskrift."),
        (
            {"payer": "organisation"},
            "Skriv organisationsnumret med tio siffror, till exempel 802002-1234.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_begun(
    client: Client, campaign: Campaign, changes: dict[str, str], sentence: str
) -> None:
    open_monthly(campaign)
    answer = sign_up(client, **changes)
    assert answer.status_code == 422
    assert said_in(answer) == [sentence]
    assert 'value="Björn Berg"' in text_of(answer)
    assert (answer["Cache-Control"] == "no-store") is bool(changes.get("payer_number", "x"))
    assert nothing_begun()


def test_a_coordination_number_and_an_unknown_bank_are_taken(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    sign_up(client, payer_number="701063-2391", account="9918 1234567")
    _pledge, mandate = only_pledge()
    details = sealing.details_of(mandate)
    assert (details.identity12, details.account16) == ("197010632391", "9918000001234567")


@pytest.mark.parametrize(
    ("payer", "account", "number16", "hint"),
    [
        ("organisation", ACCOUNT, "5102000000158751", "SEB 5102-…751"),
        ("bankgiro", "5050-1055", "0000000050501055", "Bankgiro 5050-1055"),
    ],
)
def test_an_organisation_gives_from_its_account_or_its_bankgiro(
    client: Client, campaign: Campaign, settings: Any, payer: str, account: str, number16: str,
    hint: str,
) -> None:  # fmt: skip
    open_monthly(campaign)
    settings.MANDATE_SIGNING = "bankid"
    wrong = sign_up(client, **{**BANKGIRO, "account": ACCOUNT})
    assert "Skriv bankgironumret med sju eller åtta siffror, till exempel" in text_of(wrong)
    sign_up(client, payer=payer, payer_number="802002-4280", account=account)
    pledge, mandate = only_pledge()
    details = sealing.details_of(mandate)
    assert (details.identity12, details.account16) == ("008020024280", number16)
    assert (mandate.variant, mandate.account_hint) == (payer, hint)
    assert mandate.wording is not None
    assert mandate.wording.variant == payer
    giver = queries.giver_of(pledge.pk)
    assert giver is not None
    assert giver.organisation


def test_a_double_click_is_one_pledge_and_other_words_end_the_first(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    token = hidden(client.get("/valet/"), "token")
    first = sign_up(client, token=token)["Location"].partition("?")[0]
    assert sign_up(client, token=token)["Location"].partition("?")[0] == first
    assert Pledge.objects.count() == 1
    sign_up(client, token=token, amount_monthly="50000")
    assert list(Pledge.objects.order_by("pk").values_list("state", "amount_ore")) == [
        ("ended", 20_000),
        ("pending", 50_000),
    ]
    assert list(Mandate.objects.order_by("pk").values_list("state", flat=True)) == [
        "ended",
        "created",
    ]


@pytest.mark.parametrize(
    ("limit", "changes"),
    [
        ("pledge-email", {"account": "6000 301286698"}),
        ("pledge-account", {"email": "another@example.org"}),
        ("pledge", {"account": "6000 301286698", "email": "another@example.org"}),
    ],
)
def test_sign_ups_are_capped_by_address_account_and_block(
    client: Client, campaign: Campaign, settings: Any, limit: str, changes: dict[str, str]
) -> None:
    open_monthly(campaign)
    settings.LIMITS = {**settings.LIMITS, limit: (1, 600)}
    assert sign_up(client).status_code == 303
    held = sign_up(client, **changes)
    assert held.status_code == 429
    assert "Inga pengar har dragits. Det du skrev finns kvar" in text_of(held)
    assert Pledge.objects.count() == 1


def test_a_card_asks_for_no_account_and_leads_to_the_page_that_keeps_it(
    client: Client, campaign: Campaign, door: Door
) -> None:
    open_monthly(campaign)
    answer = sign_up(client, monthly_way="card", payer_number="", account="", mandate="", day="25")
    assert answer["Location"] == HOSTED
    pledge = Pledge.objects.get()
    assert (pledge.method, pledge.state, pledge.day) == ("card", "unconfirmed", 25)
    assert [asked.pledge for asked in door.requests] == [pledge]
    assert not Mandate.objects.exists()


def test_the_internet_bank_gets_a_number_to_type_and_asks_for_no_account(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    token = hidden(client.get("/valet/"), "token")
    bare = {"monthly_way": "internet_bank", "payer_number": "", "account": "", "mandate": ""}
    answer = sign_up(client, token=token, **bare)
    assert sign_up(client, token=token, **bare)["Location"].startswith("/manadsgava/")
    pledge, mandate = only_pledge()
    assert (pledge.state, mandate.state, mandate.origin) == (
        "unconfirmed", "draft", "internet_bank",
    )  # fmt: skip
    page = text_of(client.get(answer["Location"]))
    assert f"<strong>{mandate.payer_number}</strong>" in page
    assert "991-2346" in page
    assert not Signature.objects.exists()
    client.post(f"/manadsgava/{pledge.ref}/underteckna/", {"ny": signed.token("fresh", pledge.ref)})
    client.post(f"/underteckna/?key={signed.token('sign', mandate.ref)}")
    assert not Signature.objects.exists()


def test_only_what_is_open_is_offered(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    assert 'id="monthly-by-card"' in text_of(client.get("/valet/"))
    Account.objects.filter(provider="stripe").update(is_active=False)
    page = text_of(client.get("/valet/"))
    assert 'id="monthly-by-card"' not in page
    assert 'id="monthly-at-bank"' in page
    Account.objects.filter(provider="stripe").update(is_active=True)
    Account.objects.filter(provider="autogiro").update(is_active=False)
    page = text_of(client.get("/valet/"))
    assert 'name="monthly_way" value="card"' in page
    assert 'id="payer_number"' not in page


def test_a_filled_trap_is_shown_again_and_nothing_is_begun(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    answer = sign_up(client, message="buy")
    assert answer.status_code == 400
    assert nothing_begun()


def test_who_gives_is_declared_above_the_limit_and_no_address_is_asked_for(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    large = {"amount_monthly": "other", "other_monthly": "3000"}
    answer = sign_up(client, **large)
    assert said_in(answer) == ["Kryssa i att gåvan är din och inte någon annans."]
    assert sign_up(client, declaration="on", **large).status_code == 303
    assert Pledge.objects.get().amount_ore == 300_000


def test_the_page_follows_what_autogiro_needs(client: Client, campaign: Campaign) -> None:
    account = open_monthly(campaign)
    Account.objects.filter(provider="stripe").update(is_active=False)
    assert 'name="account"' in text_of(client.get("/valet/"))
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert "Öppnar senare" in text_of(client.get("/valet/"))
    Account.objects.filter(pk=account.pk).update(is_active=True)
    PayerRange.objects.all().delete()
    assert "Öppnar senare" in text_of(client.get("/valet/"))
    assert client.get("/valet/thermometer.json").json()["monthly"] is False


BANKGIRO = {"payer": "bankgiro", "account": "5050-1055", "payer_number": "802002-4280"}


def test_a_bankgiro_number_is_signed_for_on_paper_where_a_tick_signs(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign)
    page = text_of(client.get("/valet/"))
    assert "payer-bankgiro" not in page
    assert "Organisationer med bankgironummer skriver på blankett." in page
    answer = sign_up(client, **BANKGIRO)
    assert answer.status_code == 422
    assert "skriver på blankett. Mejla" in text_of(answer)
    assert Pledge.objects.count() == 0


def test_a_bankgiro_number_that_has_a_mandate_is_told_at_its_field(
    client: Client, campaign: Campaign, settings: Any
) -> None:
    open_monthly(campaign)
    settings.MANDATE_SIGNING = "bankid"
    assert sign_up(client, **BANKGIRO).status_code == 303
    _pledge, mandate = only_pledge()
    assert mandate.payer_number == "50501055"
    answer = sign_up(client, **BANKGIRO)
    assert answer.status_code == 422
    assert '<a href="#account">Bankgironumret har redan ett medgivande hos oss' in text_of(answer)
    assert Pledge.objects.count() == 1
    with pytest.raises(PledgeError, match="on_paper"):
        starting.sign(mandate.pk, Signed("tick"), by="donor")
    mandate.refresh_from_db()
    assert mandate.state == "draft"


def test_a_new_text_is_agreed_to_from_its_day(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    for variant in ("person", "organisation", "bankgiro"):
        MandateWording.objects.create(
            variant=variant, language="sv", version=2, text="# Nytt\n\nNya ord.",
            source="test", valid_from=date(2026, 1, 1),
        )  # fmt: skip
    assert "Nya ord." in text_of(client.get("/valet/"))
    sign_up(client)
    _pledge, mandate = only_pledge()
    assert mandate.wording is not None
    assert mandate.wording.version == 2


def test_the_number_never_stands_where_it_is_kept(client: Client, campaign: Campaign) -> None:
    open_monthly(campaign)
    page = text_of(client.get("/valet/"))
    field = re.search(r'<input[^>]*id="payer_number"[^>]*>', page)
    assert field is not None
    assert 'autocomplete="off"' in field[0]
    answer = sign_up(client)
    assert NUMBER not in answer["Location"]
    assert "5102" not in answer["Location"]


def test_a_link_with_a_sum_alone_is_for_once_and_one_with_a_rhythm_opens_it(
    client: Client, campaign: Campaign
) -> None:
    open_monthly(campaign, first=True)

    def chosen(query: str) -> list[str]:
        page = client.get(f"/valet/?{query}").content.decode()
        return re.findall(r'id="((?:frequency|every)-\w+)"[^>]*\bchecked', page)

    assert chosen("") == ["frequency-monthly", "every-1"]
    assert chosen("belopp=200") == ["frequency-once", "every-1"]
    assert chosen("belopp=200&frekvens=manad") == ["frequency-monthly", "every-1"]
    assert chosen("belopp=600&frekvens=kvartal") == ["frequency-monthly", "every-3"]
    assert '<details class="rare" open>' in client.get("/valet/?frekvens=ar").content.decode()
