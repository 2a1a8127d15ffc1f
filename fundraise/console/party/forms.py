"""What the treasurer types for the party-finance report."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.console.days import day
from fundraise.console.fields import DayField, KronorField, names_nobody
from fundraise.console.forms import not_later
from fundraise.gifts.models import GivingRule
from fundraise.money import format_kronor
from fundraise.reconciliation.models import Item
from fundraise.reporting.party import words
from fundraise.reporting.party.models import CashCollection, GiftInKind, Hold

REF = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class SumForm(forms.Form):
    """A sum of a year that lives elsewhere, or that parts an account of ours."""

    line = forms.ChoiceField(
        label=_("Line"), choices=[(code, words.LINES[code]) for code in words.LINES_TYPED]
    )
    amount_ore = KronorField(label=_("Sum, kr"))
    source = forms.CharField(
        label=_("Source"),
        max_length=120,
        validators=[names_nobody],
        help_text=_("Where the sum stands, such as the municipality's decision."),
    )
    voucher = forms.CharField(label=_("Voucher"), max_length=60, validators=[names_nobody])
    in_books = forms.BooleanField(
        label=_("The sum is in our books already, and belongs to this line"), required=False
    )
    what = forms.CharField(
        label=_("What it is"),
        max_length=120,
        required=False,
        validators=[names_nobody],
        help_text=_("Wanted for other income."),
    )
    tickets = forms.IntegerField(
        label=_("Lottery: number of tickets"), min_value=1, max_value=10_000_000, required=False
    )
    ticket_price_ore = KronorField(label=_("Lottery: price of a ticket, kr"), required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("line") == "lottery" and not (
            said.get("tickets") and said.get("ticket_price_ore")
        ):
            self.add_error("tickets", _("Write how many tickets were sold, and their price."))
        if said.get("line") == "other_income" and not said.get("what"):
            self.add_error("what", _("Write what the income is: the law wants to know."))
        return said


class InKindForm(forms.Form):
    """Goods or a service at its true value."""

    given_on = DayField(label=_("Day"))
    form = forms.ChoiceField(label=_("In which form"), choices=GiftInKind.Form.choices)
    value_ore = KronorField(label=_("Value, kr"))
    description = forms.CharField(label=_("What it is"), max_length=200, validators=[names_nobody])
    donor = forms.CharField(
        label=_("Donor"),
        max_length=200,
        required=False,
        help_text=_("Paste the address of the donor's page. Empty: nobody known gave it."),
    )
    voucher = forms.CharField(
        label=_("Voucher"), max_length=60, required=False, validators=[names_nobody]
    )

    def __init__(self, *args: Any, donors: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._donors = donors

    def clean_given_on(self) -> Any:
        return not_later(self.cleaned_data["given_on"])

    def clean_donor(self) -> Donor | None:
        return donor_of(self._donors, self.cleaned_data["donor"])


def donor_of(donors: Any, typed: str) -> Donor | None:
    """The donor whose page's address was pasted; None for nothing. Raises ValidationError."""
    if not typed.strip():
        return None
    found = REF.search(typed.lower())
    donor: Donor | None = donors.filter(ref=UUID(found[0])).first() if found else None
    if donor is None:
        raise ValidationError(_("That leads to no donor. Copy the address of the donor's page."))
    return donor


class CollectionForm(forms.Form):
    """The slip of a cash collection."""

    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=Campaign.objects.exclude(status=Campaign.Status.DRAFT).order_by("-pk"),
        empty_label=None,
    )
    held_on = DayField(label=_("Day"))
    held_at = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M"],
    )
    place = forms.CharField(label=_("Place"), max_length=120, validators=[names_nobody])
    amount_ore = KronorField(label=_("Sum counted, kr"))
    slip = forms.CharField(label=_("Number of the slip"), max_length=60, validators=[names_nobody])
    first = forms.CharField(label=_("Counted by"), max_length=80)
    second = forms.CharField(label=_("and by"), max_length=80)

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["campaign"]
        field.queryset = field.queryset.filter(entity__in=entities)

    def moment(self) -> datetime:
        """When it was held."""
        said = self.cleaned_data
        return datetime.combine(said["held_on"], said["held_at"], clock.STOCKHOLM)


class LineForm(forms.Form):
    """The bank's line that shows something, alone or together with others of its kind."""

    line = forms.ModelChoiceField(
        label=_("The bank's line"),
        queryset=Item.objects.none(),
        empty_label=_("Choose a line"),
        to_field_name="ref",
    )
    others = forms.ModelMultipleChoiceField(
        label=_("Together with"),
        queryset=Item.objects.none(),
        required=False,
        to_field_name="ref",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The line's sum is that of all of them."),
    )

    def __init__(
        self, *args: Any, lines: QuerySet[Item], others: QuerySet[Any], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        line: Any = self.fields["line"]
        line.queryset = lines
        line.label_from_instance = line_words
        if not others.exists():
            del self.fields["others"]
            return
        more: Any = self.fields["others"]
        more.queryset = others
        more.label_from_instance = part_words

    def refs(self, first: UUID) -> list[UUID]:
        """What the line shows."""
        return [first, *(one.ref for one in self.cleaned_data.get("others", ()))]


def line_words(item: Item) -> str:
    """A line of the bank, to be chosen among others."""
    return f"{format_kronor(item.amount_ore)}, {day(item.booked_on)}, {item.account.name}"


def part_words(row: CashCollection | Hold) -> str:
    """A slip or a hold, likewise."""
    told = row.slip if isinstance(row, CashCollection) else str(row.gift.ref)[:8]
    return f"{format_kronor(row.amount_ore)}, {told}"


class DepositForm(forms.Form):
    """The same by its name, where no bank is followed here."""

    deposit_ref = forms.CharField(
        label=_("The bank's line"), max_length=80, validators=[names_nobody]
    )
    on = DayField(label=_("Day paid in"))

    def clean_on(self) -> Any:
        return not_later(self.cleaned_data["on"])


class FactsForm(forms.Form):
    """What 25 § asks of a year."""

    always_files = forms.BooleanField(
        label=_("Must always file: the party's top association, or with state support"),
        required=False,
    )
    members = forms.IntegerField(label=_("Members"), min_value=0, max_value=10_000_000)


class WithinForm(forms.Form):
    """An organisation of the donor register that is of the party."""

    donor = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        help_text=_("Paste the address of the organisation's page among the donors."),
    )
    within = forms.BooleanField(label=_("Is within the party"), required=False, initial=True)

    def __init__(self, *args: Any, donors: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._donors = donors

    def clean_donor(self) -> Donor:
        found = donor_of(self._donors, self.cleaned_data["donor"])
        if found is None or found.kind != Donor.Kind.ORGANISATION:
            raise ValidationError(_("That is a person. Only organisations are within the party."))
        return found


class RuleForm(forms.Form):
    """An entity's own rule from a day on."""

    from_date = DayField(label=_("From"))
    anonymous_permille = forms.IntegerField(
        label=_("Anonymous limit, thousandths of a price base amount"),
        min_value=0,
        max_value=50,
        help_text=_("The law's is 50 (0.05). 0: nothing from nobody known."),
    )
    foreign = forms.ChoiceField(label=_("Foreign money"), choices=GivingRule.Foreign.choices)
    reason = forms.CharField(label=_("Why"), max_length=200, validators=[names_nobody])


class WhyForm(forms.Form):
    """A reason that stays in the log."""

    reason = forms.CharField(label=_("Why"), max_length=200, validators=[names_nobody])


class PaidOverForm(forms.Form):
    """What was paid to Kammarkollegiet, before its line has come."""

    voucher = forms.CharField(label=_("Voucher"), max_length=60, validators=[names_nobody])
    on = DayField(label=_("Day paid"))

    def clean_on(self) -> Any:
        return not_later(self.cleaned_data["on"])


class WhatIfForm(forms.Form):
    """Other limits to look at the year by; nothing is kept."""

    base_ore = KronorField(label=_("Price base amount, kr"), required=False)
    permille = forms.IntegerField(
        label=_("Anonymous limit, thousandths"), min_value=0, max_value=1000, required=False
    )
