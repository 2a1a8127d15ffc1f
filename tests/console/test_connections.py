"""Keys and webhooks on the staff pages: shown once, changed, tried, sent once more."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.hooks import services as hooks
from fundraise.hooks.models import Delivery, Endpoint
from fundraise.keys import services as keys
from fundraise.keys.models import ApiKey
from fundraise.keys.services import KeyRefused
from tests.console.conftest import LogIn

pytestmark = pytest.mark.django_db
URL = "https://127.0.0.1/facts"  # a demo may call itself


@pytest.fixture
def admin(log_in: LogIn) -> Client:
    return log_in("ada", "admin", "treasurer")


def key_form(campaign: Campaign, *permissions: str) -> dict[str, object]:
    return {"name": "Webb", "days": 90, "entities": [campaign.entity_id],
            "permissions": list(permissions)}  # fmt: skip


def test_a_key_is_shown_once_and_opens_until_it_is_ended(admin: Client, campaign: Campaign) -> None:
    shown = admin.post("/staff/keys/", key_form(campaign, "gifts.view", "refunds.ask"))
    found = re.search(r"fr_demo_[a-z0-9]{8}_[0-9a-f]{72}", shown.content.decode())
    assert found is not None
    key = keys.open_with(found[0])
    assert (key.name, key.permissions) == ("Webb", ["gifts.view", "refunds.ask"])

    listed = admin.get("/staff/keys/").content.decode()
    assert key.prefix in listed
    assert found[0] not in listed

    admin.post(f"/staff/keys/{key.pk}/end/")
    with pytest.raises(KeyRefused, match="ended"):
        keys.open_with(found[0])
    assert ChangeLine.objects.filter(subject_ref=key.prefix).count() == 2


def test_nobody_is_offered_a_right_that_they_have_not(admin: Client, campaign: Campaign) -> None:
    assert 'value="donors.change"' not in admin.get("/staff/keys/").content.decode()
    refused = admin.post("/staff/keys/", key_form(campaign, "donors.change"))
    assert refused.status_code == 422
    assert ApiKey.objects.count() == 0


def test_an_auditor_sees_keys_and_makes_none(log_in: LogIn, campaign: Campaign) -> None:
    auditor = log_in("rut", "auditor")
    assert "<form" in auditor.get("/staff/keys/").content.decode()  # the language, the log-out
    assert 'name="permissions"' not in auditor.get("/staff/keys/").content.decode()
    assert auditor.post("/staff/keys/", key_form(campaign, "gifts.view")).status_code == 403
    assert ApiKey.objects.count() == 0


def test_an_address_is_told_with_a_secret_that_is_shown_once(
    admin: Client, campaign: Campaign
) -> None:
    form = {"name": "Register", "url": URL, "entity": campaign.entity_id,
            "kinds": ["gift.received"]}  # fmt: skip
    shown = admin.post("/staff/webhooks/", form).content.decode()
    endpoint = Endpoint.objects.get()
    secret = hooks.secrets_of(endpoint)[0].replace("+", "&#x2B;").replace("=", "&#x3D;")
    assert secret in shown or hooks.secrets_of(endpoint)[0] in shown
    page = f"/staff/webhooks/{endpoint.ref}/"
    assert "whsec_" not in admin.get(page).content.decode()
    assert "whsec_" in admin.post(f"{page}secret/").content.decode()
    assert len(hooks.secrets_of(Endpoint.objects.get())) == 2


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "https://10.0.0.1/in", "https://"])
def test_an_address_that_can_not_be_called_is_refused_in_words(
    url: str, admin: Client, campaign: Campaign
) -> None:
    form = {"name": "x", "url": url, "entity": campaign.entity_id, "kinds": ["gift.received"]}
    assert admin.post("/staff/webhooks/", form).status_code == 422
    assert Endpoint.objects.count() == 0


def test_a_message_that_was_given_up_is_sent_once_more_under_its_id(
    admin: Client, campaign: Campaign
) -> None:
    made = hooks.make_endpoint(
        entity=campaign.entity, name="Register", url=URL, kinds=[], by="staff:1"
    )
    page = f"/staff/webhooks/{made.endpoint.ref}/"
    admin.post(f"{page}try/")
    sent = Delivery.objects.get()
    now = sent.happened_at
    Delivery.objects.update(state="failed", tries=11, last_status=503, done_at=now)

    shown = admin.get("/staff/webhooks/sent/?state=failed").content.decode()
    assert "503" in shown
    admin.post(f"/staff/webhooks/sent/{sent.ref}/replay/")

    again = Delivery.objects.get()
    assert (again.ref, again.state, again.tries) == (sent.ref, "waiting", 0)
    admin.post(f"{page}pause/")
    assert Endpoint.objects.get().paused_why == "staff"
    admin.post(f"{page}resume/")
    assert Endpoint.objects.get().is_active
