"""The open ends of the books: read before a seed begins, set when it has ended."""

from __future__ import annotations

from datetime import date
from random import Random

from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import Account, Series
from fundraise.ops.seed import load
from fundraise.ops.seed.books import Books
from fundraise.ops.seed.sheets import Sheets
from fundraise.ops.seed.story import Story
from fundraise.ops.seed.totals import Totals

_THERMOMETER = """
  UPDATE campaigns_thermometer SET received_ore = received_ore + %s, gifts = gifts + %s,
         donors = (SELECT count(*) FROM campaigns_giver g
                    WHERE g.campaign_id = %s AND g.gifts > 0),
         moved_at = greatest(moved_at, %s::timestamptz)
   WHERE campaign_id = %s"""
_DAYS = """
  INSERT INTO campaigns_daytotal AS d (campaign_id, day, channel, received_ore, gifts)
  VALUES (%s, %s, %s, %s, %s) ON CONFLICT (campaign_id, day, channel)
  DO UPDATE SET received_ore = d.received_ore + excluded.received_ore,
                gifts = d.gifts + excluded.gifts"""
_GIVERS = """
  INSERT INTO campaigns_giver AS g (campaign_id, key, gifts) SELECT %s, key, gifts FROM seed_giver
  ON CONFLICT (campaign_id, key) DO UPDATE SET gifts = g.gifts + excluded.gifts"""
_COUNTER = """
  INSERT INTO ledger_seriescounter (series_id, year, last_number) VALUES (%s, %s, %s)
  ON CONFLICT (series_id, year) DO UPDATE SET last_number = excluded.last_number"""


def open_books(
    connection: load.Connection, campaign: Campaign, sheets: Sheets, rng: Random
) -> Books:
    """The entity's chain, locked, and the last number of each series and year."""
    entity = campaign.entity_id
    head = connection.execute(
        "SELECT position, hash FROM ledger_chainhead WHERE entity_id = %s FOR UPDATE", [entity]
    ).fetchone()
    if head is None:
        raise LookupError("the entity has no books")
    series = dict(Series.objects.filter(entity=entity).values_list("code", "pk"))
    codes = {pk: code for code, pk in series.items()}
    given = connection.execute(
        "SELECT series_id, year, last_number FROM ledger_seriescounter WHERE series_id = ANY(%s)",
        [list(codes)],
    ).fetchall()
    return Books(
        entity=entity,
        series=series,
        sheets=sheets,
        rng=rng,
        journal=load.last_number(connection, "ledger_journal"),
        position=head[0],
        hash=bytes(head[1]),
        numbers={(codes[pk], year): number for pk, year, number in given},
    )


def accounts_of(entity: int) -> dict[str, int]:
    """The row ids of an entity's accounts by role."""
    return dict(Account.objects.filter(entity=entity).values_list("role", "pk"))


def close_books(connection: load.Connection, books: Books) -> None:
    """The chain's end, the last numbers and the sequence, after the last journal."""
    connection.execute(
        "UPDATE ledger_chainhead SET position = %s, hash = %s WHERE entity_id = %s",
        [books.position, books.hash, books.entity],
    )
    with connection.cursor() as cursor:
        counters = [(books.series[code], year, n) for (code, year), n in books.numbers.items()]
        cursor.executemany(_COUNTER, counters)
    load.set_number(connection, "ledger_journal", books.journal)


def close(connection: load.Connection, story: Story) -> None:
    """Chain, numbers, thermometer and sequences as if every gift had come through the door."""
    close_books(connection, story.books)
    with connection.cursor() as cursor:
        days = [
            (story.campaign, *key, ore, story.day_gifts[key]) for key, ore in story.days.items()
        ]
        cursor.executemany(_DAYS, days)
    _move(connection, story)
    load.set_number(connection, "gifts_gift", story.gift)
    load.set_number(connection, "gifts_refund", story.back.refund)
    load.set_number(connection, "providers_payout", story.balance.payout - 1)


def _move(connection: load.Connection, story: Story) -> None:
    connection.execute(_GIVERS, [story.campaign])
    ore, gifts = story.days.total(), story.day_gifts.total()
    at = f"{story.back.last.isoformat()} 23:00+01"
    values = [ore, gifts, story.campaign, at, story.campaign]
    connection.execute(_THERMOMETER, values)
    connection.execute("SELECT giving_rebuild()")  # the triggers of gifts were off
    connection.execute("INSERT INTO segments_stale (donor_id) SELECT id FROM donors_donor")


def sum_up(story: Story, first: date) -> Totals:
    """The last numbers of the totals."""
    totals, books = story.totals, story.books
    totals.donors, totals.givers = len(story.givers.donors), story.givers.distinct
    totals.standing_gifts = story.day_gifts.total()
    for (_day, channel), ore in story.days.items():
        totals.by_channel_ore[channel] += ore
    totals.received_ore = totals.given_ore - totals.refunded_ore - totals.disputed_ore
    totals.journals, totals.entries = books.journals, books.entries
    totals.first_day, totals.last_day = first, story.back.last
    totals.chain = books.hash.hex()
    return totals
