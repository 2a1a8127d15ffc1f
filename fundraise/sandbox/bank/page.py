"""The page for people: what lies on the accounts, and a button for what may happen next."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from fundraise.sandbox import layout, panel
from fundraise.sandbox.bank.config import Json
from fundraise.sandbox.bank.control import ACTS
from fundraise.sandbox.bank.knobs import SHARES
from fundraise.sandbox.bank.service import Service
from fundraise.sandbox.web import Request, Response

BANNER = "Testläge: en låtsasbank, inga pengar flyttas"
DAY = 86_400
FAULTS = {
    "payment.variant": "Namn stavas annorlunda", "payment.no_reference": "Referens saknas",
    "payment.wrong_reference": "Fel OCR-nummer", "payment.twin": "Två lika gåvor samma dag",
    "refund.returned": "Återbetalning kommer i retur",
    "transfer.late": "Överföring kommer fram en dag senare", "payout.late": "Utbetalning är sen",
    "payout.split": "Utbetalning kommer i två delar",
    "payout.partial": "En del av utbetalningen kommer senare",
    "payout.returned": "Utbetalning tas tillbaka", "file.again": "Samma fil två gånger",
    "file.reissued": "Filen ges ut igen med nytt id", "file.missing": "En dags fil saknas",
    "file.balance": "Utgående saldo stämmer inte", "file.details": "Delarna stämmer inte med raden",
    "file.cut": "Avklippt fil", "file.currency": "Fel valuta",
    "notice.late": "camt.054 kommer sent", "notice.absent": "camt.054 kommer inte",
}  # fmt: skip
ACCOUNT_USES = {"dedicated": "bara insamling", "shared": "delat konto"}
PAY = (("amount_ore", "Belopp i öre"), ("name", "Namn"), ("ocr", "OCR"), ("message", "Meddelande"),
       ("phone", "Telefon (+46…)"))  # fmt: skip
CHANNELS = {"giro": "Bankgiro", "swish": "Swish", "transfer": "Kontoöverföring"}


def show(service: Service, request: Request) -> Response:
    if request.method == "POST":
        return panel.pulled(ACTS, service, request, banner=BANNER)
    state = service.state()
    parts = [
        _day(state),
        _accounts(state),
        _pay(state),
        _ask(state),
        _files(state),
        _planted(state),
    ]
    return layout.page("sv", "Kontona i låtsasbanken", "\n".join(parts), banner=BANNER, wide=True)


def _day(state: Json) -> str:
    offset = state["knobs"]["clock_offset_seconds"]
    said = f"Klockan är {state['now']}. Senaste bankdag: {state['last_day'] or 'ingen'}."
    away = "".join(layout.paragraph(f"Svarade inte: {one}") for one in state["away"])
    return layout.paragraph(said) + away + panel.acts(
        (f"Kör bankdagen {state['next_day']}", "run-day", {}),
        ("Fråga Stripe och Bankgirot", "listen", {}),
        ("Ett dygn framåt", "clock", {"offset_seconds": offset + DAY}),
        ("30 dygn framåt", "clock", {"offset_seconds": offset + 30 * DAY}),
        ("Rätt tid igen", "clock", {"offset_seconds": 0}),
        ("Töm allt", "reset", {}),
    )  # fmt: skip


def _kronor(ore: int) -> str:
    whole = f"{abs(ore) // 100:,}".replace(",", "\u00a0")
    return f"{'−' if ore < 0 else ''}{whole},{abs(ore) % 100:02d}"


def _accounts(state: Json) -> str:
    rows = (
        (
            escape(one["holder"]), f"<code>{one['iban']}</code>", ACCOUNT_USES[one["use"]],
            escape(", ".join(one["files"])), _kronor(one["balance_ore"]),
        )
        for one in state["accounts"]
    )  # fmt: skip
    said = f"Givare: {state['givers'] or 'påhittade'}. Väntar på sin dag: {state['waiting']}."
    heads = ("Kontohavare", "IBAN", "Används", "Filer", "Saldo, kr")
    return "<h2>Konton</h2>" + panel.table(heads, rows) + layout.paragraph(said)


def _select(name: str, label: str, choices: Iterable[tuple[str, str]]) -> str:
    options = "".join(
        f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in choices
    )
    return (
        f'<label for="{name}">{label}</label> <select id="{name}" name="{name}">{options}</select>'
    )


def _own(state: Json) -> list[tuple[str, str]]:
    return [(one["number"], f"{one['holder']}, {one['number']}") for one in state["accounts"]]


def _pay(state: Json) -> str:
    fields = "".join(
        f'<div><label for="{name}">{label}</label><input id="{name}" name="{name}"></div>'
        for name, label in PAY
    )
    chosen = _select("account", "Till konto", _own(state)) + _select(
        "channel", "Genom", CHANNELS.items()
    )
    inner = f'{chosen}<div class="pair">{fields}</div>{layout.button("Betala")}'
    return "<h2>Någon betalar</h2>" + panel.form("pay", {}, inner)


def _ask(state: Json) -> str:
    """The fault falls the next time that it can."""
    choice = _select("name", "Fel", ((name, FAULTS[name]) for name in SHARES))
    asked = ", ".join(f"{FAULTS[one['name']]} ({one['times']})" for one in state["asked"])
    said = layout.paragraph(f"Beställda: {asked or 'inga'}.")
    return (
        "<h2>Beställ ett fel</h2>"
        + panel.form("fault", {}, choice + layout.button("Beställ"))
        + said
    )


def _files(state: Json) -> str:
    rows = (
        (
            f'<a href="/files/{file["name"]}">{file["name"]}</a>', file["day"],
            escape("rätt" if file["note"] == "right" else FAULTS.get(file["note"], "")),
            panel.acts(("Igen", "again", {"name": file["name"]}),
                  ("Nytt id", "again", {"name": file["name"], "how": "reissued"}),
                  ("Avklippt", "again", {"name": file["name"], "how": "cut"})),
        )
        for file in state["files"]
    )  # fmt: skip
    return "<h2>Filer från banken</h2>" + panel.table(("Fil", "Dag", "Anmärkning", "Gör"), rows)


def _planted(state: Json) -> str:
    rows = (
        (one["day"], FAULTS[one["name"]], f"<code>{escape(one['subject'])}</code>",
         one["right_on"] or "aldrig")
        for one in state["faults"]
    )  # fmt: skip
    heads = ("Dag", "Fel", "Vad", "Blir rätt")
    return "<h2>Planterade fel</h2>" + panel.table(heads, rows)
