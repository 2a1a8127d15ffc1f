"""The doors of the suppression table: put addresses there, lift one, lift many.

Everything is by address, so that people who share one follow. An address whose mail comes back is
marked so with every donor who has it, through donors' own door.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from donors import services as donors
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.refs import new_ref
from mailings.suppressions.errors import SuppressionError
from mailings.suppressions.models import Suppression

Reason, Scope = Suppression.Reason, Suppression.Scope
BOUNCING = frozenset({Reason.BOUNCE, Reason.INVALID})
# What a reason keeps away when nothing else is said: a complaint and a no concern what asks; an
# address that does not work, or whose owner is gone, concerns all bulk mail.
SCOPES: dict[str, str] = {
    Reason.COMPLAINT: Scope.APPEALS,
    Reason.UNSUBSCRIBED: Scope.APPEALS,
    Reason.STAFF: Scope.APPEALS,
}

_INSERT = """
INSERT INTO suppressions_suppression
    (ref, email_key, scope, campaign_id, reason, source, event, "by", created_at,
     lifted_by, why, wish)
SELECT ref, email_key, scope, campaign_id, reason, source, event, %(by)s, %(at)s, '', '', ''
  FROM unnest(%(refs)s::uuid[], %(keys)s::bytea[], %(scopes)s::text[], %(campaigns)s::bigint[],
              %(reasons)s::text[], %(sources)s::text[], %(events)s::text[])
       AS new (ref, email_key, scope, campaign_id, reason, source, event)
    ON CONFLICT DO NOTHING
RETURNING ref, email_key, scope, reason, source
"""


@dataclass(frozen=True, slots=True)
class New:
    """An address (its keyed hash) that shall not be mailed, and why."""

    email_key: bytes
    reason: str
    source: str
    scope: str = ""  # empty: what the reason brings (SCOPES)
    campaign_id: int | None = None
    event: str = ""

    @property
    def kept_away(self) -> str:
        """The scope as it is stored."""
        return self.scope or SCOPES.get(self.reason, Scope.ALL)


# --- Put there ------------------------------------------------------------------------------------
def suppress(
    *,
    email_key: bytes,
    reason: str,
    source: str,
    by: str,
    scope: str = "",
    campaign_id: int | None = None,
    event: str = "",
) -> bool:
    """Keep one address from being mailed. False when it stood there for the same reason."""
    return suppress_many([New(email_key, reason, source, scope, campaign_id, event)], by=by) == 1


@transaction.atomic
def suppress_many(new: Sequence[New], *, by: str) -> int:
    """Keep many addresses from being mailed; how many did not stand there for the same reason."""
    if not new:
        return 0
    made = _insert(new, by)
    said: dict[tuple[str, str, str], list[UUID]] = defaultdict(list)
    for ref, _key, scope, reason, source in made:
        said[(reason, scope, source)].append(ref)
    for (reason, scope, source), refs in said.items():
        audit.log_changes(
            by=by,
            action="suppression.made",
            subject_type="suppression",
            subject_refs=refs,
            after={"why": reason, "scope": scope, "source": source},
        )
    bouncing = [key for _ref, key, _scope, reason, _source in made if reason in BOUNCING]
    donors.mark_addresses_bouncing(value_hashes=bouncing, by=by)
    return len(made)


def _insert(new: Sequence[New], by: str) -> list[tuple[UUID, bytes, str, str, str]]:
    # In one order for everybody, so that two posts of events never wait for each other in a ring.
    rows = sorted(set(new), key=lambda one: (one.email_key, one.reason, one.kept_away))
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "by": by,
                "at": clock.now(),
                "refs": [new_ref() for _row in rows],
                "keys": [row.email_key for row in rows],
                "scopes": [str(row.kept_away) for row in rows],
                "campaigns": [row.campaign_id for row in rows],
                "reasons": [str(row.reason) for row in rows],
                "sources": [row.source for row in rows],
                "events": [row.event for row in rows],
            },
        )
        return [(ref, bytes(key), *rest) for ref, key, *rest in cursor.fetchall()]


# --- Lift -----------------------------------------------------------------------------------------
@transaction.atomic
def lift(*, ref: UUID, why: str, by: str, wish: str = "") -> Suppression:
    """The address may be mailed again, as far as this row goes.

    A complaint is lifted only by the person's own written wish; `wish` names where it is kept (a
    case number, the day of a letter), never the words. Raises SuppressionError (unknown,
    lifted_already, needs_reason, needs_wish).
    """
    row = Suppression.objects.filter(ref=ref).first()
    if row is None:
        raise SuppressionError("unknown")
    if not why.strip():
        raise SuppressionError("needs_reason")
    if row.reason == Reason.COMPLAINT and not wish.strip():
        raise SuppressionError("needs_wish")
    lifted = _lift(Suppression.objects.filter(pk=row.pk), why.strip()[:500], by, wish.strip()[:200])
    if not lifted:
        raise SuppressionError("lifted_already")
    audit.log_change(
        by=by,
        action="suppression.lifted",
        subject_type="suppression",
        subject_ref=row.ref,
        before={"why": row.reason, "scope": row.scope},
        reason=why.strip(),
    )
    row.refresh_from_db()
    return row


@transaction.atomic
def lift_many(
    keys: Iterable[bytes],
    *,
    reasons: Sequence[str],
    why: str,
    by: str,
    before: datetime | None = None,
    campaign_id: int | None = None,
) -> int:
    """What no longer holds of these addresses: by their own act, or by mail that arrived.

    Never a complaint: that takes `lift`. `before`: only what was put there earlier than that;
    `campaign_id`: only what keeps this campaign's appeals away. Returns how many.
    """
    if Reason.COMPLAINT in reasons:
        raise SuppressionError("needs_wish")
    rows = Suppression.objects.filter(email_key__in=list(keys), reason__in=reasons, lifted_at=None)
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    if campaign_id is not None:
        rows = rows.filter(campaign=campaign_id)
    refs = _lift(rows, why, by)
    audit.log_changes(
        by=by,
        action="suppression.lifted",
        subject_type="suppression",
        subject_refs=refs,
        after={"why": why},
    )
    return len(refs)


def _lift(rows: QuerySet[Suppression], why: str, by: str, wish: str = "") -> list[UUID]:
    """Lift what still stands of these, and the same facts under other keys; the refs asked for."""
    asked = rows.filter(lifted_at=None).select_for_update().order_by("pk")
    held = list(asked.values_list("pk", "same_as", "ref"))
    roots = [same_as or pk for pk, same_as, _ref in held]
    facts = Suppression.objects.filter(Q(pk__in=roots) | Q(same_as__in=roots), lifted_at=None)
    facts.update(lifted_at=clock.now(), lifted_by=by, why=why, wish=wish)
    return [ref for _pk, _same_as, ref in held]


# --- New look-up keys -----------------------------------------------------------------------------
_COPY = """
INSERT INTO suppressions_suppression
    (ref, email_key, scope, campaign_id, reason, source, event, "by", created_at,
     lifted_by, why, wish, same_as_id)
SELECT gen_random_uuid(), %(new)s, scope, campaign_id, reason, source, event, "by", created_at,
       '', '', '', COALESCE(same_as_id, id)
  FROM suppressions_suppression WHERE email_key = %(old)s AND lifted_at IS NULL
    ON CONFLICT DO NOTHING
"""


def copy_to_key(old: bytes, new: bytes) -> None:
    """An address got a key under a new look-up key (settings.ADDRESS_KEY_FOLLOWERS).

    The old row stays: others who share the address may not have been moved yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COPY, {"old": old, "new": new})
