"""Control acts about money: refunds, disputes, payouts, sessions, cards, many gifts at once."""

from __future__ import annotations

from fundraise.sandbox.stripe import bulk
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.control import Control, act
from fundraise.sandbox.stripe.errors import invalid
from fundraise.sandbox.stripe.objects import (
    charges,
    confirmation,
    disputes,
    payouts,
    refunds,
    saved_cards,
    sessions,
    setup_states,
)
from fundraise.sandbox.stripe.world import World


@act("settle")
def settle(control: Control, given: Json) -> Json:
    return charges.settle(control.world, _charge_id(control.world, given))


@act("refund")
def refund(control: Control, given: Json) -> Json:
    """As if from the Dashboard."""
    with control.world.store.write():
        charge = control.world.find("charge", _charge_id(control.world, given))
        wanted: Json = {name: given[name] for name in ("amount", "reason") if name in given}
        return refunds.make(control.world, charge, wanted)


@act("refund/fail")
def fail_refund(control: Control, given: Json) -> Json:
    with control.world.store.write():
        reason = given.get("reason", "lost_or_stolen_card")
        return refunds.fail(control.world, given["refund"], reason)


@act("dispute/open")
def open_dispute(control: Control, given: Json) -> Json:
    charge_id = _charge_id(control.world, given)
    wanted = {name: given[name] for name in ("amount", "reason", "inquiry") if name in given}
    with control.world.store.write():
        return disputes.open_dispute(control.world, charge_id, **wanted)


@act("dispute/win")
def win_dispute(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return disputes.win(control.world, given["dispute"], given.get("amount"))


@act("dispute/lose")
def lose_dispute(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return disputes.lose(control.world, given["dispute"])


@act("dispute/withdraw")
def withdraw(control: Control, given: Json) -> Json:
    """An inquiry that the donor's bank took further: the money leaves."""
    with control.world.store.write():
        dispute = control.world.find("dispute", given["dispute"])
        return disputes.withdraw(control.world, dispute)


@act("dispute/reinstate")
def reinstate(control: Control, given: Json) -> Json:
    with control.world.store.write():
        dispute = control.world.find("dispute", given["dispute"])
        return disputes.reinstate(control.world, dispute, given.get("amount"))


@act("fraud_warning")
def fraud_warning(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return disputes.warn_of_fraud(control.world, _charge_id(control.world, given))


@act("payout")
def payout(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return payouts.run(control.world, **given)


@act("payout/advance")
def advance_payout(control: Control, given: Json) -> Json:
    with control.world.store.write():
        until = given.get("until", "reconciled")
        return payouts.advance(control.world, given["payout"], until)


@act("payout/fail")
def fail_payout(control: Control, given: Json) -> Json:
    with control.world.store.write():
        return payouts.fail(control.world, given["payout"], given.get("code", "account_closed"))


@act("session/expire")
def expire_session(control: Control, given: Json) -> Json:
    session = sessions.find(control.world, given["session"])
    if session["status"] != "open":
        raise invalid(f"The session is {session['status']}.")
    return sessions.expire(control.world, session)


@act("answer")
def answer(control: Control, given: Json) -> Json:
    """What the donor did in the Swish app or at the bank, without the page."""
    with control.world.store.write():
        intent, decision = given["intent"], given.get("decision", "approve")
        if intent.startswith("seti_"):
            return setup_states.answer(control.world, intent, decision)
        return confirmation.answer(control.world, intent, decision)


@act("decline")
def decline(control: Control, given: Json) -> Json:
    """Make a saved card decline from an instant on (`from`: seconds, default now)."""
    method = control.world.find("payment_method", given["payment_method"])
    asked = None if given.get("code", "") is None else {
        "code": given.get("code", "card_declined"),
        "decline_code": given.get("decline_code", "generic_decline"),
        "from": given.get("from", control.world.now()),
    }  # fmt: skip
    control.world.save(method, decline=asked)
    return {"payment_method": method["id"], "decline": asked}


@act("card/update")
def update_card(control: Control, given: Json) -> Json:
    """The card network replaced a saved card: `exp_month`, `exp_year`, `last4`."""
    with control.world.store.write():
        method = control.world.find("payment_method", given["payment_method"])
        changes = {name: value for name, value in given.items() if name != "payment_method"}
        return saved_cards.update_by_network(control.world, method, changes)


@act("bulk")
def make_many(control: Control, given: Json) -> Json:
    return bulk.make(control.world, **given)


def _charge_id(world: World, given: Json) -> str:
    """By `charge`, `payment_intent` or `session`."""
    if "charge" in given:
        return str(given["charge"])
    intent_id = given.get("payment_intent")
    if intent_id is None:
        intent_id = world.find("checkout.session", given["session"])["payment_intent"]
    return str(world.find("payment_intent", intent_id or "")["latest_charge"])
