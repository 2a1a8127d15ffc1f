"""The choices that lists share: state, days, sums, campaign, entity, account, reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.campaigns.models import Campaign, Fund
from fundraise.console import badges
from fundraise.console.fields import DayField, FundField, KronorField
from fundraise.console.tables.base import SHOW_ALL, Filter, Viewer
from fundraise.console.words import Text
from fundraise.ledger.models import LegalEntity
from fundraise.providers.models import Account
from fundraise.staff.rights import Rights

Rows = QuerySet[Any]
Narrow = Callable[[Rows, Any, Viewer], Rows]
ALL, SHOW, WITH_REFERENCE = _("all"), _("Show"), _("with reference")
REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9 ./:_-]*$"


def choice(
    name: str,
    label: Text,
    choices: Iterable[tuple[str, Text]],
    narrow: Narrow,
    *,
    every: Text = ALL,
    initial: str = "",
) -> Filter:
    """One of several words; with an `initial` one, "all" is a choice that must be made."""
    options = [(SHOW_ALL if initial else "", every), *choices]

    def field(_held: Rights) -> forms.Field:
        return forms.ChoiceField(required=False, choices=options, label=str(label))

    def narrowed(rows: Rows, value: str, viewer: Viewer) -> Rows:
        return rows if value == SHOW_ALL else narrow(rows, value, viewer)

    return Filter(name, field, narrowed, initial)


def where(path: str) -> Narrow:
    """The rows whose column is what was chosen."""
    return lambda rows, value, _viewer: rows.filter(**{path: value})


def state(kind: str, label: Text = SHOW) -> Filter:
    """The states of a kind in the words of its badges; states that share a word are one choice."""
    states = badges.KINDS[kind]
    alike: dict[str, list[str]] = {}
    for code, badge in states.items():
        first = next(one for one, other in states.items() if other.word is badge.word)
        alike.setdefault(first, []).append(code)

    def narrow(rows: Rows, value: str, _viewer: Viewer) -> Rows:
        return rows.filter(state__in=alike[value])

    return choice("state", label, [(code, states[code].word) for code in alike], narrow)


def days(begins: Callable[[datetime], Q], ends: Callable[[datetime], Q]) -> tuple[Filter, Filter]:
    """From one day until another, both counted; given as conditions of an instant."""

    def since(rows: Rows, on: date, _viewer: Viewer) -> Rows:
        return rows.filter(begins(midnight(on)))

    def until(rows: Rows, on: date, _viewer: Viewer) -> Rows:
        return rows.filter(ends(midnight(on + timedelta(days=1))))

    return (
        Filter("from_day", lambda _held: DayField(required=False, label=_("from")), since),
        Filter("to_day", lambda _held: DayField(required=False, label=_("until")), until),
    )


def moments(path: str) -> tuple[Filter, Filter]:
    """Days of a column that is a time."""
    return days(lambda at: Q(**{f"{path}__gte": at}), lambda at: Q(**{f"{path}__lt": at}))


def dates(path: str) -> tuple[Filter, Filter]:
    """Days of a column that is a day."""

    def field(label: Text) -> Callable[[Rights], forms.Field]:
        return lambda _held: DayField(required=False, label=label)

    return (
        Filter("from_day", field(_("from")), where(f"{path}__gte")),
        Filter("to_day", field(_("until")), where(f"{path}__lte")),
    )


def sums(path: str = "amount_ore") -> tuple[Filter, Filter]:
    """At least and at most so many kronor."""

    def field(label: Text) -> Callable[[Rights], forms.Field]:
        def made(_held: Rights) -> forms.Field:
            return KronorField(required=False, label=label, max_length=20)

        return made

    return (
        Filter("least", field(_("of at least, kr,")), where(f"{path}__gte")),
        Filter("most", field(_("and at most, kr,")), where(f"{path}__lte")),
    )


def campaign(permission: str, path: str = "campaign") -> Filter:
    """One campaign of those that may be seen."""

    def field(held: Rights) -> forms.Field:
        return forms.ModelChoiceField(
            required=False,
            queryset=Campaign.objects.filter(entity__in=held.entities(permission)).order_by("-pk"),
            empty_label=str(_("every campaign")),
            label=_("to"),
            to_field_name="slug",
        )

    return Filter("campaign", field, where(path))


def fund(permission: str, path: str = "campaign__fund") -> Filter:
    """One fund of those that may be seen, where there are several to choose from."""

    def field(held: Rights) -> forms.Field | None:
        found = Fund.objects.filter(entity__in=held.entities(permission))
        if found[:2].count() < 2:
            return None
        return FundField(
            found,
            required=False,
            empty_label=str(_("every fund")),
            label=_("for"),
            to_field_name="ref",
        )

    return Filter("fund", field, where(path))


def entity(permission: str, path: str = "entity") -> Filter:
    """One legal entity, where there are several to choose from."""

    def field(held: Rights) -> forms.Field | None:
        found = LegalEntity.objects.filter(pk__in=held.entities(permission)).order_by("pk")
        if len(held.entities(permission)) < 2:
            return None
        return forms.ModelChoiceField(
            required=False,
            queryset=found,
            empty_label=str(_("every entity")),
            label=_("of"),
            to_field_name="slug",
        )

    return Filter("entity", field, where(path))


def account(permission: str, path: str = "account") -> Filter:
    """One account with a provider."""

    def field(held: Rights) -> forms.Field:
        return forms.ModelChoiceField(
            required=False,
            queryset=Account.objects.filter(entity__in=held.entities(permission)).order_by("pk"),
            empty_label=str(_("every account")),
            label=_("at"),
        )

    return Filter("account", field, where(path))


def reference(
    narrow: Callable[[str], Q], label: Text = WITH_REFERENCE, name: str = "reference"
) -> Filter:
    """A reference written in full. No name or address: it stands in the page's address."""

    def field(_held: Rights) -> forms.Field:
        made = forms.RegexField(REFERENCE, required=False, label=str(label), max_length=120)
        made.widget.attrs.update({"autocomplete": "off", "pattern": REFERENCE.strip("^$")})
        return made

    return Filter(name, field, lambda rows, typed, _viewer: rows.filter(narrow(typed)))


def unseen(narrow: Callable[[str], Rows | None], label: Text, name: str) -> Filter:
    """A reference that no field asks for: links of other pages give it. `narrow` gives the rows
    that are meant, None for a reference of nothing."""

    def field(_held: Rights) -> forms.Field:
        return forms.UUIDField(required=False, label=str(label), widget=forms.HiddenInput)

    def narrowed(rows: Rows, typed: UUID, _viewer: Viewer) -> Rows:
        found = narrow(str(typed))
        return rows.none() if found is None else rows.filter(pk__in=found.values("pk"))

    return Filter(name, field, narrowed)


def with_ref(path: str) -> Callable[[str], Q]:
    """Narrows to what hangs on the thing with a ref, written in full; to nothing when it is none.

    `path` leads to that thing from the row.
    """

    def narrow(typed: str) -> Q:
        try:
            return Q(**{f"{path}__ref": UUID(typed)})
        except ValueError:
            return Q(pk__in=[])

    return narrow


def midnight(on: date) -> datetime:
    """When a day begins in Stockholm."""
    return datetime.combine(on, time(), tzinfo=clock.STOCKHOLM).astimezone(UTC)
