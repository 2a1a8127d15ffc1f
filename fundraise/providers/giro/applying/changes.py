"""Cancellations and changes: by our wish, by the payer or the bank, or with the mandate."""

from __future__ import annotations

from fundraise.pledges import states
from fundraise.pledges.models import Collection
from fundraise.pledges.services import outcomes as draw_doors
from fundraise.providers.autogiro import codes
from fundraise.providers.autogiro.kinds import Section
from fundraise.providers.autogiro.reports import ChangeLine
from fundraise.providers.giro.applying import outcomes
from fundraise.providers.giro.applying.advice import stop
from fundraise.providers.giro.applying.work import Draw, Result, Row, Work, day_of
from fundraise.providers.giro.models import Order, Question

MOVES = {"26", "27", "28", "29"}
FOR_ALL = {"21", "22", "26", "27"}  # no payer stands there, at most how many were touched
ONE_DRAW, OURS_ENDED = "25", "21"


def apply(work: Work, section: Section, rows: list[Row]) -> None:
    """Work one section in."""
    draws = work.draws(record.reference for _at, record in section.lines)
    known = work.mandates(r.payer for _at, r in section.lines if r.reference not in draws)
    for (_at, record), row in zip(section.lines, rows, strict=True):
        if row.result == Result.ALREADY:
            continue
        row.payer, row.ore = record.payer, record.amount_ore
        row.code, row.day = f"{record.code}+{record.comment}", day_of(record.day)
        if record.code in FOR_ALL and not record.payer:
            _for_all(work, row, record)
        elif record.reference in draws:
            _draw(work, row, record, draws[record.reference])
        elif record.payer in known:
            row.mandate_id = known[record.payer].pk
            _of_payer(work, row, record)
        elif work.in_range(record.payer):
            row.result = Result.UNKNOWN
            work.ask(row, Question.Kind.PAYER)
        else:
            row.result = Result.OTHER
    work.keep_others(section, rows)


def _draw(work: Work, row: Row, record: ChangeLine, draw: Draw) -> None:
    row.collection_id, row.mandate_id = draw.pk, draw.mandate_id
    if record.code in MOVES and codes.is_done(record.comment):
        row.result = Result.CONFLICT  # somebody moved it at the bank: nobody has told the donor
        work.ask(row, Question.Kind.MOVED)
        return
    if record.code in MOVES:
        row.result = Result.NOTED
        return
    done = outcomes.by_change(draw.pk, record.code, record.comment, row.event_id)
    row.result = Result.APPLIED if done else Result.NOTED
    if record.code == ONE_DRAW:
        work.answer(Order.Kind.CANCEL, draw.pk, record.comment)
    if codes.is_done(record.comment):
        work.answer(Order.Kind.DRAW, draw.pk, row.code)


def _of_payer(work: Work, row: Row, record: ChangeLine) -> None:
    """All draws of a payer, or those of one day: nothing that we send, but the bank's page can."""
    found = work.open_draws(record.payer)
    if row.day is not None:
        found = [draw for draw in found if draw.due_on == row.day]
    if record.amount_ore:
        found = [draw for draw in found if draw.ore == record.amount_ore]
    if record.code in MOVES:
        row.result = Result.CONFLICT
        work.ask(row, Question.Kind.MOVED)
    elif not codes.is_done(record.comment) or not found:
        row.result = Result.NOTED
    else:
        for draw in found:
            outcomes.by_change(draw.pk, record.code, record.comment, row.event_id)
            work.answer(Order.Kind.DRAW, draw.pk, row.code)
        row.result = Result.APPLIED


def _for_all(work: Work, row: Row, record: ChangeLine) -> None:
    """Everything that waited, or all of one day: who, the record does not say.

    When it counts as many as we have out they are cancelled; else nobody knows which, and each is
    in doubt until a specification or a person tells.
    """
    if record.code in MOVES:
        row.result = Result.CONFLICT
        work.ask(row, Question.Kind.MOVED)
        return
    found = Collection.objects.filter(
        mandate__entity_id=work.entity_id,
        mandate__method="autogiro",
        state__in=set(states.OPEN_COLLECTION) - {Collection.State.QUEUED},
    )
    if row.day is not None:
        found = found.filter(due_on=row.day)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    counted = int(record.marker) if record.marker.isdigit() else None
    for pk in ids:
        if counted == len(ids):
            draw_doors.cancelled(pk, row.code, row.event_id)
            work.answer(Order.Kind.DRAW, pk, row.code)
        else:
            draw_doors.in_doubt(pk, row.code, row.event_id)
    row.result = Result.APPLIED
    if record.code == OURS_ENDED:
        text = "Bankgirot has ended our agreement: what waited there is cancelled"
        stop(work.agreement, text)
