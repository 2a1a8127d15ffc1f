"""The doors of a list of earlier gifts: read, looked at, booked by a worker, taken back by one.

Nothing but the list itself changes before `book`. Each step moves it by compare-and-set, so a
second press or a second tab changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from donors import queries as donors
from donors.importing import files
from donors.importing.table import Table
from donors.models import Donor
from fundraise import clock, crypto
from fundraise.audit import reasons
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import giver_key
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.ledger import entities
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.books.earlier import booking
from fundraise.reporting.books.earlier import rows as reading
from fundraise.reporting.books.earlier.booking import EarlierGift
from fundraise.reporting.books.earlier.rows import Fault, Row
from fundraise.reporting.books.models import EarlierList, EarlierMember

State = EarlierList.State
BOOK, UNDO = "earlier_book", "earlier_undo"  # keys of settings.WORK


class EarlierError(ValueError):
    """Nothing was changed.

    `code`: past (the list has come further), gone (its file is), faults (a row is wrong), nothing
    (every gift is written already), comment, personal.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Look:
    """What booking a list would do."""

    faults: Sequence[Fault]
    gifts: int
    sum_ore: int
    known: int
    of_donors: int
    of_addresses: int
    years: Sequence[tuple[int, int, int]]

    @property
    def of_nobody(self) -> int:
        return self.gifts + self.known - self.of_donors - self.of_addresses

    @property
    def may_book(self) -> bool:
        return not self.faults and self.gifts > 0


def bring_in(
    entity: LegalEntity, body: bytes, *, campaign: Campaign | None, channel: str, by: str
) -> EarlierList:
    """Keep a list, sealed, with its columns suggested. Raises FileRefused, and keeps nothing."""
    table = files.read(body, most=settings.IMPORT_MAX_BYTES)
    row = EarlierList(
        entity=entity,
        campaign=campaign,
        channel=channel,
        columns=reading.suggest(table.header),
        keep_until=clock.today() + timedelta(days=settings.IMPORT_KEEP_DAYS),
        made_at=clock.now(),
        made_by=by,
    )
    row.body = crypto.seal(body, context=_context(row))
    row.save(force_insert=True)
    return row


def _context(row: EarlierList) -> str:
    return f"earlier/{row.ref}"


def table_of(row: EarlierList) -> Table:
    """The list, read again. Raises EarlierError: gone."""
    if row.body is None:
        raise EarlierError("gone")
    body = crypto.unseal(bytes(row.body), context=_context(row))
    return files.read(body, most=settings.IMPORT_MAX_BYTES)


def choose_columns(row: EarlierList, columns: Sequence[str]) -> None:
    """What each column holds. Raises EarlierError: past."""
    if not _rows(row, State.READ).update(columns=list(columns)):
        raise EarlierError("past")
    row.columns = list(columns)


def look(row: EarlierList) -> Look:
    """What would be booked. Raises EarlierError: gone."""
    rows, faults = reading.read(table_of(row), row.columns, clock.today())
    gifts, more = _gifts(rows, row.channel)
    new = list(booking.left(row.entity, gifts))
    sums, counts = Counter[int](), Counter[int]()
    for one in new:
        sums[one.day.year] += one.ore
        counts[one.day.year] += 1
    return Look(
        faults=[*faults, *more],
        gifts=len(new),
        sum_ore=sum(one.ore for one in new),
        known=len(gifts) - len(new),
        of_donors=sum(one.donor_id is not None for one in gifts),
        of_addresses=sum(one.donor_id is None and one.giver_key is not None for one in gifts),
        years=[(year, counts[year], sums[year]) for year in sorted(sums)],
    )


def _gifts(rows: Sequence[Row], channel: str) -> tuple[list[EarlierGift], list[Fault]]:
    """The rows with their donors: the one who is named, or the only one with the address."""
    refs = {row.donor for row in rows if row.donor}
    named = dict(Donor.objects.filter(ref__in=refs).values_list("ref", "pk"))
    faults = [Fault(row.line, "donor", "donor") for row in rows if row.donor and
              row.donor not in named]  # fmt: skip
    emails = {row.email for row in rows if row.email and not row.donor}
    found = {email: donors.match_giver(email=email, name="").donor_id for email in emails}
    gifts = [
        EarlierGift(
            proof=row.proof,
            day=row.day,
            ore=row.ore,
            channel=row.way or channel,
            donor_id=named.get(row.donor) if row.donor else found.get(row.email),
            giver_key=giver_key(row.email) if row.email else None,
        )
        for row in rows
    ]
    return gifts, faults


@transaction.atomic
def book(row: EarlierList, *, by: str) -> None:
    """Have a worker book the list. Raises EarlierError: past, gone, faults, nothing."""
    found = look(row)
    if found.faults:
        raise EarlierError("faults")
    if not found.gifts:
        raise EarlierError("nothing")
    if not _rows(row, State.READ).update(state=State.BOOKING, booked_by=by):
        raise EarlierError("past")
    _begin(BOOK, row, by)


def _begin(kind: str, row: EarlierList, by: str) -> None:
    place = reverse("console:earlier_list", args=[row.ref])
    work.begin(kind, by=by, arguments={"list": row.pk}, place=place)


@transaction.atomic
def booked(row: EarlierList) -> int:
    """Write the gifts of a list that is being booked: all of them or none. Returns how many."""
    rows, _faults = reading.read(table_of(row), row.columns, clock.today())
    gifts, _more = _gifts(rows, row.channel)
    made = booking.record_earlier(row.entity, gifts, by=row.booked_by, campaign=row.campaign)
    changed = _rows(row, State.BOOKING).update(
        state=State.BOOKED,
        booked_at=clock.now(),
        body=None,
        gifts=len(made),
        sum_ore=sum(gift.amount_ore for gift in made),
    )
    if not changed:
        raise EarlierError("past")
    EarlierMember.objects.bulk_create(EarlierMember(gift=gift, list=row) for gift in made)
    return len(made)


def throw_away(row: EarlierList) -> None:
    """The list is not wanted. Raises EarlierError: past."""
    if not _rows(row, State.READ).update(state=State.THROWN, body=None):
        raise EarlierError("past")


@transaction.atomic
def undo(row: EarlierList, *, by: str, why: str) -> None:
    """Have a worker take a list back, each gift by a linked reversal.

    Raises EarlierError: comment, personal, past.
    """
    if not why.strip():
        raise EarlierError("comment")
    if reasons.tell_of_a_person(why):
        raise EarlierError("personal")
    said = why.strip()[:200]
    if not _rows(row, State.BOOKED).update(state=State.UNDOING, undone_by=by, why=said):
        raise EarlierError("past")
    after = {"count": row.gifts, "amount_ore": row.sum_ore}
    entities.log_change(by, "books.earlier.undone", row.entity, after, why)
    _begin(UNDO, row, by)


def latest_work(row: EarlierList) -> Work | None:
    """The newest work on a list, as far as it has come; None when nobody asked lately."""
    found = Work.objects.filter(kind__in=[BOOK, UNDO], arguments={"list": row.pk})
    return found.order_by("-pk").first()


@transaction.atomic
def go_on(row: EarlierList, *, by: str) -> None:
    """Have a worker finish what one left half done. Raises EarlierError: past."""
    row = EarlierList.objects.select_for_update(of=("self",)).get(pk=row.pk)
    latest = latest_work(row)
    is_open = row.state in {State.BOOKING, State.UNDOING}
    if not is_open or (latest is not None and not latest.is_ended):
        raise EarlierError("past")
    _begin(BOOK if row.state == State.BOOKING else UNDO, row, by)


def undone(row: EarlierList) -> None:
    """Every gift of the list is taken back."""
    _rows(row, State.UNDOING).update(state=State.UNDONE, undone_at=clock.now())


def forget_left_lying() -> int:
    """Throw away lists that nobody booked in time. Returns how many."""
    left = EarlierList.objects.filter(state=State.READ, keep_until__lt=clock.today())
    return left.update(state=State.THROWN, body=None)


def _rows(row: EarlierList, state: str) -> QuerySet[EarlierList]:
    return EarlierList.objects.filter(pk=row.pk, state=state)
