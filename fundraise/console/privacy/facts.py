"""What the data-protection page shows of this house now: rows, keys, processors, who may look."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count
from django.utils.translation import gettext as _

from donors.models import DonorKey
from fundraise import crypto
from fundraise.audit.models import ChangeLine
from fundraise.console.paging import capped_count
from fundraise.console.privacy.kept import Kept, Text, register
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import PERMISSIONS, Role

CAP = 100_000  # above it a table is said to be so large, not counted
ERASURES_SHOWN = 20
# The permissions that open or change people.
PEOPLE = (
    "donors.view", "gifts.giver", "donors.change", "donors.import", "donors.export",
    "donors.forget", "log.view",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Processor:
    """Somebody else who handles people's data for us, what of it, and where."""

    name: str
    what: str
    where: str = ""


def kept_now() -> list[tuple[Kept, int]]:
    """Each entry of the register with its rows in the database, counted up to CAP."""
    return [(one, sum(_rows(table) for table in one.tables)) for one in register()]


def _rows(table: str) -> int:
    return capped_count(apps.get_model(table)._default_manager.all(), CAP)


def processors() -> list[Processor]:
    """Those that the settings switch on, and those that the house names itself."""
    found = []
    if settings.STRIPE_SECRET_KEY:
        found.append(Processor("Stripe", _("card and Swish gifts: name, e-mail, sum")))
    carriers = {settings.MAIL_SENDER, settings.APPEAL_SENDER}
    if "smtp" in carriers:
        found.append(Processor(settings.EMAIL_HOST, _("mails: address and text")))
    if "sendgrid" in carriers:
        where = _("EU") if settings.SENDGRID_REGION == "eu" else _("USA")
        found.append(Processor("Twilio SendGrid", _("mails: address and text"), where))
    if settings.SENTRY_DSN:
        found.append(Processor("Sentry", _("errors, without values of people")))
    for text in settings.PROCESSORS:
        name, what, where = (*(part.strip() for part in text.split("|")), "", "")[:3]
        found.append(Processor(name, what, where))
    return found


def keys_in_use() -> list[tuple[str, int]]:
    """The master keys by name, with how many donors' keys each wraps; the current one first."""
    wrapped = DonorKey.objects.values_list("key_id").annotate(Count("pk")).order_by()
    found = dict(wrapped)
    ids = [key.id for key in crypto.field_ring().keys]
    return [(key, found.get(key, 0)) for key in [*ids, *sorted(found.keys() - set(ids))]]


def lookup_keys() -> list[str]:
    """The look-up keys by name, the current one first."""
    return [key.id for key in crypto.lookup_ring().keys]


def who_may() -> list[tuple[Text, list[Text]]]:
    """What opens or changes people, and the roles that may."""
    wanted = [PERMISSIONS[name] for name in PEOPLE]
    return [(one.meaning, [role.label for role in Role if role in one.roles]) for one in wanted]


def who_is() -> list[tuple[Text, int]]:
    """How many people hold each role now."""
    active = User.objects.filter(is_active=True)
    held = RoleHeld.objects.filter(ended_at=None, user__in=active)
    number = dict(held.values_list("role").annotate(Count("user", distinct=True)).order_by())
    return [(role.label, number.get(role.value, 0)) for role in Role]


def erasures() -> list[ChangeLine]:
    """The latest donors who were forgotten, by ref."""
    rows = ChangeLine.objects.filter(action="donor.forgotten", subject_type="donor")
    return list(rows.order_by("-pk")[:ERASURES_SHOWN])
