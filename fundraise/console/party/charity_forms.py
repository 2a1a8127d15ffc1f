"""What a charity's treasurer types: costs, what funds were used for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fundraise.campaigns.models import Fund
from fundraise.console.fields import DayField, FundField, KronorField, names_nobody
from fundraise.console.forms import not_later
from fundraise.console.party.forms import REF
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.charity.models import Cost


class CostForm(forms.Form):
    """A cost beside the fees in our books."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Cost.Kind.choices)
    amount_ore = KronorField(label=_("Sum, kr"))
    source = forms.CharField(label=_("Source"), max_length=120, validators=[names_nobody])
    voucher = forms.CharField(label=_("Voucher"), max_length=60, validators=[names_nobody])


def gift_of(gifts: QuerySet[Gift], typed: str) -> Gift | None:
    """The gift whose page's address was pasted; None for nothing. Raises ValidationError."""
    if not typed.strip():
        return None
    found = REF.search(typed.lower())
    gift = gifts.filter(ref=UUID(found[0])).first() if found else None
    if gift is None:
        raise ValidationError(_("That leads to no gift. Copy the address of the gift's page."))
    return gift


class InReturnForm(forms.Form):
    """What a giver got for a gift."""

    gift = forms.CharField(
        label=_("Gift"), max_length=200, help_text=_("Paste the address of the gift's page.")
    )
    value_ore = KronorField(label=_("Value, kr"))
    what = forms.CharField(label=_("What the giver got"), max_length=120, validators=[names_nobody])

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        self._gifts = Gift.objects.filter(entity=entity)

    def clean_gift(self) -> Gift | None:
        return gift_of(self._gifts, self.cleaned_data["gift"])


class NumberForm(forms.Form):
    """A giver's number, told for the control statement."""

    number = forms.CharField(
        label=_("Personal identity number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Twelve digits, as the giver has told it for the control statement."),
    )
    take_away = forms.BooleanField(
        label=_("Take the number away: the giver wants no control statement"), required=False
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if bool(said.get("number")) == bool(said.get("take_away")):
            self.add_error("number", _("Write the number, or tick that it is taken away."))
        return said


class SpendForm(forms.Form):
    """Money used for a fund."""

    fund = FundField(Fund.objects.none(), label=_("Fund"), empty_label=None)
    spent_on = DayField(label=_("Day"))
    amount_ore = KronorField(label=_("Sum, kr"))
    voucher = forms.CharField(label=_("Voucher"), max_length=60, validators=[names_nobody])

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["fund"]
        field.offer(Fund.objects.filter(entity=entity, is_default=False))

    def clean_spent_on(self) -> Any:
        return not_later(self.cleaned_data["spent_on"])
