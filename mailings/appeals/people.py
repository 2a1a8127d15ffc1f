"""A chunk's people with all that their mail is made of, in one query. Nobody is locked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Q

from donors import lookup
from donors.opening import Opened, open_many
from donors.queries import enough_for
from donors.queries import stands_sql as basis_stands
from fundraise import clock, copying, crypto, prepared
from fundraise.pledges.upgrading import suggested_ore
from mailings.appeals.audience import TARGETING, needs_consent_to_target
from mailings.appeals.models import Appeal
from mailings.composing.values import Given, Monthly
from mailings.segments import bits
from mailings.suppressions import queries as suppressions
from mailings.suppressions import wishes
from mailings.suppressions.queries import stands_sql

TRACKING = "tracking"  # the purpose whose consent lets a link name the message


class Row(NamedTuple):
    """A donor as the database has it; sealed fields are opened beside it. Of whom it does not know
    nothing stands here, and nobody may be mailed."""

    donor_id: int
    ref: str = ""
    language: str = "sv"
    may: bool = False  # alive, not erased or restricted, no wish to be left alone; a legal basis
    tracked: bool = False  # agreed to be followed by the links of a mail
    unfit: bool = False  # the address bounces or must not be mailed
    aimed: bool = False  # may be asked by what we know of them, as things stand now
    wrapped: bytes | None = None
    name: bytes | None = None
    email: bytes | None = None
    email_key: bytes | None = None
    town: str = ""
    # What words are made from beside names: see `given`.
    last_ore: int = 0
    largest_ore: int = 0
    gifts: int = 0
    monthly_ore: int = 0
    last_on: date | None = None
    gives_monthly: bool = False
    monthly: Monthly | None = None  # the largest of the monthly gifts, which may be raised

    @property
    def given(self) -> Given:
        """What was given."""
        return self[12:17]


def unfollowed_sql(donor: str) -> str:
    """Whether a donor, named by a column of ours, took back the consent to be followed by links."""
    theirs = f"t.donor_id = {donor} AND t.purpose = '{TRACKING}'"
    stands = basis_stands("t.")
    bases = f"SELECT FROM donors_legalbasis t WHERE {theirs}"
    return f"(EXISTS ({bases} AND NOT ({stands})) AND NOT EXISTS ({bases} AND {stands}))"


SEALED = attrgetter("ref", "wrapped", "name", "email")

# Each is looked up by itself, and OFFSET 0 keeps it so: asked for a chunk of a house of few chunks,
# the server would sort or hash the whole house instead.
_ROWS = f"""
SELECT x.* FROM unnest(%(ids)s::bigint[]) AS w(id) CROSS JOIN LATERAL (
  SELECT d.id, d.ref::text, d.language,
         {{may}} AND d.status = 'active' AND d.died_on IS NULL AND d.no_contact_at IS NULL,
         {{tracked}},
         coalesce(c.state = 'bouncing', false) OR {stands_sql("c.value_hash", "%(campaign)s")},
         {{aimed}},
         k.wrapped, d.name_sealed, c.value_sealed, c.value_hash,
         p.town, coalesce(nullif(p.once_ore, 0), p.last_ore), p.largest_ore, p.gifts, 0,
         coalesce(p.once_on, p.last_on), p.bits & {bits.MONTHLY} <> 0, NULL
    FROM donors_donor d
    JOIN segments_profile p ON p.donor_id = d.id
    LEFT JOIN keyring_donor_key k ON k.donor_id = d.id
    LEFT JOIN donors_contactpoint c ON c.donor_id = d.id AND c.kind = 'email' AND c.is_primary
   WHERE d.id = w.id OFFSET 0) x"""  # noqa: S608 - numbers and columns of ours
_MONTHLY = """
SELECT w.id, m.* FROM unnest(%(ids)s::bigint[]) AS w(id) CROSS JOIN LATERAL (
  SELECT g.amount_ore / g.interval_months, g.ref::text, g.amount_ore, g.interval_months,
         o.maximum_ore
    FROM pledges_pledge g JOIN campaigns_campaign o ON o.id = g.campaign_id
   WHERE g.state = 'active' AND g.donor_id = w.id AND o.entity_id = %(entity)s
   ORDER BY 1 DESC, g.id LIMIT 1) m"""


def load(appeal: Appeal, donor_ids: Sequence[int]) -> tuple[list[Row], list[Opened | None]]:
    """The donors in this order, and their names and addresses in the clear.

    They are looked for in the order of their ids, in which they lie beside each other. What they
    gave, where they live and what they agreed to is read from their profiles: call
    `asking.refresh` first.
    """
    asked = {"ids": copying.array(sorted(donor_ids)), "campaign": appeal.campaign_id}
    with prepared.run(_statement(appeal), asked, binary=True) as cursor:
        found = {row[0]: Row._make(row) for row in cursor.fetchall()}
    _add_monthly(appeal, found)
    rows = [found.get(donor_id) or Row(donor_id) for donor_id in donor_ids]
    return rows, open_many(map(SEALED, rows))


def _add_monthly(appeal: Appeal, found: dict[int, Row]) -> None:
    """To those who give monthly: the largest of their gifts to the appeal's entity."""
    ids = copying.array(donor_id for donor_id, row in found.items() if row.gives_monthly)
    asked = {"ids": ids, "entity": appeal.campaign.entity_id}
    with prepared.run(_MONTHLY, asked) as cursor:
        for donor_id, month_ore, ref, ore, months, most in cursor:
            monthly = Monthly(ref, ore, months, most, suggested_ore(ore))
            found[donor_id] = found[donor_id]._replace(monthly_ore=month_ore, monthly=monthly)


def _statement(appeal: Appeal) -> str:
    """The same text for a purpose every time: the server has planned it."""
    asked = {"may": appeal.purpose, "tracked": TRACKING, "aimed": TARGETING}
    allowed = {name: bits.allowed_sql(one, enough_for(one)) for name, one in asked.items()}
    if not needs_consent_to_target(appeal):
        allowed["aimed"] = "true"
    return _ROWS.format(**allowed)


def keys_of(rows: Sequence[Row], opened: Sequence[Opened | None]) -> list[bytes | None]:
    """Each address's hash under the current key: while keys rotate, a row may bear an older one,
    and two people who share an address must be seen to."""
    current = crypto.lookup_prefix()
    return [
        row.email_key
        if row.email_key is None or row.email_key.startswith(current) or person is None
        else lookup.contact_hash("email", person.email)
        for row, person in zip(rows, opened, strict=True)
    ]


def taken(appeal: Appeal, keys: Iterable[bytes | None]) -> set[bytes]:
    """Those of the addresses that another person's message of the appeal goes to."""
    wanted = [key for key in keys if key is not None]
    if not wanted:
        return set()
    # LIMIT keeps it a look-up for each: hashed, it would read all messages. And the server does not
    # know whose when it plans: it has no figures of them yet, takes them to be none, and would read
    # all of them for each address.
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [copying.array_of_bytes(wanted), appeal.pk])
        return {bytes(key) for (key,) in cursor.fetchall()}


def under_other_keys(
    appeal: Appeal, keys: Sequence[bytes | None], opened: Sequence[Opened | None]
) -> set[bytes]:
    """Addresses, by key, that must not get this appeal, as an older look-up key has them."""
    if not suppressions.several_keys():
        return set()
    addresses = {
        person.email: key
        for key, person in zip(keys, opened, strict=True)
        if key is not None and person is not None
    }
    listed = suppressions.suppressed_addresses(list(addresses), appeal.campaign_id)
    return {addresses[address] for address in listed}


_TAKEN = """
SELECT k.key FROM unnest(%s::bytea[]) AS k (key)
 CROSS JOIN (SELECT %s::bigint AS id OFFSET 0) a
 CROSS JOIN LATERAL (SELECT FROM appeals_message m
                      WHERE m.appeal_id = a.id AND m.email_key = k.key LIMIT 1) t"""
# Of an appeal that was frozen before (waves, a trial, a pause) what has left since, or waits.
_RECENT = """
SELECT donor_id FROM (
  SELECT m.donor_id FROM appeals_message m
   WHERE m.appeal_id = ANY(%(recent)s) AND m.donor_id = ANY(%(donors)s::bigint[])
     AND m.outcome = ''
   UNION ALL
  SELECT m.donor_id FROM appeals_message m JOIN appeals_batch b ON b.id = m.batch_id
   WHERE m.appeal_id = ANY(%(older)s) AND m.donor_id = ANY(%(donors)s::bigint[])
     AND m.outcome = '' AND coalesce(b.posted_at, 'infinity') >= %(since)s) n
 GROUP BY donor_id HAVING count(*) >= %(most)s"""


def capped(appeal: Appeal, donor_ids: Sequence[int]) -> set[int]:
    """Those who have got, or are about to get, as many appeals lately as the house allows, or as
    they want themselves: an appeal that ignores the house's cap does not ignore a donor's wish."""
    wished = wished_less(appeal, donor_ids)
    if appeal.ignores_cap or not settings.APPEAL_CAP_MAILS:
        return wished
    since = clock.now() - timedelta(days=settings.APPEAL_CAP_DAYS)
    others = Appeal.objects.exclude(pk=appeal.pk).exclude(kind=Appeal.Kind.LETTER)
    lately = others.filter(Q(ended_at=None) | Q(ended_at__gte=since))
    recent = list(others.filter(frozen_at__gte=since).values_list("pk", flat=True))
    older = list(lately.filter(frozen_at__lt=since).values_list("pk", flat=True))
    if not recent and not older:
        return wished
    asked: dict[str, Any] = {
        "recent": recent,
        "older": older,
        "donors": copying.array(donor_ids),
        "since": since,
        "most": settings.APPEAL_CAP_MAILS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, asked)
        return wished | {donor_id for (donor_id,) in cursor.fetchall()}


_WISHED = f"""
SELECT w.donor_id FROM unnest(%(donors)s::bigint[]) i (id) JOIN {wishes.TABLE} w
    ON w.donor_id = i.id AND EXISTS (
   SELECT 1 FROM appeals_appeal a
     JOIN appeals_message m ON m.appeal_id = a.id AND m.donor_id = w.donor_id AND m.outcome = ''
     JOIN appeals_batch b ON b.id = m.batch_id
    WHERE a.id <> %(appeal)s AND a.kind <> 'letter' AND a.frozen_at IS NOT NULL
      AND coalesce(a.ended_at, 'infinity') >= %(now)s - make_interval(days => w.every_days)
      AND coalesce(b.posted_at, 'infinity') >= %(now)s - make_interval(days => w.every_days))"""  # noqa: S608 - a name


def wished_less(appeal: Appeal, donor_ids: Sequence[int]) -> set[int]:
    """Those who want to hear less often, and have heard within the time that they chose, by when
    the mail left, or are about to."""
    donors = copying.array(donor_ids)
    with connection.cursor() as cursor:
        cursor.execute(_WISHED, {"donors": donors, "appeal": appeal.pk, "now": clock.now()})
        return {donor_id for (donor_id,) in cursor.fetchall()}
