"""A house to choose people from: donors, gifts, mails and pledges, written by SQL alone.

What a person is called is no matter here, so the sealed fields hold nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fundraise import clock
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.ops.demo import party
from fundraise.ops.seed import load

CAMPAIGNS, APPEALS = 20, 50
DONORS, GIFTS, MAILS = 1_000_000, 20_000_000, 50_000_000
TABLES = [
    "donors_donor", "donors_contactpoint", "donors_legalbasis", "gifts_gift", "pledges_pledge",
    "giving_donorgiving", "giving_campaigngiving", "giving_channelgiving", "segments_profile",
    "segments_mailstanding", "appeals_message", "appeals_reached",
]  # fmt: skip

_DONORS = """
  INSERT INTO donors_donor (id, ref, kind, language, status, source, name_sealed, name_hash,
                            created_at)
  SELECT n, gen_random_uuid(), CASE WHEN n %% 25 = 0 THEN 'organisation' ELSE 'person' END,
         CASE WHEN n %% 17 = 0 THEN 'en' ELSE 'sv' END, 'active', 'gift_page', '', int8send(n),
         %(now)s - random() * interval '6 years'
    FROM generate_series(1, %(donors)s) n"""
_POINTS = """
  INSERT INTO donors_contactpoint (donor_id, kind, value_sealed, value_hash, state, is_primary,
                                   source, created_at, postcode, town, country)
  SELECT n, kind, '', sha256(int8send(n)) , 'unconfirmed', true, 'x', %(now)s,
         CASE WHEN kind = 'postal' THEN (10000 + (random() * 88000)::int)::text ELSE '' END,
         CASE WHEN kind = 'postal' THEN 'ort ' || n %% 300 ELSE '' END,
         CASE WHEN kind = 'postal' THEN 'SE' ELSE '' END
    FROM generate_series(1, %(donors)s) n, (VALUES ('email'), ('postal')) k(kind)
   WHERE kind = 'email' AND n %% 20 <> 0 OR kind = 'postal' AND n %% 3 <> 0"""
_BASES = """
  INSERT INTO donors_legalbasis (donor_id, purpose, basis, source, created_at, proof, informed_on,
                                 end_reason, given_at, wording_id)
  SELECT n, purpose, CASE WHEN purpose = 'targeting' THEN 'consent' ELSE 'membership' END, 'x',
         %(now)s, CASE WHEN purpose = 'targeting' THEN 'p' ELSE '' END,
         CASE WHEN purpose = 'targeting' THEN NULL ELSE %(now)s::date END, '',
         CASE WHEN purpose = 'targeting' THEN %(now)s END,
         CASE WHEN purpose = 'targeting' THEN
              (SELECT max(id) FROM donors_consentwording WHERE purpose = 'targeting') END
    FROM generate_series(1, %(donors)s) n,
         (VALUES ('register', 1), ('appeals', 10), ('targeting', 3)) p(purpose, part)
   WHERE part = 1 OR part = 10 AND n %% 10 <> 0 OR part = 3 AND n %% 3 <> 0"""
# A few give often and most now and then; gifts lie close in time to those before them.
_GIFTS = """
  INSERT INTO gifts_gift (ref, entity_id, campaign_id, donor_id, state, channel, amount_ore,
                          currency, language, origin, reference, provider_ref, created_at,
                          received_at, refunded_ore, disputed_ore, fee_ore)
  SELECT gen_random_uuid(), %(entity)s, (%(campaigns)s::bigint[])[1 + (random() * %(last)s)::int],
         1 + (power(random(), 1.7) * (%(donors)s - 1))::bigint, 'received',
         (ARRAY['card', 'swish', 'swish', 'autogiro', 'bank'])[1 + (random() * 4)::int],
         (ARRAY[50, 100, 100, 200, 300, 500, 1000])[1 + (random() * 6)::int] * 100, 'SEK', 'sv',
         'page', '', '', at, at, 0, 0, 0
    FROM (SELECT %(now)s - power(random(), 0.8) * interval '6 years' AS at
            FROM generate_series(1, %(gifts)s)) g"""
_PLEDGES = """
  INSERT INTO pledges_pledge (ref, entity_id, campaign_id, donor_id, state, method, amount_ore,
                              interval_months, day, starts_on, first_period, language, origin,
                              reference, created_at, end_reason, ended_at)
  SELECT gen_random_uuid(), %(entity)s, (%(campaigns)s::bigint[])[1], n,
         CASE WHEN n %% 5 = 0 THEN 'ended' WHEN n %% 31 = 0 THEN 'halted' ELSE 'active' END,
         'autogiro', (1 + n %% 4) * 10000, 1, 28, %(now)s::date, date_trunc('month', %(now)s::date),
         'sv', 'page', '', %(now)s - random() * interval '4 years', '',
         CASE WHEN n %% 5 = 0 THEN %(now)s END
    FROM generate_series(1, %(donors)s) n WHERE n %% 9 = 0"""
_STANDINGS = """
  INSERT INTO segments_mailstanding (donor_id, last_mailed_at, mails, last_human_click_at,
                                     human_clicks)
  SELECT n, %(now)s - random() * interval '90 days', 1 + n %% 50,
         CASE WHEN n %% 8 = 0 THEN %(now)s - random() * interval '2 years' END,
         CASE WHEN n %% 8 = 0 THEN 1 + n %% 5 ELSE 0 END
    FROM generate_series(1, %(donors)s) n WHERE n %% 20 <> 0"""
_APPEALS = """
  INSERT INTO appeals_appeal (ref, campaign_id, kind, title, state, purpose, criteria,
                              without_recent_days, without_monthly, drop_givers, holdout_percent,
                              zone, local_time, quiet_reason, priority, ignores_cap, first_wave,
                              needs_second, asked_by, approved_by, edition, created_at, created_by,
                              paused_for, frozen)
  SELECT gen_random_uuid(), (%(campaigns)s::bigint[])[1], 'mail', 'a', 'draft', 'appeals', '{}', 14,
         true, true, 0, 'Europe/Stockholm', '', '', 5, false, 0, false, '', '', 1, %(now)s, 'x', '',
         0
    FROM generate_series(1, %(appeals)s) RETURNING id"""
_MESSAGES = """
  INSERT INTO appeals_message (appeal_id, seq, donor_id, email_key, batch_id, content_id, targeted,
                               tracked, outcome)
  SELECT %(appeal)s, n, 1 + (n + %(appeal)s * 7919) %% %(donors)s, int8send(n), 1, 1, true, true, ''
    FROM generate_series(1, %(mails)s) n"""


@dataclass(frozen=True, slots=True)
class Choosing:
    """What there is to choose from."""

    campaign: Campaign
    appeal_ref: str  # a finished one
    sending_ref: str  # one whose mails are still leaving
    donors: int


def made_ready(donors: int, gifts: int, mails: int) -> Choosing:
    """Write all of it, make the roll-ups as the triggers would, and let the database look at it."""
    entity = party.ensure_party()
    campaigns = _campaigns(entity)
    values: dict[str, object] = {
        "now": clock.now(), "donors": donors, "gifts": gifts, "entity": entity.pk,
        "campaigns": [one.pk for one in campaigns], "last": len(campaigns) - 1, "appeals": APPEALS,
    }  # fmt: skip
    with load.owner() as connection:
        _write(connection, values, max(1, mails // APPEALS))
    load.keep_statistics(*TABLES)
    with load.owner() as connection:
        found = connection.execute("SELECT ref::text FROM appeals_appeal ORDER BY id").fetchall()
    return Choosing(campaigns[0], found[0][0], found[-1][0], donors)


def _write(connection: load.Connection, values: dict[str, object], mails: int) -> None:
    connection.execute("SET LOCAL work_mem = '256MB'")
    with load.bare(connection, TABLES[:5]):
        for statement in (_DONORS, _POINTS, _BASES, _GIFTS, _PLEDGES):
            connection.execute(statement.encode(), values)
    load.set_number(connection, "donors_donor", int(str(values["donors"])))
    connection.execute("ANALYZE donors_donor, gifts_gift")
    with load.bare(connection, TABLES[5:8]):
        connection.execute("SELECT giving_rebuild()")
    connection.execute("TRUNCATE segments_stale")
    connection.execute("INSERT INTO segments_stale (donor_id) SELECT id FROM donors_donor")
    connection.execute("SELECT segments_refresh()")
    connection.execute(_STANDINGS.encode(), values)
    appeals = [pk for (pk,) in connection.execute(_APPEALS.encode(), values).fetchall()]
    with load.bare(connection, ["appeals_message"]):
        for appeal in appeals:
            some = {"appeal": appeal, "mails": min(mails, int(str(values["donors"])))}
            connection.execute(_MESSAGES.encode(), {**values, **some})
    for appeal in appeals[:-1]:  # the last one is still being sent
        connection.execute("SELECT appeals_keep_reached(%s)", [appeal])


def _campaigns(entity: LegalEntity) -> Sequence[Campaign]:
    return [
        party.ensure_campaign(entity, clock.today()) if number == 0 else _another(entity, number)
        for number in range(CAMPAIGNS)
    ]


def _another(entity: LegalEntity, number: int) -> Campaign:
    return campaigns.create_campaign(
        entity=entity, slug=f"bench-{number}", title_sv=f"Insamling {number}",
        title_en=f"Campaign {number}", purpose_sv="x", purpose_en="x", starts_on=clock.today(),
        by="system:bench",
    )  # fmt: skip
