"""Draws on their way out: queued when their day comes near, and marked when they have been sent.

Sums are öre, times aware UTC, days Europe/Stockholm. outcomes.py takes what became of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import connection, transaction
from django.db.models import QuerySet

from fundraise import bankdays, clock
from fundraise.pledges import states
from fundraise.pledges.models import (
    Collection,
    Instalment,
    InstalmentTransition,
    Mandate,
    Pledge,
)
from fundraise.pledges.services import outcomes
from fundraise.pledges.times import times_on
from fundraise.states import Step, advance_many

BY = "system:draws"

# An instalment may be drawn when its pledge is active and has one mandate that holds, nothing is
# out for it, and the donor was told of it in time. All three rows are locked: whoever changed one
# of them meanwhile is seen.
_DUE = """
  SELECT i.id, m.id, i.amount_ore, i.due_on
  FROM pledges_instalment i
  JOIN pledges_pledge p ON p.id = i.pledge_id
  JOIN pledges_mandate m ON m.pledge_id = p.id AND m.state = 'active' AND m.method = p.method
  JOIN pledges_notice n ON n.id = i.notice_id
  WHERE i.state = 'planned' AND i.due_on = %(due)s AND p.state = 'active'
    AND p.entity_id = %(entity)s AND p.method = %(method)s AND n.sent_at < %(told)s
    AND n.withdrawn_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM pledges_collection c WHERE c.instalment_id = i.id
                    AND c.state IN ('queued', 'sent', 'trying', 'cancelling', 'doubt'))
  ORDER BY p.id, i.id
  FOR NO KEY UPDATE OF p, i, m"""
_QUEUE = """
  INSERT INTO pledges_collection (ref, instalment_id, mandate_id, number, amount_ore, due_on, state,
                                  reference, idempotency_key, reason, cancel_for, created_at)
  SELECT a.ref, a.instalment, a.mandate, 1 + coalesce(before.number, 0), a.ore, a.due, 'queued',
         upper(left(replace(a.ref::text, '-', ''), 16)),
         CASE WHEN %(method)s = 'autogiro' THEN NULL ELSE 'collection-' || a.ref END,
         '', '', %(now)s
  FROM (SELECT gen_random_uuid() AS ref, * FROM unnest(
          %(instalments)s::bigint[], %(mandates)s::bigint[], %(sums)s::bigint[], %(days)s::date[]
        ) AS u(instalment, mandate, ore, due)) a
  LEFT JOIN (SELECT instalment_id, count(*) AS number FROM pledges_collection
             WHERE instalment_id = ANY(%(instalments)s) GROUP BY 1) before
         ON before.instalment_id = a.instalment"""
# A file may hold a hundred thousand draws: one statement that does what states.advance_many does.
_SENT = """
  WITH moved AS (
    UPDATE pledges_collection SET state = 'sent', sent_at = %(at)s
    WHERE id = ANY(%(ids)s) AND state = 'queued' RETURNING id)
  INSERT INTO pledges_collectiontransition
    (collection_id, from_state, to_state, at, "by", reason, event_id)
  SELECT id, 'queued', 'sent', %(now)s, %(by)s, '', '' FROM moved RETURNING collection_id"""


def queue(entity_id: int, method: str, *, today: date, until: date) -> int:
    """Queue the draws of the bank days after today up to `until`; how many."""
    due_days = Instalment.objects.filter(
        state=Instalment.State.PLANNED, due_on__gt=today, due_on__lte=until
    )
    days = due_days.order_by("due_on").values_list("due_on", flat=True).distinct()
    return sum(_queue_day(entity_id, method, day) for day in days)


def queue_today(entity_id: int, method: str, *, today: date) -> int:
    """Queue the draws of today, and of days that were missed: for methods that draw at once."""
    waiting = Instalment.objects.filter(state=Instalment.State.PLANNED, due_on__lte=today)
    days = waiting.order_by("due_on").values_list("due_on", flat=True).distinct()
    return sum(_queue_day(entity_id, method, day) for day in days)


@transaction.atomic
def _queue_day(entity_id: int, method: str, due_on: date) -> int:
    told_by = bankdays.add(due_on, -times_on(due_on).notice)
    asked: dict[str, str | int | date | datetime] = {
        "entity": entity_id,
        "method": method,
        "due": due_on,
        "told": datetime.combine(bankdays.add(told_by, 1), time(), clock.STOCKHOLM),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, asked)
        rows = cursor.fetchall()
        if not rows:
            return 0
        instalments, mandate_ids, sums, days = (list(column) for column in zip(*rows, strict=True))
        _collecting(instalments)
        cursor.execute(
            _QUEUE,
            {
                "instalments": instalments,
                "mandates": mandate_ids,
                "sums": sums,
                "days": days,
                "method": method,
                "now": clock.now(),
            },
        )
    return len(rows)


def _collecting(instalment_ids: list[int]) -> None:
    advance_many(
        Instalment,
        [Step(pk, "planned", "collecting") for pk in instalment_ids],
        allowed=states.INSTALMENT,
        transition_model=InstalmentTransition,
        by=BY,
    )


def sendable(entity_id: int, method: str, *, until: date) -> QuerySet[Collection]:
    """Queued draws that may leave now, of days up to `until`; lock them before they are sent."""
    return Collection.objects.filter(
        state=Collection.State.QUEUED,
        due_on__lte=until,
        mandate__state=Mandate.State.ACTIVE,
        mandate__entity_id=entity_id,
        mandate__method=method,
        instalment__pledge__state=Pledge.State.ACTIVE,
        instalment__state=Instalment.State.COLLECTING,
    ).order_by("pk")


def mark_sent(collection_ids: Iterable[int], at: datetime) -> set[int]:
    """These draws stand in a file now (or are asked of the provider). Returns those that moved.

    Raises django.db.IntegrityError when one of them has no live mandate or no active pledge.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SENT, {"ids": list(collection_ids), "at": at, "now": clock.now(), "by": BY})
        return {pk for (pk,) in cursor.fetchall()}


def drop_late(entity_id: int, method: str, *, before: date) -> int:
    """Queued draws that can't be sent any more go back to their period, which is let go then."""
    late = Collection.objects.filter(
        state=Collection.State.QUEUED,
        due_on__lt=before,
        mandate__entity_id=entity_id,
        mandate__method=method,
    )
    dropped = 0
    for pk in list(late.values_list("pk", flat=True)):
        dropped += outcomes.cancelled(pk, "late", cancel_for="plan")
    return dropped
