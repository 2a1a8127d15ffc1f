"""What of the bank and the books needs somebody today, and where the rows are."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundraise import clock
from fundraise.console.queues import Waiting
from fundraise.reconciliation import queries
from fundraise.reconciliation.models import Item, ProofLine, QueueItem, StatementFile
from fundraise.reconciliation.paying import services as paying
from fundraise.reconciliation.proof import queries as proof
from fundraise.staff.rights import Rights


def _differs(held: Rights) -> Waiting:
    day = proof.newest(held.entities("proof.view"))
    rows = [line.pk for line in day.with_status(ProofLine.Status.DIFFERS)] if day else []
    what = _("Comparisons that differ in today's proof")
    return ProofLine.objects.filter(pk__in=rows), what, reverse("console:day_proof")


def _files(held: Rights) -> Waiting:
    mine = StatementFile.objects.filter(entity__in=held.entities("statements.import"))
    rows = mine.filter(state=StatementFile.State.READ)
    what = _("Files from the bank to be booked or put away")
    return rows, what, f"{reverse('console:statement_files')}?state=read"


def _items(held: Rights, state: str, what: str) -> Waiting:
    rows = queries.open_items(held.entities("matches.decide"), state=state)
    return rows, what, f"{reverse('console:match')}?state={state}"


def _suggested(held: Rights) -> Waiting:
    return _items(held, Item.State.SUGGESTED, _("Lines of the bank with a suggestion"))


def _unknown(held: Rights) -> Waiting:
    rows, _what, url = _items(held, Item.State.UNKNOWN, "")
    oldest = rows.values_list("booked_on", flat=True).first()
    if oldest is None:
        return rows, _("Lines of the bank that nobody knows"), url
    days = (clock.today() - oldest).days
    what = ngettext(
        "Lines of the bank that nobody knows, the oldest %(n)d day old",
        "Lines of the bank that nobody knows, the oldest %(n)d days old",
        days,
    )
    return rows, what % {"n": days}, url


def _overdue(held: Rights) -> Waiting:
    rows = QueueItem.objects.filter(
        entity__in=held.entities("exceptions.settle"),
        state=QueueItem.State.OPEN,
        due_on__lt=clock.today(),
    )
    return rows, _("Exceptions whose day has passed"), f"{reverse('console:exceptions')}?due=passed"


def _refunds(held: Rights) -> Waiting:
    rows = paying.waiting(held.entities("payments.make"))
    return rows, _("Refunds to be paid at the bank"), reverse("console:paying")


# The permission that lets somebody do something about it -> what waits.
NEEDS: list[tuple[str, Callable[[Rights], Waiting]]] = [
    ("proof.run", _differs),
    ("statements.import", _files),
    ("matches.decide", _suggested),
    ("matches.decide", _unknown),
    ("exceptions.settle", _overdue),
    ("payments.make", _refunds),
]
