"""What a file of gifts has beside the columns of the page: books, bank, provider, pledge, donor.

One row a gift, whatever hangs on it: each join finds one row at most.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.campaigns.models import Fund
from fundraise.console.tables import gift_names
from fundraise.console.tables.base import Column, Kind, Source
from fundraise.console.templatetags.staff import named
from fundraise.console.words import Text
from fundraise.reporting.party import rules
from fundraise.reporting.party.sums import SAME

GIVER = "gifts.giver"  # who may know that two gifts are one donor's

BASE = "chosen JOIN gifts_gift g ON g.id = chosen.id"
# The source of a gift's journal, as the doors that book gifts name it.
_BOOKED_AS = """CASE
    WHEN g.provider_ref LIKE 'bank:%' THEN 'match:' || m.ref
    WHEN g.provider_ref ~ '^(manual|giro|before):' THEN g.provider_ref
    ELSE 'stripe:charge:' || g.provider_ref END"""
# Name and one of identity number, organisation number or address (lag 2018:90, 2 §).
_COMPLETE = """
    SELECT donor_id FROM donors_identity
     UNION SELECT donor_id FROM donors_contactpoint WHERE kind = 'postal'"""
# Whose other gifts have the e-mail address of a gift that is tied to nobody, where that is one.
_OWNER = f"""
    SELECT g.entity_id, g.giver_key, min(coalesce(sm.first, g.donor_id)) AS donor_id
      FROM gifts_gift g LEFT JOIN ({SAME}) sm ON sm.donor_id = g.donor_id
     WHERE g.state = 'received' AND g.donor_id IS NOT NULL AND g.giver_key IN (
             SELECT u.giver_key FROM gifts_gift u
              WHERE u.donor_id IS NULL AND u.giver_key IS NOT NULL AND u.state = 'received')
     GROUP BY 1, 2 HAVING min(coalesce(sm.first, g.donor_id)) = max(coalesce(sm.first, g.donor_id))
    """  # noqa: S608
_OWNED = f"""LEFT JOIN ({_OWNER}) ow
    ON g.donor_id IS NULL AND ow.entity_id = g.entity_id AND ow.giver_key = g.giver_key"""
_GIVER = '''CASE
    WHEN g.donor_id IS NOT NULL THEN 'd' || coalesce(sm.first, g.donor_id)
    WHEN ow.donor_id IS NOT NULL THEN 'd' || ow.donor_id
    WHEN g.giver_key IS NOT NULL THEN 'k' || encode(g.giver_key, 'hex')
    ELSE 'g' || g.id END COLLATE "C"'''
# What each giver's year in an entity has come to with a gift, and in all, gifts in kind counted.
_YEARS = f"""
    SELECT y.id, y.year, y.known,
           sum(y.money_ore) OVER (whole ORDER BY y.at NULLS LAST, y.id
                                  ROWS UNBOUNDED PRECEDING) AS so_far_ore,
           sum(y.ore) OVER whole AS year_ore, bool_or(y.known) OVER whole AS told
      FROM (
        SELECT g.id, g.entity_id, {_GIVER} AS giver, g.received_at AS at,
               extract(year FROM g.received_at AT TIME ZONE 'Europe/Stockholm')::int AS year,
               greatest(0, g.amount_ore - g.refunded_ore - g.disputed_ore) AS ore,
               greatest(0, g.amount_ore - g.refunded_ore - g.disputed_ore) AS money_ore,
               g.identified OR f.donor_id IS NOT NULL AND d.status <> 'erased' AS known
          FROM gifts_gift g
          LEFT JOIN donors_donor d ON d.id = g.donor_id
          LEFT JOIN ({_COMPLETE}) f ON f.donor_id = g.donor_id
          LEFT JOIN ({SAME}) sm ON sm.donor_id = g.donor_id
          {_OWNED}
         WHERE g.state = 'received' AND g.origin <> 'collection'
        UNION ALL
        SELECT NULL, k.entity_id, ('d' || coalesce(sm.first, k.donor_id)) COLLATE "C", NULL,
               extract(year FROM k.given_on)::int, k.value_ore, 0, f.donor_id IS NOT NULL
          FROM party_giftinkind k
          LEFT JOIN ({_COMPLETE}) f ON f.donor_id = k.donor_id
          LEFT JOIN ({SAME}) sm ON sm.donor_id = k.donor_id
         WHERE k.withdrawn_at IS NULL) y
     WHERE (y.entity_id, y.giver) IN (
             SELECT g.entity_id, {_GIVER} FROM {BASE}
             LEFT JOIN ({SAME}) sm ON sm.donor_id = g.donor_id
             {_OWNED})
    WINDOW whole AS (PARTITION BY y.entity_id, y.giver, y.year)"""  # noqa: S608
JOINS = f"""
  JOIN ledger_legalentity e ON e.id = g.entity_id
  JOIN campaigns_campaign c ON c.id = g.campaign_id
  JOIN campaigns_fund cf ON cf.id = c.fund_id
  LEFT JOIN donors_donor d ON d.id = g.donor_id
  LEFT JOIN reporting_receipt rc ON rc.gift_id = g.id
  LEFT JOIN attribution_gifttouch t ON t.gift_id = g.id
  LEFT JOIN appeals_appeal a ON a.id = t.appeal_id
  LEFT JOIN pledges_collection k ON k.gift_id = g.id
  LEFT JOIN pledges_instalment i ON i.id = k.instalment_id
  LEFT JOIN pledges_pledge p ON p.id = i.pledge_id
  LEFT JOIN reconciliation_match m
    ON m.gift_id = g.id AND m.state = 'stands' AND m.kind = 'gift'
  LEFT JOIN reconciliation_item it ON it.id = m.item_id
  LEFT JOIN reconciliation_line bl ON bl.id = it.line_id
  LEFT JOIN ledger_journal j
    ON j.entity_id = g.entity_id AND g.received_at IS NOT NULL AND j.source = {_BOOKED_AS}
  LEFT JOIN ledger_series js ON js.id = j.series_id
  LEFT JOIN ledger_journal jo ON jo.id = j.reversal_of_id
  LEFT JOIN ledger_series jos ON jos.id = jo.series_id
  LEFT JOIN ledger_journal jr ON jr.reversal_of_id = j.id
  LEFT JOIN ledger_series jrs ON jrs.id = jr.series_id
  LEFT JOIN providers_balanceline b
    ON b.source_id = g.provider_ref AND b.kind = 'charge' AND b.source_id <> ''
  LEFT JOIN providers_payout po ON po.id = b.payout_id
  LEFT JOIN (
    SELECT pm.payout_id, min(coalesce(pl.statement_id, pi.statement_id)) AS statement_id,
           string_agg(coalesce(pl.at, pi.at), ' ' ORDER BY pi.id) AS at
      FROM reconciliation_match pm
      JOIN reconciliation_item pi ON pi.id = pm.item_id
      LEFT JOIN reconciliation_line pl ON pl.id = pi.line_id
     WHERE pm.payout_id IS NOT NULL AND pm.state = 'stands'
     GROUP BY pm.payout_id) pb ON pb.payout_id = po.id
  LEFT JOIN reconciliation_statement bs
    ON bs.id = coalesce(bl.statement_id, it.statement_id, pb.statement_id)
  LEFT JOIN ({_COMPLETE}) fu ON fu.donor_id = d.id
  LEFT JOIN party_withinparty w ON w.donor_id = d.id
  LEFT JOIN ({_YEARS}) ys ON ys.id = g.id
  LEFT JOIN unnest({{years}}::int[], {{small}}::bigint[], {{named}}::bigint[])
    lm (year, small_ore, named_ore) ON lm.year = ys.year"""  # noqa: S608


def _limits() -> dict[str, list[int]]:
    """The limits of lag (2018:90) by year, as far as there are rules."""
    years = range(min(settings.PRICE_BASE_AMOUNTS_ORE), clock.today().year + 1)
    found = [
        rules.limits(
            year,
            settings.PRICE_BASE_AMOUNTS_ORE,
            rules.shares_on(settings.PARTY_RULES, date(year, 12, 31)),
        )
        for year in years
    ]
    return {
        "years": [one.year for one in found],
        "small": [one.small_ore for one in found],
        "named": [one.named_ore for one in found],
    }


SOURCE = Source(base=BASE, joins=JOINS, key="g.id", values=_limits, opened=gift_names.opened)


def _of_file(
    name: str, title: Text, sql: str, kind: Kind = Kind.CODE, *, made: bool = True, needs: str = ""
) -> Column:
    """A column that only a file has: its value stands in the query and nowhere else."""
    return Column(name, title, _nothing, kind, on_page=False, sql=sql, made=made, needs=needs)


def _nothing(_row: object) -> None:
    raise NotImplementedError("a column of files alone is read by its query")


def _funds() -> dict[str, Text]:
    return {str(one.ref): named(one) for one in Fund.objects.all()}


def _kinds() -> dict[str, Text]:
    return {"money": _("Money")}


def _donor_kinds() -> dict[str, Text]:
    return {
        "person": _("Person"),
        "organisation": _("Organisation"),
        "within": _("Within the party"),
    }


def _bands() -> dict[str, Text]:
    return {
        "small": _("small"),
        "kinds": _("by kind of giver"),
        "named": _("named"),
        "anonymous": _("anonymous"),
    }


def _identities() -> dict[str, Text]:
    return {
        "complete": _("complete"),
        "incomplete": _("incomplete"),
        "unknown": _("nobody known"),
    }


_IDENTITY = """CASE
    WHEN g.identified OR fu.donor_id IS NOT NULL AND d.status <> 'erased' THEN 'complete'
    WHEN d.id IS NULL AND g.giver_key IS NULL THEN 'unknown' ELSE 'incomplete' END"""
_KIND = """CASE
    WHEN w.donor_id IS NOT NULL THEN 'within'
    WHEN d.kind = 'organisation' OR g.organisation THEN 'organisation'
    WHEN d.id IS NOT NULL OR g.giver_key IS NOT NULL THEN 'person' END"""
# As rules.band_of sorts a giver's year.
_BAND = """CASE
    WHEN e.kind <> 'party' OR ys.year_ore = 0 THEN NULL
    WHEN ys.year_ore <= lm.small_ore THEN 'small'
    WHEN NOT ys.told THEN 'anonymous'
    WHEN ys.year_ore > lm.named_ore THEN 'named'
    WHEN lm.year IS NOT NULL THEN 'kinds' END"""
COLUMNS = (
    Column(
        "fund", _("Fund"), _nothing, on_page=False, sql="cf.ref::text", coded=_funds,
    ),
    _of_file("entity", _("Whose books"), "e.slug"),
    _of_file("created_at", _("Begun"), "g.created_at", Kind.TIME),
    _of_file("origin", _("Origin"), "g.origin"),
    _of_file("reference", _("Reference"), "g.reference", Kind.TEXT, made=False),
    _of_file("provider_ref", _("The provider's name for it"), "g.provider_ref", made=False),
    _of_file("language", _("Language"), "g.language"),
    Column(
        "net_ore", _("Net"), _nothing, Kind.MONEY, on_page=False, total="net_ore",
        sql="g.amount_ore - g.fee_ore",
    ),
    Column("kind", _("Kind"), _nothing, on_page=False, sql="'money'", coded=_kinds),
    _of_file("currency", _("Currency"), "g.currency"),
    _of_file("booked_on", _("Booked on"), "j.accounting_date", Kind.DAY),
    _of_file("voucher", _("Voucher"), "js.code || j.number"),
    _of_file("reversal_of", _("Reverses"), "jos.code || jo.number"),
    _of_file("reversed_by", _("Reversed by"), "jrs.code || jr.number"),
    _of_file("receipt", _("Receipt"), "rc.year || '-' || rc.number"),
    _of_file("appeal", _("Appeal"), "a.ref"),
    _of_file("pledge", _("Monthly gift"), "p.ref"),
    _of_file("balance_line", _("Line of the balance"), "b.provider_ref", made=False),
    _of_file("payout", _("Payout"), "po.provider_ref", made=False),
    _of_file(
        "bank_statement", _("Bank statement"),
        "coalesce(nullif(bs.external_id, ''), bs.from_day || '/' || bs.to_day)", made=False,
    ),
    _of_file(
        "bank_line", _("Line of the statement"), "coalesce(bl.at, it.at, pb.at)", made=False
    ),
    _of_file("donor", _("Donor"), "d.ref", needs=GIVER),
    Column(
        "donor_kind", _("Donor is"), _nothing, on_page=False, sql=_KIND, coded=_donor_kinds,
        needs=GIVER,
    ),
    Column(
        "identity", _("Identity"), _nothing, on_page=False, sql=_IDENTITY, coded=_identities,
        needs=GIVER,
    ),
    _of_file(
        "donor_year_ore", _("Donor's year so far"), "ys.so_far_ore::bigint", Kind.MONEY, needs=GIVER
    ),
    Column(
        "band", _("In the party-finance report"), _nothing, on_page=False, sql=_BAND, coded=_bands,
        needs=GIVER,
    ),
)  # fmt: skip
