"""The list of mandates: payer numbers, which mean nothing, and what the banks answered."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console import pledge_words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.tables.pledges import METHODS, pledge_column
from fundraise.console.templatetags.staff import local_day
from fundraise.pledges.models import Mandate


def mandate_url(mandate: Mandate) -> str:
    """The page of a mandate."""
    return reverse("console:mandate", args=[mandate.ref])


def _with_reference(typed: str) -> Q:
    try:
        return Q(ref=UUID(typed))
    except ValueError:
        return Q(payer_number=typed.strip()) | Q(reason=typed.strip())


MANDATES = Table(
    name="mandates",
    title=_("Mandates"),
    permission="mandates.view",
    take_out="pledges.export",
    rows=lambda: Mandate.objects.select_related("pledge", "entity").defer("account_sealed"),
    count=lambda n, shown: (
        ngettext("%(number)s mandate", "%(number)s mandates", n) % {"number": shown}
    ),
    empty=_("No mandate yet. Each one stands here when somebody lets us draw."),
    template="pledges",
    columns=(
        Column(
            "ref", _("Mandate"), lambda m: str(m.ref), Kind.CODE,
            link=mandate_url, show=lambda m: str(m.ref)[:8],
        ),
        pledge_column(),
        Column("state", _("State"), lambda m: m.state, badge="mandate"),
        Column("payer_number", _("Payer number"), lambda m: m.payer_number, Kind.CODE, wide=True),
        Column("method", _("By"), lambda m: m.method, words=pledge_words.method, on_page=False),
        Column(
            "origin", _("Came by"), lambda m: m.origin,
            words=lambda code: Mandate.Origin(code).label, on_page=False,
        ),
        Column(
            "reason", _("The bank's last answer"), lambda m: m.reason,
            words=pledge_words.answer, wide=True,
        ),
        Column(
            "created_at", _("Made"), lambda m: m.created_at, Kind.TIME,
            show=lambda m: local_day(m.created_at),
        ),
        Column("sent_at", _("Sent"), lambda m: m.sent_at, Kind.TIME, on_page=False),
        Column("decided_at", _("Answered"), lambda m: m.decided_at, Kind.TIME, on_page=False),
        Column("ended_at", _("Ended"), lambda m: m.ended_at, Kind.TIME, on_page=False),
        Column("entity", _("Whose books"), lambda m: m.entity.slug, on_page=False),
        Column("variant", _("Kind"), lambda m: m.variant, Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("mandate"),
        METHODS,
        filters.choice(
            "origin", _("that came by"), Mandate.Origin.choices, filters.where("origin"),
            every=_("any way"),
        ),
        filters.entity("mandates.view"),
        *filters.moments("created_at"),
        filters.reference(_with_reference, _("with payer number, code or reference")),
    ),
)  # fmt: skip
