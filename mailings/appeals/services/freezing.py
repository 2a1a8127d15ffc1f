"""The frozen list: who gets an appeal, chosen once, in the order in which it is sent.

The engaged come first (so that an early stop saves the rest), within that by lot: nobody can
foresee or choose a place, and people who share an address stand together. The list is cut into
chunks, the unit of preparing; no chunk reaches over the edge of a wave.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from fundraise import clock
from fundraise.jobs import services as jobs
from mailings.appeals import audience
from mailings.appeals.audience import Audience
from mailings.appeals.locks import lock_appeal_by_id
from mailings.appeals.models import Appeal, Chunk, Trial, Wave
from mailings.appeals.models.sending import CHUNK
from mailings.appeals.moving import move

GREW = "appeal-grew"
WAVES = ((1, 100), (10, 100))  # the first waves' parts; the last one has the rest

SETTINGS = (
    ("work_mem", "128MB"),  # a million people are sorted in memory
    # All addresses by their index, one after the other, take three times as long as their table.
    ("random_page_cost", "4"),
    ("parallel_tuple_cost", "0"),  # every processor looks people up; few columns are handed over
)
# One number for each is what they are sorted by: who takes part in a trial (drawn among all,
# engaged or not), how engaged, and a lot. It is drawn from the address's keyed hash with the
# appeal's own seed. People who share an address stand together, by the more engaged one.
LATE = 58
LOT = (1 << LATE) - 1
_LIST = f"""
CREATE TEMP TABLE frozen_list ON COMMIT DROP AS
WITH k AS MATERIALIZED (
  SELECT a.donor_id, a.targeted, a.tier,
         hashbyteaextended(coalesce(c.value_hash, int8send(a.donor_id)), %s) AS lot
    FROM ({{people}}) a
    LEFT JOIN donors_contactpoint c
      ON c.donor_id = a.donor_id AND c.kind = 'email' AND c.is_primary),
same AS (
  SELECT lot, min(tier) AS tier, min(donor_id) AS first FROM k GROUP BY lot HAVING count(*) > 1)
SELECT k.donor_id, k.targeted, t.tried, s.lot IS NOT NULL AS shared,
       coalesce(s.first, k.donor_id) AS first,
       (((NOT t.tried)::int * 4 + coalesce(s.tier, k.tier))::bigint << {LATE + 1})
         + (k.lot & {LOT}) AS rank
  FROM k LEFT JOIN same s ON s.lot = k.lot
 CROSS JOIN LATERAL (SELECT (k.lot & 65535) * 100 < %s * 65536 AS tried OFFSET 0) t"""  # noqa: S608
# The first waves are judged, so each of their people is drawn alone. The last has nobody after it
# to save, and there neighbours, whose rows lie beside each other, are drawn together.
BESIDE = 5  # bits: 32 numbers
_EDGE = "SELECT rank FROM frozen_list ORDER BY rank OFFSET %s LIMIT 1"
_PLACED = f"""
SELECT donor_id, targeted, shared, row_number() OVER (ORDER BY
         CASE WHEN rank <= %(edge)s THEN rank
              ELSE (rank >> {LATE} << {LATE}) + {1 << LATE} + (first & {(1 << BESIDE) - 1})
                + ((hashint8extended(first >> {BESIDE}, %(seed)s) & {LOT >> BESIDE}) << {BESIDE})
         END, donor_id) AS place
  FROM frozen_list"""  # noqa: S608 - numbers of ours
# A chunk holds one kind of people only: those who may be targeted, or those who may not.
_CUT = f"""
INSERT INTO appeals_chunk (appeal_id, number, first_seq, donor_ids, sharing, targeted)
SELECT %(appeal)s, row_number() OVER (ORDER BY part, targeted DESC),
       1 + coalesce(sum(people) OVER (ORDER BY part, targeted DESC
                                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0),
       ids, sharing, targeted
  FROM (SELECT width_bucket(place, %(edges)s::bigint[]) AS part, targeted, count(*) AS people,
               array_agg(donor_id ORDER BY place) AS ids,
               coalesce(array_agg(donor_id) FILTER (WHERE shared), '{{}}') AS sharing
          FROM ({_PLACED}) placed GROUP BY 1, 2) cut"""  # noqa: S608 - as above


@transaction.atomic
def freeze(appeal_id: int, people: Sequence[int] | None = None) -> bool:
    """Choose and keep the people; False when that was done before.

    `people` are named by a journey; else the appeal's own choice is made now.
    """
    appeal = lock_appeal_by_id(appeal_id)
    if appeal.frozen_at is not None or appeal.state != Appeal.State.PREPARING:
        return False
    chosen = audience.of(appeal) if people is None else audience.these(list(people), appeal)
    number = _list(appeal, chosen)
    if people is None and _has_outgrown(appeal, number):
        _back(appeal)
        return False
    waves = _waves(appeal, number)
    asked: dict[str, Any] = {
        "appeal": appeal.pk,
        "edges": edges_of_chunks(waves),
        "edge": _edge(waves),
        "seed": _seed(appeal),
    }
    Wave.objects.bulk_create(
        Wave(appeal=appeal, number=place, people=size) for place, size in enumerate(waves, 1)
    )
    with connection.cursor() as cursor:
        cursor.execute(_CUT, asked)
    appeal.frozen, appeal.frozen_at, appeal.criteria = number, clock.now(), chosen.criteria
    appeal.save(update_fields=["frozen", "frozen_at", "criteria"])
    return True


def _has_outgrown(appeal: Appeal, number: int) -> bool:
    """More people than one person may send to, though it was fewer when it was scheduled."""
    return number > settings.TWO_PERSON_APPEAL_PEOPLE and not appeal.needs_second


def _back(appeal: Appeal) -> None:
    cleared = {"send_at": None, "scheduled_at": None, "local_time": "", "cool_off_until": None}
    move(appeal, Appeal.State.DRAFT, by="system:appeals", reason="grew", changes=cleared)
    jobs.raise_alarm(
        GREW, str(appeal.ref), "An appeal grew above the size that needs a second person."
    )


def _list(appeal: Appeal, chosen: Audience) -> int:
    params = [_seed(appeal), *chosen.params, percent_tried(appeal)]
    with connection.cursor() as cursor:
        for name, value in SETTINGS:
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        cursor.execute("DROP TABLE IF EXISTS frozen_list")  # another of the same transaction
        cursor.execute(_LIST.format(people=chosen.sql), params)
        return int(cursor.rowcount)


def _seed(appeal: Appeal) -> int:
    """Of its lots: nobody can know it before."""
    return int.from_bytes(appeal.ref.bytes[8:], "big", signed=True)


def percent_tried(appeal: Appeal) -> int:
    """How many of a hundred take part in a trial; 0 where none is made."""
    return Trial.objects.filter(appeal=appeal).values_list("percent", flat=True).first() or 0


def _waves(appeal: Appeal, number: int) -> list[int]:
    """The sizes of the waves; a trial's people are the first, and the rest waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM frozen_list WHERE tried")
        (tried,) = cursor.fetchone()
    if not tried or tried == number:
        return sizes_of_waves(number, appeal.first_wave)
    return [tried, number - tried]


def _edge(waves: Sequence[int]) -> int:
    """The rank of the last one before the last wave; below all ranks where there is one wave."""
    if not (early := sum(waves[:-1])):
        return -1
    with connection.cursor() as cursor:
        cursor.execute(_EDGE, [early - 1])
        (rank,) = cursor.fetchone()
    return int(rank)


def sizes_of_waves(people: int, least: int) -> list[int]:
    """How many are in each wave: a hundredth, a tenth, the rest, and never fewer than `least`.

    `least` 0: all at once. A rest that is smaller than a wave goes with the one before.
    """
    left, sizes = people, list[int]()
    for share, of in WAVES if least else ():
        size = max(least, people * share // of)
        if left - size < least:
            break
        sizes.append(size)
        left -= size
    return [*sizes, left] if left or not sizes else sizes


def edges_of_chunks(waves: Sequence[int]) -> list[int]:
    """The place at which each chunk begins, for width_bucket: no chunk crosses a wave's edge."""
    edges, begin = list[int](), 1
    for size in waves:
        edges += range(begin, begin + size, CHUNK)
        begin += size
    return edges or [1]


def wave_of(chunk: Chunk, waves: Sequence[Wave]) -> Wave:
    """The wave that a chunk's people belong to."""
    until = 0
    for wave in waves:
        until += wave.people
        if chunk.first_seq <= until:
            return wave
    return waves[-1]
