"""The inbox for people: the mails that came, each as its reader sees it. Swedish."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from fundraise import clock
from fundraise.sandbox import layout, panel
from fundraise.sandbox.sendgrid import inbox, letter_page
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.control import ACTS, Control
from fundraise.sandbox.sendgrid.inbox import Found
from fundraise.sandbox.sendgrid.words import BANNER, COUNTS, FATES, FAULTS, STATES, moment
from fundraise.sandbox.web import Request, Response

HOUR, DAY = 3600, 86_400
ROWS = 50
# As a large list behaves, roughly, for whoever looks at results in a demo.
MIXED = {"machine": 0.4, "reader": 0.2, "clicker": 0.06, "scanner": 0.03, "bounce": 0.01,
         "blocked": 0.01, "deferred": 0.01, "oneclick": 0.003, "reply": 0.002, "away": 0.01,
         "spam": 0.001}  # fmt: skip


def handle(control: Control, request: Request) -> Response:
    if request.path.startswith("/mail/"):
        return letter_page.handle(control, request)
    if request.path != "/":
        return layout.page("sv", "Här finns inget", layout.link("/", "Till inkorgen"),
                           banner=BANNER, status=404)  # fmt: skip
    if request.method == "POST":
        return panel.pulled(ACTS, control, request, banner=BANNER)
    return _list(control, request)


def _list(control: Control, request: Request) -> Response:
    text = request.query_values.get("till", "")
    before = request.query_values.get("fore", "")
    found = inbox.newest(control.world, text, ROWS + 1, int(before) if before.isdecimal() else 0)
    state = control.state()
    body = [_search(text), _mails(found[:ROWS], text)]
    if len(found) > ROWS:
        older = f"/?till={quote(text)}&fore={found[ROWS - 1].id}"
        body.append(layout.link(older, "Äldre", plain=True))
    body += [_account(state), _levers(state)]
    return layout.page("sv", "Inkorgen", "\n".join(body), banner=BANNER)


def _search(text: str) -> str:
    return (
        '<form method="get" action="/" class="search"><div><label for="till">Till adressen</label>'
        f'<input id="till" name="till" type="search" value="{escape(text)}"></div>'
        f"{layout.button('Sök')}</form>"
    )


def _mails(found: list[Found], text: str) -> str:
    if not found:
        none = "Ingen adress passar." if text else "Här visas mejlen när något har skickats."
        return layout.paragraph(none)
    return f'<ul class="mails">{"".join(_row(one) for one in found)}</ul>'


def _row(one: Found) -> str:
    mail = one.mail()
    what = FATES[one.fate] if one.state == "gone" else STATES[one.state]
    return (
        f'<li><a href="/mail/{one.id}"><span class="who"><span>{escape(one.email)}</span>'
        f'<span class="quiet">{what} · {moment(one.at)}</span></span>'
        f"<strong>{escape(mail['subject'] or '(utan ämne)')}</strong>"
        f'<span class="quiet">{escape(mail["snippet"])}</span></a></li>'
    )


def _account(state: Json) -> str:
    fates = ", ".join(f"{n} {COUNTS[fate]}" for fate, n in state["fates"].items() if fate)
    held = ", ".join(f"{n} anrop {STATES[s]}" for s, n in state["sendings"].items() if s != "gone")
    failed = state["posts"].get("failed", 0)
    said = (
        f"Mejl: {fates or 'inga'}. Väntar: {held or 'inget'}."
        f" Händelser på väg: {state['events_waiting']}."
    )
    if failed:
        said += f" Leveranser som gavs upp: {failed}."
    return "<h2>Läget</h2>" + layout.paragraph(said)


def _levers(state: Json) -> str:
    offset = state["knobs"]["clock_offset_seconds"]
    now = datetime.fromtimestamp(state["now"], UTC).astimezone(clock.STOCKHOLM)
    fault = {"path": "/v3/mail/send"}
    asked = [FAULTS[found["act"]] for found in state["faults"]]
    acts: tuple[tuple[str, str, Json], ...] = (
        ("En timme framåt", "clock", {"offset_seconds": offset + HOUR}),
        ("Ett dygn framåt", "clock", {"offset_seconds": offset + DAY}),
        ("Rätt tid igen", "clock", {"offset_seconds": 0}),
        ("Nästa svar går förlorat", "faults", fault | {"act": "lose"}),
        ("Nästa anrop svarar 500", "faults", fault | {"act": "error"}),
        ("Nästa anrop svarar 429", "faults", fault | {"act": "error", "status": 429}),
        ("Glöm alla fel", "faults/clear", {}),
        ("Blanda mottagare", "knobs", {"shares": MIXED}),
        ("Alla tar bara emot", "knobs", {"shares": {}}),
        ("Håll kvar händelser", "events/pause", {}),
        ("Släpp händelser", "events/release", {}),
        ("Skicka alla händelser igen", "events/replay", {}),
        ("Töm allt", "reset", {}),
    )
    said = f"Klockan är {now:%Y-%m-%d %H.%M}. Beställda fel: {', '.join(asked) or 'inga'}."
    if state["knobs"]["shares"]:
        said += " Mottagarna är blandade."
    return f"<h2>Spakar</h2>{layout.paragraph(said)}{panel.acts(*acts)}"
