"""What is typed about a legal entity: how it is reached, and a new district."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fundraise.ledger.models import LegalEntity


class ContactForm(forms.Form):
    """How givers reach the entity, and what their bank statements say."""

    phone = forms.CharField(
        label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label=_("Postal address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    statement_text = forms.CharField(
        label=_("On the giver's bank statement"),
        max_length=22,
        help_text=_("At most 22 signs, so that the giver knows whose gift it was."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def show(self, error: ValidationError) -> None:
        """Put the ledger's sentences at their fields."""
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, list(errors))


class DistrictForm(ContactForm):
    """A district with books of its own."""

    parent = forms.ModelChoiceField(
        label=_("District of"), queryset=LegalEntity.objects.none(), empty_label=None
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    org_number = forms.CharField(
        label=_("Organisation number"),
        max_length=13,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=50,
        help_text=_("In a-z, digits and hyphens, for files and commands. It can't be changed."),
    )
    field_order = ["parent", "name", "org_number", "slug"]

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        """`entities`: those that the one who asks may add a district to."""
        super().__init__(*args, **options)
        self.fields["parent"].queryset = LegalEntity.objects.filter(  # type: ignore[attr-defined]
            pk__in=entities
        ).order_by("pk")
