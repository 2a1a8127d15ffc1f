"""The house itself: the seal, the jobs, a restore that was tried, and who may do what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from fundraise import clock, seal
from fundraise.jobs import queries as jobs
from fundraise.ledger.models import LegalEntity
from fundraise.ops.golive.line import Line, Result, Words, green, red
from fundraise.ops.models import RestoreTrial
from fundraise.providers.models import Account
from fundraise.staff import queries as staff
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import Role

TRIED_WITHIN = timedelta(days=40)
ADMINS = 2


def ask_restore() -> Result:
    """The last restore that was tried."""
    last = RestoreTrial.objects.order_by("-at").first()
    if last is None:
        return red("never")
    days = (clock.real_now() - last.at).days
    told = {"days": days, "rows": last.rows, "checks": last.checks}
    if not last.equal:
        return red("differed", **told)
    if days == 0:
        return green("today", **told)
    return (red if days > TRIED_WITHIN.days else green)(
        "old" if days > TRIED_WITHIN.days else "same", **told
    )


def ask_seal() -> Result:
    """Whether this database belongs to these settings."""
    try:
        seal.check()
    except seal.SealBroken:
        return red("broken")
    return green("holds", mode=settings.MODE)


def ask_jobs() -> Result:
    """Whether every scheduled job runs."""
    late = [job.name for job in jobs.late_jobs(clock.real_now())]
    if late:
        return red("late", names=", ".join(late[:5]))
    return green("in_time", number=len(settings.JOBS))


def ask_admins() -> Result:
    """Two administrators who log in with a second factor: one may lose it, or leave."""
    held = RoleHeld.objects.filter(role=Role.ADMIN, ended_at=None, user__is_active=True)
    ids = set(held.values_list("user_id", flat=True))
    ids |= set(User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True))
    safe = ids & _with_second_factor()
    made = green if len(safe) >= ADMINS else red
    return made("two" if len(safe) >= ADMINS else "few", number=len(safe), all=len(ids))


def _with_second_factor() -> set[int]:
    if not apps.is_installed("allauth.mfa"):
        return set()
    authenticators: Any = apps.get_app_config("mfa").get_model("Authenticator")
    factors = authenticators.objects.exclude(type="recovery_codes")
    return set(factors.values_list("user_id", flat=True))


def ask_second_person() -> Result:
    """For each entity that takes gifts: a treasurer, and somebody else who may agree."""
    entities = LegalEntity.objects.filter(
        pk__in=Account.objects.filter(is_active=True).values("entity_id")
    ).order_by("pk")
    for entity in entities:
        askers = set(staff.holders("refunds.ask", entity).values_list("pk", flat=True))
        treasurers = set(staff.holders("gifts.confirm", entity).values_list("pk", flat=True))
        deciders = set(staff.holders("refunds.decide", entity).values_list("pk", flat=True))
        if not treasurers:
            return red("no_treasurer", entity=entity.name)
        if not any(deciders - {one} for one in askers | treasurers):
            return red("alone", entity=entity.name)
    return green("each", number=len(entities)) if entities else red("no_entity")


RESTORE = Line(
    key="restore",
    title=_("A restore that was tried"),
    asks=_("The record of the last backup that was restored beside the house and compared."),
    ask=ask_restore,
    words={
        "same": Words(
            _(
                "%(days)s days ago a backup came back as it was: %(rows)s rows, %(checks)s"
                " identities of the books."
            )
        ),
        "today": Words(
            _(
                "During the last day a backup came back as it was: %(rows)s rows, %(checks)s"
                " identities of the books."
            )
        ),
        "never": Words(_("No restore was tried here."), _("Run manage.py backup --try.")),
        "old": Words(
            _("The last restore was tried %(days)s days ago."), _("Run manage.py backup --try.")
        ),
        "differed": Words(
            _("The last restore, %(days)s days ago, was not what was taken."),
            _("Run manage.py backup --try: it says what differs. docs/operations.md."),
        ),
    },
)
SEAL = Line(
    key="seal",
    title=_("The seal"),
    asks=_("Whether this database belongs to these settings, so that no copy charges or mails."),
    ask=ask_seal,
    words={
        "holds": Words(_("The database is sealed to this address and to %(mode)s mode.")),
        "broken": Words(
            _("The database is sealed to another installation, or not at all."),
            _("When you are sure that this is no copy: manage.py seal_environment."),
        ),
    },
)
JOBS = Line(
    key="jobs",
    title=_("Scheduled jobs"),
    asks=_("Whether every job that should have run has run."),
    ask=ask_jobs,
    words={
        "in_time": Words(_("All %(number)s jobs are in time.")),
        "late": Words(
            _("Late: %(names)s."),
            _("See that beat and the workers run, and under Jobs what went wrong."),
        ),
    },
)
SECOND_FACTOR = Line(
    key="admins",
    title=_("Two administrators"),
    asks=_("Whether two administrators log in with a second factor."),
    ask=ask_admins,
    words={
        "two": Words(_("%(number)s administrators log in with a second factor.")),
        "few": Words(
            _("%(number)s of %(all)s administrators log in with a second factor; two must."),
            _("Let each set up an app or a passkey after logging in, and invite another one."),
        ),
    },
)
SECOND_PERSON = Line(
    key="second_person",
    title=_("A second person"),
    asks=_(
        "Whether every organisation that takes gifts has a treasurer and somebody else who agrees."
    ),
    ask=ask_second_person,
    words={
        "each": Words(_("A treasurer and a second person are there, in each of %(number)s.")),
        "no_treasurer": Words(
            _("%(entity)s has no treasurer."), _("Give somebody the role under Staff.")
        ),
        "alone": Words(
            _("%(entity)s has nobody who can agree to what its treasurer asks."),
            _("Give somebody else the role of second person, for example at the centre."),
        ),
        "no_entity": Words(
            _("No organisation has an account to take gifts with."),
            _("Make one: docs/providers.md."),
        ),
    },
)
