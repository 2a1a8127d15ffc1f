"""Monthly giving through the API: started, changed, stopped and read, and no account is told."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client

from fundraise import clock
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.pledges.models import Mandate, Pledge, PledgeChange, Signature
from fundraise.providers.giro import delivering
from fundraise.providers.giro.models import InFile, OutFile
from mailings.models import TransactionalMessage
from tests.api.conftest import Api, key_for
from tests.console.house import House
from tests.give.monthly import open_monthly
from tests.people import make_campaign, make_party
from tests.proofs import differing

pytestmark = pytest.mark.django_db
NUMBER, CLEARING = "19811228-9874", "8327"
ACCOUNT: dict[str, Any] = {
    "account": "8327-9 994 123 4", "identity_number": NUMBER, "mandate_version": 1
}  # fmt: skip
BANKGIRO = {
    "variant": "bankgiro", "account": "5050-1055", "identity_number": "802002-4280",
    "mandate_version": 1,
}  # fmt: skip
PHONE = {"channel": "phone"}


def asked(**changes: Any) -> dict[str, Any]:
    """A monthly gift by autogiro, well asked for."""
    giver = {"name": "Anna Ek", "email": "anna@example.se", "register_version": 1}
    return {
        "campaign": "valet", "amount_ore": 200_00, "method": "autogiro", "giver": giver,
        "account": ACCOUNT, **changes,
    }  # fmt: skip


@pytest.fixture
def care(campaign: Campaign) -> Api:
    """A program of donor care's, where monthly giving is open."""
    open_monthly(campaign)
    return key_for(campaign.entity, "donor_care")


# --- Start ----------------------------------------------------------------------------------------
def test_a_monthly_gift_is_started_signed_and_sealed_and_once_for_its_key(care: Api) -> None:
    first = care.post("public/pledges", asked(client_address="203.0.113.7"), once="a")
    again = care.post("public/pledges", asked(client_address="203.0.113.7"), once="a")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    told, pledge = first.json(), Pledge.objects.get()
    assert (told["state"], told["waits_for"], told["redirect_url"]) == ("pending", None, None)
    assert told["starts_on"] == pledge.starts_on.isoformat()
    assert f"/manadsgava/{pledge.ref}/?ny=" in told["page_url"]
    assert (pledge.amount_ore, pledge.day, pledge.origin) == (200_00, 28, "api")
    mandate = pledge.mandates.get()
    assert (mandate.state, Signature.objects.get(mandate=mandate).way) == ("created", "tick")
    assert Client().get(told["page_url"]).status_code == 200
    assert Client().get(first.headers["Location"]).json()["amount_ore"] == 200_00


def test_the_account_and_the_number_are_in_no_answer(care: Api) -> None:
    treasurer = key_for(Campaign.objects.get().entity, "treasurer")
    started = care.post("public/pledges", asked())
    lists = [treasurer.get(name) for name in ("pledges", "mandates", "instalments", "collections")]
    one = treasurer.get(f"mandates/{Mandate.objects.get().ref}")

    text = "".join(str(answer.content) for answer in [started, *lists, one])
    assert {answer.status_code for answer in [*lists, one]} == {200}
    assert not any(secret in text for secret in ("9941234", "994 123", "19811228", "9874", "Anna"))
    assert one.json()["account_hint"].endswith("234")
    assert [step["to_state"] for step in one.json()["steps"]] == ["created"]


def test_a_mailed_link_signs_where_the_house_demands_one(care: Api, settings: Any) -> None:
    settings.MANDATE_SIGNING = "mail_link"
    told = care.post("public/pledges", asked()).json()

    assert (told["state"], told["waits_for"]) == ("unconfirmed", "mail_link")
    assert Mandate.objects.get().state == "draft"
    assert TransactionalMessage.objects.filter(kind="mandate_link").count() == 1

    settings.MANDATE_SIGNING = "bankid"
    told = care.post("public/pledges", asked(amount_ore=300_00)).json()
    assert (told["state"], told["waits_for"]) == ("unconfirmed", "page")


def test_a_form_starts_one_monthly_gift_without_a_key(care: Api, settings: Any) -> None:
    settings.FORM_MIN_SECONDS = 0
    form = Api().post("public/campaigns/valet/forms", None).json()["form"]
    first = Api().post("public/pledges", asked(form=form))
    again = Api().post("public/pledges", asked(form=form))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["ref"] == again.json()["ref"]
    assert Pledge.objects.count() == 1
    assert Api().post("public/pledges", asked()).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "where"),
    [
        ({"amount_ore": 1}, 422, "/amount_ore"),
        ({"day": 30}, 422, "/day"),
        ({"interval_months": 2}, 422, "/interval_months"),
        ({"account": None}, 422, "/account"),
        ({"account": {**ACCOUNT, "account": "8327-9 994"}}, 422, "/account/account"),
        ({"account": {**ACCOUNT, "identity_number": "1"}}, 422, "/account/identity_number"),
        ({"account": {**ACCOUNT, "mandate_version": 9}}, 422, "/account/mandate_version"),
        ({"account": {**ACCOUNT, "variant": "bankgiro"}}, 422, "/account/identity_number"),
        ({"account": BANKGIRO}, 422, "/account/variant"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    care: Api, changes: dict[str, Any], status: int, where: str
) -> None:
    answer = care.post("public/pledges", asked(**changes))

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, where)
    assert Pledge.objects.count() == 0
    assert "9 994" not in answer.content.decode()


def test_a_bankgiro_number_has_one_mandate_and_is_signed_for_by_bankid(
    care: Api, settings: Any
) -> None:
    settings.MANDATE_SIGNING = "bankid"
    assert care.post("public/pledges", asked(account=BANKGIRO)).status_code == 201
    again = care.post("public/pledges", asked(account=BANKGIRO, amount_ore=300_00))

    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (422, "/account/account")
    assert (Pledge.objects.count(), Mandate.objects.count()) == (1, 1)


def test_the_internet_bank_gets_a_payer_number_and_no_account(care: Api) -> None:
    answer = care.post("public/pledges", asked(account=None, internet_bank=True))
    told, mandate = answer.json(), Mandate.objects.get()

    assert (answer.status_code, told["waits_for"]) == (201, "internet_bank")
    assert told["payer_number"] == mandate.payer_number
    assert (mandate.origin, mandate.state) == ("internet_bank", "draft")
    both = care.post("public/pledges", asked(internet_bank=True))
    assert (both.status_code, both.json()["errors"][0]["pointer"]) == (422, "/internet_bank")
    assert Pledge.objects.count() == 1


def test_a_campaign_that_is_shut_or_another_entitys_takes_none(
    care: Api, campaign: Campaign
) -> None:
    make_campaign(make_party("annan"), "annan")
    assert care.post("public/pledges", asked(campaign="annan")).status_code == 403
    assert care.get("public/campaigns/valet/monthly").json()["methods"] == ["autogiro"]

    Campaign.objects.update(monthly_open=False)
    answer = care.post("public/pledges", asked())

    assert (answer.status_code, answer.json()["code"]) == (409, "method_closed")
    assert care.get("public/campaigns/valet/monthly").status_code == 404
    assert Pledge.objects.count() == 0


def test_what_is_agreed_to_stands_in_the_campaigns_monthly_giving(care: Api) -> None:
    told = Api().get("public/campaigns/valet/monthly").json()

    assert (told["day"], told["intervals"], told["signing"]) == (28, [1, 3, 6, 12], "tick")
    texts = {(one["variant"], one["language"]): one for one in told["mandates"]}
    assert len(texts) == 4  # a bankgiro number is signed for on paper
    assert "991-2346" in texts["person", "sv"]["text"]
    assert texts["person", "sv"]["version"] == 1


# --- Wishes ---------------------------------------------------------------------------------------
def test_a_givers_wishes_are_carried_out_once_and_kept(house: House, donor_care: Api) -> None:
    pledge, books = house.giving.pledge, differing()
    at = f"pledges/{pledge.ref}"

    changed = donor_care.post(f"{at}/change", {**PHONE, "amount_ore": 300_00, "day": 15}, once="1")
    twice = donor_care.post(f"{at}/change", {**PHONE, "amount_ore": 300_00, "day": 15}, once="1")
    assert (changed.json()["amount_ore"], changed.json()["day"]) == (300_00, 15)
    assert twice.headers["Idempotency-Replayed"] == "true"
    until = clock.today().replace(year=clock.today().year + 1).isoformat()
    paused = donor_care.post(f"{at}/pause", {**PHONE, "until": until}).json()
    assert (paused["state"], paused["paused_until"], paused["unstoppable"]) == (
        "paused", until, [trying(house)],
    )  # fmt: skip
    assert donor_care.post(f"{at}/resume", PHONE).json()["state"] == "active"
    stopped = donor_care.post(f"{at}/stop", {**PHONE, "reason": "money"}).json()
    assert (stopped["state"], stopped["end_reason"]) == ("ended", "stopped")
    again = donor_care.post(f"{at}/stop", PHONE)
    assert (again.status_code, again.json()["state"]) == (200, "ended")

    kinds = [one["kind"] for one in donor_care.get(f"{at}/changes").json()["items"]]
    assert kinds[:5] == ["stop", "resume", "pause", "amount", "day"]
    by = PledgeChange.objects.filter(pledge=pledge).latest("pk").by
    assert donor_care.key is not None
    assert by == donor_care.key.actor
    assert differing() == books


def trying(house: House) -> str:
    """The draw that the bank tries again: nobody can stop it."""
    return str(house.giving.pledge.instalments.get(period="2026-10-01").collections.get().ref)


@pytest.mark.parametrize(
    ("act", "body", "status", "why"),
    [
        ("resume", {}, 409, "not_paused"),
        ("unskip", {"period": "2026-09-01"}, 409, "nothing_to_skip"),
        ("change", {}, 422, "required"),
        ("change", {"amount_ore": 1}, 422, "not_taken"),
        ("change", {"day": 29}, 422, "not_taken"),
        ("pause", {"until": "2020-01-01"}, 422, "not_taken"),
        ("stop", {"received_at": "2099-01-01T00:00:00Z"}, 422, "in_future"),
        ("stop", {"reason": "Anna flyttar"}, 422, "invalid_choice"),
        ("stop", {"channel": "dream"}, 422, "invalid_choice"),
    ],
)
def test_a_wish_that_cant_be_carried_out_changes_nothing(
    house: House, donor_care: Api, act: str, body: dict[str, Any], status: int, why: str
) -> None:
    pledge = house.giving.pledge
    before = (Pledge.objects.values().get(pk=pledge.pk), PledgeChange.objects.count())

    answer = donor_care.post(f"pledges/{pledge.ref}/{act}", {**PHONE, **body})

    found = answer.json()
    assert (answer.status_code, found.get("code") or found["errors"][0]["code"]) == (status, why)
    after = (Pledge.objects.values().get(pk=pledge.pk), PledgeChange.objects.count())
    assert before == after


# --- Reading and files ----------------------------------------------------------------------------
def test_months_and_draws_are_found_by_their_pledge_and_state(house: House, treasurer: Api) -> None:
    pledge = house.giving.pledge
    months = treasurer.get("instalments", pledge=pledge.ref, state="missed").json()["items"]
    assert [(one["period"], one["reason"]) for one in months] == [("2026-09-01", "1")]
    draws = treasurer.get("collections", instalment=months[0]["ref"]).json()["items"]
    assert [(one["state"], one["gift"], one["amount_ore"]) for one in draws] == [
        ("failed", None, 200_00)
    ]
    assert [one["state"] for one in treasurer.get("pledges", state="active").json()["items"]] == [
        "active"
    ]
    second = key_for(pledge.entity, "second")
    assert second.get("pledges", donor=pledge.ref).status_code == 403
    assert treasurer.get("pledges", colour="red").status_code == 400


def test_a_file_to_the_bank_is_fetched_with_the_right_and_the_look_is_kept(
    house: House, treasurer: Api, donor_care: Api
) -> None:
    file = house.giving.doubt
    at = f"autogiro/files-out/{file.ref}"
    assert treasurer.get(f"{at}/content").status_code == 409  # settle the doubt first
    OutFile.objects.filter(pk=file.pk).update(state="ready")
    assert donor_care.get(f"{at}/content").status_code == 403
    assert (
        treasurer.get(f"autogiro/files-out/{house.giving.out_file.ref}/content").status_code == 404
    )
    before = ReadLine.objects.count()

    told = treasurer.get(f"{at}/content").json()

    _name, content = delivering.content_of(file.pk, by="system:test")
    assert base64.b64decode(told["content"]) == content
    assert told["sha256"] == bytes(file.sha256).hex()
    line = ReadLine.objects.order_by("pk")[before]
    assert treasurer.key is not None
    assert (line.by, line.purpose) == (treasurer.key.actor, "giro.download")
    assert OutFile.objects.get(pk=file.pk).fetched_by == treasurer.key.actor
    assert donor_care.get(at).json()["sum_ore"] == file.sum_ore
    assert donor_care.get(f"{at}/orders").status_code == 200

    OutFile.objects.filter(pk=file.pk).update(sealed=b"")  # seven years later
    gone = treasurer.get(f"{at}/content")
    assert (gone.status_code, gone.json()["code"]) == (409, "gone")
    assert ReadLine.objects.filter(purpose="giro.download").count() == 2


def test_a_file_that_is_no_file_of_the_banks_is_kept_and_refused(
    house: House, treasurer: Api, donor_care: Api
) -> None:
    body = {"content": base64.b64encode(b"inte en fil").decode(), "name": "fel.txt"}
    assert donor_care.post("autogiro/files-in", body).status_code == 403

    answer = treasurer.post("autogiro/files-in", body)

    assert (answer.status_code, answer.json()["state"]) == (201, "refused")
    assert InFile.objects.get(name="fel.txt", via="api").reason != ""
    assert treasurer.post("autogiro/files-in", {"content": "A"}).status_code == 422
    rows = treasurer.get(f"autogiro/files-in/{house.giving.in_file.ref}/rows").json()["items"]
    assert json.dumps(rows).count("payer_number") == 0
