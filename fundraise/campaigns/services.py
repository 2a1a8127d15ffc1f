"""The verbs that change a campaign or a fund, and the one that moves a thermometer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns import queries
from fundraise.campaigns.models import Campaign, Fund, Thermometer
from fundraise.ledger.models import Dimension, LegalEntity


@dataclass(frozen=True, slots=True)
class Move:
    """What a journal changes in a campaign's sums: öre, and gifts that begin or cease to stand."""

    campaign_id: int
    day: date
    channel: str
    amount_ore: int
    gifts: int = 0
    giver_key: bytes | None = None


def move_thermometer(moves: Sequence[Move]) -> None:
    """Move the roll-up rows in the journal's transaction, right after `post_journals`.

    The rows of a campaign are locked in campaign order, after the ledger's locks and before
    nothing else, so that two bookings can't wait for each other in a ring.
    """
    if not moves:
        return
    with connection.cursor() as cursor:
        if len(moves) == 1:
            cursor.execute(_MOVE, [*_values(moves[0]), clock.now()])
        else:
            columns = zip(*map(_values, moves), strict=True)
            cursor.execute(_MOVE_MANY, [*map(list, columns), clock.now()])


_MOVE = "SELECT campaigns_move(%s, %s, %s, %s, %s, %s, %s)"
_MOVE_MANY = """
  SELECT campaigns_move_many(%s::bigint[], %s::date[], %s::text[], %s::bigint[], %s::int[],
                             %s::bytea[], %s)"""


def _values(move: Move) -> tuple[Any, ...]:
    return (
        move.campaign_id, move.day, move.channel, move.amount_ore, move.gifts, move.giver_key,
    )  # fmt: skip


def record_promise(campaign_id: int, *, promised_ore: int, forecast_ore: int) -> bool:
    """What a campaign's pledges will still give in its days, and what it may come to in all (öre).

    Reckoned anew from the pledges each time. False when nothing has changed.
    """
    rows = Thermometer.objects.filter(campaign_id=campaign_id)
    changed = rows.exclude(promised_ore=promised_ore, forecast_ore=forecast_ore)
    return bool(
        changed.update(
            promised_ore=promised_ore, forecast_ore=forecast_ore, reckoned_at=clock.now()
        )
    )


def create_campaign(*, entity: LegalEntity, slug: str, by: str, **fields: Any) -> Campaign:
    """Make a campaign with its dimension in the books and its empty thermometer.

    Its money is for `fund`, else for the entity's default. Raises
    django.core.exceptions.ValidationError when a field breaks a rule, also when somebody took the
    slug a moment ago.
    """
    try:
        return _created(entity, slug, by, fields)
    except IntegrityError:
        if Campaign.objects.filter(slug=slug).exists():
            taken = Campaign().unique_error_message(Campaign, ("slug",))
            raise ValidationError({"slug": taken}) from None
        return _created(entity, slug, by, fields)  # it was the code in the books: take the next


def _created(entity: LegalEntity, slug: str, by: str, fields: Mapping[str, Any]) -> Campaign:
    fund = fields.get("fund") or queries.default_fund(entity)
    with _in_words(), transaction.atomic():
        campaign = Campaign(entity=entity, slug=slug, **{**fields, "fund": fund})
        campaign.full_clean(exclude={"dimension"})
        campaign.dimension = Dimension.objects.create(
            entity=entity,
            kind=Dimension.Kind.CAMPAIGN,
            code=_free_code(entity, slug),
            name=campaign.title_sv[:80],
        )
        campaign.save()
        Thermometer.objects.create(campaign=campaign)
        audit.log_change(
            by=by,
            action="campaign.created",
            subject_type="campaign",
            subject_ref=str(campaign.ref),
            after={"slug": slug, "status": campaign.status, "fund": fund.ref},
        )
    return campaign


def _free_code(entity: LegalEntity, slug: str) -> str:
    """The slug as a code of the books, 20 signs at most, with a number when it is taken."""
    codes = Dimension.objects.filter(entity=entity, kind=Dimension.Kind.CAMPAIGN)
    taken = set(codes.values_list("code", flat=True))
    tries = itertools.chain([slug[:20]], (f"{slug[:16]}-{n}" for n in itertools.count(2)))
    return next(code for code in tries if code not in taken)


FIXED = frozenset({"id", "ref", "entity", "dimension"})


def update_campaign(campaign_id: int, *, by: str, **fields: Any) -> Campaign:
    """Change what stands in `fields`; the campaign's name in the books follows its title.

    A campaign that has gifts can't be a draft again: the pages of its givers would vanish. One that
    money came for, is on its way to or is promised to keeps its fund. Raises Campaign.DoesNotExist,
    and django.core.exceptions.ValidationError when a field breaks a rule; nothing is changed then.
    """
    if FIXED & fields.keys():
        raise TypeError(f"a campaign keeps its {', '.join(sorted(FIXED & fields.keys()))}")
    with _in_words(), transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
        before = {name: getattr(campaign, name) for name in fields}
        changed = [name for name, value in fields.items() if before[name] != value]
        for name in changed:
            setattr(campaign, name, fields[name])
        campaign.full_clean()
        if "status" in changed and campaign.status == Campaign.Status.DRAFT:
            _refuse_draft_with_gifts(campaign)
        if changed:
            _save_changes(campaign, changed, before, by)
    return campaign


def _refuse_draft_with_gifts(campaign: Campaign) -> None:
    if campaign.thermometer.gifts:
        raise ValidationError({"status": _("A campaign that has gifts can be closed, not hidden.")})


def _save_changes(
    campaign: Campaign, changed: list[str], before: Mapping[str, Any], by: str
) -> None:
    campaign.save(update_fields=changed)
    if "title_sv" in changed:
        Dimension.objects.filter(pk=campaign.dimension_id).update(name=campaign.title_sv[:80])
    audit.log_change(
        by=by,
        action="campaign.changed",
        subject_type="campaign",
        subject_ref=campaign.ref,
        before={name: _logged(before[name]) for name in changed},
        after={name: _logged(getattr(campaign, name)) for name in changed},
    )


def _logged(value: object) -> object:
    """A picture is logged by its name, a fund by its ref."""
    if isinstance(value, Fund):
        return value.ref
    return str(value) if isinstance(value, FieldFile) else value


# --- Funds: what money is for ---------------------------------------------------------------------
FUND_FIELDS = frozenset({"name_sv", "name_en", "purpose_sv", "purpose_en"})
_NAME_TAKEN = _("There is a fund with this name already.")
# What the database refuses, by the name of its rule: the field, a code, and what to do about it.
_REFUSED = {
    "fund_name_sv_once": ("name_sv", "unique", _NAME_TAKEN),
    "fund_name_en_once": ("name_en", "unique", _NAME_TAKEN),
    "fund_default_stays": (
        NON_FIELD_ERRORS,
        "default_stays",
        _("This fund stays: it is what money is for when none is chosen."),
    ),
    "fund_not_asked_for": (
        NON_FIELD_ERRORS,
        "asked_for",
        _("A campaign that is not closed asks for this fund. Close it, or give it another fund."),
    ),
    "campaign_fund_of_its_entity": (
        "fund",
        "other_entity",
        _("The fund is another legal entity's. Choose one of the campaign's own."),
    ),
    "campaign_fund_in_use": (
        "fund",
        "put_away",
        _("The fund is put away. Take it out again, or choose another."),
    ),
    "campaign_keeps_its_fund": (
        "fund",
        "fund_stays",
        _(
            "Money has come in for this fund, is on its way or is promised, so it stays."
            " Make a new campaign for the other fund."
        ),
    ),
}


@contextmanager
def _in_words() -> Iterator[None]:
    """What the database refuses as a ValidationError at its field."""
    try:
        yield
    except IntegrityError as error:
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if rule not in _REFUSED:
            raise
        field, code, said = _REFUSED[rule]
        raise ValidationError({field: ValidationError(said, code=code)}) from None


def create_fund(*, entity: LegalEntity, by: str, **fields: str) -> Fund:
    """Something more that money can be for. Raises ValidationError."""
    with _in_words(), transaction.atomic():
        fund = Fund(entity=entity, **_fund_texts(fields))
        fund.full_clean(validate_constraints=False)
        fund.save()
        _log(fund, "fund.created", by, {"entity": entity.ref})
    return fund


def update_fund(fund_id: int, *, by: str, **fields: str) -> Fund:
    """New words for the same thing. Raises Fund.DoesNotExist, ValidationError."""
    with _in_words(), transaction.atomic():
        fund = Fund.objects.select_for_update(no_key=True).get(pk=fund_id)
        texts = _fund_texts(fields)
        changed = [name for name, value in texts.items() if getattr(fund, name) != value]
        for name in changed:
            setattr(fund, name, texts[name])
        fund.full_clean(validate_constraints=False)
        if changed:
            fund.save(update_fields=changed)
            _log(fund, "fund.changed", by, {"fields": sorted(changed)})
    return fund


def put_fund_away(fund_id: int, *, by: str) -> bool:
    """No campaign may choose it any more. False when it was put away before.

    Raises ValidationError while a campaign that is not closed has it, and for the default.
    """
    with _in_words(), transaction.atomic():
        return _moved(Fund.objects.filter(pk=fund_id, put_away_at=None), True, by)


def take_fund_out(fund_id: int, *, by: str) -> bool:
    """It may be chosen again. False when it was not put away."""
    with transaction.atomic():
        return _moved(Fund.objects.filter(pk=fund_id, put_away_at__isnull=False), False, by)


def _moved(rows: QuerySet[Fund], away: bool, by: str) -> bool:
    fund = rows.select_for_update(no_key=True).first()
    if fund is None:
        return False
    fund.put_away_at = clock.now() if away else None
    fund.save(update_fields=["put_away_at"])
    _log(fund, "fund.put_away" if away else "fund.taken_out", by, {})
    return True


def _fund_texts(fields: Mapping[str, str]) -> dict[str, str]:
    if unknown := fields.keys() - FUND_FIELDS:
        raise TypeError(f"a fund has no {', '.join(sorted(unknown))} that can be written")
    return {name: " ".join(text.split()) for name, text in fields.items()}


def _log(fund: Fund, action: str, by: str, after: Mapping[str, object]) -> None:
    audit.log_change(by=by, action=action, subject_type="fund", subject_ref=fund.ref, after=after)
