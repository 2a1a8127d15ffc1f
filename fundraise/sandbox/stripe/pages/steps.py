"""The pages between: the bank's question (3-D Secure) and the Swish app."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from fundraise.sandbox.stripe.config import PAYEE, Json
from fundraise.sandbox.stripe.objects import confirmation, sessions, setup_states
from fundraise.sandbox.stripe.pages import checkout, texts
from fundraise.sandbox.stripe.pages.layout import button, link, page, paragraph
from fundraise.sandbox.stripe.world import World
from fundraise.sandbox.web import Request, Response, redirect

DECISIONS = {
    "3ds": (("approve", "bank_approve"), ("deny", "bank_deny")),
    "swish": (("approve", "swish_approve"), ("refuse", "swish_refuse"),
              ("timeout", "swish_timeout"), ("elsewhere", "swish_elsewhere")),
}  # fmt: skip
TITLES = {"3ds": "bank", "swish": "swish"}


def handle(world: World, request: Request, step: str, intent_id: str) -> Response:
    kind = "setup_intent" if intent_id.startswith("seti_") else "payment_intent"
    intent = world.find(kind, intent_id, "intent")
    session = _session(world, intent_id)
    if intent["status"] != "requires_action":
        return _back(world, intent, session, None)
    if request.method == "GET":
        return _show(intent, session, step)
    return _decide(world, intent, session, request.form.get("decision", ""))


def _session(world: World, intent_id: str) -> Json | None:
    session_id = world.hidden(intent_id).get("session")
    return sessions.find(world, session_id) if session_id else None


def _show(intent: Json, session: Json | None, step: str) -> Response:
    lang = texts.language(session)
    known, name = texts.words(lang), TITLES[step]
    total = intent.get("amount")
    shown = f'<p class="sum">{texts.money(total, lang)}</p>' if total else ""
    buttons = "".join(
        button(known[word], name="decision", value=decision, id=decision, plain=index > 0)
        for index, (decision, word) in enumerate(DECISIONS[step])
    )
    payee = f'<p class="quiet">{known["payee"]}: {escape(PAYEE)}</p>'
    body = (
        f'<div class="card">{shown}{payee}</div>{paragraph(known[f"{name}_text"])}'
        f'<form method="post" action="/{step}/{intent["id"]}">{buttons}</form>'
    )
    leads_to = (_success_address(intent, session) or "",)
    return page(lang, known[f"{name}_title"], body, leads_to=leads_to)


def _decide(world: World, intent: Json, session: Json | None, decision: str) -> Response:
    address = _success_address(intent, session)
    elsewhere = decision == "elsewhere"
    with world.store.write():
        wanted = "approve" if elsewhere else decision
        if intent["object"] == "setup_intent":
            answered = setup_states.answer(world, intent["id"], wanted)
        else:
            answered = confirmation.answer(world, intent["id"], wanted)
    if elsewhere and answered["status"] == "succeeded":
        return _elsewhere(session, address)
    return _back(world, answered, session, address)


def _success_address(intent: Json, session: Json | None) -> str | None:
    if session is not None:
        return checkout.return_address(session)
    action = intent["next_action"] or {}
    url: str | None = action.get("redirect_to_url", {}).get("return_url")
    return url


def _elsewhere(session: Json | None, address: str | None) -> Response:
    lang = texts.language(session)
    known = texts.words(lang)
    where = f'<p id="address"><code>{escape(address or "")}</code></p>'
    body = paragraph(known["elsewhere_text"]) + where + link(address, known["elsewhere_link"])
    return page(lang, known["elsewhere_title"], body)


def _back(world: World, intent: Json, session: Json | None, address: str | None) -> Response:
    """On to the payee when paid; else to the checkout page, which says what happened."""
    if session is not None:
        paid = intent["status"] == "succeeded"
        return redirect(checkout.return_address(session) if paid else f"/c/pay/{session['id']}")
    address = address or world.hidden(intent["id"]).get("return_url")
    if address:
        status = "succeeded" if intent["status"] == "succeeded" else "failed"
        extra = urlencode({intent["object"]: intent["id"], "redirect_status": status})
        return redirect(f"{address}{'&' if '?' in address else '?'}{extra}")
    known = texts.words("sv")
    return page("sv", known["done_title"], paragraph(known["done_text"]))
