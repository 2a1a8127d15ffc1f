"""A gift started from outside: with a key, with a form, once, and never past the door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from api import starting
from api.models import WriteRequest
from api.problems import Problem
from donors.models import ConsentWording
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.console import timeline
from fundraise.gifts import queries
from fundraise.gifts.models import Gift
from fundraise.providers import defence, services
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.models import Account
from fundraise.reporting.party import ruling
from fundraise.staff.models import RoleHeld
from tests.api.conftest import Api, key_for
from tests.people import DAVID

GIVER = {"name": "Björn Testgren", "email": "bjorn@example.se", "register_version": 1}


@pytest.fixture
def site(campaign: Campaign, swish: Account) -> Api:
    """Another site's server: a key that starts gifts and nothing else."""
    return key_for(campaign.entity, "comms", permissions=frozenset({"gifts.start"}))


@pytest.fixture
def _old_enough(settings: Any) -> None:
    settings.FORM_MIN_SECONDS = 0


def gift(**changes: Any) -> dict[str, Any]:
    return {"campaign": "valet", "amount_ore": 200_00, "method": "swish_number", "giver": GIVER,
            **changes}  # fmt: skip


def form(api: Api) -> str:
    return str(api.post("public/campaigns/valet/forms", once="").json()["form"])


def test_a_server_with_a_key_starts_a_gift_once(site: Api) -> None:
    first = site.post("public/gifts", gift(reference="brev-7"), once="a")
    again = site.post("public/gifts", gift(reference="brev-7"), once="a")

    assert (first.status_code, first.json()["state"]) == (201, "pending")
    assert again.json() == first.json()
    made = Gift.objects.get()
    assert (made.origin, made.reference, made.amount_ore) == ("api", "brev-7", 200_00)
    with translation.override("en"):
        assert timeline.of_gift(made)[0].what == "Begun from another site"
    assert first.json()["page_url"].endswith(f"/gava/{made.ref}/")
    giver = queries.giver_of(made.pk)
    assert giver is not None
    assert (giver.name, giver.keep_as_donor) == ("Björn Testgren", True)
    told = Api().get(f"public/gifts/{made.ref}").json()
    assert (told["state"], told["campaign"]) == ("pending", "valet")
    assert "Testgren" not in str(told)


def test_without_key_or_form_nothing_is_started(campaign: Campaign, swish: Account) -> None:
    assert Api().post("public/gifts", gift()).status_code == 401
    forged = Api().post("public/gifts", gift(form="a:b:c"))
    assert (forged.status_code, forged.json()["code"]) == (422, "form_forged")
    assert Gift.objects.count() == 0


@pytest.mark.usefixtures("_old_enough")
def test_a_form_starts_one_gift(campaign: Campaign, swish: Account) -> None:
    api = Api()
    sent = gift(form=form(api))
    first, again = api.post("public/gifts", sent), api.post("public/gifts", sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["ref"] == again.json()["ref"]
    assert Gift.objects.count() == 1


def test_a_form_that_comes_back_at_once_is_refused(
    campaign: Campaign, swish: Account, settings: Any
) -> None:
    settings.FORM_MIN_SECONDS = 60
    refused = Api().post("public/gifts", gift(form=form(Api())))
    assert (refused.status_code, refused.json()["code"]) == (422, "form_too_soon")
    assert Gift.objects.count() == 0


@pytest.mark.usefixtures("_old_enough")
def test_a_form_is_good_for_its_campaign_and_for_four_hours(
    campaign: Campaign, swish: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "MAX_AGE", timedelta(seconds=-1))
    old = Api().post("public/gifts", gift(form=form(Api())))
    assert old.json()["code"] == "form_expired"
    with pytest.raises(Problem, match="not right"):
        starting.read_form(form(Api()), "another")


def test_a_key_for_another_entity_starts_nothing(district: Campaign, site: Api) -> None:
    theirs = key_for(district.entity, "comms")
    assert theirs.post("public/gifts", gift()).status_code == 403
    assert Gift.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "status", "where"),
    [
        ({"amount_ore": 19_99}, 422, "/amount_ore"),
        ({"amount_ore": 150_000_01}, 422, "/amount_ore"),
        ({"giver": {**GIVER, "email": "bjorn"}}, 422, "/giver/email"),
        ({"giver": {**GIVER, "register_version": 99}}, 422, "/giver/register_version"),
        ({"giver": {**GIVER, "register_version": None}}, 422, "/giver/register_version"),
        ({"amount_ore": 5_000_00}, 422, "/giver/declaration"),
        ({"method": "stripe"}, 409, ""),
        ({"campaign": "nothing"}, 404, ""),
        ({"reference": "två ord"}, 422, "/reference"),
    ],
)
def test_what_the_page_would_refuse_is_refused_here(
    changes: dict[str, Any], status: int, where: str, site: Api
) -> None:
    refused = site.post("public/gifts", gift(**changes))
    assert refused.status_code == status
    assert [one["pointer"] for one in refused.json().get("errors", [])] == (
        [where] if where else []
    )
    assert Gift.objects.count() == 0
    assert WriteRequest.objects.count() == 0


def test_a_large_gift_says_who_gives(site: Api) -> None:
    who = {"declaration": True, "address": "Provgatan 7", "postcode": "123 45", "city": "Teststad"}
    done = site.post("public/gifts", gift(amount_ore=5_000_00, giver={**GIVER, **who}))
    assert done.status_code == 201
    giver = queries.giver_of(Gift.objects.get().pk)
    assert giver is not None
    assert giver.identified


def test_a_giver_abroad_is_refused_where_the_rule_of_the_day_says_so(
    site: Api, campaign: Campaign
) -> None:
    abroad = gift(giver={**GIVER, "abroad": True})
    ruling.set_rule(
        campaign.entity, clock.today(), permille=50, foreign="refuse", reason="Lag", by=DAVID
    )
    refused = site.post("public/gifts", abroad)
    assert (refused.status_code, refused.json()["code"]) == (409, "foreign")
    assert Gift.objects.count() == 0
    assert site.post("public/gifts", gift()).status_code == 201


def test_a_closed_campaign_takes_nothing(site: Api, campaign: Campaign) -> None:
    Campaign.objects.update(status="closed")
    refused = site.post("public/gifts", gift())
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign_closed")


def test_a_visitors_block_is_limited_by_the_address_that_the_server_names(
    site: Api, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "give": (1, 600)}

    def start(address: str) -> int:
        return int(site.post("public/gifts", gift(client_address=address)).status_code)

    assert [start("203.0.113.7"), start("203.0.113.9"), start("198.51.100.1")] == [201, 429, 201]
    assert Gift.objects.count() == 2


def test_an_answer_of_the_provider_that_is_lost_leads_to_the_same_gift(
    site: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the gift is begun and before its answer is kept."""
    real = services.start_gift

    def dies(request: Any) -> Any:
        real(request)
        raise SystemExit

    monkeypatch.setattr(services, "start_gift", dies)
    with pytest.raises(SystemExit):
        site.post("public/gifts", gift(), once="a")
    begun = Gift.objects.get()

    monkeypatch.setattr(services, "start_gift", real)
    WriteRequest.objects.update(held_until=clock.real_now())
    again = site.post("public/gifts", gift(), once="a")
    assert (again.status_code, again.json()["ref"]) == (201, str(begun.ref))
    assert Gift.objects.count() == 1


def test_a_provider_that_is_away_may_be_asked_again_with_the_same_key(
    site: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_request: Any) -> Any:
        raise ProviderUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(services, "start_gift", away)
        refused = site.post("public/gifts", gift(), once="a")
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert site.post("public/gifts", gift(), once="a").status_code == 201


def test_under_attack_a_proof_is_asked_for_and_taken(
    site: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def guarded(_request: Any, *, address: str, proof: str) -> defence.Verdict:
        seen.append(proof)
        return defence.Verdict.OK if proof == "solved" else defence.Verdict.PROVE

    monkeypatch.setattr(defence, "admit", guarded)
    asked = site.post("public/gifts", gift(), once="a")
    assert (asked.status_code, asked.json()["type"].split("#")[1]) == (403, "prove")
    assert "parameters" in asked.json()["challenge"]
    done = site.post("public/gifts", gift(), once="a", **{"Gift-Proof": "solved"})
    assert (done.status_code, seen) == (201, ["", "solved"])


# --- An answer that was lost ----------------------------------------------------------------------
def shut(what: str) -> None:
    """What may change between a request and the same again."""
    if what == "campaign closed":
        Campaign.objects.update(status="closed")
    elif what == "campaign hidden":
        Campaign.objects.update(status="draft")
    elif what == "way gone":
        Account.objects.update(is_active=False)
    else:
        ConsentWording.objects.create(
            purpose="register", version=2, text_sv="Nytt.", text_en="New.", from_date=clock.today()
        )


CHANGES = ["campaign closed", "campaign hidden", "way gone", "other words"]


@pytest.mark.parametrize("what", CHANGES)
def test_who_lost_the_answer_gets_it_whatever_has_changed_since(what: str, site: Api) -> None:
    first = site.post("public/gifts", gift(), once="a")
    shut(what)
    again = site.post("public/gifts", gift(), once="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    other = site.post("public/gifts", gift(amount_ore=300_00), once="a")
    assert (other.status_code, other.json()["type"].split("#")[1]) == (422, "other-request")
    assert site.post("public/gifts", gift(), once="b").status_code in {404, 409, 422}
    assert Gift.objects.count() == 1


@pytest.mark.usefixtures("_old_enough")
@pytest.mark.parametrize("what", [*CHANGES, "form expired"])
def test_who_holds_a_form_gets_the_lost_answer_too(
    what: str, campaign: Campaign, swish: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api()
    sent = gift(form=form(api))
    first = api.post("public/gifts", sent, once="a")
    if what == "form expired":
        monkeypatch.setattr(starting, "MAX_AGE", timedelta(seconds=-1))
    else:
        shut(what)
    again = api.post("public/gifts", sent, once="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    stranger = api.post("public/gifts", {**sent, "form": "a:b:c"}, once="a")
    assert stranger.json()["code"] == "form_forged"
    assert Gift.objects.count() == 1


def test_a_key_that_may_start_no_gift_is_answered_nothing(site: Api) -> None:
    site.post("public/gifts", gift(), once="a")
    RoleHeld.objects.update(ended_at=clock.now(), ended_by="system:test")
    assert site.post("public/gifts", gift(), once="a").status_code == 403


# --- What anybody may read ------------------------------------------------------------------------
def test_the_public_reads_are_open_to_every_site_and_tagged(
    campaign: Campaign, swish: Account
) -> None:
    for path in ("campaigns", "campaigns/valet", "campaigns/valet/thermometer"):
        told = Api().get(f"public/{path}")
        assert told.status_code == 200
        assert told["Access-Control-Allow-Origin"] == "*"
        assert told["Cache-Control"].startswith("public, max-age=15")
        same = Api().client.get(f"/api/v1/public/{path}", headers={"If-None-Match": told["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
    shown = Api().get("public/campaigns/valet").json()
    assert (shown["methods"], shown["wordings"][0]["purpose"]) == (["swish_number"], "register")


def test_few_donors_are_not_counted_out_loud(campaign: Campaign) -> None:
    told = Api().get("public/campaigns/valet/thermometer").json()
    assert (told["received_ore"], told["goal_ore"], told["donors"]) == (0, 2_000_000_00, None)


def test_a_draft_is_not_public(campaign: Campaign) -> None:
    Campaign.objects.update(status="draft")
    assert Api().get("public/campaigns/valet").status_code == 404
    assert Api().get("public/campaigns").json() == []
