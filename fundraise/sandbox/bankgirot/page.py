"""The page for people: what the bank knows, and a button for what may happen next. Swedish."""

from __future__ import annotations

from html import escape

from fundraise.sandbox import layout, panel
from fundraise.sandbox.bankgirot.config import Json
from fundraise.sandbox.bankgirot.control import ACTS
from fundraise.sandbox.bankgirot.service import Service
from fundraise.sandbox.web import Request, Response

BANNER = "Testläge: en låtsasbank, inga pengar flyttas"
DAY = 86_400
ROWS = 25
KINDS = {
    "specification": "Betalningsspecifikation", "advice": "Medgivandeavisering",
    "rejected": "Avvisade uppdrag", "changes": "Makuleringar och ändringar",
    "emandates": "Medgivanden från internetbank", "mandate_register": "Medgivanderegister",
    "watch_register": "Bevakningsregister",
}  # fmt: skip
STATES = {"enquiry": "frågas hos banken", "approved": "godkänt", "refused": "avvisat",
          "cancelled": "avslutat", "lapsed": "förfallet", "renumbered": "bytte nummer"}  # fmt: skip
COUNTS = STATES | {"approved": "godkända", "refused": "avvisade", "cancelled": "avslutade",
                   "lapsed": "förfallna"}  # fmt: skip
NOTES = {"": "", "again": "en gång till", "cut": "avklippt", "total": "fel summa",
         "customer": "fel kundnummer", "sign": "skadat tecken"}  # fmt: skip


def show(service: Service, request: Request) -> Response:
    if request.method == "POST":
        return panel.pulled(ACTS, service, request, banner=BANNER)
    state = service.state()
    parts = [_day(state), _lever(state)]
    parts += [_payee(service, payee) for payee in state["payees"]]
    parts += [_reports(state), _received(state)]
    return layout.page("sv", "Låtsasbanken", "\n".join(parts), banner=BANNER, wide=True)


def _day(state: Json) -> str:
    offset = state["knobs"]["clock_offset_seconds"]
    said = f"Klockan är {state['now']}. Senaste bankdag: {state['last_day'] or 'ingen'}."
    return layout.paragraph(said) + panel.acts(
        (f"Kör bankdagen {state['next_day']}", "run-day", {}),
        ("Ett dygn framåt", "clock", {"offset_seconds": offset + DAY}),
        ("30 dygn framåt", "clock", {"offset_seconds": offset + 30 * DAY}),
        ("Rätt tid igen", "clock", {"offset_seconds": 0}),
        ("Töm allt", "reset", {}),
    )


def _lever(state: Json) -> str:
    """Sign an e-mandate with the number that the donation page shows."""
    many = len(state["payees"]) > 1
    chosen = "".join(
        f'<option value="{payee["bankgiro"]}">{payee["bankgiro"]}</option>'
        for payee in state["payees"]
    )
    choice = f'<label>Bankgiro <select name="bankgiro">{chosen}</select></label> ' if many else ""
    inner = (
        f'{choice}<label for="payer">Betalarnummer</label> '
        '<input id="payer" class="long" name="payer" inputmode="numeric" maxlength="16" required>'
        f"{layout.button('Ge medgivande')}"
    )
    asked = panel.form("emandate", {}, inner, kind="acts")
    return f"<h2>Medgivande i internetbanken</h2>{asked}"


def _payee(service: Service, payee: Json) -> str:
    bankgiro = payee["bankgiro"]
    counts = ", ".join(f"{n} {COUNTS[name]}" for name, n in payee["mandates"].items())
    asked = ", ".join(payee["emandates"]) or "inga"
    said = (
        f"Medgivanden: {counts or 'inga'}. Väntande betalningar: {payee['waiting']}. "
        f"Internetbanksmedgivanden utan svar: {asked}."
    )
    whose: Json = {"bankgiro": bankgiro}
    acts = panel.acts(
        ("Hämta medgivanderegistret", "mandate-register", whose),
        ("Hämta bevakningsregistret", "watch-register", whose),
    )
    register = service.bank.registers[service.bank.key_of(bankgiro)]
    newest = list(register.mandates.values())[-ROWS:][::-1]
    rows = ((f"<code>{m.payer.lstrip('0')}</code>", STATES[m.state], _of_mandate(whose, m.payer))
            for m in newest)  # fmt: skip
    table = panel.table(("Betalarnummer", "Läge", "Gör"), rows)
    return f"<h2>Bankgiro {bankgiro}</h2>{layout.paragraph(said)}{acts}{table}"


def _of_mandate(whose: Json, payer: str) -> str:
    given = whose | {"payer": payer}
    return panel.acts(
        ("Betalaren återkallar", "payer-cancels", given),
        ("Stoppa betalning", "stop-payment", given),
        ("Nästa dragning: pengar saknas", "next-draw", given | {"status": "1"}),
        ("Kontot avslutas", "close-account", given),
        ("Återbetala senaste", "refund", given),
    )


def _reports(state: Json) -> str:
    rows = (
        (
            f'<a href="/files/{report["name"]}">{report["name"]}</a>',
            KINDS[report["kind"]], NOTES[report["note"]],
            panel.acts(("Igen", "again", {"name": report["name"]}),
                  ("Skadad", "again", {"name": report["name"], "how": "cut"})),
        )
        for report in state["reports"]
    )  # fmt: skip
    table = panel.table(("Fil från banken", "Innehåll", "Anmärkning", "Gör"), rows)
    return "<h2>Filer från banken</h2>" + table


def _received(state: Json) -> str:
    rows = (
        (
            escape(receipt["at"]),
            "mottagen" if receipt["accepted"] else "avvisad",
            str(receipt["orders"]),
            escape(f"rad {receipt['line']}: {receipt['reason']}" if receipt["reason"] else ""),
        )
        for receipt in state["received"]
    )
    table = panel.table(("Tid (UTC)", "Fil till banken", "Uppdrag", "Skäl"), rows)
    return "<h2>Filer till banken</h2>" + table
