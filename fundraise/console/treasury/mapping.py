"""What a treasurer says of a bank's CSV that nobody knows: which column is which."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise.console.words import Text
from fundraise.reconciliation.formats.cells import PATTERNS
from fundraise.reconciliation.formats.look import Look
from fundraise.reconciliation.formats.mapper import Mapping, MappingError

SHOWN = 40  # columns; no bank has more
FIELDS: dict[str, Text] = {
    "": gettext_lazy("Not needed"),
    "booked_on": gettext_lazy("Booking day"),
    "amount": gettext_lazy("Amount, minus when it goes out"),
    "paid_in": gettext_lazy("Money in"),
    "paid_out": gettext_lazy("Money out"),
    "direction": gettext_lazy("Word for in or out"),
    "balance": gettext_lazy("Balance after the row"),
    "text": gettext_lazy("The bank's text"),
    "message": gettext_lazy("Message"),
    "payer_name": gettext_lazy("Who it is from"),
    "payer_account": gettext_lazy("From which account"),
    "payer_phone": gettext_lazy("From which telephone"),
    "reference": gettext_lazy("Reference (OCR)"),
    "bank_ref": gettext_lazy("The bank's own number"),
    "order_id": gettext_lazy("Order number"),
    "value_on": gettext_lazy("Value day"),
    "currency": gettext_lazy("Currency"),
    "account": gettext_lazy("Our account"),
    "status": gettext_lazy("Status (pending or booked)"),
}
DATES = ("YYYY-MM-DD", "YYYY/MM/DD", "YYYYMMDD", "DD-MM-YYYY", "DD/MM/YYYY", "DD.MM.YYYY",
         "YYYY.MM.DD", "MM/DD/YYYY")  # fmt: skip
EXAMPLE = date(2026, 11, 25)
PROBLEMS: dict[tuple[str, str], Text] = {
    ("name", "taken"): gettext_lazy(
        "Another form has that name. One that is saved stays as it is."
    ),
    ("name", "retired"): gettext_lazy("It is put away: nothing is read by it any more."),
    ("columns", "same"): gettext_lazy("That is how it is read already. Nothing was changed."),
    ("name", "length"): gettext_lazy("Write a name of at most 60 signs."),
    ("columns.booked_on", "missing"): gettext_lazy("Say which column has the booking day."),
    ("columns.amount", "one_of"): gettext_lazy(
        "Say which column has the amount, or which have money in and money out."
    ),
}


def look_of(mapping: Mapping) -> Look:
    """A saved form, as the page of a file shows it: its header, and no row."""
    said = [name for joined in mapping.columns.values() for names in joined for name in names[:1]]
    if not mapping.has_header:
        width = max(map(int, said), default=1)
        return Look(mapping.delimiter, (("",) * width,), None, {})
    header = tuple(dict.fromkeys([*(names[0] for names in mapping.signature if names), *said]))
    return Look(mapping.delimiter, (header,), 0, {})


def chosen_of(mapping: Mapping) -> dict[str, str]:
    """What each column holds by a saved form, and how days are written."""
    seen = look_of(mapping)
    names = [str(place + 1) for place in range(len(seen.rows[0]))]
    if seen.header_at is not None:
        names = list(seen.rows[0])
    held = {name: field for field, joined in mapping.columns.items() for one in joined
            for name in one[:1]}  # fmt: skip
    found = {f"column_{place}": held.get(name, "") for place, name in enumerate(names)}
    return {**found, "name": mapping.name, "dates": mapping.dates[0]}


class MappingForm(forms.Form):
    """A name, how days are written, and what each column holds."""

    name = forms.CharField(max_length=60, label=gettext_lazy("Name of the form"))
    dates = forms.ChoiceField(
        choices=[(one, EXAMPLE.strftime(PATTERNS[one])) for one in DATES],
        label=gettext_lazy("How days are written"),
    )

    def __init__(self, *args: Any, seen: Look, **options: Any) -> None:
        super().__init__(*args, **options)
        self._seen = seen
        self._header = seen.rows[seen.header_at] if seen.header_at is not None else ()
        self._width = min(max(map(len, seen.rows)), SHOWN)
        likely = {name: field for field, name in seen.likely.items()}
        for place in range(self._width):
            field = forms.ChoiceField(
                choices=list(FIELDS.items()),
                required=False,
                label=self._named(place) or _("Column %(number)s") % {"number": place + 1},
                initial=likely.get(self._named(place), ""),
            )
            self.fields[f"column_{place}"] = field

    @property
    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column with some of its cells."""
        after = 0 if self._seen.header_at is None else self._seen.header_at + 1
        rows = self._seen.rows[after : after + 3]
        return [
            (self[f"column_{place}"], [row[place] for row in rows if place < len(row)])
            for place in range(self._width)
            if self._named(place) or not self._header
        ]

    def _named(self, place: int) -> str:
        return self._header[place] if place < len(self._header) else ""

    def mapping(self) -> dict[str, Any]:
        """What is saved, once the form is valid."""
        columns: dict[str, list[str]] = {}
        for place in range(self._width):
            chosen = self.cleaned_data.get(f"column_{place}")
            if chosen:
                named = self._named(place) if self._header else str(place + 1)
                columns.setdefault(chosen, []).append(named)
        signature = [[name] for name in self._header if name]
        return {
            "name": self.cleaned_data["name"].strip(),
            "columns": columns,
            "dates": [self.cleaned_data["dates"]],
            "delimiter": self._seen.delimiter,
            "has_header": bool(self._header),
            "signature": signature,
        }

    def refuse(self, error: MappingError) -> None:
        """Say what is wrong, in words."""
        for problem in error.problems:
            said = PROBLEMS.get(problem, _("That can't be read: %(what)s.") % {"what": problem[0]})
            self.add_error("name" if problem[0] == "name" else None, str(said))
