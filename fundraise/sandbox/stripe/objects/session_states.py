"""What becomes of a Checkout Session: paid or expired."""

from __future__ import annotations

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.world import World


def paid(world: World, intent: Json, method: Json) -> None:
    """Close the session a PaymentIntent belongs to, if any."""
    session_id = world.hidden(intent["id"]).get("session")
    session = world.store.get(session_id) if session_id else None
    if session is None or session["status"] != "open":
        return
    session |= {"payment_status": "paid", "customer_details": _details(session, method)}
    complete(world, session)


def complete(world: World, session: Json) -> Json:
    session |= {"status": "complete", "url": None}
    world.save(session)
    world.emit("checkout.session.completed", session)
    return session


def expire(world: World, session: Json) -> Json:
    session |= {"status": "expired", "url": None}
    world.save(session)
    world.emit("checkout.session.expired", session)
    return session


def _details(session: Json, method: Json) -> Json:
    billing = method["billing_details"]
    return {
        "address": billing["address"] | {"country": billing["address"]["country"] or "SE"},
        "business_name": None,
        "email": billing["email"] or session["customer_email"],
        "individual_name": None,
        "name": billing["name"],
        "phone": billing["phone"],
        "tax_exempt": "none",
        "tax_ids": [],
    }
