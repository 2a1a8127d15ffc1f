"""A list of gifts from before the start: the file, what it counts in, what its columns hold."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise.campaigns.models import Campaign
from fundraise.console.import_forms import ColumnsForm
from fundraise.console.words import Text
from fundraise.gifts.models import Channel
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.books.earlier import rows
from fundraise.reporting.books.earlier.rows import Fault

FIELDS: dict[str, Text] = {
    "day": gettext_lazy("Day of the gift"),
    "sum": gettext_lazy("Sum in kronor"),
    "proof": gettext_lazy("Proof (voucher or number)"),
    "way": gettext_lazy("Way of giving"),
    "email": gettext_lazy("The giver's e-mail"),
    "donor": gettext_lazy("The donor's reference here"),
}
COLUMNS: dict[str, Text] = {
    "no_day": gettext_lazy("Say which column has the day."),
    "no_sum": gettext_lazy("Say which column has the sum."),
    "no_proof": gettext_lazy("Say which column has the proof: it lets each gift be booked once."),
    "twice": gettext_lazy("Two columns are said to hold the same. Choose one of them."),
}
CELL: dict[str, Text] = {
    "too_many": gettext_lazy("A list has at most 20 000 gifts. Bring it in in parts."),
    "day": gettext_lazy("Write the day as 2026-01-31."),
    "future": gettext_lazy("A gift from before the start has a day that is past."),
    "old": gettext_lazy("No gift is from before the year 2000."),
    "sum_empty": gettext_lazy("There is no sum."),
    "sum_unclear": gettext_lazy("Write a thousand as 1000 or 1 000."),
    "sum_decimals": gettext_lazy("Write at most two decimals."),
    "sum_negative": gettext_lazy("A gift is above nothing. Leave out what was sent back."),
    "sum_letters": gettext_lazy("Write the sum in digits."),
    "sum_size": gettext_lazy("The sum is too large."),
    "proof": gettext_lazy("Write letters, digits, spaces and . / : _ - only, and no name."),
    "again": gettext_lazy("The same proof stands in an earlier row. Each gift has its own."),
    "way": gettext_lazy("Write card, autogiro, swish, bank or cash."),
    "email": gettext_lazy("It is no e-mail address."),
    "donor": gettext_lazy("No donor has that reference."),
}
WAYS = [way for way in Channel.choices if way[0] in rows.WAYS]


class EarlierForm(forms.Form):
    """The list, and what its gifts count in."""

    file = forms.FileField(
        label=gettext_lazy("List of gifts"),
        help_text=gettext_lazy(
            "CSV or XLSX with headings: day, sum, proof, and if you have them way of giving and"
            " e-mail. Nothing is booked before you have seen what will be."
        ),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv", "autocomplete": "off"}
        ),
    )
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Shown by the thermometer of"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=gettext_lazy("no campaign: sums only"),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Way of giving, where the list says none"), choices=WAYS, initial="bank"
    )

    def __init__(self, entity: LegalEntity, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast(forms.ModelChoiceField, self.fields["campaign"])  # type: ignore[type-arg]
        rows_of = Campaign.objects.filter(entity=entity).exclude(status=Campaign.Status.DRAFT)
        field.queryset = rows_of.order_by("-pk")


class EarlierColumnsForm(ColumnsForm):
    """What each column of it holds."""

    meanings: ClassVar[dict[str, Text]] = FIELDS

    def wrong(self) -> list[str]:
        """What is wrong with the choice, in words."""
        return [str(COLUMNS[code]) for code in rows.wrong(self.meant())]


def said(fault: Fault) -> str:
    """A wrong cell in words: "Row 7, day of the gift: …"."""
    text = str(CELL[fault.code])
    if not fault.field:
        return text
    place = {"line": fault.line, "field": FIELDS[fault.field], "text": text}
    return _("Row %(line)d, %(field)s: %(text)s") % place
