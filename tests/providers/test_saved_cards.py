"""What happens to a card that is kept: disputed, replaced, asked about, running out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from donors import services as donors
from fundraise import clock
from fundraise.gifts.giver import Giver
from fundraise.jobs.models import JobRun
from fundraise.outbox.models import OutboxEvent
from fundraise.pledges import states
from fundraise.pledges.models import Collection, Notice, Pledge
from fundraise.pledges.services import changing, for_donors, linking, planning
from fundraise.providers import card_pages, charging, defence, kept_cards, pausing
from fundraise.providers.card_pages import NotNow
from fundraise.providers.defence import Verdict
from fundraise.providers.models import CardPage, KeptCard
from fundraise.providers.tasks import sweep_draws, tidy
from tests.providers.monthly import Monthly
from tests.providers.test_monthly_cards import decline
from tests.stripe_stand_in import CARD_3DS, CARD_DECLINED

MASTERCARD = "5555555555554444"


@pytest.fixture(autouse=True)
def _heard(settings: Any) -> None:
    """Somebody hears the facts that mails are made of."""
    heard = ["tests.providers.test_saved_cards.hear"]
    for kind in ("CardActionNeeded", "CardExpiring", "PledgeHalted"):
        settings.OUTBOX_SUBSCRIBERS = {**settings.OUTBOX_SUBSCRIBERS, kind: heard}


def hear(_subject_id: int) -> None:
    """A subscriber."""


def told(kind: str) -> list[int]:
    return list(OutboxEvent.objects.filter(kind=kind).values_list("subject_id", flat=True))


# --- 8: disputes ----------------------------------------------------------------------------------
@pytest.mark.parametrize("part", [None, 50_00])
def test_08_a_dispute_of_any_month_ends_the_pledge(monthly: Monthly, part: int | None) -> None:
    pledge = monthly.pledge()
    draw = monthly.draw(pledge)
    monthly.journey.catch_up()
    intent = monthly.intents(pledge)[0]["id"]
    monthly.journey.stand_in.open_dispute(payment_intent=intent, amount=part)
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    draw.refresh_from_db()
    assert draw.gift is not None
    assert (pledge.state, pledge.end_reason) == ("ended", "dispute")
    assert draw.gift.disputed_ore == (part or 200_00)
    assert not pledge.instalments.filter(state="planned").exists()
    monthly.on(clock.today() + timedelta(days=70))
    planning.plan(clock.today())
    assert charging.due(clock.today()) == []


@pytest.mark.parametrize("end", ["win", "lose"])
def test_08_won_or_lost_a_dispute_wakes_nothing(monthly: Monthly, end: str) -> None:
    pledge = monthly.pledge()
    session = monthly.journey.stand_in.objects("checkout.session")[0]["id"]
    dispute = monthly.journey.stand_in.open_dispute(session=session)
    monthly.journey.catch_up()
    if end == "win":
        monthly.journey.stand_in.win_dispute(dispute["id"])
    else:
        monthly.journey.stand_in.lose_dispute(dispute["id"])
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "dispute")
    left = 200_00 if end == "win" else 0
    assert monthly.journey.thermometer()[0] == left


def test_08_an_inquiry_of_the_bank_ends_it_too_and_the_queued_draw_with_it(
    monthly: Monthly,
) -> None:
    pledge = monthly.pledge()
    monthly.on(monthly.next_due(pledge).due_on)
    [queued] = charging.due(clock.today())
    session = monthly.journey.stand_in.objects("checkout.session")[0]["id"]
    monthly.journey.stand_in.open_dispute(session=session, inquiry=True)
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    assert charging.charge(queued) is False
    assert (pledge.state, monthly.intents(pledge)) == ("ended", [])


def test_a_draw_given_back_whole_from_the_dashboard_is_given_back_here(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    draw = monthly.draw(pledge)
    intent = monthly.intents(pledge)[0]["id"]
    monthly.journey.stand_in.refund(payment_intent=intent, amount=50_00)
    monthly.journey.catch_up()
    draw.refresh_from_db()
    assert draw.state == "paid"
    rest = monthly.journey.stand_in.refund(payment_intent=intent)
    monthly.journey.catch_up()
    draw.refresh_from_db()
    pledge.refresh_from_db()
    assert (draw.state, pledge.state) == ("refunded", "active")
    assert monthly.journey.thermometer() == (200_00, 1, 1)
    settled_at = draw.settled_at
    monthly.journey.stand_in.fail_refund(rest["id"])  # the card is closed: the money is here again
    monthly.journey.catch_up()
    draw.refresh_from_db()
    assert (draw.state, draw.settled_at) == ("paid", settled_at)
    assert monthly.journey.thermometer() == (350_00, 2, 1)


# --- A draw that its bank asks about --------------------------------------------------------------
def asked(monthly: Monthly) -> tuple[Pledge, Collection]:
    """A month that needs the donor."""
    pledge = monthly.pledge()
    decline(monthly, pledge, "authentication_required")
    return pledge, monthly.draw(pledge)


def test_a_draw_that_needs_its_owner_is_told_once_and_paid_on_a_page(monthly: Monthly) -> None:
    pledge, draw = asked(monthly)
    monthly.journey.catch_up()
    assert (draw.state, draw.instalment.state) == ("failed", "missed")
    assert told("CardActionNeeded") == [draw.pk]
    page = card_pages.confirm(draw.pk, language="sv")
    assert card_pages.confirm(draw.pk, language="sv") == page
    monthly.journey.stand_in.pay(page.url, CARD_3DS)
    monthly.journey.catch_up()
    draw.refresh_from_db()
    assert (draw.state, draw.instalment.state) == ("paid", "paid")
    assert monthly.gifts() == [("card", 200_00), ("card", 200_00)]
    assert CardPage.objects.get().state == "done"
    with pytest.raises(NotNow, match="paid"):
        card_pages.confirm(draw.pk, language="sv")
    card = monthly.card(pledge)
    assert (card.state, card.account_hint, pledge.mandates.count()) == ("active", "Visa 3155", 2)
    later = monthly.draw(pledge)
    assert later.state == "paid"


def test_a_page_whose_messages_are_lost_is_asked_about(monthly: Monthly) -> None:
    pledge, draw = asked(monthly)
    page = card_pages.confirm(draw.pk, language="sv")
    monthly.journey.stand_in.pay(page.url, CARD_3DS)
    card_pages.check(CardPage.objects.select_related("account").get())
    draw.refresh_from_db()
    assert (draw.state, pledge.mandates.count()) == ("paid", 2)


def test_declined_on_the_page_it_may_be_tried_again_and_is_counted(monthly: Monthly) -> None:
    _, draw = asked(monthly)
    page = card_pages.confirm(draw.pk, language="sv")
    assert monthly.journey.stand_in.pay(page.url, CARD_DECLINED) == page.url
    monthly.journey.catch_up()
    draw.refresh_from_db()
    assert (draw.state, CardPage.objects.get().declines) == ("failed", 1)
    monthly.journey.stand_in.pay(page.url)
    monthly.journey.catch_up()
    draw.refresh_from_db()
    assert draw.state == "paid"


def test_a_month_that_the_donor_pays_while_its_new_try_waits_is_not_tried_again(
    monthly: Monthly,
) -> None:
    monthly.on(date(2026, 11, 5))
    pledge = monthly.pledge(day=1)
    decline(monthly, pledge, "card_declined", "insufficient_funds")
    draw = monthly.draw(pledge)
    assert draw.instalment.state == "planned"
    page = card_pages.confirm(draw.pk, language="sv")
    monthly.journey.stand_in.pay(page.url)
    monthly.journey.catch_up()
    draw.instalment.refresh_from_db()
    assert draw.instalment.state == "paid"
    Notice.objects.filter(kind="retry").update(sent_at=clock.now())
    monthly.on(draw.instalment.due_on)
    assert charging.due(clock.today()) == []
    assert monthly.gifts() == [("card", 200_00), ("card", 200_00)]


# --- 10: an open page and the scheduler -----------------------------------------------------------
def waiting_retry(monthly: Monthly) -> tuple[Pledge, Collection, str, int]:
    """A page is open for a month whose announced new try is due now: its queued draw too."""
    monthly.on(date(2026, 11, 5))
    pledge = monthly.pledge(day=1)
    decline(monthly, pledge, "card_declined", "insufficient_funds")
    draw = monthly.draw(pledge)
    Notice.objects.filter(kind="retry").update(sent_at=clock.now())
    monthly.journey.stand_in.decline_from_now(monthly.card(pledge).method_ref, code=None)
    monthly.on(draw.instalment.due_on)
    page = card_pages.confirm(draw.pk, language="sv")
    [queued] = charging.due(clock.today())
    return pledge, draw, page.url, queued


def test_10_an_open_page_is_expired_before_the_draw(monthly: Monthly) -> None:
    _, _, url, queued = waiting_retry(monthly)
    assert charging.charge(queued) is True
    page = CardPage.objects.get()
    shown = {
        one["id"]: one["status"] for one in monthly.journey.stand_in.objects("checkout.session")
    }
    assert (page.state, shown[page.session_id or ""]) == ("closed", "expired")
    assert "/c/pay/" in monthly.journey.stand_in.pay(url)
    monthly.journey.catch_up()
    assert monthly.gifts() == [("card", 200_00), ("card", 200_00)]


def test_10_a_page_that_was_paid_a_moment_before_leaves_nothing_to_draw(monthly: Monthly) -> None:
    pledge, draw, url, queued = waiting_retry(monthly)
    monthly.journey.stand_in.pay(url)  # no message has come
    assert charging.charge(queued) is False
    monthly.journey.catch_up()
    draw.instalment.refresh_from_db()
    assert draw.instalment.state == "paid"
    assert monthly.gifts() == [("card", 200_00), ("card", 200_00)]
    drawn = [one for one in monthly.intents(pledge) if one["status"] == "succeeded"]
    assert len(drawn) == 1


def test_10_a_page_that_nobody_can_close_holds_the_draw_back(monthly: Monthly) -> None:
    pledge, _, _, queued = waiting_retry(monthly)
    monthly.journey.stand_in.fault("error", count=2, path="/v1/checkout/sessions", method="*")
    assert charging.charge(queued) is False
    assert Collection.objects.get(pk=queued).state == "queued"
    assert charging.charge(queued) is True
    assert len([one for one in monthly.intents(pledge) if one["status"] == "succeeded"]) == 1


def test_10_while_a_draw_is_out_no_page_of_its_month_is_opened(monthly: Monthly) -> None:
    _, draw, _, queued = waiting_retry(monthly)
    monthly.journey.stand_in.fault("lose", count=2, path="/v1/payment_intents", method="POST")
    charging.charge(queued)
    with pytest.raises(NotNow, match="waiting"):
        card_pages.confirm(draw.pk, language="sv")


# --- 14: replaced by the network ------------------------------------------------------------------
def test_14_a_card_that_the_network_replaced_before_the_mail_needs_nothing_of_its_owner(
    monthly: Monthly,
) -> None:
    pledge = monthly.pledge()
    decline(monthly, pledge, "expired_card")
    monthly.draw(pledge)
    pledge.refresh_from_db()
    assert pledge.state == "halted"
    assert told("PledgeHalted") == [pledge.pk]  # and nobody has worked on it yet
    method = monthly.card(pledge).method_ref
    monthly.journey.stand_in.update_card(method, exp_year=2033, exp_month=5, last4="1881")
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    card = monthly.card(pledge)
    assert (pledge.state, card.state, card.account_hint) == ("active", "active", "Visa 1881")
    assert card.card_expires_on == date(2033, 5, 31)
    planning.plan(clock.today())
    monthly.on(monthly.next_due(pledge).due_on - timedelta(days=16))
    planning.announce_due(clock.today())
    Notice.objects.filter(kind="resume", sent_at=None).update(sent_at=clock.now())
    assert monthly.draw(pledge).state == "paid"


def test_14_a_replaced_card_changes_its_hint_in_silence(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    method = monthly.card(pledge).method_ref
    monthly.journey.stand_in.update_card(method, exp_year=2040, last4="0001")
    monthly.journey.catch_up()
    card = monthly.card(pledge)
    assert (card.account_hint, card.card_expires_on) == ("Visa 0001", date(2040, 12, 31))
    assert (pledge.mandates.count(), told("PledgeHalted")) == (1, [])


# --- Another card by the donor --------------------------------------------------------------------
def test_another_card_is_saved_without_money_and_drawn_on_next(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    page = card_pages.replace_card(pledge.pk, language="sv")
    monthly.journey.stand_in.pay(page.url, MASTERCARD)
    monthly.journey.catch_up()
    old, new = pledge.mandates.order_by("pk")
    assert (old.state, new.state, new.account_hint) == ("ended", "active", "Mastercard 4444")
    assert monthly.gifts() == [("card", 200_00)]
    assert pledge.changes.get(kind="account").channel == "card_page"
    draw = monthly.draw(pledge)
    assert (draw.mandate, draw.state) == (new, "paid")
    monthly.journey.stand_in.replay(since=10_000)
    monthly.journey.catch_up()
    assert pledge.mandates.count() == 2


def test_a_halted_pledge_goes_on_with_another_card_announced(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    decline(monthly, pledge, "card_declined", "lost_card")
    monthly.draw(pledge)
    planning.plan(clock.today())
    page = card_pages.replace_card(pledge.pk, language="sv")
    monthly.journey.stand_in.pay(page.url, MASTERCARD)
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    assert pledge.state == "active"
    notice = Notice.objects.get(kind="resume")
    assert notice.first_on == monthly.next_due(pledge).due_on


def test_the_donors_other_gifts_on_the_same_card_follow_when_they_are_named(
    monthly: Monthly,
) -> None:
    one, two, three = (monthly.pledge() for _ in range(3))
    assert kept_cards.on_the_same_card(one) == [two, three]
    page = card_pages.replace_card(one.pk, language="sv", also=[two.pk, 10**9])
    monthly.journey.stand_in.pay(page.url, MASTERCARD)
    monthly.journey.catch_up()
    hints = [monthly.card(pledge).account_hint for pledge in (one, two, three)]
    assert hints == ["Mastercard 4444", "Mastercard 4444", "Visa 4242"]
    assert monthly.draw(two).state == "paid"


def test_a_stranger_with_the_same_card_does_not_follow(monthly: Monthly) -> None:
    from tests.journey import BJORN

    mine = monthly.pledge()
    monthly.pledge(giver=BJORN)
    assert kept_cards.on_the_same_card(mine) == []


def test_a_page_that_nobody_finished_is_closed_and_changes_nothing(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    card_pages.replace_card(pledge.pk, language="sv")
    monthly.on(clock.today() + timedelta(days=1))
    sweep_draws()
    monthly.journey.catch_up()
    assert (CardPage.objects.get().state, pledge.mandates.count()) == ("closed", 1)


def test_a_draw_on_the_old_card_that_waits_is_made_on_the_new_one(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    page = card_pages.replace_card(pledge.pk, language="sv")
    monthly.on(monthly.next_due(pledge).due_on)
    [queued] = charging.due(clock.today())
    page = card_pages.replace_card(pledge.pk, language="sv")
    monthly.journey.stand_in.pay(page.url, MASTERCARD)
    monthly.journey.catch_up()
    assert Collection.objects.get(pk=queued).state == "cancelled"
    [again] = charging.due(clock.today())
    assert charging.charge(again) is True
    assert Collection.objects.get(pk=again).mandate.account_hint == "Mastercard 4444"
    assert len(monthly.intents(pledge)) == 1


def test_there_is_no_page_for_what_has_ended_or_has_no_card(monthly: Monthly) -> None:
    pledge, draw = asked(monthly)
    changing.stop(pledge.pk, changing.wish())
    with pytest.raises(NotNow, match="ended"):
        card_pages.confirm(draw.pk, language="sv")
    with pytest.raises(NotNow, match="ended"):
        card_pages.replace_card(pledge.pk, language="sv")
    with pytest.raises(NotNow, match="no_card"):
        card_pages.replace_card(monthly.wish().pk, language="sv")
    assert CardPage.objects.count() == 0


# --- The door -------------------------------------------------------------------------------------
def test_the_page_for_another_card_has_the_same_door_as_a_gift(
    monthly: Monthly, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fundraise.providers import watch

    pledge = monthly.pledge()
    settings.LIMITS = {**settings.LIMITS, "card-page": (2, 86_400)}
    said = [defence.admit_page(pledge, bytes([n]) * 32, address="192.0.2.1") for n in range(3)]
    assert said == [Verdict.OK, Verdict.OK, Verdict.WAIT]
    other = monthly.pledge()
    monkeypatch.setattr(watch, "is_on_guard", lambda account: True)
    assert defence.admit_page(other, b"f" * 32, address="192.0.2.2") is Verdict.PROVE
    pausing.pause(None, reason="attack", by="staff:david")
    assert defence.admit_page(other, b"f" * 32, address="192.0.2.2") is Verdict.CLOSED


def test_cards_tested_on_the_page_for_another_card_open_the_breaker(
    monthly: Monthly, settings: Any
) -> None:
    settings.BREAKER_LEAST = 3
    pledge = monthly.pledge()
    page = card_pages.replace_card(pledge.pk, language="sv")
    for _ in range(settings.MOST_DECLINES):
        monthly.journey.stand_in.pay(page.url, CARD_DECLINED)
    monthly.journey.catch_up()
    assert CardPage.objects.get().declines == settings.MOST_DECLINES
    from fundraise.providers.tasks import close_worn_out_page

    close_worn_out_page(CardPage.objects.get().pk)
    assert CardPage.objects.get().state == "closed"
    assert monthly.card(pledge).account_hint == "Visa 4242"


# --- Running out ----------------------------------------------------------------------------------
def test_a_card_that_runs_out_is_told_once_a_month_before(monthly: Monthly) -> None:
    pledge = monthly.pledge()
    card = monthly.card(pledge)
    monthly.on(date(2034, 11, 29))
    assert kept_cards.warn(clock.today()) == 0
    monthly.on(date(2034, 11, 30))
    assert kept_cards.warn(clock.today()) == 1
    assert kept_cards.warn(clock.today()) == 0
    assert told("CardExpiring") == [card.pk]
    changing.stop(pledge.pk, changing.wish())
    monthly.on(date(2034, 12, 20))
    assert kept_cards.warn(clock.today()) == 0


# --- Forgetting -----------------------------------------------------------------------------------
def test_the_card_of_a_forgotten_donor_is_forgotten_at_the_provider_too(
    monthly: Monthly, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge, other = monthly.pledge(), monthly.pledge(giver=Giver(name="Eva", email="eva@x.example"))
    linking.link_donor(pledge.pk)
    assert monthly.draw(pledge).state == "paid"
    mine, theirs = monthly.card(pledge).customer_ref, monthly.card(other).customer_ref
    pledge.refresh_from_db()
    assert pledge.donor is not None
    assert kept_cards.payers_to_forget() == []
    donors.forget_donor(donor_ref=pledge.donor.ref, by="staff:1", reason="request 7")
    assert kept_cards.payers_to_forget() == []  # its mandate still stands
    for_donors.follow(pledge.donor.pk)
    with monkeypatch.context() as patch:  # a draw whose answer was lost may have to be looked for
        patch.setattr(states, "OPEN_COLLECTION", ["paid"])
        assert kept_cards.payers_to_forget() == []
    tidy()
    customers = {one["id"] for one in monthly.journey.stand_in.objects("customer")}
    assert customers & {mine, theirs} == {theirs}
    kept = KeptCard.objects.get(mandate__pledge=pledge)
    assert kept.forgotten_at is not None
    assert kept_cards.payers_to_forget() == []
    kept_cards.forget_payer(kept)  # once more is harmless
    assert JobRun.objects.get(name="nightly-tidy").state == "done"
