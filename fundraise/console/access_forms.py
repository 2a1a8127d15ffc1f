"""Forms for what others connect with: keys of the API, and addresses that facts are sent to."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from fundraise.hooks.kinds import KINDS
from fundraise.ledger.models import LegalEntity
from fundraise.staff.entries import collected
from fundraise.staff.rights import Rights
from fundraise.staff.roles import PERMISSIONS

LIVES = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("A year"))]


def _reached(held: Rights, permissions: list[str]) -> list[int]:
    return sorted({pk for name in permissions for pk in held.entities(name)})


class KeyForm(forms.Form):
    """A key with some of one's own rights, of those that the API asks for."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What the key is for, such as: the website.")
    )
    entities = forms.ModelMultipleChoiceField(
        label=_("For which legal entities"),
        queryset=LegalEntity.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=_("Ends after"), choices=LIVES, coerce=int, initial=90)
    permissions = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you may do yourself, and only as long as you may."),
    )

    def __init__(self, held: Rights, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        asked = {entry.permission for entry in collected() if entry.area == "api"}
        mine = [name for name in PERMISSIONS if name in asked and held.entities(name)]
        entities = LegalEntity.objects.filter(pk__in=_reached(held, mine)).order_by("pk")
        self.fields["entities"].queryset = entities  # type: ignore[attr-defined]
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (name, PERMISSIONS[name].meaning) for name in mine
        ]

    @property
    def life(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class EndpointForm(forms.Form):
    """An address that wants to know."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Whose it is, such as: the member register.")
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=300,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("Begins with https:// and can be reached from the internet."),
    )
    entity = forms.ModelChoiceField(
        label=_("Facts about"), queryset=LegalEntity.objects.none(), empty_label=None
    )
    kinds = forms.MultipleChoiceField(
        label=_("Which facts"), choices=list(KINDS.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, held: Rights, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        mine = LegalEntity.objects.filter(pk__in=held.entities("webhooks.manage"))
        self.fields["entity"].queryset = mine.order_by("pk")  # type: ignore[attr-defined]
