"""The last look before a request leaves: who must not get it any more, and why.

Days may lie between preparing and sending. Who was suppressed, withdrew, was erased, died or asked
to be left alone since then is taken out of the body, and so is whose address it was no longer is,
and who has given to the campaign. Who took back the consent to be followed gets the appeal's link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection, transaction

from donors.queries import stands_sql as basis_stands
from fundraise import clock, copying, prepared
from fundraise.campaigns.queries import over_sql
from mailings.appeals.audience import TARGETING
from mailings.appeals.models import Appeal, Batch, Message
from mailings.appeals.people import unfollowed_sql
from mailings.appeals.services import claiming
from mailings.suppressions.queries import stands_sql

Outcome = Message.Outcome

# By their key, each for itself, and by an appeal that the server does not know beforehand: of one
# that was just prepared it has no figures yet, takes it to have no messages, and reads them all.
_MESSAGES = """unnest(%(seqs)s::int[]) w (seq)
 CROSS JOIN LATERAL (SELECT * FROM appeals_message m
                      WHERE m.appeal_id = b.appeal_id AND m.seq = w.seq LIMIT 1) m"""
_LEFT_ALONE = """EXISTS (
                SELECT 1 FROM donors_donor d
                 WHERE d.id = m.donor_id AND (d.status <> 'active' OR d.died_on IS NOT NULL
                       OR d.no_contact_at IS NOT NULL))"""
# Few since the list was frozen, so they are found once for all that is looked at: who said no, and
# whose last basis for a purpose ended.
_REFUSED = f"""
            SELECT donor_id, bool_or(purpose = %(purpose)s) AS asked,
                   bool_or(purpose = %(targeting)s) AS aimed
              FROM (SELECT donor_id, purpose FROM donors_legalbasis
                     WHERE purpose = ANY(%(purposes)s)
                       AND (withdrawn_at >= %(since)s OR objection_at >= %(since)s)
                     UNION ALL
                    SELECT b.donor_id, b.purpose FROM donors_legalbasis b
                     WHERE b.ended_at >= %(since)s AND b.purpose = ANY(%(purposes)s)
                       AND NOT EXISTS (
                           SELECT 1 FROM donors_legalbasis k
                            WHERE k.donor_id = b.donor_id AND k.purpose = b.purpose
                              AND {basis_stands("k.")})) no
             GROUP BY donor_id"""  # noqa: S608 - columns of ours
# The body holds the address as it was: is it the donor's no more? One look by the key for nearly
# everybody. What bears another look-up key (before its 32 bytes of hash) may be the same address.
_ANOTHERS = """NOT EXISTS (
                SELECT 1 FROM donors_contactpoint c
                 WHERE c.donor_id = m.donor_id AND c.kind = 'email' AND c.value_hash = m.email_key)
             AND NOT EXISTS (
                SELECT 1 FROM donors_contactpoint c
                 WHERE c.donor_id = m.donor_id AND c.kind = 'email'
                   AND substring(c.value_hash FOR octet_length(c.value_hash) - 32)
                       <> substring(m.email_key FOR octet_length(m.email_key) - 32))"""
# A bank's gift is dated noon and becomes known when its file is booked: it may have been given
# just before the list was frozen, and nobody could know. Old gifts that are imported are none.
_GAVE = """
            SELECT donor_id FROM gifts_gift
             WHERE campaign_id = %(campaign)s AND state = 'received' AND received_at >= %(since)s
               AND %(drop)s
             UNION
            SELECT donor_id FROM gifts_gift
             WHERE state = 'received' AND created_at >= %(since)s AND campaign_id = %(campaign)s
               AND received_at >= %(since)s - interval '7 days' AND %(drop)s"""
# Prepared with a link of one's own, and the consent to it is taken back.
_LOST = f"m.tracked AND {unfollowed_sql('m.donor_id')}"
_LOOK = f"""
SELECT m.seq,
       CASE WHEN m.outcome <> '' THEN m.outcome
            WHEN {_LEFT_ALONE} OR r.asked OR r.aimed AND m.targeted THEN 'no_basis'
            WHEN {stands_sql("m.email_key", "%(campaign)s")} THEN 'suppressed'
            WHEN {_ANOTHERS} THEN 'no_address'
            WHEN g.donor_id IS NOT NULL THEN 'gave' END AS why,
       {_LOST} AS lost
  FROM {_MESSAGES}
  LEFT JOIN ({_REFUSED}) r ON r.donor_id = m.donor_id
  LEFT JOIN ({_GAVE}) g ON g.donor_id = m.donor_id"""  # noqa: S608 - no value in it


# The same keys must bring the same people: who was there at the first try stays.
_NOTED = f"""
SELECT m.seq, nullif(m.outcome, '') AS why, {_LOST} AS lost FROM {_MESSAGES}"""  # noqa: S608
_SEEN = """
SELECT a.state, b.state = 'posting' AND b.fence = %(fence)s, o.seqs, o.whys, o.lost, {over}
  FROM appeals_batch b JOIN appeals_appeal a ON a.id = b.appeal_id
       JOIN campaigns_campaign g ON g.id = a.campaign_id,
       LATERAL (SELECT array_agg(seq) FILTER (WHERE why IS NOT NULL) AS seqs,
                       array_agg(why) FILTER (WHERE why IS NOT NULL) AS whys,
                       array_agg(seq) FILTER (WHERE lost) AS lost
                  FROM ({people}) p WHERE why IS NOT NULL OR lost) o
 WHERE b.id = %(batch)s"""


_NOTE = """
UPDATE appeals_message m SET outcome = w.why
  FROM (SELECT %s::bigint AS appeal_id OFFSET 0) a,
       unnest(%s::int[], %s::text[]) w (seq, why)
 WHERE m.appeal_id = a.appeal_id AND m.seq = w.seq AND m.outcome = ''"""


_OVER = over_sql("g", "%(today)s")
_SEEN_NOW = _SEEN.format(people=_LOOK, over=_OVER)
_SEEN_NOTED = _SEEN.format(people=_NOTED, over=_OVER)


class Seen(NamedTuple):
    """What a last look saw, all at one moment."""

    state: str  # the appeal's
    ours: bool  # whether the try is still ours
    out: dict[int, str]  # seq → why not, for those who must not get it any more
    unfollowed: frozenset[int] = frozenset()  # whose link must not name their message any more
    over: bool = False  # whether the campaign takes no more gifts


def look(batch: Batch, appeal: Appeal, seqs: Sequence[int], *, again: bool = False) -> Seen:
    """Look once more. `again`: only at who was left out at an earlier try."""
    values = {
        "campaign": appeal.campaign_id,
        "purpose": appeal.purpose,
        "targeting": TARGETING,
        "purposes": _purposes(appeal),
        "since": appeal.frozen_at,
        "drop": appeal.drop_givers,
        "seqs": copying.array(seqs),
        "batch": batch.pk,
        "fence": claiming.fence_of(batch),
        "today": clock.today(),
    }
    with prepared.run(_SEEN_NOTED if again else _SEEN_NOW, values) as cursor:
        [(state, ours, out, whys, lost, over)] = cursor.fetchall()
    left_out = dict(zip(out or (), whys or (), strict=True))
    return Seen(state, ours, left_out, frozenset(lost or ()), over)


def _purposes(appeal: Appeal) -> list[str]:
    """Whose refusal matters: the appeal's, and targeting where people were chosen by consent."""
    return [appeal.purpose, *([TARGETING] if appeal.criteria.get("splits") else [])]


def leave_out(batch: Batch, out: Mapping[int, str], staying: int) -> bool:
    """Note who is left out, and how many the request holds. False when the try is not ours."""
    return (not out and batch.sent == staying) or _leave_out(batch, out, staying)


@transaction.atomic
def _leave_out(batch: Batch, out: Mapping[int, str], staying: int) -> bool:
    if not claiming.fence_holds(batch):
        return False
    note(batch.appeal_id, out)
    Batch.objects.filter(pk=batch.pk).update(sent=staying)
    return True


def note(appeal_id: int, out: Mapping[int, str]) -> None:
    """Messages that are not sent, each with why; what was noted before stands."""
    with connection.cursor() as cursor:
        whys = [str(why) for why in out.values()]
        cursor.execute(_NOTE, [appeal_id, copying.array(out), whys])
