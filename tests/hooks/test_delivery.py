"""Facts go out signed, at least once, with back-off, and to the right endpoints."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from donors import services as donors
from donors.values import PersonName
from fundraise import clock, seal
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts import refunds
from fundraise.gifts.models import Gift
from fundraise.hooks import delivery, services, signing, subscribers
from fundraise.hooks.models import Delivery, Endpoint
from fundraise.hooks.services import Secret
from fundraise.jobs.models import Alarm, EnvironmentSeal
from fundraise.ledger.models import LegalEntity
from fundraise.outbox import services as outbox
from tests.console.conftest import cash_gift
from tests.hooks.receiver import Receiver
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db
SOON = timedelta(days=7)


def tell_all() -> None:
    """What the sweepers do: facts to subscribers, then what waits to the endpoints."""
    outbox.deliver_due(clock.real_now(), most=100)
    delivery.deliver_due(clock.real_now(), most=100)


def due_again() -> None:
    Delivery.objects.filter(state="waiting").update(next_try_at=clock.real_now())


def test_a_gift_is_told_by_its_ref_signed_and_without_a_name(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    gift = cash_gift(campaign)
    tell_all()

    assert [one.told["type"] for one in receiver.got] == ["gift.started", "gift.received"]
    message = receiver.got[1]
    row = Delivery.objects.get(kind="gift.received")
    assert message.told == {
        "id": str(row.ref),
        "type": "gift.received",
        "timestamp": message.told["timestamp"],
        "entity": str(campaign.entity.ref),
        "data": {"gift": str(gift.ref)},
    }
    assert message.headers["webhook-id"] == str(row.ref)
    assert message.signed_with(made.text)
    assert not message.signed_with(signing.new_secret())
    assert (row.state, row.tries, row.last_status) == ("delivered", 1, 200)
    assert b"Testgren" not in message.body


def test_a_fact_that_is_told_twice_goes_out_once(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    gift = cash_gift(campaign)
    for _ in range(2):
        subscribers.gift_received(gift.pk)
        delivery.deliver_due(clock.real_now(), most=10)
    assert [one.told["type"] for one in receiver.got] == ["gift.received"]


def test_refunds_and_donors_are_told_too(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    gift = cash_gift(campaign)
    refund = refunds.request_refund(gift.pk, amount_ore=100, reason="fel", by="staff:1")
    subscribers.refund_settled(refund.pk)
    donor = donors.register_donor(
        name=PersonName("Anna", "Provsson"), language="sv", source="import", by="system:import"
    )
    subscribers.donor_changed(donor.pk)
    subscribers.donor_changed(donor.pk)  # the first has not left yet: one message tells of both
    delivery.deliver_due(clock.real_now(), most=10)
    told = {one.told["type"]: one.told["data"] for one in receiver.got}
    assert told == {
        "refund.settled": {"refund": str(refund.ref)},
        "donor.changed": {"donor": str(donor.ref)},
    }
    assert len(receiver.got) == 2


def test_another_entitys_facts_are_not_told(
    made: Secret, receiver: Receiver, party: LegalEntity
) -> None:
    district = make_party("skane")
    district.parent = party
    district.save(update_fields=["parent"])
    cash_gift(make_campaign(district, "skane"))
    tell_all()
    assert receiver.got == []


def test_only_chosen_kinds_are_told(made: Secret, receiver: Receiver, campaign: Campaign) -> None:
    Endpoint.objects.update(kinds=["refund.settled"])
    cash_gift(campaign)
    tell_all()
    assert receiver.got == []


# --- Failures -------------------------------------------------------------------------------------
def test_what_is_refused_comes_again_later_under_the_same_id(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    receiver.status = 503
    gift = cash_gift(campaign)
    subscribers.gift_received(gift.pk)
    delivery.deliver_due(clock.real_now(), most=10)
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.last_status, row.last_error) == ("waiting", 1, 503, "refused")
    assert timedelta(0) < row.next_try_at - clock.real_now() <= delivery.WAITS[0]
    assert delivery.deliver_due(clock.real_now(), most=10) == 0

    receiver.status = 200
    due_again()
    delivery.deliver_due(clock.real_now(), most=10)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("delivered", 2)
    assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]
    assert receiver.got[0].body == receiver.got[1].body


def test_after_three_days_it_is_given_up_told_and_the_endpoint_pauses(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    receiver.status = 500
    subscribers.gift_received(cash_gift(campaign).pk)
    Endpoint.objects.update(well_since=clock.real_now() - timedelta(days=4))
    for _ in range(len(delivery.WAITS) + 1):
        due_again()
        delivery.deliver_due(clock.real_now(), most=10)
    row, endpoint = Delivery.objects.get(), Endpoint.objects.get()
    assert (row.state, row.tries) == ("failed", len(delivery.WAITS) + 1)
    assert timedelta(days=3) <= sum(delivery.WAITS, timedelta()) < timedelta(days=4)
    assert (endpoint.is_active, endpoint.paused_why) == (False, "failing")
    assert {alarm.code for alarm in Alarm.objects.all()} == {"webhook-failed", "webhook-paused"}

    receiver.status = 200
    services.resume(endpoint.pk, by="staff:1")
    services.replay(row.pk, by="staff:1")
    delivery.deliver_due(clock.real_now(), most=10)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("delivered", 1)
    assert {one.headers["webhook-id"] for one in receiver.got} == {str(row.ref)}
    assert not Alarm.objects.filter(resolved_at=None).exists()


def test_an_address_that_is_gone_is_paused_at_once(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    receiver.status = 410
    subscribers.gift_received(cash_gift(campaign).pk)
    delivery.deliver_due(clock.real_now(), most=10)
    assert Endpoint.objects.get().paused_why == "gone"
    due_again()
    assert delivery.deliver_due(clock.real_now(), most=10) == 0


def test_a_redirect_is_not_followed(made: Secret, receiver: Receiver, campaign: Campaign) -> None:
    receiver.status, receiver.location = 302, receiver.url
    subscribers.gift_received(cash_gift(campaign).pk)
    delivery.deliver_due(clock.real_now(), most=10)
    assert len(receiver.got) == 1
    assert Delivery.objects.get().last_status == 302


def test_a_server_that_never_answers_is_cut_off(
    made: Secret, receiver: Receiver, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fundraise.hooks.calling.MOST_SECONDS", 0.3)
    receiver.holds = True
    subscribers.gift_received(cash_gift(campaign).pk)
    delivery.deliver_due(clock.real_now(), most=10)
    row = Delivery.objects.get()
    assert (row.state, row.last_status) == ("waiting", None)
    assert row.last_error in {"no_answer", "too_slow"}


def test_one_that_fails_does_not_hold_up_the_others(
    made: Secret, receiver: Receiver, campaign: Campaign, party: LegalEntity
) -> None:
    with Receiver(status=500) as broken:
        services.make_endpoint(
            entity=party, name="broken", url=broken.url, kinds=["gift.received"], by="staff:1"
        )
        for number in range(3):
            subscribers.gift_received(cash_gift(campaign, proof=f"slip {number}").pk)
        delivery.deliver_due(clock.real_now(), most=100)
        assert (len(receiver.got), len(broken.got)) == (3, 1)


def test_a_process_that_dies_leaves_it_to_the_next_under_the_same_id(
    made: Secret, receiver: Receiver, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribers.gift_received(cash_gift(campaign).pk)

    def dies(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_note_good", dies)
        with pytest.raises(SystemExit):
            delivery.deliver_due(clock.real_now(), most=10)
    assert delivery.deliver_due(clock.real_now(), most=10) == 0  # the lease
    due_again()
    delivery.deliver_due(clock.real_now(), most=10)
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 1
    assert (len(receiver.got), Delivery.objects.get().state) == (2, "delivered")


def test_a_copied_database_tells_nobody(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    seal.seal()
    EnvironmentSeal.objects.update(mode="live")
    subscribers.gift_received(cash_gift(campaign).pk)
    with pytest.raises(seal.SealBroken):
        delivery.deliver_due(clock.real_now(), most=10)
    assert receiver.got == []


def test_sweeps_under_a_broken_seal_count_as_no_tries(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    subscribers.gift_received(cash_gift(campaign).pk)
    Endpoint.objects.update(well_since=clock.real_now() - timedelta(days=4))
    before = Delivery.objects.values().get()
    seal.seal()
    EnvironmentSeal.objects.update(mode="live")
    for _ in range(len(delivery.WAITS) + 2):
        with pytest.raises(seal.SealBroken):
            delivery.deliver_due(clock.real_now(), most=10)
    assert Delivery.objects.values().get() == before

    seal.seal()
    receiver.status = 500
    delivery.deliver_due(clock.real_now(), most=10)
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.last_status) == ("waiting", 1, 500)
    assert Endpoint.objects.get().is_active
    assert not Alarm.objects.filter(code__startswith="webhook").exists()


# --- Secrets --------------------------------------------------------------------------------------
def test_while_a_secret_is_changed_both_sign_and_then_the_new_one_alone(
    made: Secret, receiver: Receiver
) -> None:
    fresh = services.change_secret(made.endpoint.pk, by="staff:1")
    services.ping(fresh.endpoint, by="staff:1")
    delivery.deliver_due(clock.real_now(), most=10)
    assert receiver.got[0].signed_with(made.text)
    assert receiver.got[0].signed_with(fresh.text)

    Endpoint.objects.update(old_until=clock.real_now())
    services.ping(Endpoint.objects.get(), by="staff:1")
    delivery.deliver_due(clock.real_now(), most=10)
    assert not receiver.got[1].signed_with(made.text)
    assert receiver.got[1].signed_with(fresh.text)
    assert made.text.encode() not in bytes(Endpoint.objects.get().secret)
    assert made.text not in str(ChangeLine.objects.values_list("after", flat=True))


def test_settled_deliveries_are_forgotten_after_a_month(
    made: Secret, receiver: Receiver, campaign: Campaign
) -> None:
    subscribers.gift_received(cash_gift(campaign).pk)
    delivery.deliver_due(clock.real_now(), most=10)
    assert delivery.prune(clock.real_now()) == 0
    assert delivery.prune(clock.real_now() + timedelta(days=31)) == 1
    assert Gift.objects.count() == 1
