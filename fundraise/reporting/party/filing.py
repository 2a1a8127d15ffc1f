"""Filing: the figures of a year frozen as a version, and what an amendment changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from donors import services as donors
from donors.models import ContactPoint, Donor
from donors.values import PostalAddress
from fundraise import clock, copying, crypto
from fundraise.audit import services as audit
from fundraise.gifts import queries as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.ledger.models import ChainHead, LegalEntity
from fundraise.reporting.party import figures, rules, sums
from fundraise.reporting.party.errors import PartyError, names_nobody
from fundraise.reporting.party.figures import Figures
from fundraise.reporting.party.models import PartyReport, ReportDonor, ReportIdentity, ReportLine
from fundraise.reporting.party.rules import Band

PURPOSE = "party_report"
TRIES = 5  # of a look at books that move
LOOKED_AT = 50  # gifts of one giver that may say who it is


@transaction.atomic
def file_report(entity: LegalEntity, year: int, *, by: str, reason: str = "") -> PartyReport:
    """Freeze a year's figures as the next version. The first is filed, later ones amend it.

    Raises PartyError: year_not_over, base_missing, reason_missing, personal, nothing_changed, busy.
    """
    if clock.today() <= date(year, 12, 31):
        raise PartyError("year_not_over")
    names_nobody(reason)
    position, found = _still(entity, year)
    if found.limits.is_missing:
        raise PartyError("base_missing")
    last = latest(entity, year)
    if last is not None and not reason.strip():
        raise PartyError("reason_missing")
    report = PartyReport(
        entity=entity, year=year, version=last.version + 1 if last else 1,
        filed_at=clock.now(), filed_by=by, reason=reason.strip() if last else "",
        base_ore=found.limits.base_ore, base_year=found.limits.base_year,
        anonymous_ore=found.limits.anonymous_ore, gifts_ore=found.gifts_ore,
        ledger_ore=sums.gifts_in_books(entity.pk, year, position),
        last_journal=position, total_ore=found.total_ore, is_freed=found.freed.is_freed,
    )  # fmt: skip
    rows = donor_rows(found)
    report.sha256 = digest(report, _line_rows(found), rows)
    if last is not None and _same(last, found, rows):
        raise PartyError("nothing_changed")
    report.save(force_insert=True)
    _keep(report, found, rows, by)
    audit.log_change(
        by=by, action="party.report.filed", subject_type="party_report", subject_ref=report.ref,
        after={"year": year, "filed_version": report.version, "sha256": report.sha256.hex()[:16]},
        reason=report.reason,
    )  # fmt: skip
    return report


def _still(entity: LegalEntity, year: int) -> tuple[int, Figures]:
    """Figures of one instant, and where the chain of journals stood: read between two looks at it.

    A gift moves in the transaction of its journal; when none came meanwhile, all sums agree.
    """
    for _try in range(TRIES):
        position = last_position(entity.pk)
        found = figures.of(entity, year)
        if position == last_position(entity.pk):
            return position, found
    raise PartyError("busy")


def latest(entity: LegalEntity, year: int) -> PartyReport | None:
    """The version that stands."""
    return PartyReport.objects.filter(entity=entity, year=year).order_by("-version").first()


Line = tuple[int, str, int, int | None, dict[str, str | int]]
GiverRow = tuple[int, str, int | None, str, str, int, int, int, bool]


def _line_rows(found: Figures) -> list[Line]:
    return [
        (at, row.code, row.amount_ore, row.number, dict(row.detail))
        for at, row in enumerate(found.rows, start=1)
    ]


def donor_rows(found: Figures) -> list[GiverRow]:
    """The givers' years by a ref that may leave the house: a donor's, or a number of the list."""
    ids = [int(row.giver[6:]) for row in found.givers if row.giver.startswith("donor:")]
    refs = dict(Donor.objects.filter(pk__in=ids).values_list("pk", "ref"))
    rows: list[GiverRow] = []
    for at, row in enumerate(found.givers, start=1):
        pk = int(row.giver[6:]) if row.giver.startswith("donor:") else None
        giver = str(refs[pk]) if pk is not None else f"nr:{at}"
        band = rules.band_of(row, found.limits)
        rows.append(
            (at, giver, pk, row.kind, band, row.ore, row.in_kind_ore, row.gifts, row.identified)
        )
    return rows


def digest(report: PartyReport, lines: Iterable[Line], givers: Iterable[GiverRow]) -> bytes:
    """SHA-256 of everything a version says."""
    said = [
        str(report.entity.ref), report.year, report.version, report.base_ore, report.base_year,
        report.anonymous_ore, report.gifts_ore, report.ledger_ore, report.last_journal,
        report.total_ore, report.is_freed,
        [list(line) for line in lines], [list(giver) for giver in givers],
    ]  # fmt: skip
    plain = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).digest()


def kept_rows(report: PartyReport) -> tuple[list[Line], list[GiverRow]]:
    """The lines and givers of a version as they are kept."""
    lines = report.lines.order_by("position").values_list(
        "position", "code", "amount_ore", "number", "detail"
    )
    givers = report.donors.order_by("position").values_list(
        "position", "giver", "donor_id", "kind", "band", "amount_ore", "in_kind_ore", "gifts",
        "identified",
    )  # fmt: skip
    return list(lines), list(givers)


def _same(last: PartyReport, found: Figures, rows: list[GiverRow]) -> bool:
    lines, givers = kept_rows(last)
    return lines == _line_rows(found) and givers == [tuple(row) for row in rows]


def _keep(report: PartyReport, found: Figures, rows: list[GiverRow], by: str) -> None:
    ReportLine.objects.bulk_create(
        ReportLine(
            report=report, position=at, code=code, amount_ore=ore, number=number, detail=detail
        )
        for at, code, ore, number, detail in _line_rows(found)
    )
    names = (
        "report_id", "position", "giver", "donor_id", "kind", "band", "amount_ore",
        "in_kind_ore", "gifts", "identified",
    )  # fmt: skip
    copying.copy(ReportDonor, names, ((report.pk, *row) for row in rows))
    keys = [row.giver for row in found.givers]
    for row in report.donors.filter(band=Band.NAMED):
        said = identity_of(report, keys[row.position - 1], by)
        sealed = crypto.seal(json.dumps(said).encode(), context=f"party:{report.ref}:{row.pk}")
        ReportIdentity.objects.create(row=row, sealed=sealed)


def identity_of(report: PartyReport, giver: str, by: str) -> dict[str, str]:
    """Name and number or address of a named giver, read from the register or from the gift."""
    kind, _, key = giver.partition(":")
    if kind == "donor":
        donor = Donor.objects.get(pk=key)
        if donor.status != Donor.Status.ERASED:
            return _as_typed(of_donor(donor, by))
        mine = Gift.objects.filter(entity=report.entity, donor=donor)
        return _of_gifts(mine.filter(received_at__year=report.year))
    if kind == "key":
        return _of_gifts(Gift.objects.filter(entity=report.entity, giver_key=bytes.fromhex(key)))
    return _as_typed(Giver())


def _of_gifts(mine: QuerySet[Gift]) -> dict[str, str]:
    """As it stands on the newest gift that says it."""
    for pk in mine.filter(identified=True).order_by("-pk").values_list("pk", flat=True)[:LOOKED_AT]:
        if (typed := gifts.giver_of(pk)) is not None and typed.identified:
            return _as_typed(typed)
    return _as_typed(Giver())


def _as_typed(typed: Giver) -> dict[str, str]:
    place = " ".join(filter(None, [typed.postcode, typed.city]))
    address = ", ".join(filter(None, [typed.address, place]))
    return {"name": typed.name, "number": typed.identity_number, "address": address}


def of_donor(donor: Donor, by: str) -> Giver:
    """Name and number or address of a donor of the register; writes the read log."""
    card = donors.read_card(donor_ref=donor.ref, by=by, purpose=PURPOSE)
    kinds = [kind for kind, _masked in card.identities]
    number = ""
    if kinds:
        number = donors.read_identity(donor_ref=donor.ref, kind=kinds[-1], by=by, purpose=PURPOSE)
    posts = [p.value for p in card.contact_points if p.kind == ContactPoint.Kind.POSTAL]
    post = posts[0] if posts and isinstance(posts[0], PostalAddress) else None
    return Giver(
        name=card.name.full if card.name else "",
        identity_number=number,
        address=", ".join(post.lines) if post else "",
        postcode=post.postcode if post else "",
        city=post.city if post else "",
    )


def named(row: ReportDonor) -> dict[str, str]:
    """Who a named giver of a filed report is. Whoever shows it writes the read log."""
    context = f"party:{row.report.ref}:{row.pk}"
    said: dict[str, str] = json.loads(crypto.unseal(bytes(row.identity.sealed), context=context))
    return said


# --- What an amendment changed --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Change:
    """A line that two versions have differently."""

    code: str
    before_ore: int
    after_ore: int
    detail: dict[str, str | int] = field(default_factory=dict)


def changes(report: PartyReport) -> list[Change]:
    """What a version has otherwise than the one before it."""
    before = PartyReport.objects.filter(
        entity=report.entity, year=report.year, version=report.version - 1
    ).first()
    if before is None:
        return []
    old, new = _sums(before), _sums(report)
    codes = dict.fromkeys([*old, *new])
    return [
        Change(code, old.get(code, 0), new.get(code, 0))
        for code in codes
        if old.get(code, 0) != new.get(code, 0)
    ]


def _sums(report: PartyReport) -> dict[str, int]:
    return dict(_main(report))


def _main(report: PartyReport) -> Iterator[tuple[str, int]]:
    for line in report.lines.order_by("position"):
        if line.code not in figures.SUB:
            yield line.code, line.amount_ore


def last_position(entity_id: int) -> int:
    """Where an entity's chain of journals ends."""
    return int(ChainHead.objects.values_list("position", flat=True).get(entity_id=entity_id))
