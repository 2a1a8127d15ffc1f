"""What each mail of monthly giving is about: its kind and the key it is prepared once under."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Left

from fundraise.pledges.models import (
    Instalment,
    Mandate,
    Notice,
    Pledge,
    PledgeChange,
    PledgeTransition,
)
from mailings.models import TransactionalMessage

NOTICE = "notice"
CHANGE, HALTED, ENDED, FIRST = "pledge-change", "pledge-halted", "pledge-ended", "pledge-first"
MISSED = "pledge-missed"
NEW_REFUSED, CONFIRMED_END = "mandate-refused", "mandate-ended"
SIGN, REMINDER, NAME_SUM = "mandate_link", "mandate-reminder", "name-sum"
EXPIRING, BANK_NUMBER = "card-expiring", "bank-number"
OWN_LINK = "pledge-link"
REF = 36  # characters of a ref


def of_change(change: PledgeChange) -> str:
    """One change of a pledge."""
    return f"{change.pledge.ref}:{change.pk}"


def of_halt(step: PledgeTransition) -> str:
    """One halt of a pledge: it may come again."""
    return f"{step.pledge.ref}:{step.pk}"


def of_expiry(mandate: Mandate) -> str:
    """One last month of a card."""
    last = f"{mandate.card_expires_on:%Y%m}" if mandate.card_expires_on else ""
    return f"{mandate.ref}:{last}"


def of_own_link(pledge: Pledge, on: date) -> str:
    """One day's link that staff sent."""
    return f"{pledge.ref}:{on:%Y%m%d}"


def of_pledges(pledges: QuerySet[Pledge]) -> list[str]:
    """The keys of every mail about these pledges, for a donor's own copy."""
    keys = set(pledges.values_list("ref", flat=True))
    sent = TransactionalMessage.objects.filter(kind=OWN_LINK).annotate(of=Left("subject_ref", REF))
    links = sent.filter(of__in=[str(ref) for ref in keys]).values_list("subject_ref", flat=True)
    for model in (Notice, Instalment, Mandate):
        keys |= set(model._default_manager.filter(pledge__in=pledges).values_list("ref", flat=True))
    changes = PledgeChange.objects.filter(pledge__in=pledges).select_related("pledge")
    halts = PledgeTransition.objects.filter(pledge__in=pledges, to_state="halted")
    mandates = Mandate.objects.filter(pledge__in=pledges, card_expires_on__isnull=False)
    return [
        *(str(key) for key in keys),
        *links,
        *(of_change(change) for change in changes),
        *(of_halt(step) for step in halts.select_related("pledge")),
        *(of_expiry(mandate) for mandate in mandates),
    ]
