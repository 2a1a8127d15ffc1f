"""What staff type about a fund: what it is called, and more about it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity


class FundForm(forms.Form):
    """A fund's words in both languages."""

    name_sv = forms.CharField(
        label=_("Name in Swedish"),
        max_length=80,
        help_text=_("As it reads after “The money goes to”, on the page that givers see."),
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    purpose_sv = forms.CharField(
        label=_("More about it, in Swedish"),
        max_length=300,
        required=False,
        help_text=_("A sentence of what the money does. It may be left empty."),
    )
    purpose_en = forms.CharField(
        label=_("More about it, in English"), max_length=300, required=False
    )

    def values(self) -> dict[str, str]:
        """What the services take."""
        return {name: text for name, text in self.cleaned_data.items() if name != "entity"}

    def show(self, error: ValidationError) -> None:
        """Put the services' sentences at their fields."""
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, list(errors))


class NewFundForm(FundForm):
    """The same, with whose it is, where several may be chosen."""

    entity = forms.ModelChoiceField(
        label=_("Whose fund"), queryset=LegalEntity.objects.none(), empty_label=None
    )
    field_order = ["entity"]

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        """`entities`: whose funds the one who asks may make."""
        super().__init__(*args, **options)
        self.fields["entity"].queryset = LegalEntity.objects.filter(  # type: ignore[attr-defined]
            pk__in=entities
        ).order_by("pk")
