"""A campaign is over: what still asks for it stops by itself, and says so to whoever scheduled it.

What was scheduled is a draft again, what is on its way is paused until the campaign is opened or
the appeal is cancelled. The mails of a journey's day are nobody's to let go on: they are cancelled.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns import queries as campaigns
from fundraise.jobs import services as jobs
from fundraise.language import SWEDISH
from fundraise.staff import rights
from mailings import transactional
from mailings.appeals import asking
from mailings.appeals.asking import OVER
from mailings.appeals.models import Appeal
from mailings.appeals.services import pausing, scheduling
from mailings.letters import Letter

State = Appeal.State
ALARM = "appeal-campaign-over"
STOPPED = [State.SCHEDULED, State.PREPARING, State.SENDING]
RIGHT = "appeals.view"


def late() -> list[Appeal]:
    """Scheduled or on its way, and its campaign is over."""
    rows = Appeal.objects.filter(campaigns.over(clock.today(), "campaign__"), state__in=STOPPED)
    return list(rows.select_related("campaign__entity").order_by("pk"))


def stop(appeal: Appeal) -> bool:
    """Stop one whose campaign is over. False where it asks for nothing, or has ended meanwhile."""
    if not asking.asks(appeal):
        return False
    if appeal.kind == Appeal.Kind.JOURNEY:
        return _end(appeal)
    with transaction.atomic():
        state = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk).state
        if state == State.SCHEDULED:
            scheduling.unschedule(appeal.ref, by=pausing.SYSTEM)
            jobs.raise_alarm(ALARM, str(appeal.ref), "An appeal asks for a campaign that is over.")
        elif not pausing.pause_for(appeal.pk, OVER):
            return False
        _note(appeal, State.DRAFT if state == State.SCHEDULED else State.PAUSED)
        _tell(appeal, was_scheduled=state == State.SCHEDULED)
    return True


def _end(appeal: Appeal) -> bool:
    """The mails of a journey: whoever has not got theirs is left out by name."""
    now = Appeal.objects.values_list("state", flat=True).get(pk=appeal.pk)
    if now not in STOPPED:
        return False
    pausing.cancel(appeal.ref, by=pausing.SYSTEM, why=OVER)
    return True


def _note(appeal: Appeal, state: str) -> None:
    audit.log_change(
        by=pausing.SYSTEM,
        action="appeal.campaign_over",
        subject_type="appeal",
        subject_ref=appeal.ref,
        after={"state": state},
    )


def ring_no_more() -> None:
    """It was scheduled anew, thrown away, or its campaign was opened."""
    over = campaigns.over(clock.today(), "campaign__")
    drafts = Appeal.objects.filter(over, state=State.DRAFT)
    jobs.resolve_alarms(ALARM, but=set(map(str, drafts.values_list("ref", flat=True))))


# --- To whoever scheduled it ----------------------------------------------------------------------
def _tell(appeal: Appeal, *, was_scheduled: bool) -> None:
    """A mail to its owner, in Swedish, where they may still see it; the alarm rings for others."""
    user = owner(appeal.asked_by or appeal.created_by, appeal.campaign.entity_id)
    if user is None:
        return
    with translation.override(SWEDISH):
        letter = _letter(appeal, was_scheduled=was_scheduled)
    transactional.prepare(
        ALARM,
        f"{appeal.ref}:{appeal.transitions.count()}",
        to=user.email,
        language=letter.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
    )


def owner(by: str, entity_id: int) -> User | None:
    """Whose it is, where they can be written to and may still see appeals."""
    kind, _colon, key = by.partition(":")
    if kind != "staff" or not key.isdigit():
        return None
    user = User.objects.filter(pk=int(key), is_active=True).exclude(email="").first()
    return user if user is not None and rights.may(user, RIGHT, entity_id) else None


def _letter(appeal: Appeal, *, was_scheduled: bool) -> Letter:
    names = {"title": appeal.title, "campaign": appeal.campaign.title(SWEDISH)}
    happened = (
        _("The appeal “%(title)s” asks for “%(campaign)s”, which is over. It is a draft again.")
        if was_scheduled
        else _("The appeal “%(title)s” asks for “%(campaign)s”, which is over. It is paused.")
    )
    return Letter(
        language=SWEDISH,
        subject=_("An appeal was stopped: its campaign is over"),
        said=(
            happened % names,
            _(
                "Nobody more gets it as it is. Open the campaign again or move its last day if"
                " people are still to be asked; otherwise cancel the appeal."
            ),
        ),
        button=_("See the appeal"),
        link=f"{settings.BASE_URL}/staff/appeals/{appeal.ref}/",
        footer=_("You get this because the appeal is yours."),
    )
