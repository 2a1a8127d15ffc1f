"""The checkout page: sum, payee, order, card form, Swish."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from fundraise.sandbox.stripe import cards
from fundraise.sandbox.stripe.config import PAYEE, Json
from fundraise.sandbox.stripe.pages import texts
from fundraise.sandbox.stripe.pages.layout import button, link, page, paragraph
from fundraise.sandbox.stripe.world import World
from fundraise.sandbox.web import Response

FIELDS = ("email", "number", "expiry", "cvc", "name")
AUTOCOMPLETE = {"email": "email", "number": "cc-number", "expiry": "cc-exp", "cvc": "cc-csc",
                "name": "cc-name"}  # fmt: skip


@dataclass
class Typed:
    """What the donor has typed so far, and what is wrong with it."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def show(world: World, session: Json, typed: Typed | None = None) -> Response:
    lang = texts.language(session)
    if session["status"] == "complete":
        return _closed(session, lang, "paid", return_address(session))
    if session["status"] == "expired":
        return _closed(session, lang, "expired", session["cancel_url"])
    typed = typed or Typed()
    known = texts.words(lang)
    title = known[{"setup": "setup_title"}.get(session["mode"], _kind(session) + "_title")]
    body = "\n".join((
        _failure(world, session, typed, lang),
        _order(world, session, lang),
        _swish_form(session, lang) if "swish" in session["payment_method_types"] else "",
        _card_form(world, session, typed, lang) if "card" in session["payment_method_types"]
        else "",
        link(session["cancel_url"], known["back"], plain=True),
    ))  # fmt: skip
    leads_to = (session["success_url"], session["cancel_url"] or "")
    return page(lang, title, body, status=422 if typed.errors else 200, leads_to=leads_to)


def return_address(session: Json) -> str:
    url: str = session["success_url"] or session.get("return_url") or ""
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _kind(session: Json) -> str:
    return "donate" if session["submit_type"] == "donate" else "pay"


def _closed(session: Json, lang: str, name: str, url: str | None) -> Response:
    known = texts.words(lang)
    body = paragraph(known[f"{name}_text"]) + link(url, known[f"{name}_link"])
    return page(lang, known[f"{name}_title"], body)


def _failure(world: World, session: Json, typed: Typed, lang: str) -> str:
    """Why the last try did not go through; takes focus."""
    known = texts.words(lang)
    intent = world.store.get(session["payment_intent"] or session["setup_intent"] or "") or {}
    failure = intent.get("last_payment_error") or intent.get("last_setup_error")
    if typed.errors:
        links = (
            f'<li><a href="#{name}">{escape(text)}</a></li>' for name, text in typed.errors.items()
        )
        message = f"<ul>{''.join(links)}</ul>"
    elif failure and not typed.values:
        message = paragraph(texts.error(failure, lang))
    else:
        return ""
    return (
        f'<div class="error" role="alert" tabindex="-1" autofocus id="error">'
        f"<h2>{known['error_heading']}</h2>{message}</div>"
    )


def _order(world: World, session: Json, lang: str) -> str:
    known = texts.words(lang)
    items = world.hidden(session["id"]).get("items", [])
    names = "".join(paragraph(item["description"]) for item in items)
    total = session["amount_total"]
    shown = f'<p class="sum" id="sum">{texts.money(total, lang)}</p>' if total else ""
    payee = f'<p class="quiet">{known["payee"]}: {escape(PAYEE)}</p>'
    return f'<div class="card">{shown}{names}{payee}</div>'


def known_email(world: World, session: Json) -> str:
    """The address that the payee has sent along, or that its customer has: it is not asked for."""
    customer = world.store.get(session["customer"] or "") or {}
    return str(session["customer_email"] or customer.get("email") or "")


def _card_form(world: World, session: Json, typed: Typed, lang: str) -> str:
    known = texts.words(lang)
    email = known_email(world, session)
    values = typed.values | ({"email": email} if email else {})
    inputs = {name: _input(name, values, typed, lang, fixed=name == "email" and bool(email))
              for name in FIELDS}  # fmt: skip
    pair = f'<div class="pair"><div>{inputs["expiry"]}</div><div>{inputs["cvc"]}</div></div>'
    act = known["save"] if session["mode"] == "setup" else known[_kind(session)].format(
        sum=texts.money(session["amount_total"], lang))  # fmt: skip
    return (
        f"<h2>{known['card_heading']}</h2>"
        f'<form method="post" action="/c/pay/{session["id"]}/card" novalidate>'
        f"{inputs['email']}{inputs['number']}{pair}{inputs['name']}{button(act, id='pay')}"
        f"<h2>{known['fill_in']}</h2>{_test_cards(lang)}</form>"
    )


def _input(name: str, values: dict[str, str], typed: Typed, lang: str, *, fixed: bool) -> str:
    known = texts.words(lang)
    wrong = typed.errors.get(name)
    hint = f'<p class="hint" id="{name}-hint">{known["number_hint"]}</p>' if name == (
        "number") else ""  # fmt: skip
    described = " ".join(
        part for part, there in ((f"{name}-hint", hint), (f"{name}-error", wrong)) if there
    )
    attributes = (
        f'id="{name}" name="{name}" value="{escape(values.get(name, ""))}" '
        f'autocomplete="{AUTOCOMPLETE[name]}" '
        + ('type="email" ' if name == "email" else 'type="text" ')
        + ('inputmode="numeric" ' if name in ("number", "expiry", "cvc") else "")
        + ("readonly " if fixed else "")
        + ('aria-invalid="true" ' if wrong else "")
        + (f'aria-describedby="{described}"' if described else "")
    )
    below = f'<p class="field-error" id="{name}-error">{escape(wrong)}</p>' if wrong else ""
    return f'<label for="{name}">{known[name]}</label>{hint}<input {attributes}>{below}'


def _test_cards(lang: str) -> str:
    rows = "".join(
        f'<li><button type="submit" name="prefill" value="{cards.BY_MAGIC[magic].number}" '
        f'class="plain">{escape(text)} <span>{texts.shown(cards.BY_MAGIC[magic].number)}'
        "</span></button></li>"
        for magic, text in texts.card_words(lang).items()
    )
    return f'<ul class="tests">{rows}</ul>'


def _swish_form(session: Json, lang: str) -> str:
    known = texts.words(lang)
    return (
        f"<h2>{known['swish_heading']}</h2>"
        f'<form method="post" action="/c/pay/{session["id"]}/swish">'
        f"{button(known['swish_button'], id='swish', plain=True)}</form>"
    )
