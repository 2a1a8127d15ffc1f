"""The list of codes that staff print, with what each has brought."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.templatetags.staff import titled
from mailings.attribution.models import GiftTouch, SourceCode


def _rows() -> QuerySet[Any]:
    left = F("gift__amount_ore") - F("gift__refunded_ore") - F("gift__disputed_ore")
    gifts = GiftTouch.objects.filter(code=OuterRef("pk")).order_by().values("code")
    summed = Subquery(gifts.annotate(ore=Sum(left)).values("ore"), output_field=BigIntegerField())
    rows = SourceCode.objects.select_related("campaign__entity", "appeal")
    return rows.annotate(brought_ore=Coalesce(summed, 0, output_field=BigIntegerField()))


CODES = Table(
    name="source_codes",
    title=_("Codes for print"),
    permission="appeals.view",
    take_out="appeals.export",
    path="campaign__entity",
    rows=_rows,
    count=lambda n, shown: ngettext("%(number)s code", "%(number)s codes", n) % {"number": shown},
    empty=_(
        "No code yet. Print one on a letter or a poster, and gifts that name it are counted to it."
    ),
    template="appeals/codes",
    columns=(
        Column(
            "code",
            _("Code"),
            lambda c: c.code,
            Kind.CODE,
            link=lambda c: reverse("console:source_code", args=[c.ref]),
        ),
        Column("label", _("Where it is printed"), lambda c: c.label),
        Column(
            "medium",
            _("Printed on"),
            lambda c: c.medium,
            words=lambda code: SourceCode.Medium(code).label,
            wide=True,
        ),
        Column("campaign", _("Campaign"), lambda c: c.campaign, words=titled, wide=True),
        Column(
            "brought_ore", _("Brought"), lambda c: c.brought_ore, Kind.MONEY, total="brought_ore"
        ),
        Column("closed_at", _("Closed"), lambda c: c.closed_at, Kind.TIME, wide=True),
    ),
    filters=(
        filters.campaign("appeals.view"),
        filters.entity("appeals.view", "campaign__entity"),
    ),
)
