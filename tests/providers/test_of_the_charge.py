"""What comes of a charge goes where its money is, and is booked whole."""

from __future__ import annotations

from fundraise import clock
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.providers import services, settle
from fundraise.providers.facts import DisputeFact, Fact, LineSeen, MoneySeen, RefundFact
from fundraise.providers.models import Attempt
from tests.journey import Journey
from tests.providers.monthly import ANNA, Monthly


def test_what_comes_of_a_second_charge_never_touches_the_gift(journey: Journey) -> None:
    """Sent back from the Dashboard, or disputed: its page, too, was one of the gift's attempts."""
    gift, now = journey.given(200_00), clock.now()
    kept = Attempt.objects.get(gift=gift)
    kept.pk, kept.number, kept.idempotency_key = None, 2, "second"
    kept.session_id, kept.intent_id = "cs_2", "pi_2"
    kept.save(force_insert=True)
    charged = LineSeen("txn_c", "charge", 200_00, 0, "ch_2", now)
    back = LineSeen("txn_b", "refund", -150_00, 0, "re_2", now)
    taken = LineSeen("txn_d", "dispute", -50_00, 0, "dp_2", now)
    facts: list[Fact] = [
        MoneySeen("ch_2", gift.ref, "pi_2", 200_00, "card", now, charged),
        RefundFact("re_2", "ch_2", "pi_2", gift.ref, None, 150_00, now, False, lines=(back,)),
        DisputeFact("dp_2", "ch_2", "pi_2", 50_00, "open", "", now, None, (taken,)),
    ]
    settle.apply(journey.account, [*facts, *facts])
    gift.refresh_from_db()
    assert (gift.refunded_ore, gift.disputed_ore, journey.thermometer()) == (0, 0, (200_00, 1, 1))
    assert journey.balance("suspense") == 0
    assert (Refund.objects.count(), Dispute.objects.count()) == (0, 0)


def test_a_dispute_whose_lines_are_listed_backwards_is_booked_whole(journey: Journey) -> None:
    gift, now = journey.given(200_00), clock.now()
    won = LineSeen("txn_2", "dispute_reversal", 200_00, 0, "dp_1", now)
    taken = LineSeen("txn_1", "dispute", -200_00, 0, "dp_1", now)
    fact = DisputeFact("dp_1", gift.provider_ref, "", 200_00, "won", "", now, None, (won, taken))
    settle.apply(journey.account, [fact, fact])
    gift.refresh_from_db()
    assert (gift.disputed_ore, Dispute.objects.get().taken_ore) == (0, 0)
    assert journey.thermometer() == (200_00, 1, 1)


def test_who_goes_back_after_one_gift_and_chooses_every_month_begins_a_monthly_gift(
    monthly: Monthly,
) -> None:
    """The browser's Back shows the same form; its gift stands for itself, and is no first month."""
    once = monthly.journey.given(200_00, submission=b"f" * 32)
    pledge = monthly.wish(submission=b"f" * 32)
    addresses = {services.start_pledge_card(pledge, ANNA).redirect_url for _click in range(2)}
    assert len(addresses) == 1
    assert Gift.objects.exclude(pk=once.pk).get().state == "pending"
    monthly.journey.stand_in.pay(addresses.pop())
    monthly.journey.catch_up()
    pledge.refresh_from_db()
    assert pledge.state == "active"
    assert monthly.journey.thermometer()[:2] == (400_00, 2)
