"""The last look before a request leaves: who must not get it any more, and why.

Days may lie between preparing and sending. Who was suppressed, withdrew, was erased, died or asked
to be left alone since then is taken out of the body, and so is who has given to the campaign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from mailings.appeals.models import Appeal, Batch, Message
from mailings.appeals.payloads import Entry
from mailings.appeals.services import claiming
from mailings.suppressions.queries import stands_sql

Outcome = Message.Outcome

_REFUSED = """EXISTS (
                SELECT 1 FROM donors_legalbasis b
                 WHERE b.donor_id = m.donor_id AND b.purpose = %(purpose)s
                   AND (b.withdrawn_at >= %(since)s OR b.objection_at >= %(since)s))"""
_LOOK = f"""
SELECT m.seq,
       CASE WHEN m.outcome <> '' THEN m.outcome
            WHEN d.id IS NULL OR d.status <> 'active' OR d.died_on IS NOT NULL
              OR d.no_contact_at IS NOT NULL OR {_REFUSED} THEN 'no_basis'
            WHEN {stands_sql("m.email_key", "%(campaign)s")} THEN 'suppressed'
            WHEN g.donor_id IS NOT NULL THEN 'gave' END AS why
  FROM appeals_message m
  LEFT JOIN donors_donor d ON d.id = m.donor_id
  LEFT JOIN (SELECT DISTINCT donor_id FROM gifts_gift
              WHERE campaign_id = %(campaign)s AND state = 'received' AND received_at >= %(since)s
                AND %(drop)s) g ON g.donor_id = m.donor_id
 WHERE m.appeal_id = %(appeal)s AND m.seq = ANY(%(seqs)s::int[])"""  # noqa: S608 - no value in it


def look(appeal: Appeal, people: Sequence[Entry]) -> dict[int, str]:
    """Seq → why not, for those who must not get it any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({_LOOK}) looked WHERE why IS NOT NULL",  # noqa: S608
            {
                "appeal": appeal.pk,
                "campaign": appeal.campaign_id,
                "purpose": appeal.purpose,
                "since": appeal.frozen_at,
                "drop": appeal.drop_givers,
                "seqs": [one.seq for one in people],
            },
        )
        return dict(cursor.fetchall())


def noted(appeal: Appeal, people: Sequence[Entry]) -> dict[int, str]:
    """Seq → why not, for those who were left out at an earlier try."""
    rows = Message.objects.filter(appeal=appeal, seq__in=[one.seq for one in people])
    return dict(rows.exclude(outcome=Outcome.SENT).values_list("seq", "outcome"))


def leave_out(batch: Batch, out: Mapping[int, str], staying: int) -> bool:
    """Note who is left out, and how many the request holds. False when the try is not ours."""
    if not out and batch.sent == staying:
        return claiming.is_ours(batch)
    return _leave_out(batch, out, staying)


@transaction.atomic
def _leave_out(batch: Batch, out: Mapping[int, str], staying: int) -> bool:
    if not claiming.fence_holds(batch):
        return False
    note(batch.appeal_id, out)
    Batch.objects.filter(pk=batch.pk).update(sent=staying)
    return True


def note(appeal_id: int, out: Mapping[int, str]) -> None:
    """Messages that are not sent, each with why; what was noted before stands."""
    by_reason: dict[str, list[int]] = {}
    for seq, why in out.items():
        by_reason.setdefault(why, []).append(seq)
    for why, seqs in by_reason.items():
        rows = Message.objects.filter(appeal=appeal_id, seq__in=seqs, outcome=Outcome.SENT)
        rows.update(outcome=why)
