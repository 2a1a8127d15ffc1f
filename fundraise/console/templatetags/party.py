"""How pages of party finance write kinds, bands and evidence."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext as _

from fundraise.reporting.party import words

register = template.Library()


@register.filter
def party_kind(kind: str) -> words.Text:
    """The kind of a giver."""
    return words.KINDS.get(kind, kind)


@register.filter
def party_band(band: str) -> words.Text:
    """Where a giver's year belongs."""
    return words.BANDS.get(band, band)


@register.filter
def foreign_evidence(found: Mapping[str, str]) -> str:
    """Where it shows, and the country."""
    places = {"residence": _("address"), "card": _("card"), "iban": _("account")}
    return ", ".join(f"{places.get(where, where)} {country}" for where, country in found.items())
