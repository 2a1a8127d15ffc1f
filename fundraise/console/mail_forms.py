"""What staff may write about mail: an address, why, whom a reply is from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from donors.errors import InvalidValue
from donors.normalise import clean_email
from fundraise.console.fields import DayField, names_nobody
from fundraise.console.forms import not_later
from fundraise.console.wish_forms import STOP_REASONS
from fundraise.ledger.models import LegalEntity
from mailings.suppressions.models import Suppression

NO_NAME = _("No name, no address.")


class AddressForm(forms.Form):
    """One whole e-mail address."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("In full. It is looked for by its keyed hash and written nowhere."),
    )

    def clean_email(self) -> str:
        try:
            return clean_email(self.cleaned_data["email"])
        except InvalidValue:
            raise ValidationError(
                _("Write the e-mail address in full, such as anna@example.se.")
            ) from None


class SuppressForm(AddressForm):
    """Keep an address from being mailed."""

    scope = forms.ChoiceField(
        label=_("Keeps away"),
        choices=[
            (scope.value, scope.label)
            for scope in Suppression.Scope
            if scope != Suppression.Scope.CAMPAIGN
        ],
        initial=Suppression.Scope.APPEALS,
    )


class LiftForm(forms.Form):
    """Let an address in again."""

    why = forms.CharField(
        label=_("Why"), max_length=200, help_text=NO_NAME, validators=[names_nobody]
    )
    wish = forms.CharField(
        label=_("Where the person's own written wish is kept"),
        max_length=200,
        required=False,
        validators=[names_nobody],
        help_text=_("A case number or a day. A complaint is lifted by that alone."),
    )


class DiedForm(forms.Form):
    """Whoever a reply is about has died."""

    died_on = DayField(label=_("Day of death"))

    def clean_died_on(self) -> Any:
        return not_later(self.cleaned_data["died_on"])


class StopForm(forms.Form):
    """Which monthly gift ends, and why, if it was said."""

    pledge = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Why"), choices=STOP_REASONS, required=False)


class FromForm(forms.Form):
    """Whom a reply is from."""

    donor = forms.UUIDField(
        label=_("The donor's reference"),
        help_text=_("The last part of the address of the donor's page."),
    )


class SenderForm(forms.Form):
    """An address that appeals may come from, and the name before it."""

    entity = forms.ModelChoiceField(
        label=_("Legal entity"), queryset=LegalEntity.objects.none(), empty_label=_("Choose …")
    )
    name = forms.CharField(
        label=_("Name before the address"),
        max_length=70,
        help_text=_("What people see first: the organisation's name, or a person's at it."),
    )
    address = forms.CharField(label=_("E-mail address"), max_length=254)

    def __init__(self, *args: Any, entities: frozenset[int], **options: Any) -> None:
        super().__init__(*args, **options)
        rows = LegalEntity.objects.filter(pk__in=entities).order_by("name")
        self.fields["entity"].queryset = rows  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    """The code that was mailed."""

    code = forms.CharField(label=_("The code that came"), max_length=40)
