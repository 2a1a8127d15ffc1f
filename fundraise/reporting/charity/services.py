"""The doors of a charity's reports: control statements, costs, what funds were used for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from donors.models import Donor
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns.models import Fund
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.charity import numbers, rules, sums
from fundraise.reporting.charity.errors import CharityError, names_nobody
from fundraise.reporting.charity.models import (
    ControlLeftOut,
    ControlList,
    ControlRow,
    Cost,
    FundSpend,
    SpecificationNumber,
)


@transaction.atomic
def file_statements(entity: LegalEntity, year: int, *, by: str) -> ControlList:
    """Freeze the year's control statements as the next version.

    Who is too young at the end of the year is left out: each number is opened for it, and each look
    stands in the read log. Raises CharityError: not_a_charity, year_not_over, nothing_changed.
    """
    if entity.kind != LegalEntity.Kind.CHARITY:
        raise CharityError("not_a_charity")
    if clock.today() <= date(year, 12, 31):
        raise CharityError("year_not_over")
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    told = sums.statements(entity.pk, year)
    young = _too_young([donor for donor, _ore in told], year, by)
    found = [(donor, ore // 100) for donor, ore in told if donor not in young]
    specified = _numbers(entity, [donor for donor, _kronor in found])
    rows = [(specified[donor], donor, kronor) for donor, kronor in found]
    last = latest(entity, year)
    if last is not None and kept_rows(last) == sorted(rows):
        raise CharityError("nothing_changed")
    made = ControlList.objects.create(
        entity=entity, year=year, version=last.version + 1 if last else 1, filed_at=clock.now(),
        filed_by=by, number=len(rows), total_kronor=sum(kronor for *_ids, kronor in rows),
        sha256=digest(rows),
    )  # fmt: skip
    ControlRow.objects.bulk_create(
        [ControlRow(list=made, specification=n, donor_id=d, kronor=k) for n, d, k in rows],
        batch_size=1000,
    )
    ControlLeftOut.objects.bulk_create([ControlLeftOut(list=made, donor_id=d) for d in young])
    audit.log_change(
        by=by, action="charity.statements.filed", subject_type="charity_controllist",
        subject_ref=made.ref,
        after={"year": year, "filed_version": made.version, "count": made.number},
    )  # fmt: skip
    return made


def _too_young(donor_ids: list[int], year: int, by: str) -> set[int]:
    """Whose tax no gift lowers."""
    held = sums.limits(year)
    people = Donor.objects.filter(pk__in=donor_ids).order_by("pk")
    return {one.pk for one in people if rules.is_too_young(numbers.read(one, by=by), year, held)}


def _numbers(entity: LegalEntity, donors: list[int]) -> dict[int, int]:
    """Each giver's number, the same every year; new ones follow the highest. Entity is locked."""
    mine = SpecificationNumber.objects.filter(entity=entity)
    known = dict(mine.filter(donor__in=donors).values_list("donor_id", "number"))
    top = mine.order_by("-number").values_list("number", flat=True).first() or 0
    fresh = [donor for donor in donors if donor not in known]
    made = {donor: top + at for at, donor in enumerate(fresh, start=1)}
    SpecificationNumber.objects.bulk_create(
        [SpecificationNumber(entity=entity, donor_id=d, number=n) for d, n in made.items()],
        batch_size=1000,
    )
    return known | made


def latest(entity: LegalEntity, year: int) -> ControlList | None:
    """The version that stands."""
    return ControlList.objects.filter(entity=entity, year=year).order_by("-version").first()


def kept_rows(filed: ControlList) -> list[tuple[int, int, int]]:
    """(specification number, donor, kronor) of a version."""
    rows = filed.rows.order_by("specification")
    return list(rows.values_list("specification", "donor_id", "kronor"))


def digest(rows: Iterable[tuple[int, int, int]]) -> bytes:
    """SHA-256 of a version's rows in order."""
    return hashlib.sha256(json.dumps([list(row) for row in sorted(rows)]).encode()).digest()


@transaction.atomic
def enter_cost(
    entity: LegalEntity,
    year: int,
    *,
    kind: str,
    amount_ore: int,
    source: str,
    voucher: str,
    by: str,
) -> Cost:
    """A cost beside the fees in our books. Raises CharityError("personal")."""
    names_nobody(source, voucher)
    row = Cost.objects.create(
        entity=entity, year=year, kind=kind, amount_ore=amount_ore, source=source,
        voucher=voucher, entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    audit.log_change(
        by=by, action="charity.cost.entered", subject_type="charity_cost", subject_ref=row.ref,
        after={"year": year, "amount_ore": amount_ore},
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_cost(row: Cost, *, by: str) -> bool:
    """Leave a cost out from now on. False when it was left out before."""
    waiting = Cost.objects.filter(pk=row.pk, withdrawn_at=None)
    if not waiting.update(withdrawn_by=by, withdrawn_at=clock.now()):
        return False
    audit.log_change(
        by=by, action="charity.cost.withdrawn", subject_type="charity_cost", subject_ref=row.ref,
        after={"year": row.year},
    )  # fmt: skip
    return True


@dataclass(frozen=True, slots=True)
class Spent:
    """Money used for a fund."""

    fund: Fund
    spent_on: date
    amount_ore: int
    voucher: str


@transaction.atomic
def spend(spent: Spent, *, by: str) -> FundSpend:
    """Note what was used. Raises CharityError: day_ahead, personal."""
    if spent.spent_on > clock.today():
        raise CharityError("day_ahead")
    names_nobody(spent.voucher)
    row = FundSpend.objects.create(
        fund=spent.fund, spent_on=spent.spent_on, amount_ore=spent.amount_ore,
        voucher=spent.voucher, entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    audit.log_change(
        by=by, action="charity.fund.spent", subject_type="fund", subject_ref=spent.fund.ref,
        after={"amount_ore": spent.amount_ore},
    )  # fmt: skip
    return row
