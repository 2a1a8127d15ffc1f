"""Money back: asked, decided by two, confirmed by hand; each refusal changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import refunds
from fundraise.gifts.models import Gift, Refund
from fundraise.outbox.models import OutboxEvent
from fundraise.providers.models import Account
from fundraise.reconciliation import exceptions
from fundraise.reporting.party.models import Hold
from fundraise.staff.models import Approval
from tests.console.conftest import LogIn, card_gift, cash_gift, swish_gift
from tests.console.test_front import rows
from tests.console.test_gifts import booked

TODAY = clock.today().isoformat()


def ask(client: Client, gift: Gift, amount: str, *, seen: int = 0, sure: str = "1") -> Any:
    form = {"amount_ore": amount, "reason": "fel belopp", "seen": seen, "sure": sure}
    return client.post(f"/staff/gifts/{gift.ref}/refund/", form)


def answer(client: Client, refund: Refund, said: str = "yes", reason: str = "") -> Any:
    """What a second person says on the page of the question."""
    approval = Approval.objects.get(kind="refund", subject_ref=refund.ref)
    return client.post(f"/staff/second/{approval.ref}/", {"answer": said, "reason": reason})


@pytest.fixture
def card(campaign: Campaign, stripe: Account) -> Gift:
    return card_gift(campaign, stripe, 2_500_00)


def by_of(client: Client) -> str:
    return f"staff:{client.session['_auth_user_id']}"


def sent() -> list[int]:
    """The refunds that a worker was told to send."""
    told = OutboxEvent.objects.filter(kind="RefundRequested")
    return list(told.order_by("pk").values_list("subject_id", flat=True))


def test_first_step_says_what_will_happen_and_does_nothing(card: Gift, david: Client) -> None:
    before = rows()

    answer = ask(david, card, "200", sure="")

    assert answer.status_code == 200
    assert "Betala tillbaka 200\u202fkr till kortet" in answer.content.decode()
    assert rows() == before


def test_small_refund_is_queued_once_however_often_it_is_sent(card: Gift, david: Client) -> None:
    first, second = ask(david, card, "200"), ask(david, card, "200")

    refund = Refund.objects.get()
    assert (first.status_code, second.status_code) == (302, 302)
    assert (refund.state, refund.amount_ore) == ("queued", 200_00)
    assert refund.requested_by == by_of(david)
    assert sent() == [refund.pk]
    assert len(booked()) == 1  # only the gift: a refund is booked when it is seen


def test_second_part_can_be_asked_for_from_a_fresh_page(card: Gift, david: Client) -> None:
    ask(david, card, "200")
    ask(david, card, "200", seen=1)

    assert [r.amount_ore for r in Refund.objects.order_by("pk")] == [200_00, 200_00]


def test_large_refund_waits_for_another_person(card: Gift, david: Client, log_in: LogIn) -> None:
    ask(david, card, "1500")
    refund = Refund.objects.get()
    assert (refund.state, sent()) == ("awaiting_second", [])

    answer(david, refund)
    refund.refresh_from_db()
    assert (refund.state, sent()) == ("awaiting_second", [])

    other = log_in("dana", "treasurer")
    answer(other, refund)
    answer(other, refund)
    refund.refresh_from_db()
    assert (refund.state, refund.approved_by) == ("queued", by_of(other))
    assert sent() == [refund.pk]


def test_second_person_says_no_with_a_reason(card: Gift, david: Client, log_in: LogIn) -> None:
    ask(david, card, "1500")
    refund, other = Refund.objects.get(), log_in("dana", "treasurer")

    without = answer(other, refund, "no")
    assert (without.status_code, Refund.objects.get().state) == (422, "awaiting_second")
    answer(other, refund, "no", "fel gåva")

    refund.refresh_from_db()
    assert (refund.state, sent()) == ("refused", [])
    assert refund.transitions.get().reason == "fel gåva"


@pytest.mark.parametrize(
    ("amount", "said"), [("2501", "Det är mer än"), ("0", "över noll"), ("1,000", "utan punkt")]
)
def test_wrong_sum_is_refused_and_changes_nothing(
    amount: str, said: str, card: Gift, david: Client
) -> None:
    before = rows()

    for sure in ("", "1"):
        answer = ask(david, card, amount, sure=sure)
        assert answer.status_code == 422
        assert said in answer.content.decode()

    assert rows() == before


def test_gift_that_has_not_come_is_not_paid_back(campaign: Campaign, david: Client) -> None:
    gift = swish_gift(campaign)
    before = rows()

    answer = ask(david, gift, "100")

    assert answer.status_code == 422
    assert rows() == before


@pytest.mark.parametrize("name", ["reader", "cecilia"])
def test_others_ask_approve_and_refuse_nothing(
    name: str, card: Gift, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(name)
    refund = refunds.request_refund(card.pk, amount_ore=1_500_00, reason="x", by="staff:99")
    before = rows()

    codes = [
        ask(client, card, "10", seen=1).status_code,
        answer(client, refund).status_code,
        answer(client, refund, "no", "x").status_code,
        client.post(
            f"/staff/refunds/{refund.ref}/confirm/", {"seen_on": TODAY, "proof": "1"}
        ).status_code,
    ]

    refund.refresh_from_db()
    assert (codes, refund.state) == ([403] * 4, "awaiting_second")
    assert rows() == before


def test_a_reason_that_a_person_is_found_by_is_refused(
    card: Gift, david: Client, log_in: LogIn
) -> None:
    dana = log_in("dana", "treasurer")
    before, form = rows(), {"amount_ore": "10", "seen": 0, "sure": "1"}
    refused = david.post(
        f"/staff/gifts/{card.ref}/refund/", {**form, "reason": "ring 070-174 06 05"}
    )
    assert refused.status_code == 422
    assert "Utelämna e-postadresser, telefonnummer" in refused.content.decode()
    assert rows() == before

    ask(david, card, "1500")
    refund = Refund.objects.get()
    no = answer(dana, refund, "no", "anna@example.se vet inget")
    assert (no.status_code, "Utelämna e-postadresser" in no.content.decode()) == (422, True)
    refund.refresh_from_db()
    assert refund.state == "awaiting_second"


def test_refund_by_hand_is_booked_when_the_slip_shows_it(campaign: Campaign, david: Client) -> None:
    gift = cash_gift(campaign, 400_00, proof="slip 1")
    ask(david, gift, "100")
    refund = Refund.objects.get()
    form = {"seen_on": TODAY, "proof": "slip 2"}

    david.post(f"/staff/refunds/{refund.ref}/confirm/", form)
    david.post(f"/staff/refunds/{refund.ref}/confirm/", {**form, "proof": "slip 3"})

    refund.refresh_from_db()
    gift.refresh_from_db()
    assert (refund.state, gift.refunded_ore) == ("settled", 100_00)
    assert booked() == [
        ("manual:slip 1", "cash", "gifts", 400_00),
        ("manual:refund:slip 2", "gifts", "cash", 100_00),
    ]


def test_refund_on_a_card_is_never_confirmed_by_hand(card: Gift, david: Client) -> None:
    ask(david, card, "200")
    refund = Refund.objects.get()
    before = rows()

    answer = david.post(
        f"/staff/refunds/{refund.ref}/confirm/", {"seen_on": TODAY, "proof": "slip 2"}
    )

    assert (answer.status_code, Refund.objects.get().state) == (422, "queued")
    assert rows() == before


def test_gift_page_tells_the_refund_and_its_journal(campaign: Campaign, david: Client) -> None:
    gift = cash_gift(campaign, 400_00, proof="slip 1")
    ask(david, gift, "100")
    refund = Refund.objects.get()
    david.post(f"/staff/refunds/{refund.ref}/confirm/", {"seen_on": TODAY, "proof": "slip 2"})

    answer = david.get(f"/staff/gifts/{gift.ref}/")

    sources = [journal.source for journal in answer.context["journals"]]
    assert sources == ["manual:slip 1", "manual:refund:slip 2"]
    assert "Återbetalning av 100\u202fkr: återbetald" in answer.content.decode()


def test_a_refund_that_the_bank_sent_back_is_booked_as_owed_once(
    campaign: Campaign, david: Client
) -> None:
    gift = cash_gift(campaign)
    refund = refunds.request_refund(gift.pk, amount_ore=50_00, reason="fel", by="staff:1")
    Refund.objects.filter(pk=refund.pk).update(state="failed", failure="returned_by_bank")
    path = reverse("console:refund", args=[refund.ref])
    assert "Bokför som skuld" not in david.get(path).content.decode(), "nobody waits for it"
    told = exceptions.open_("returned", f"refund:{refund.ref}", entity_id=gift.entity_id)
    text = david.get(path).content.decode()
    assert "Banken skickade tillbaka pengarna: kontot är fel eller avslutat." in text
    assert "Begär den igen" in text
    for said in ("Den är bokförd som skuld", "Någon har redan rett ut det"):
        assert said in david.post(f"{path}owe/", follow=True).content.decode()
    assert Hold.objects.get().amount_ore == 50_00
    page = david.get(reverse("console:exception", args=[told.ref])).content.decode()
    assert "Bokförd som skuld" in page
    assert "En återbetalning som kom tillbaka" in david.get("/staff/party/held/").content.decode()
