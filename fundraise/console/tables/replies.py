"""The lists of what people write back, and of addresses that are not mailed: nobody's words."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table, Viewer
from fundraise.console.tables.filters import Rows
from mailings.inbound.models import Reply
from mailings.suppressions.models import Suppression


def _donor_url(reply: Reply) -> str:
    return reverse("console:donor", args=[reply.donor.ref]) if reply.donor is not None else ""


REPLIES = Table(
    name="replies",
    title=_("Replies"),
    permission="mail.replies",
    take_out="mail.replies",
    path="",
    rows=lambda: Reply.objects.select_related("donor").defer("words_sealed"),
    count=lambda n, shown: ngettext("%(shown)s reply", "%(shown)s replies", n) % {"shown": shown},
    empty=_("Nobody waits. What people write back to appeals stands here until it is done."),
    template="replies",
    columns=(
        Column(
            "at", _("Came"), lambda r: r.at, Kind.TIME,
            link=lambda r: reverse("console:reply", args=[r.ref]),
        ),
        Column("hint", _("Seems to say"), lambda r: r.hint, words=lambda code: hint(code)),
        Column("state", _("State"), lambda r: r.state, badge="reply"),
        Column("due_at", _("Due"), lambda r: r.due_at if r.state == "open" else None, Kind.TIME),
        Column(
            "donor", _("From"), lambda r: str(r.donor.ref) if r.donor else "", Kind.CODE,
            link=_donor_url, show=lambda r: str(r.donor.ref)[:8] if r.donor else "", wide=True,
        ),
        Column(
            "outcome", _("What became of it"), lambda r: r.outcome,
            words=lambda code: Reply.Outcome(code).label if code else "", wide=True,
        ),
    ),
    filters=(
        filters.choice(
            "state", _("Show"), Reply.State.choices, filters.where("state"), initial="open"
        ),
        filters.choice("hint", _("that seem to say"), Reply.Hint.choices, filters.where("hint")),
        *filters.moments("at"),
    ),
)  # fmt: skip


def hint(code: str) -> str:
    """What a reply seems to ask for, in words."""
    return str(Reply.Hint(code).label) if code else ""


def _standing(rows: Rows, value: str, _viewer: Viewer) -> Rows:
    return rows.filter(Q(lifted_at=None) if value == "standing" else Q(lifted_at__isnull=False))


SUPPRESSIONS = Table(
    name="suppressions",
    title=_("Addresses that are not mailed"),
    permission="mail.suppressions",
    take_out="mail.suppressions",
    path="",
    rows=lambda: Suppression.objects.select_related("campaign").defer("email_key"),
    count=lambda n, shown: ngettext("%(shown)s row", "%(shown)s rows", n) % {"shown": shown},
    empty=_("No address stands here. Unsubscribes, bounces and complaints bring theirs."),
    template="suppressions",
    columns=(
        Column(
            "created_at", _("Since"), lambda s: s.created_at, Kind.TIME,
            link=lambda s: reverse("console:suppression", args=[s.ref]),
        ),
        Column(
            "reason", _("Why"), lambda s: s.reason,
            words=lambda code: Suppression.Reason(code).label,
        ),
        Column(
            "scope", _("Keeps away"), lambda s: s.scope,
            words=lambda code: Suppression.Scope(code).label, wide=True,
        ),
        Column("state", _("State"), lambda s: s.state, badge="suppression"),
        Column("lifted_at", _("Lifted"), lambda s: s.lifted_at, Kind.TIME, wide=True),
    ),
    filters=(
        filters.choice(
            "state",
            _("Show"),
            [("standing", _("those that hold")), ("lifted", _("those that were lifted"))],
            _standing,
            initial="standing",
        ),
        filters.choice("reason", _("because"), Suppression.Reason.choices, filters.where("reason")),
        *filters.moments("created_at"),
    ),
)  # fmt: skip
