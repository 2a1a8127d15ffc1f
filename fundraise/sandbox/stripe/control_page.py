"""The control page: what there is, and a button for every act. No names, no addresses."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from fundraise.sandbox import panel
from fundraise.sandbox.panel import Button
from fundraise.sandbox.stripe import event_control, lists
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.control import ACTS, Control
from fundraise.sandbox.stripe.errors import ApiError
from fundraise.sandbox.stripe.pages import layout, texts
from fundraise.sandbox.stripe.world import World
from fundraise.sandbox.web import Request, Response

DAY = 86_400
ROWS = 15
HERE = "/_test"
Row = Callable[[Json], list[str]]


def show(control: Control, request: Request) -> Response:
    if request.method == "POST":
        banner = texts.words("sv")["banner"]
        return panel.pulled(ACTS, control, request, banner=banner, back=HERE, wrong=(ApiError,))
    world = control.world
    parts = (
        _state(control),
        _charges(world),
        _sessions(world),
        _disputes(world),
        _payouts(world),
        _events(world),
        _calls(world),
    )
    return layout.page("sv", "Kontrollsida", "\n".join(parts), wide=True)


def _acts(*buttons: Button) -> str:
    return panel.acts(*buttons, to=HERE)


def _table(world: World, kind: str, heads: tuple[str, ...], row: Row) -> str:
    found = lists.page(world, "", lists.Query(kind), {"limit": ROWS})["data"]
    return panel.table(heads, map(row, found))


def _code(text: object) -> str:
    return f"<code>{escape(str(text))}</code>"


def _state(control: Control) -> str:
    state = control.state()
    offset = state["knobs"]["clock_offset_seconds"]
    days = f"{offset / DAY:+.1f} dygn" if offset else "ingen förskjutning"
    waiting = ", ".join(f"{n} {name}" for name, n in state["deliveries"].items()) or "inga"
    return (
        layout.paragraph(f"Klockan: {days}. Leveranser av händelser: {waiting}.")
        + "<h2>Klocka och städning</h2>"
        + _acts(
            ("Ett dygn framåt", "clock", {"offset_seconds": offset + DAY}),
            ("30 dygn framåt", "clock", {"offset_seconds": offset + 30 * DAY}),
            ("Rätt tid igen", "clock", {"offset_seconds": 0}),
            ("Glöm alla fel", "faults/clear", {}),
            ("Töm allt", "reset", {}),
        )
    )


def _charges(world: World) -> str:
    def row(charge: Json) -> list[str]:
        whose = {"charge": charge["id"]}
        left = charge["amount"] - charge["amount_refunded"]
        refundable = charge["status"] == "succeeded" and left and not charge["disputed"]
        acts = _acts(
            ("Återbetala", "refund", whose),
            ("Återbetala hälften", "refund", whose | {"amount": max(left // 2, 1)}),
            ("Bestrid", "dispute/open", whose),
            ("Varna för bedrägeri", "fraud_warning", whose),
        ) if refundable else ""  # fmt: skip
        refunded = texts.money(charge["amount_refunded"], "sv")
        return [_code(charge["id"]), texts.money(charge["amount"], "sv"), refunded,
                _code(charge["status"]), acts]  # fmt: skip

    heads = ("Debitering", "Summa", "Återbetalt", "Läge", "Gör")
    return "<h2>Debiteringar</h2>" + _table(world, "charge", heads, row)


def _sessions(world: World) -> str:
    def row(session: Json) -> list[str]:
        where = f'<a href="/c/pay/{session["id"]}">{session["id"][:24]}…</a>'
        still_open = session["status"] == "open"
        act = _acts(("Låt gå ut", "session/expire", {"session": session["id"]}))
        total = texts.money(session["amount_total"] or 0, "sv")
        return [where, total, _code(session["status"]), act if still_open else ""]

    heads = ("Betalsida", "Summa", "Läge", "Gör")
    return "<h2>Betalsidor</h2>" + _table(world, "checkout.session", heads, row)


def _disputes(world: World) -> str:
    def row(dispute: Json) -> list[str]:
        which = {"dispute": dispute["id"]}
        half = which | {"amount": dispute["amount"] // 2}
        acts = _acts(("Vinn", "dispute/win", which), ("Vinn hälften", "dispute/win", half),
                     ("Förlora", "dispute/lose", which))  # fmt: skip
        closed = dispute["status"] in ("won", "lost", "warning_closed")
        return [_code(dispute["id"]), texts.money(dispute["amount"], "sv"),
                _code(dispute["status"]), "" if closed else acts]  # fmt: skip

    heads = ("Bestridande", "Summa", "Läge", "Gör")
    return "<h2>Bestridanden</h2>" + _table(world, "dispute", heads, row)


def _payouts(world: World) -> str:
    def row(payout: Json) -> list[str]:
        act = _acts(("Banken skickar tillbaka", "payout/fail", {"payout": payout["id"]}))
        failed = payout["status"] == "failed"
        sign = "−" if payout["amount"] < 0 else ""
        return [_code(payout["id"]), sign + texts.money(abs(payout["amount"]), "sv"),
                _code(payout["status"]), "" if failed else act]  # fmt: skip

    heads = ("Utbetalning", "Summa", "Läge", "Gör")
    acts = _acts(("Betala ut allt", "payout", {"pending": True}),
                 ("Betala ut det tillgängliga", "payout", {}))  # fmt: skip
    return "<h2>Utbetalningar</h2>" + acts + _table(world, "payout", heads, row)


def _events(world: World) -> str:
    acts = _acts(
        ("Håll kvar alla", "events/pause", {}),
        ("Släpp i ordning", "events/release", {}),
        ("Släpp huller om buller", "events/release", {"seed": 1}),
        ("Tappa nästa", "events/fault", {"act": "drop"}),
        ("Dubblera nästa", "events/fault", {"act": "duplicate"}),
        ("Försena nästa 30 s", "events/fault", {"act": "delay", "seconds": 30}),
        ("Skicka allt igen", "events/replay", {}),
    )
    rows = (
        (_code(d["type"]), _code(d["state"]), str(d["attempts"]), escape(str(d["answer"] or "")),
         _acts(("Skicka igen", "events/replay", {"ids": [d["event"]]})))
        for d in event_control.deliveries(world, ROWS)
    )  # fmt: skip
    heads = ("Händelse", "Läge", "Försök", "Svar", "Gör")
    return "<h2>Händelser</h2>" + acts + panel.table(heads, rows)


def _calls(world: World) -> str:
    acts = _acts(
        ("Nästa anrop svarar 500", "faults", {"act": "error", "method": "POST"}),
        ("Tappa svaret efter nästa debitering", "faults", {"act": "lose", "method": "POST"}),
        ("Nästa anrop svarar 409", "faults", {"act": "conflict", "method": "POST"}),
        ("Nästa anrop dröjer 10 s", "faults", {"act": "delay", "seconds": 10}),
    )
    asked = [f"{fault['act']} × {fault['count']}" for fault in world.faults.listed()]
    asked += [f"{rule['act']} {rule['type']} × {rule['count']}"
              for rule in world.event_faults.listed()]  # fmt: skip
    return "<h2>Fel i API:t</h2>" + acts + layout.paragraph(
        "Beställt: " + (", ".join(asked) or "inget"))  # fmt: skip
