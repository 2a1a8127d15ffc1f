"""Which page a request is for."""

from __future__ import annotations

from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.errors import ApiError
from fundraise.sandbox.stripe.objects import payment_methods, sessions
from fundraise.sandbox.stripe.pages import card_form, checkout, layout, steps, texts
from fundraise.sandbox.stripe.world import World
from fundraise.sandbox.web import Request, Response, redirect


def handle(world: World, request: Request) -> Response:
    if request.path == layout.CSS_PATH:
        return layout.stylesheet()
    parts = request.path.strip("/").split("/")
    try:
        if parts[:2] == ["c", "pay"] and len(parts) in (3, 4):
            return _checkout(world, request, *parts[2:])
        if parts[0] in steps.DECISIONS and len(parts) == 2:
            return steps.handle(world, request, *parts)
    except ApiError as problem:
        if problem.status != 404:
            raise
    known = texts.words("sv")
    body = layout.paragraph(known["missing_text"])
    return layout.page("sv", known["missing_title"], body, status=404)


def _checkout(world: World, request: Request, session_id: str, way: str = "") -> Response:
    session = sessions.find(world, session_id)
    if session["ui_mode"] != "hosted_page":
        raise ApiError(404, "This session has no page.")
    if request.method == "GET":
        return checkout.show(world, session)
    if session["status"] != "open":
        return _already(session)
    if way not in session["payment_method_types"]:
        raise ApiError(404, "This session does not take that.")
    if way == "swish":
        return _pay(world, session, None)
    typed = card_form.prefilled(request.form)
    filled = typed or card_form.read(world, session, request.form)
    if isinstance(filled, checkout.Typed):
        return checkout.show(world, session, filled)
    return _pay(world, session, filled)


def _already(session: Json) -> Response:
    """A second click: on to the payee when the first one paid."""
    paid = session["status"] == "complete"
    return redirect(checkout.return_address(session) if paid else f"/c/pay/{session['id']}")


def _pay(world: World, session: Json, filled: card_form.Filled | None) -> Response:
    """One try, then on: to the payee, to the bank, to Swish, or back to this page."""
    with world.store.write():
        # Read again under the lock: a double click pays once.
        fresh = sessions.find(world, session["id"])
        if fresh["status"] != "open":
            return _already(fresh)
        if filled is None:
            method = payment_methods.new_swish(world, {"email": session["customer_email"]})
        else:
            method = payment_methods.new_card(world, filled.card, filled.billing, filled.expiry)
        intent = sessions.try_method(world, fresh, method)
    if intent["status"] == "succeeded":
        return redirect(checkout.return_address(session))
    if intent["status"] == "requires_action":
        step = "swish" if filled is None else "3ds"
        return redirect(f"/{step}/{intent['id']}")
    return redirect(f"/c/pay/{session['id']}")
