"""What a charity's treasurer types: costs, purposes, what was used."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fundraise.campaigns.models import Campaign
from fundraise.console.fields import DayField, KronorField, names_nobody
from fundraise.console.forms import not_later
from fundraise.console.party.forms import REF
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.charity.models import Cost, Purpose


class CostForm(forms.Form):
    """A cost beside the fees in our books."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Cost.Kind.choices)
    amount_ore = KronorField(label=_("Sum, kr"))
    source = forms.CharField(label=_("Source"), max_length=120, validators=[names_nobody])
    voucher = forms.CharField(label=_("Voucher"), max_length=60, validators=[names_nobody])


class PurposeForm(forms.Form):
    """A purpose, and the campaign whose gifts are for it."""

    name = forms.CharField(label=_("Purpose"), max_length=80, validators=[names_nobody])
    campaign = forms.ModelChoiceField(
        label=_("Campaign"), queryset=Campaign.objects.all(), required=False
    )
    gift = forms.CharField(
        label=_("Or one gift"),
        max_length=200,
        required=False,
        help_text=_("Paste the address of the gift's page."),
    )

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["campaign"]
        field.queryset = Campaign.objects.filter(entity=entity).order_by("-pk")
        self._gifts = Gift.objects.filter(entity=entity)

    def clean_gift(self) -> Gift | None:
        typed = self.cleaned_data["gift"]
        found = REF.search(typed.lower())
        gift = self._gifts.filter(ref=UUID(found[0])).first() if found else None
        if typed.strip() and gift is None:
            raise ValidationError(_("That leads to no gift. Copy the address of the gift's page."))
        return gift


class SpendForm(forms.Form):
    """Money used for a purpose."""

    purpose = forms.ModelChoiceField(
        label=_("Purpose"), queryset=Purpose.objects.all(), empty_label=None
    )
    spent_on = DayField(label=_("Day"))
    amount_ore = KronorField(label=_("Sum, kr"))
    voucher = forms.CharField(label=_("Voucher"), max_length=60, validators=[names_nobody])

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["purpose"]
        field.queryset = Purpose.objects.filter(entity=entity).order_by("name")

    def clean_spent_on(self) -> Any:
        return not_later(self.cleaned_data["spent_on"])
