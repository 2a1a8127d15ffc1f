"""The list of what was sent to others, and what waits."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.hooks.kinds import KINDS
from fundraise.hooks.models import Delivery


def _of(typed: str) -> Q:
    """What is about a ref, sent to an endpoint or called by its own id."""
    try:
        ref = UUID(typed)
    except ValueError:
        return Q(pk=None)
    return Q(subject_ref=ref) | Q(ref=ref) | Q(endpoint__ref=ref)


def answered(delivery: Delivery) -> str:
    """The last answer: a status, or a code of what went wrong."""
    return str(delivery.last_status or delivery.last_error)


DELIVERIES = Table(
    name="deliveries",
    title=_("Sent facts"),
    permission="webhooks.view",
    take_out="webhooks.view",
    path="",
    rows=lambda: Delivery.objects.select_related("endpoint"),
    count=lambda n, shown: ngettext("%(shown)s fact", "%(shown)s facts", n) % {"shown": shown},
    empty=_("Nothing was sent yet. What is told to others stands here for a month."),
    act="console/_act_delivery.html",
    columns=(
        Column("happened_at", _("Happened"), lambda d: d.happened_at, Kind.TIME),
        Column("kind", _("Kind"), lambda d: d.kind, Kind.CODE),
        Column("state", _("State"), lambda d: d.state, badge="delivery"),
        Column("endpoint", _("To"), lambda d: d.endpoint.name, wide=True),
        Column("subject_ref", _("About"), lambda d: str(d.subject_ref)[:8], Kind.CODE, wide=True),
        Column("tries", _("Tries"), lambda d: d.tries, Kind.NUMBER, wide=True),
        Column("answer", _("Last answer"), answered, Kind.CODE, wide=True),
        Column("next_try_at", _("Next try"), lambda d: d.next_try_at, Kind.TIME, on_page=False),
        Column("ref", _("Message"), lambda d: str(d.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("delivery"),
        filters.choice(
            "kind",
            _("about"),
            list(KINDS.items()),
            filters.where("kind"),
            every=_("everything"),
        ),
        *filters.moments("happened_at"),
        filters.reference(_of),
    ),
)
