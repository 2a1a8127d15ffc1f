"""The door to what became of messages: many facts at once, in any order, any number of times.

The earliest time of each fact stands, and the code that came with it; so telling the same facts
again, late or in another order gives the same rows. Facts of a message that was never made are left
out. Writers wait for each other until they commit, so keep transactions short, and tell a fact
after what must not wait (an unsubscription). `judge` is the other half: what all visits of a
message look like, made anew each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from fundraise import copying

SEEN = (
    "processed", "deferred", "delivered", "bounced", "blocked", "dropped", "complained",
    "unsubscribed", "replied",
)  # fmt: skip
JUDGED = ("human_click", "machine_click", "human_open", "machine_open")
CODES = {"bounced": "bounce_class", "blocked": "block_class", "dropped": "drop_reason"}

_TABLE = "arriving_facts"
_MAKE = f"""
  CREATE TEMP TABLE {_TABLE} (appeal_id bigint, seq int, kind text, at timestamptz, code text)
  ON COMMIT DROP"""
# Rows and figures are moved by one writer at a time, or two would wait for each other in a ring.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('mail fates'))"
_PRESENT = "SELECT kind, bool_or(code <> '') FROM {source} GROUP BY kind"
_CODED = [*CODES.values(), "click_confidence"]
_CODE = """
  UPDATE appeals_fate f SET {column} = n.code
    FROM (SELECT DISTINCT ON (appeal_id, seq) appeal_id, seq, at, code
            FROM {source} WHERE kind = '{kind}' AND code <> ''
           ORDER BY appeal_id, seq, at, code) n
   WHERE f.appeal_id = n.appeal_id AND f.seq = n.seq AND f.{kind}_at = n.at
     AND (f.{column} = '' OR n.code < f.{column})"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was true of one message at a time; `code` says why (bounces, drops)."""

    appeal_id: int
    seq: int
    kind: str
    at: datetime
    code: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all that is known of a message's visits and opens looks like; None where nothing is."""

    appeal_id: int
    seq: int
    human_click_at: datetime | None = None
    machine_click_at: datetime | None = None
    human_open_at: datetime | None = None
    machine_open_at: datetime | None = None
    click_confidence: str = ""


@transaction.atomic
def note(facts: Sequence[Fact]) -> int:
    """Roll many facts up. Returns how many messages know more than before."""
    if not facts:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_TABLE}")
        cursor.execute(_MAKE)
    copying.copy_into(
        _TABLE,
        ("appeal_id", "seq", "kind", "at", "code"),
        ((fact.appeal_id, fact.seq, fact.kind, fact.at, fact.code) for fact in facts),
    )
    return note_from(_TABLE)


def note_from(source: str) -> int:
    """The same from a table of the caller's own transaction with these columns; in its name."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        cursor.execute(_PRESENT.format(source=source))
        present: dict[str, bool] = dict(cursor.fetchall())
        kinds = [kind for kind in SEEN if kind in present]
        if not kinds:
            return 0
        cursor.execute(_roll_up(source, kinds))
        changed: int = cursor.rowcount
        for kind, column in CODES.items():
            if present.get(kind):
                cursor.execute(_CODE.format(source=source, kind=kind, column=column))
    return changed


def _roll_up(source: str, kinds: Sequence[str]) -> str:
    """One statement for the facts that are there: most posts tell two or three of nine."""
    columns = [f"{kind}_at" for kind in kinds]
    first = [f"min(at) FILTER (WHERE kind = '{kind}') AS {kind}_at" for kind in kinds]
    sooner = [f"{column} = least(f.{column}, EXCLUDED.{column})" for column in columns]
    # A code stands with the time that it came with.
    sooner += [
        f"{code} = CASE WHEN EXCLUDED.{kind}_at < f.{kind}_at THEN '' ELSE f.{code} END"
        for kind, code in CODES.items()
        if kind in kinds
    ]
    news = [f"EXCLUDED.{column} < coalesce(f.{column}, 'infinity')" for column in columns]
    named = ", ".join(f"'{kind}'" for kind in kinds)
    return f"""
      INSERT INTO appeals_fate AS f
             (appeal_id, seq, content_id, {", ".join(columns)}, {", ".join(_CODED)})
      SELECT n.appeal_id, n.seq, m.content_id, {", ".join(f"n.{column}" for column in columns)},
             {", ".join("''" for _column in _CODED)}
        FROM (SELECT appeal_id, seq, {", ".join(first)}
                FROM {source} WHERE kind IN ({named}) GROUP BY appeal_id, seq) n
        JOIN appeals_message m USING (appeal_id, seq)
       ORDER BY n.appeal_id, n.seq
      ON CONFLICT (appeal_id, seq) DO UPDATE SET {", ".join(sooner)}
      WHERE {" OR ".join(news)}"""  # noqa: S608 - names of this file


# --- What visits look like ------------------------------------------------------------------------
_JUDGE = f"""
  INSERT INTO appeals_fate AS f (appeal_id, seq, content_id, {", ".join(f"{k}_at" for k in JUDGED)},
                                 click_confidence, {", ".join(CODES.values())})
  SELECT n.appeal_id, n.seq, m.content_id, {", ".join(f"n.{k}_at" for k in JUDGED)},
         n.click_confidence, '', '', ''
    FROM unnest(%(appeals)s::bigint[], %(seqs)s::int[],
                {", ".join(f"%({k})s::timestamptz[]" for k in JUDGED)}, %(confidence)s::text[])
         AS n (appeal_id, seq, {", ".join(f"{k}_at" for k in JUDGED)}, click_confidence)
    JOIN appeals_message m USING (appeal_id, seq)
   ORDER BY n.appeal_id, n.seq
  ON CONFLICT (appeal_id, seq) DO UPDATE SET
    {", ".join(f"{k}_at = EXCLUDED.{k}_at" for k in JUDGED)},
    click_confidence = EXCLUDED.click_confidence
  WHERE ({", ".join(f"f.{k}_at" for k in JUDGED)}, f.click_confidence)
        IS DISTINCT FROM
        ({", ".join(f"EXCLUDED.{k}_at" for k in JUDGED)}, EXCLUDED.click_confidence)
"""  # noqa: S608 - names of this file


def judge(judged: Sequence[Judgement]) -> int:
    """Put a judgement in place of the last one. Returns how many messages it changed."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        cursor.execute(
            _JUDGE,
            {
                "appeals": [one.appeal_id for one in judged],
                "seqs": [one.seq for one in judged],
                "confidence": [one.click_confidence for one in judged],
                **{kind: [getattr(one, f"{kind}_at") for one in judged] for kind in JUDGED},
            },
        )
        changed: int = cursor.rowcount
    return changed
