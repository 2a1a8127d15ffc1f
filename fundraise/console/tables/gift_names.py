"""Who gave, in a file of gifts: asked for by a choice of its own, for who may take donors out.

The register's name and address where the gift has a donor, else as they were typed with the gift.
Each donor that is opened is a line of the read log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from donors.cards import DonorLine, open_lines
from donors.models import Donor
from fundraise.console.tables.base import Column, Filter, Viewer
from fundraise.gifts import queries as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.staff.rights import Rights

RIGHT, NAMES = "donors.export", "names"


def _nothing(_gift: Gift) -> str:
    return ""


COLUMNS = (
    Column("giver", _("Giver"), _nothing, on_page=False, sql="''::text", asked=NAMES, needs=RIGHT),
    Column(
        "giver_address", _("The giver's address"), _nothing, on_page=False, sql="''::text",
        asked=NAMES, needs=RIGHT,
    ),
)  # fmt: skip


def choice() -> Filter:
    """Whether files have them; nobody else is asked."""

    def field(held: Rights) -> forms.Field | None:
        if not held.somewhere(RIGHT):
            return None
        options = [("", _("without givers' names")), ("yes", _("with givers' names"))]
        return forms.ChoiceField(required=False, choices=options, label=_("and as a file"))

    return Filter(NAMES, field, lambda rows, _value, _viewer: rows)


def opened(keys: Sequence[int], viewer: Viewer) -> Mapping[int, Mapping[str, str]]:
    """Names and addresses of some gifts' givers, by column."""
    donor_of = dict(Gift.objects.filter(pk__in=keys).values_list("pk", "donor_id"))
    known = Donor.objects.filter(pk__in={one for one in donor_of.values() if one is not None})
    living = list(known.exclude(status=Donor.Status.ERASED))
    lines = {one.pk: one for one in open_lines(living, by=viewer.who, purpose="export:gifts")}
    typed = gifts.givers_of([key for key in keys if donor_of.get(key) is None])
    found = {key: _typed(giver) for key, giver in typed.items()}
    for key, donor in donor_of.items():
        if donor in lines:
            found[key] = _known(lines[donor])
    return found


def _known(line: DonorLine) -> dict[str, str]:
    where = line.address
    parts = [*where.lines, f"{where.postcode} {where.city}".strip()] if where else []
    return {"giver": line.name, "giver_address": ", ".join(part for part in parts if part)}


def _typed(giver: Giver) -> dict[str, str]:
    parts = [giver.address, f"{giver.postcode} {giver.city}".strip()]
    return {"giver": giver.name, "giver_address": ", ".join(part for part in parts if part)}
