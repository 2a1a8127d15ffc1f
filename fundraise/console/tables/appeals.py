"""The list of appeals, and the list of their mails: who got one, and who did not and why."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from donors.models import Donor
from fundraise.console.appeals import when
from fundraise.console.tables import filters, named
from fundraise.console.tables.base import Column, Kind, Table, Viewer
from fundraise.console.templatetags.staff import titled
from mailings.appeals.models import Appeal, Batch, Content, Fate, Message
from mailings.attribution import behind
from mailings.attribution.models import GiftTouch

WAITING = [Batch.State.HELD, Batch.State.READY, Batch.State.POSTING]


def _brought() -> Subquery:
    """What is left of the gifts that are counted to an appeal."""
    gifts = GiftTouch.objects.filter(appeal=OuterRef("pk"), gift__state="received").order_by()
    left = F("gift__amount_ore") - F("gift__refunded_ore") - F("gift__disputed_ore")
    summed = gifts.values("appeal").annotate(ore=Sum(left)).values("ore")
    return Subquery(summed, output_field=BigIntegerField())


def _rows() -> QuerySet[Any]:
    rows = Appeal.objects.exclude(kind=Appeal.Kind.JOURNEY).select_related("campaign__entity")
    return rows.annotate(brought_ore=Coalesce(_brought(), 0, output_field=BigIntegerField()))


def _in_doubt(rows: QuerySet[Any], _value: str, _viewer: Viewer) -> QuerySet[Any]:
    doubted = Batch.objects.filter(state=Batch.State.IN_DOUBT)
    return rows.filter(pk__in=doubted.values("appeal"))


NEEDS = [("doubt", _("mails in doubt settled"))]
APPEALS = Table(
    name="appeals",
    title=_("Appeals"),
    permission="appeals.view",
    take_out="appeals.export",
    path="campaign__entity",
    rows=_rows,
    count=lambda n, shown: (
        ngettext("%(number)s appeal", "%(number)s appeals", n) % {"number": shown}
    ),
    empty=_("No appeal yet. Each one will stand here with who got it and what it brought."),
    template="appeals/list",
    columns=(
        Column(
            "title",
            _("Appeal"),
            lambda a: a.title,
            link=lambda a: reverse("console:appeal", args=[a.ref]),
        ),
        Column("state", _("Status"), lambda a: a.state, badge="appeal"),
        Column("campaign", _("Campaign"), lambda a: a.campaign, words=titled, wide=True),
        Column(
            "send_at",
            _("When"),
            lambda a: a.started_at or a.send_at,
            Kind.TIME,
            show=lambda a: _when(a),
            wide=True,
        ),
        Column("zone", _("Zone"), lambda a: a.zone, on_page=False),
        Column(
            "people",
            _("People"),
            lambda a: a.frozen if a.frozen_at else None,
            Kind.NUMBER,
            wide=True,
        ),
        Column(
            "brought_ore", _("Brought"), lambda a: a.brought_ore, Kind.MONEY, total="brought_ore"
        ),
        Column("entity", _("Whose"), lambda a: a.campaign.entity.slug, on_page=False),
        Column("ref", _("Reference"), lambda a: str(a.ref), Kind.CODE, on_page=False),
    ),
    filters=(
        filters.state("appeal"),
        filters.campaign("appeals.view"),
        filters.entity("appeals.view", "campaign__entity"),
        filters.choice(
            "needs", _("that need"), [("doubt", _("mails in doubt settled"))], _in_doubt
        ),
        *filters.moments("send_at"),
    ),
)


def _when(appeal: Appeal) -> str:
    at = appeal.started_at or appeal.send_at
    return when.short(at, appeal.zone) if at is not None else ""


# --- Mails ----------------------------------------------------------------------------------------
# Messages have a key of two parts; a list pages by one number that falls as they do.
KEY = F("appeal_id") * 4294967296 + F("seq")


def _mails() -> QuerySet[Any]:
    of_batch = Batch.objects.filter(pk=OuterRef("batch_id"))
    content = Content.objects.filter(pk=OuterRef("content_id"))
    return Message.objects.select_related("appeal__campaign__entity").annotate(
        place=KEY,
        batch_state=Subquery(of_batch.values("state")),
        posted_at=Subquery(of_batch.values("posted_at")),
        letter=Subquery(content.values("variant__letter")),
        language=Subquery(content.values("language")),
        donor_ref=Subquery(Donor.objects.filter(pk=OuterRef("donor_id")).values("ref")),
    )


def _batches(*states: str) -> Q:
    rows = Batch.objects.filter(state__in=states)
    return Q(outcome="", batch_id__in=rows.values("pk"))


FOUND = {
    "sent": _batches(Batch.State.ACCEPTED),
    "waiting": _batches(*WAITING),
    "doubt": _batches(Batch.State.IN_DOUBT),
    "not": ~Q(outcome=""),
    **{code: Q(outcome=code) for code, _label in Message.Outcome.choices if code},
}
OUTCOMES = [
    ("sent", _("Sent")),
    ("waiting", _("To be sent")),
    ("doubt", _("In doubt")),
    ("not", _("Not sent, for any reason")),
    *[(code, label) for code, label in Message.Outcome.choices if code],
]


def became(row: Any) -> str:
    """What became of a mail, as a code of FOUND."""
    if row.outcome:
        return str(row.outcome)
    if row.batch_state == Batch.State.IN_DOUBT:
        return "doubt"
    return "sent" if row.batch_state == Batch.State.ACCEPTED else "waiting"


FACTS = [
    ("delivered", _("were delivered")),
    ("human_clicks", _("people followed a link of")),
    ("human_clicks_high", _("surely a person followed a link of")),
    ("human_clicks_medium", _("probably a person followed a link of")),
    ("human_clicks_low", _("perhaps a person followed a link of")),
    ("machine_clicks", _("machines followed a link of")),
    ("human_opens", _("people opened")),
    ("machine_opens", _("machines opened")),
    ("unsubscribed", _("made somebody unsubscribe")),
    ("complaints", _("were marked as spam")),
    ("replied", _("were answered")),
    ("bounced", _("came back")),
    ("blocked", _("a server refused")),
    ("dropped", _("the sender left out")),
]


def _whose_fact(rows: QuerySet[Any], value: str, _viewer: Viewer) -> QuerySet[Any]:
    fact, clicks, sure = value.partition("human_clicks_")
    true: dict[str, Any] = {f"{behind.FACTS['human_clicks' if clicks else fact]}__isnull": False}
    if clicks:
        true["click_confidence"] = sure
    fates = Fate.objects.filter(appeal=OuterRef("appeal_id"), seq=OuterRef("seq"), **true)
    return rows.filter(Exists(fates))


VERSIONS = [(letter, letter) for letter in "ABCD"]


def _of_version(rows: QuerySet[Any], letter: str, _viewer: Viewer) -> QuerySet[Any]:
    contents = Content.objects.filter(variant__letter=letter)
    return rows.filter(content_id__in=contents.values("pk"))


MAILS = Table(
    name="mails",
    title=_("Mails of appeals"),
    permission="appeals.view",
    take_out="appeals.export",
    path="appeal__campaign__entity",
    key="place",
    rows=_mails,
    count=lambda n, shown: ngettext("%(number)s mail", "%(number)s mails", n) % {"number": shown},
    empty=_("No mail yet. Each one stands here once an appeal is prepared, sent or not."),
    template="appeals/mails",
    columns=(
        Column("mail", _("Mail"), lambda m: m.token, Kind.CODE, show=lambda m: m.token[:8]),
        Column(
            "appeal",
            _("Appeal"),
            lambda m: m.appeal.title,
            link=lambda m: reverse("console:appeal", args=[m.appeal.ref]),
        ),
        Column("outcome", _("What became of it"), became, badge="mail"),
        Column("sent_at", _("Sent"), lambda m: m.posted_at, Kind.TIME, wide=True),
        Column(
            "version", _("Version"), lambda m: f"{m.letter or ''} {m.language or ''}", wide=True
        ),
        Column(
            "donor",
            _("Donor"),
            lambda m: str(m.donor_ref or ""),
            Kind.CODE,
            show=lambda m: str(m.donor_ref or "")[:8],
            link=lambda m: reverse("console:donor", args=[m.donor_ref]) if m.donor_ref else "",
            opens="donors.view",
        ),
    ),
    filters=(
        filters.choice(
            "outcome", _("Show"), OUTCOMES, lambda rows, value, _viewer: rows.filter(FOUND[value])
        ),
        filters.choice("fact", _("which"), FACTS, _whose_fact, every=_("whatever came of it")),
        filters.choice("version", _("of the version"), VERSIONS, _of_version, every=_("any")),
        named.appeal(filters.with_ref("appeal"), _("of the appeal")),
    ),
)
