"""A campaign's page in one small query: its sums, and whether anything else on it has changed.

The donation page depends on a dozen fields of four tables that staff change once a week and donors
read a hundred times a minute. So the values are kept, and each request asks the database for the
row versions behind them together with the sums. (xmin, ctid) is PostgreSQL's name for a version of
a row: another transaction or another place is another version.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from fundraise import clock
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.queries import Reading
from fundraise.give.terms import Terms, terms_of
from fundraise.providers import recurring

MOST_KEPT = 64
RULES = ("LEGAL_BASES", "IDENTITY_RULES", "MODE", "PLEDGE_DAYS", "PLEDGE_DAY", "MANDATE_SIGNING")

_SQL = """
SELECT c.xmin::text, c.ctid::text, e.xmin::text, e.ctid::text,
       (SELECT string_agg(a.xmin::text || a.ctid::text, ' ' ORDER BY a.id)
          FROM providers_account a WHERE a.entity_id = c.entity_id),
       (SELECT string_agg(b.id || ' ' || b.opened_at, ' ' ORDER BY b.id)
          FROM limits_breaker b JOIN providers_account a ON b.scope = 'account-' || a.id
         WHERE a.entity_id = c.entity_id AND b.opened_at IS NOT NULL),
       (SELECT string_agg(p.id::text, ' ' ORDER BY p.id)
          FROM providers_pause p WHERE p.resumed_at IS NULL),
       (SELECT count(*) FROM donors_consentwording w WHERE w.from_date <= %s),
       (SELECT max(g.id) FROM gifts_givingrule g WHERE g.entity_id = c.entity_id),
       (SELECT count(*) FROM jobs_houseopening),
       (SELECT count(*) FROM pledges_mandatewording m WHERE m.valid_from <= %s),
       (SELECT r.xmin::text || r.ctid::text FROM pledges_payerrange r
         WHERE r.entity_id = c.entity_id),
       (SELECT string_agg(g.xmin::text || g.ctid::text, ' ' ORDER BY g.account_id)
          FROM giro_agreement g JOIN providers_account a ON a.id = g.account_id
         WHERE a.entity_id = c.entity_id),
       c.goal_ore, t.received_ore, t.donors, t.gifts, t.promised_ore, t.forecast_ore
  FROM campaigns_campaign c
  JOIN ledger_legalentity e ON e.id = c.entity_id
  JOIN campaigns_thermometer t ON t.campaign_id = c.id
 WHERE c.slug = %s AND c.status IN ('live', 'closed')
"""


@dataclass(frozen=True)
class _Kept:
    version: Hashable
    terms: Terms


_kept: dict[Hashable, _Kept] = {}


def read_page(slug: str, language: str, on: date) -> tuple[Terms, Reading] | None:
    """What a public campaign's page shows now; None when there is no such campaign."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [on, on, slug])
        row = cursor.fetchone()
    if row is None:
        return None
    *version, goal_ore, received_ore, donors, gifts, promised_ore, forecast_ore = row
    terms = _terms(slug, language, on, tuple(version))
    if terms is None:
        return None
    return terms, Reading(
        slug, received_ore, promised_ore, goal_ore, donors, gifts, clock.now(), False, forecast_ore
    )


def _terms(slug: str, language: str, on: date, rows: Hashable) -> Terms | None:
    """The kept values when nothing behind them has changed, else read anew.

    The version is read before the values: values that are newer than their version are read again
    next time, and older ones can't be kept.
    """
    version = (rows, *(str(getattr(settings, name)) for name in RULES))
    key = (slug, language, on)
    kept = _kept.get(key)
    if kept is not None and kept.version == version:
        return kept.terms
    campaign = campaigns.public_campaign(slug)
    if campaign is None:
        return None
    terms = terms_of(campaign, language, on)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = _Kept(version, terms)
    return terms


# --- The sums alone, for the thermometer's numbers and picture ------------------------------------
class NothingProven(Exception):
    """The database is away and this process has not read the campaign before."""


@dataclass(frozen=True)
class Sums:
    """A reading, the colour to draw it in, and whether gifts are still taken."""

    reading: Reading
    colour: str
    is_open: bool
    ends_on: date | None
    takes_monthly: bool


_proven: dict[str, Sums] = {}

_SUMS_SQL = """
SELECT c.goal_ore, t.received_ore, t.donors, t.gifts, c.theme_colour, c.status = 'live', c.ends_on,
       c.monthly_open, c.entity_id, t.promised_ore, t.forecast_ore
  FROM campaigns_campaign c
  JOIN campaigns_thermometer t ON t.campaign_id = c.id
 WHERE c.slug = %s AND c.status IN ('live', 'closed')
"""


def read_sums(slug: str) -> Sums | None:
    """A public campaign's sums; the last proven ones, marked stale, when the database is away.

    None when there is no such public campaign. Raises NothingProven when the database is away and
    nothing was read before.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SUMS_SQL, [slug])
            row = cursor.fetchone()
    except (OperationalError, InterfaceError):
        return _last_proven(slug)
    if row is None:
        return None
    goal_ore, received_ore, donors, gifts, colour, is_open, ends_on, monthly, *rest = row
    entity_id, promised_ore, forecast_ore = rest
    reading = Reading(
        slug, received_ore, promised_ore, goal_ore, donors, gifts, clock.now(), False, forecast_ore
    )
    takes = monthly and bool(recurring.ways(entity_id))
    _proven[slug] = Sums(reading, colour, is_open, ends_on, takes)
    return _proven[slug]


def _last_proven(slug: str) -> Sums:
    if slug not in _proven:
        raise NothingProven(slug)
    last = _proven[slug]
    return replace(last, reading=replace(last.reading, stale=True))
