"""Yearly statements issued: the first of a giver's year, and a new version when the year changed.

What is said is frozen and sealed in the row; its PDF is made when somebody fetches it, and kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from django.db import connection, transaction

from donors.cards import open_lines
from donors.models import Donor
from fundraise import clock, crypto
from fundraise.campaigns.models import Campaign
from fundraise.gifts import queries as gifts
from fundraise.ledger.models import LegalEntity
from fundraise.refs import new_ref
from fundraise.reporting import frozen, wording
from fundraise.reporting.models import StatementLine, YearStatement
from fundraise.reporting.yearly import lines, queries
from fundraise.reporting.yearly.lines import Holder, Line

RENEWED_AT_ONCE = 500


def issue(entity: LegalEntity, year: int, holder: Holder, *, by: str) -> YearStatement | None:
    """The statement that holds now: the newest one, or a new version. None without a gift."""
    with transaction.atomic():
        issue_many(entity, year, [holder], by=by)
        return queries.newest(entity.pk, year, [holder]).get(holder)


@transaction.atomic
def issue_many(entity: LegalEntity, year: int, holders: Sequence[Holder], *, by: str) -> int:
    """Issue what is missing or has changed among some holders; how many were."""
    last = _locked_last(entity.pk, year)
    now = lines.lines_of(entity.pk, year, holders)
    before = queries.newest(entity.pk, year, holders)
    due = [one for one in dict.fromkeys(holders) if _is_due(now.get(one, []), before.get(one))]
    names, titles = _names(due, now, by), _titles(now)
    made: list[tuple[YearStatement, list[Line]]] = []
    for holder in due:
        previous, listed = before.get(holder), now.get(holder, [])
        row = _row(entity, year, holder, previous, listed)
        if previous is None:
            last += 1
        row.number = previous.number if previous is not None else last
        row.by, row.sealed = by, _sealed(row, names.get(holder, ""), listed, titles)
        made.append((row, listed))
    _write(made)
    _set_last(entity.pk, year, last)
    return len(made)


def renew(by: str = "system:year_statements") -> int:
    """New versions of the statements of past years whose gifts have changed; how many."""
    rows = YearStatement.objects.filter(pk__in=queries.changed_ids()).select_related("entity")
    parts: dict[tuple[LegalEntity, int], list[Holder]] = {}
    for row in rows:
        holder = lines.holder_of(row.donor_id, row.giver_key)
        parts.setdefault((row.entity, row.year), []).append(holder)
    made = 0
    for (entity, year), holders in parts.items():
        for start in range(0, len(holders), RENEWED_AT_ONCE):
            some = holders[start : start + RENEWED_AT_ONCE]
            made += issue_many(entity, year, some, by=by)
    return made


def _is_due(listed: Sequence[Line], newest: YearStatement | None) -> bool:
    if newest is None:
        return bool(listed)
    return bytes(newest.digest) != lines.digest(listed)


def _row(
    entity: LegalEntity,
    year: int,
    holder: Holder,
    previous: YearStatement | None,
    listed: Sequence[Line],
) -> YearStatement:
    return YearStatement(
        ref=new_ref(),
        entity=entity,
        year=year,
        version=previous.version + 1 if previous is not None else 1,
        previous=previous,
        donor_id=holder.donor_id,
        giver_key=holder.giver_key if holder.donor_id is None else None,
        gifts=len(listed),
        given_ore=sum(line.given_ore for line in listed),
        back_ore=sum(line.back_ore for line in listed),
        digest=lines.digest(listed),
        issued_at=clock.now(),
    )


def _sealed(
    row: YearStatement, name: str, listed: Sequence[Line], titles: Mapping[int, dict[str, str]]
) -> bytes:
    said = {
        "name": name,
        "payee": asdict(frozen.payee_of(row.entity)),
        "until": lines.last_day(row.year),
        "before": str(row.previous) if row.previous is not None else "",
        "lines": [
            {
                "day": line.day,
                "channel": line.channel,
                "titles": titles[line.campaign_id],
                "given_ore": line.given_ore,
                "back_ore": line.back_ore,
            }
            for line in listed
        ],
    }
    return crypto.seal(json.dumps(said).encode(), context=queries.context_of(row))


def _write(made: Iterable[tuple[YearStatement, Sequence[Line]]]) -> None:
    pairs = list(made)
    YearStatement.objects.bulk_create([row for row, _listed in pairs])
    StatementLine.objects.bulk_create(
        (
            StatementLine(
                statement=row,
                gift_id=line.gift_id,
                given_ore=line.given_ore,
                back_ore=line.back_ore,
            )
            for row, listed in pairs
            for line in listed
        ),
        batch_size=2000,
    )


# --- Names and titles -----------------------------------------------------------------------------
def _names(due: Sequence[Holder], now: Mapping[Holder, list[Line]], by: str) -> dict[Holder, str]:
    """Each holder's name: the donor's (the look is written down), or as it was typed last."""
    wanted = [one.donor_id for one in due if one.donor_id is not None]
    rows = list(Donor.objects.filter(pk__in=wanted).exclude(status=Donor.Status.ERASED))
    opened = open_lines(rows, by=by, purpose="year_statement") if rows else []
    names = {Holder(card.pk): card.name for card in opened}
    for holder in due:
        if holder.donor_id is None and (listed := now.get(holder)):
            typed = gifts.giver_of(listed[-1].gift_id)
            names[holder] = wording.greeted(typed.name) if typed is not None else ""
    return names


def _titles(now: Mapping[Holder, list[Line]]) -> dict[int, dict[str, str]]:
    wanted = {line.campaign_id for listed in now.values() for line in listed}
    return {row.pk: frozen.titles_of(row) for row in Campaign.objects.filter(pk__in=wanted)}


# --- Numbers --------------------------------------------------------------------------------------
def _locked_last(entity_id: int, year: int) -> int:
    """The last number given, its row locked until commit: a roll-back leaves no gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reporting_statementcounter AS c (entity_id, year, last_number)"
            " VALUES (%s, %s, 0) ON CONFLICT (entity_id, year)"
            " DO UPDATE SET last_number = c.last_number RETURNING last_number",
            [entity_id, year],
        )
        number: int = cursor.fetchone()[0]
    return number


def _set_last(entity_id: int, year: int, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reporting_statementcounter SET last_number = %s"
            " WHERE entity_id = %s AND year = %s",
            [number, entity_id, year],
        )
