"""The bank's week before the demo begins: who gives by giro, its files, and the first proof.

Some of the givers have an OCR number, so that their gifts find them; the others are strangers, for
whom the page of matching is there.
"""

from __future__ import annotations

import time
from datetime import date, timedelta

from django.conf import settings

from donors import cards
from donors.models import Donor
from fundraise import bankdays, clock
from fundraise.ledger.models import LegalEntity
from fundraise.ops.demo import days
from fundraise.reconciliation import references
from fundraise.reconciliation.inbox import folder
from fundraise.reconciliation.proof import running

BANK_DAYS, KNOWN = 5, 12  # bank days of files; donors who have a number
STRANGERS = (
    ("Sten Provsson", "Gåva till valet"),
    ("Provby bokcirkel", "Insamling"),
    ("Berit Övning", ""),
    ("A Testlund", "tack för allt ni gör"),
)
BY = "system:demo"


def begin(accounts: str, entity: LegalEntity) -> date | None:
    """The stand-in begins a week ago, with these givers; the first day, or None when it is away.

    One that has handed out files goes on where it was.
    """
    first = bankdays.add(_last_day(), 1 - BANK_DAYS)
    try:
        days.await_bank(accounts, "listen")
        # Known before it begins: what is over by the clock it runs by itself.
        days.ask_bank(accounts, "givers", {"givers": [*_known(entity), *_strangers()]})
        days.ask_bank(accounts, "begin", {"date": first.isoformat()})
    except (days.BankAway, days.RefusedByBank):
        return None
    return first


def play(accounts: str) -> None:
    """Its days up to yesterday are over; their files are booked, and everything proved once."""
    days.run_day(accounts, _last_day())
    time.sleep(settings.BANK_SETTLE_SECONDS + days.SETTLED)
    folder.pick_up()
    folder.work_in()
    running.run(by=BY)


def _last_day() -> date:
    return bankdays.on_or_before(clock.today() - timedelta(days=1))


def _known(entity: LegalEntity) -> list[dict[str, object]]:
    """Donors of the demo with their OCR numbers, and the accounts that they pay from."""
    donors = list(Donor.objects.filter(status=Donor.Status.ACTIVE).order_by("pk")[:KNOWN])
    lines = cards.open_lines(donors, by=BY, purpose="demo")
    return [
        {
            "key": str(donor.ref),
            "name": line.name,
            "ocr": references.issue(entity, donor, by=BY).number,
            "account": f"8{n:013d}",
        }
        for n, (donor, line) in enumerate(zip(donors, lines, strict=True), 1)
    ]


def _strangers() -> list[dict[str, object]]:
    """People whom nobody knows; their numbers are of those that are nobody's."""
    return [
        {"key": f"stranger{n}", "name": name, "message": said,
         "account": f"8{900 + n:013d}", "phone": f"+467017406{n:02d}"}
        for n, (name, said) in enumerate(STRANGERS, 5)
    ]  # fmt: skip
