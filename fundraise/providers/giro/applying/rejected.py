"""The rejected payments: orders of ours that Bankgirot did not take."""

from __future__ import annotations

from fundraise.jobs import services as jobs
from fundraise.providers.autogiro.kinds import Section
from fundraise.providers.giro.applying import outcomes
from fundraise.providers.giro.applying.advice import OUR_FAULT
from fundraise.providers.giro.applying.work import Result, Row, Work, day_of
from fundraise.providers.giro.models import Order, Question


def apply(work: Work, section: Section, rows: list[Row]) -> None:
    """Work one section in."""
    draws = work.draws(record.reference for _at, record in section.lines)
    strange = {r.payer for _at, r in section.lines if r.reference not in draws}
    known = work.mandates(strange)
    ours = set()
    for (_at, record), row in zip(section.lines, rows, strict=True):
        if row.result == Result.ALREADY:
            continue
        row.payer, row.code, row.ore = record.payer, record.comment, record.amount_ore
        row.day = day_of(record.day)
        draw = draws.get(record.reference)
        if draw is not None and record.direction == "82":
            row.collection_id, row.mandate_id = draw.pk, draw.mandate_id
            done = outcomes.by_rejection(draw.pk, record.comment, row.event_id)
            row.result = Result.APPLIED if done else Result.NOTED
            work.answer(Order.Kind.DRAW, draw.pk, record.comment)
            ours |= {record.comment} & outcomes.OURS
        elif record.payer in known or work.in_range(record.payer):
            row.result = Result.UNKNOWN
            row.mandate_id = known[record.payer].pk if record.payer in known else None
            work.ask(row, Question.Kind.DRAW)
        else:
            row.result = Result.OTHER
    if ours:
        text = f"Bankgirot rejected draws for what is not the donors': {', '.join(sorted(ours))}"
        jobs.raise_alarm(OUR_FAULT, str(work.agreement.ref), text)
    work.keep_others(section, rows)
