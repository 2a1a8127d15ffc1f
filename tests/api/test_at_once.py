"""The same write at the same moment, and processes that are killed in the middle of one."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from api import idempotency, starting
from api.models import WriteRequest
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.ledger.models import Journal
from fundraise.providers.models import Account
from tests.api.conftest import Api, key_for
from tests.killing import die, in_a_process_that_dies
from tests.people import make_campaign, make_party
from tests.proofs import differing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]


@pytest.fixture
def api() -> Api:
    campaign = make_campaign(make_party())
    Account.objects.create(
        entity=campaign.entity, provider="swish_number", slug="swish", name="Swish",
        external_id="1231234567",
    )  # fmt: skip
    return key_for(campaign.entity, "treasurer")


def cash() -> dict[str, Any]:
    campaign = Campaign.objects.get()
    return {
        "campaign": str(campaign.ref), "amount_ore": 250_00, "channel": "cash",
        "received_on": clock.today().isoformat(), "proof": "slip 77",
    }  # fmt: skip


START = {
    "campaign": "valet", "amount_ore": 200_00, "method": "swish_number",
    "giver": {"name": "Björn Testgren", "email": "bjorn@example.se", "register_version": 1},
}  # fmt: skip


def at_once(api: Api, path: str, body: Any, number: int = 4) -> list[int]:
    """The same request from so many threads; their statuses."""
    gate, found = threading.Barrier(number), list[int]()

    def send() -> None:
        gate.wait()
        found.append(Api(api.text).post(path, body, once="same").status_code)
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def the_lease_runs_out() -> None:
    WriteRequest.objects.update(held_until=clock.real_now())


@pytest.mark.parametrize("path", ["gifts", "public/gifts"])
def test_four_at_once_are_one_gift(path: str, api: Api) -> None:
    body = cash() if path == "gifts" else START
    found = at_once(api, path, body)
    assert set(found) <= {201, 409}
    assert 201 in found
    assert Gift.objects.count() == 1
    assert api.post(path, body, once="same")["Idempotency-Replayed"] == "true"
    assert differing() == []


def test_killed_before_the_answer_is_kept_nothing_is_done_and_the_next_does_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is only ours stands with its answer or not at all."""
    body = cash()
    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "_keep", lambda *_: die())
        in_a_process_that_dies(lambda: api.post("gifts", body, once="same"))
    assert (Gift.objects.count(), Journal.objects.count()) == (0, 0)
    assert api.post("gifts", body, once="same").status_code == 409  # the lease of the dead one
    the_lease_runs_out()
    assert api.post("gifts", body, once="same").status_code == 201
    assert Gift.objects.count() == 1
    assert differing() == []


def test_killed_after_the_gift_began_the_next_goes_on_with_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = starting.start

    def dies(*args: Any, **options: Any) -> Any:
        real(*args, **options)
        die()

    with monkeypatch.context() as patch:
        patch.setattr(starting, "start", dies)
        in_a_process_that_dies(lambda: api.post("public/gifts", START, once="same"))
    begun = Gift.objects.get()
    the_lease_runs_out()
    again = api.post("public/gifts", START, once="same")
    assert (again.status_code, again.json()["ref"]) == (201, str(begun.ref))
    assert Gift.objects.count() == 1
