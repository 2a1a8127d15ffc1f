"""Monthly gifts that have been the same for long, with a suggested sum for the appeal."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fundraise.console import pledge_words
from fundraise.console.tables import filters
from fundraise.console.tables.base import Column, Kind, Table
from fundraise.console.tables.pledges import METHODS, PLEDGES, pledge_column
from fundraise.console.templatetags.staff import local_day, titled
from fundraise.pledges import upgrading
from fundraise.pledges.models import Pledge


def _rows() -> QuerySet[Any]:
    return upgrading.ripe(Pledge.objects.select_related("campaign", "entity", "donor"))


UPGRADES = Table(
    name="upgrades",
    title=_("Monthly gifts to ask for more"),
    permission="pledges.view",
    take_out="pledges.export",
    rows=_rows,
    count=PLEDGES.count,
    empty=_("None yet. A gift that has been the same for long stands here with a suggested sum."),
    template="pledges",
    columns=(
        pledge_column(lambda row: row),
        Column(
            "same_since", _("The same since"), lambda p: p.same_since, Kind.TIME,
            show=lambda p: local_day(p.same_since),
        ),
        Column(
            "interval", _("How often"), lambda p: p.interval_months,
            words=pledge_words.every, wide=True,
        ),
        Column("campaign", _("Campaign"), lambda p: p.campaign, words=titled, wide=True),
        Column("amount_ore", _("Sum"), lambda p: p.amount_ore, Kind.MONEY, total="amount_ore"),
        Column(
            "suggested_ore", _("Suggested"),
            lambda p: upgrading.suggested_ore(p.amount_ore), Kind.MONEY,
        ),
        Column(
            "more_ore", _("More"),
            lambda p: upgrading.suggested_ore(p.amount_ore) - p.amount_ore, Kind.MONEY, wide=True,
        ),
        Column("language", _("Language"), lambda p: p.language, Kind.CODE, on_page=False),
        Column(
            "donor", _("Donor"), lambda p: str(p.donor.ref) if p.donor else "", Kind.CODE,
            on_page=False,
        ),
        Column("entity", _("Whose books"), lambda p: p.entity.slug, on_page=False),
    ),
    filters=(
        METHODS,
        filters.campaign("pledges.view"),
        filters.entity("pledges.view"),
        *filters.sums(),
    ),
)  # fmt: skip
