"""The door before a gift, and what the providers' facts tell the breaker."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fundraise.audit.models import ChangeLine
from fundraise.gifts import services as gifts
from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from fundraise.limits import passes, work
from fundraise.limits.models import Breaker
from fundraise.providers import defence, pausing, queries, tasks, watch
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.defence import Verdict
from fundraise.providers.models import Account, Attempt, Pause
from fundraise.providers.services import GiftRequest, start_gift
from tests.journey import BJORN, Journey
from tests.stripe_stand_in import CARD_DECLINED, CARD_NO_FUNDS, CARD_OK

FORM = b"f" * 32
CARD_STOLEN = "4000000000009979"
CARD_BLOCKED = "4100000000000019"
NET = "192.0.2."
WIDE = "192.0."


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    settings.PROOF_COST, settings.PROOF_ROUNDS = 5, 9
    settings.BREAKER_DECLINES, settings.MOST_DECLINES = 5, 4


def figures(journey: Journey) -> dict[str, int]:
    from fundraise import clock
    from fundraise.limits import tally

    lately = clock.real_now() - timedelta(hours=1)
    return tally.totals(watch.scope_of(journey.account.pk), lately)


def attack(journey: Journey, times: int, card: str = CARD_DECLINED) -> list[Gift]:
    """So many gifts begun, each with one declined try."""
    gifts = [journey.give(20_00, card) for _ in range(times)]
    journey.catch_up()
    return gifts


def asked(journey: Journey, *, form: bytes = FORM, **changes: Any) -> GiftRequest:
    return journey.request(submission=form, **changes)


def admit(request: GiftRequest, host: int = 1, proof: str = "") -> Verdict:
    return defence.admit(request, address=f"{NET}{host}", proof=proof)


def solved(form: bytes = FORM) -> str:
    made = defence.challenge(form, address=f"{NET}1")
    assert made is not None
    return work.solve(made)


# --- What is counted ------------------------------------------------------------------------------
def test_begun_declined_and_paid_are_counted_where_they_happen(journey: Journey) -> None:
    journey.given()
    attack(journey, 2)
    assert figures(journey) == {"begun": 3, "declined": 2, "paid": 1}


def test_declines_for_fraud_are_told_from_a_givers_own(journey: Journey) -> None:
    own, stolen, blocked = (
        attack(journey, 1, card)[0] for card in (CARD_NO_FUNDS, CARD_STOLEN, CARD_BLOCKED)
    )
    suspects = Attempt.objects.filter(suspect=True).values_list("gift_id", flat=True)
    assert set(suspects) == {stolen.pk, blocked.pk}
    assert own.pk not in suspects
    assert (figures(journey)["declined"], figures(journey)["fraud"]) == (3, 2)


def test_a_suspect_who_pays_in_the_end_is_none(journey: Journey) -> None:
    (gift,) = attack(journey, 1, CARD_STOLEN)
    journey.stand_in.pay(journey.url(gift), CARD_OK)
    journey.catch_up()
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.suspect, attempt.declines) == ("paid", False, 1)


def test_a_page_with_too_many_declines_is_closed(journey: Journey) -> None:
    gift = journey.start()
    for _ in range(4):
        journey.stand_in.pay(journey.url(gift), CARD_DECLINED)
    journey.catch_up()
    tasks.close_worn_out(Attempt.objects.get().pk)
    gift.refresh_from_db()
    assert (gift.state, Attempt.objects.get().state) == ("expired", "closed")
    assert [one["status"] for one in journey.stand_in.objects("checkout.session")] == ["expired"]


def test_a_page_with_fewer_declines_stays_and_the_sweep_closes_what_the_task_lost(
    journey: Journey,
) -> None:
    gift = journey.start()
    for declines, state in ((3, "open"), (4, "closed")):
        while Attempt.objects.get().declines < declines:
            journey.stand_in.pay(journey.url(gift), CARD_DECLINED)
            journey.catch_up()
        tasks.sweep_attempts()
        assert Attempt.objects.get().state == state


def test_a_gift_has_so_many_pages_and_no_more(journey: Journey) -> None:
    for _ in range(5):
        gift = journey.start(submission=FORM)
        Attempt.objects.filter(gift=gift).update(state="closed")
    spent = start_gift(journey.request(submission=FORM))
    assert (spent.redirect_url, Attempt.objects.count()) == ("", 5)


CODES = [
    "generic_decline", "insufficient_funds", "lost_card", "stolen_card", "fraudulent",
    "expired_card", "incorrect_cvc", "processing_error", "card_declined", "velocity",
]  # fmt: skip


@pytest.mark.parametrize("card", [CARD_DECLINED, CARD_NO_FUNDS, CARD_STOLEN, CARD_BLOCKED])
def test_no_public_page_says_why_a_bank_said_no(journey: Journey, card: str) -> None:
    (gift,) = attack(journey, 1, card)
    told = ""
    for path in (f"/gava/{gift.ref}/", f"/en/gift/{gift.ref}/"):
        answer = journey.http.get(path)
        assert answer.status_code == 200
        told += answer.content.decode() + str(answer.headers)
        asked = journey.http.post(
            f"{path}{'check' if '/en/' in path else 'kontrollera'}/",
            headers={"Accept": "application/json"},
        )
        told += asked.content.decode()
    assert "Banken sa nej" in told
    assert [code for code in CODES if code in told.lower() or code.replace("_", " ") in told] == []


# --- The breaker ----------------------------------------------------------------------------------
def test_declines_open_the_breaker_with_one_alarm(journey: Journey) -> None:
    attack(journey, 4)
    assert not watch.is_on_guard(journey.account)
    attack(journey, 3)
    assert watch.is_on_guard(journey.account)
    (alarm,) = Alarm.objects.filter(code="card-testing")
    assert alarm.subject == "demo"
    assert alarm.text.startswith("Card testing? 5 declined, 0 paid, 7 begun in 10 minutes.")
    assert Attempt.objects.filter(suspect=True).count() == 7


def test_calm_closes_it_and_its_alarm(journey: Journey, settings: Any) -> None:
    from datetime import timedelta

    from fundraise.limits.models import Tally

    attack(journey, 5)
    tasks.watch_breakers()
    assert watch.is_on_guard(journey.account)
    Tally.objects.all().delete()
    Breaker.objects.update(bad_at=Breaker.objects.get().bad_at - timedelta(minutes=31))
    tasks.watch_breakers()
    assert not watch.is_on_guard(journey.account)
    assert Alarm.objects.get(code="card-testing").resolved_at is not None


def test_givers_in_number_open_nothing(journey: Journey) -> None:
    for _ in range(6):
        journey.given()
    attack(journey, 5)
    assert Breaker.objects.count() == 0
    assert not Attempt.objects.filter(suspect=True).exists()


# --- The door -------------------------------------------------------------------------------------
def test_in_calm_the_door_is_open_and_asks_for_no_proof(journey: Journey) -> None:
    assert admit(asked(journey)) is Verdict.OK
    assert not defence.proof_asked(journey.party.pk)


def test_under_attack_a_proof_for_this_form_opens_it_once(journey: Journey) -> None:
    attack(journey, 5)
    request, other = asked(journey), asked(journey, form=b"o" * 32)
    assert defence.proof_asked(journey.party.pk)
    assert admit(request) is Verdict.PROVE
    proof = solved()
    assert admit(other, proof=proof) is Verdict.PROVE
    assert admit(request, proof=proof) is Verdict.OK
    assert admit(request, proof=proof) is Verdict.OK  # the double click: the same gift
    assert admit(replace(request, amount_ore=500_00), proof=proof) is Verdict.PROVE
    assert admit(replace(request, amount_ore=500_00), proof=solved()) is Verdict.OK


def test_a_proof_is_not_good_for_a_second_gift_with_the_same_words(journey: Journey) -> None:
    attack(journey, 5)
    request, proof = asked(journey), solved()
    assert admit(request, proof=proof) is Verdict.OK
    started = start_gift(request)
    assert admit(request, proof=proof) is Verdict.OK  # a reload: the gift that waits
    gifts.end_gift(Gift.objects.get(ref=started.gift_ref).pk, new=Gift.State.EXPIRED, by="x")
    assert admit(request, proof=proof) is Verdict.PROVE
    assert admit(request, proof=solved()) is Verdict.OK


def test_a_mailed_pass_opens_it_once(journey: Journey) -> None:
    attack(journey, 5)
    mailed = passes.new_pass()
    assert admit(asked(journey), proof=mailed) is Verdict.OK
    assert admit(asked(journey, form=b"o" * 32), proof=mailed) is Verdict.PROVE


def test_another_entity_and_a_plain_number_are_not_drawn_in(journey: Journey) -> None:
    attack(journey, 5)
    Account.objects.create(
        entity=journey.party, provider="swish_number", slug="n", name="S", external_id="123"
    )
    assert admit(asked(journey, method="swish_number")) is Verdict.OK
    assert not defence.proof_asked(journey.party.pk, "swish_number")


@pytest.mark.parametrize(
    ("name", "same", "other"),
    [
        ("give-form", {}, {"form": b"o" * 32}),
        ("give-email", {}, {"giver": replace(BJORN, email="anna@example.org")}),
    ],
)
def test_a_form_and_an_address_have_allowances_of_their_own(
    journey: Journey, settings: Any, name: str, same: dict[str, Any], other: dict[str, Any]
) -> None:
    settings.LIMITS = {**settings.LIMITS, name: (2, 600)}
    assert [admit(asked(journey, **same)) for _ in range(3)] == [Verdict.OK] * 2 + [Verdict.WAIT]
    assert admit(asked(journey, **other)) is Verdict.OK


def test_an_address_is_the_same_however_it_is_written(journey: Journey, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "give-email": (1, 600)}
    assert admit(asked(journey)) is Verdict.OK
    shouted = replace(BJORN, email=" BJORN@example.org ")
    assert admit(asked(journey, giver=shouted)) is Verdict.WAIT


def test_a_block_and_a_wide_block_have_allowances_of_their_own(
    journey: Journey, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "give": (2, 600), "give-wide": (3, 600)}

    def from_(address: str) -> Verdict:
        return defence.admit(asked(journey), address=address)

    assert [from_(f"{NET}{n}") for n in (1, 2, 3)] == [Verdict.OK] * 2 + [Verdict.WAIT]
    assert from_(f"{WIDE}3.1") is Verdict.OK
    assert from_(f"{WIDE}4.1") is Verdict.WAIT
    assert from_("198.51.100.1") is Verdict.OK


def test_waiting_spends_no_proof(journey: Journey, settings: Any) -> None:
    attack(journey, 5)
    settings.LIMITS = {**settings.LIMITS, "give": (0, 600)}
    proof = solved()
    assert admit(asked(journey), proof=proof) is Verdict.WAIT
    settings.LIMITS = {**settings.LIMITS, "give": (30, 600)}
    assert admit(replace(asked(journey), amount_ore=500_00), proof=proof) is Verdict.OK


def test_a_block_may_ask_for_so_many_challenges(journey: Journey, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "prove": (1, 600)}
    assert solved()
    assert defence.challenge(FORM, address=f"{NET}77") is None
    assert defence.challenge(FORM, address="198.51.100.1") is not None


def test_refusals_are_counted_for_the_staff(journey: Journey, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "give": (0, 600)}
    admit(asked(journey))
    assert figures(journey) == {"wait": 1}


# --- The switch -----------------------------------------------------------------------------------
@pytest.mark.parametrize("whole", [False, True])
def test_closed_card_gifts_begin_nothing_and_close_what_is_open(
    journey: Journey, whole: bool
) -> None:
    gift = journey.start()
    account = None if whole else journey.account
    assert pausing.pause(account, reason="Attack", by="staff:1")
    assert not pausing.pause(account, reason="Again", by="staff:2")
    assert admit(asked(journey)) is Verdict.CLOSED
    assert queries.ways(journey.party.pk) == []
    assert defence.cards_closed(journey.party.pk)
    with pytest.raises(ProviderUnavailable):
        journey.start()
    assert Gift.objects.count() == 1
    tasks.sweep_attempts()
    gift.refresh_from_db()
    assert gift.state == "expired"
    assert pausing.resume(account, by="staff:2")
    assert not pausing.resume(account, by="staff:2")
    assert admit(asked(journey)) is Verdict.OK
    kept = Pause.objects.values_list("reason", "paused_by", "resumed_by").get()
    assert kept == ("Attack", "staff:1", "staff:2")
    logged = list(ChangeLine.objects.filter(action__startswith="giving.").order_by("pk"))
    subject = "house" if whole else "demo"
    assert [(line.action, line.by, line.subject_ref, line.reason) for line in logged] == [
        ("giving.paused", "staff:1", subject, "Attack"),
        ("giving.resumed", "staff:2", subject, ""),
    ]


def test_a_gift_that_is_paid_as_cards_close_is_taken(journey: Journey) -> None:
    gift = journey.give(200_00)
    pausing.pause(None, reason="Attack", by="staff:1")
    tasks.sweep_attempts()
    gift.refresh_from_db()
    assert (gift.state, journey.thermometer()) == ("received", (200_00, 1, 1))


def test_another_account_and_a_plain_number_stay_open(journey: Journey) -> None:
    number = Account.objects.create(
        entity=journey.party, provider="swish_number", slug="n", name="S", external_id="1231231231"
    )
    Account.objects.create(
        entity=journey.party, provider="manual", slug="m", name="Giro", external_id="123-4567"
    )
    pausing.pause(journey.account, reason="Attack", by="staff:1")
    assert not pausing.is_paused(number)
    assert [way.method for way in queries.ways(journey.party.pk)] == ["swish_number"]
    assert admit(asked(journey, method="swish_number")) is Verdict.OK
    assert [(one.kind, one.number) for one in queries.numbers(journey.party.pk)] == [
        ("bankgiro", "123-4567"),
        ("swish", "1231231231"),
    ]


def test_closing_needs_a_reason(journey: Journey) -> None:
    with pytest.raises(ValueError, match="reason"):
        pausing.pause(None, reason=" ", by="staff:1")
    assert Pause.objects.count() == 0
