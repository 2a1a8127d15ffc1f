"""How an agreement's files travel, and who carries them: what staff may set."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from django.db import transaction

from fundraise.audit import services as audit
from fundraise.jobs import services as jobs
from fundraise.providers.giro.applying.advice import CLOSED
from fundraise.providers.giro.models import Agreement, Carrier
from fundraise.providers.models import Account

WEEKDAYS = re.compile(r"(?!$)1?2?3?4?5?")
MOST_AHEAD = 10


class OptionError(Exception):
    """An option can't be so; `code` names it: file_weekdays, draw_days_ahead."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Options:
    """As on Agreement."""

    approve: bool = False
    by_hand: bool = False
    file_weekdays: str = "12345"
    draw_days_ahead: int = 2


def begin(account: Account, *, by: str) -> Agreement:
    """A person begins with autogiro for an account; harmless when it was begun before."""
    with transaction.atomic():
        agreement, new = Agreement.objects.get_or_create(account=account)
        if new:
            audit.log_change(
                by=by,
                action="giro_agreement.begun",
                subject_type="giro_agreement",
                subject_ref=agreement.ref,
            )
    return agreement


def options_of(agreement: Agreement) -> Options:
    """What is set now."""
    return Options(
        agreement.approve,
        agreement.by_hand,
        agreement.file_weekdays,
        agreement.draw_days_ahead,
    )


def set_options(agreement_id: int, options: Options, *, by: str) -> bool:
    """Change how files travel from the next one on. False when nothing changed. Raises OptionError.

    A file that waits for approval still waits.
    """
    if not WEEKDAYS.fullmatch(options.file_weekdays):
        raise OptionError("file_weekdays")
    if not 1 <= options.draw_days_ahead <= MOST_AHEAD:
        raise OptionError("draw_days_ahead")
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
        before, after = asdict(options_of(agreement)), asdict(options)
        changed = {name: after[name] for name in after if after[name] != before[name]}
        if not changed:
            return False
        Agreement.objects.filter(pk=agreement.pk).update(**changed)
        audit.log_change(
            by=by,
            action="giro_agreement.changed",
            subject_type="giro_agreement",
            subject_ref=agreement.ref,
            before={name: before[name] for name in changed},
            after=changed,
        )
    return True


def resume(agreement_id: int, *, by: str) -> bool:
    """Bankgirot's end of the agreement was a mistake, or is mended. False when it was going."""
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
        if agreement.stopped_at is None:
            return False
        Agreement.objects.filter(pk=agreement.pk).update(stopped_at=None)
        jobs.resolve_alarms(CLOSED, subject=str(agreement.ref))
        audit.log_change(
            by=by,
            action="giro_agreement.resumed",
            subject_type="giro_agreement",
            subject_ref=agreement.ref,
        )
    return True


def set_carrier(agreement_id: int, user_id: int, *, is_deputy: bool, by: str) -> Carrier:
    """Somebody carries the files, or does when the others can't."""
    with transaction.atomic():
        carrier, _new = Carrier.objects.update_or_create(
            agreement_id=agreement_id, user_id=user_id, defaults={"is_deputy": is_deputy}
        )
        _log(carrier, "giro_carrier.set", by, is_deputy=is_deputy)
    return carrier


def remove_carrier(agreement_id: int, user_id: int, *, by: str) -> bool:
    """Somebody carries them no more. False when they did not."""
    with transaction.atomic():
        carrier = Carrier.objects.filter(agreement_id=agreement_id, user_id=user_id).first()
        if carrier is None:
            return False
        _log(carrier, "giro_carrier.removed", by)
        carrier.delete()
    return True


def _log(carrier: Carrier, action: str, by: str, **after: object) -> None:
    audit.log_change(
        by=by,
        action=action,
        subject_type="giro_agreement",
        subject_ref=carrier.agreement.ref,
        after={"user": carrier.user_id, **after},
    )
