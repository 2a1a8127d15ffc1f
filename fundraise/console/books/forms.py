"""What is typed about the books: days of a file, a reason, a comment, opening balances."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise import clock
from fundraise.console.fields import DayField, KronorField, names_nobody
from fundraise.ledger.models import Account, LegalEntity
from fundraise.reporting.books import queries
from fundraise.reporting.books.beginning import Held


class FileForm(forms.Form):
    """Whose journals, of which days."""

    entity = forms.ModelChoiceField(
        label=gettext_lazy("Legal entity"), queryset=LegalEntity.objects.none(), empty_label=None
    )
    from_day = DayField(label=gettext_lazy("From and with"))
    to_day = DayField(label=gettext_lazy("Up to and with"))

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        """`entities`: whose files the one who asks may make."""
        super().__init__(*args, **options)
        field: Any = self.fields["entity"]
        field.queryset = LegalEntity.objects.filter(pk__in=entities).order_by("pk")


class YearForm(forms.Form):
    """Whose whole books, of which year."""

    entity = forms.ModelChoiceField(
        label=gettext_lazy("Legal entity"), queryset=LegalEntity.objects.none(), empty_label=None
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        """`entities`: whose files the one who asks may make."""
        super().__init__(*args, **options)
        entity, year = cast(Any, self.fields["entity"]), cast(Any, self.fields["year"])
        entity.queryset = LegalEntity.objects.filter(pk__in=entities).order_by("pk")
        found = queries.years(entities)
        year.choices = [(one, str(one)) for one in found]
        over = [one for one in found if one < clock.today().year]
        year.initial = next(iter(over or found), None)


class WhyForm(forms.Form):
    """A reason that the log keeps for ever."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("For the log. No name, no address."),
        validators=[names_nobody],
    )


class OpeningForm(forms.Form):
    """What each balance account held at the end of a day: debit or credit, in kronor."""

    day = DayField(
        label=gettext_lazy("At the end of"),
        help_text=gettext_lazy(
            "The day before this system began, as the bookkeeping program has it."
        ),
    )

    def __init__(self, *args: Any, accounts: Collection[Account], **options: Any) -> None:
        super().__init__(*args, **options)
        self.accounts = list(accounts)
        for account in self.accounts:
            for side, label in (("debit", _("Debit")), ("credit", _("Credit"))):
                field = KronorField(label=f"{account.number} {label}", required=False)
                self.fields[f"{side}_{account.number}"] = field

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for account in self.accounts:
            if said.get(f"debit_{account.number}") and said.get(f"credit_{account.number}"):
                self.add_error(f"credit_{account.number}", _("Write debit or credit, not both."))
        return said

    @property
    def held(self) -> list[Held]:
        """Debit above zero, credit below; of the accounts that have a balance."""
        found = [
            Held(account.number, (self._ore("debit", account) - self._ore("credit", account)))
            for account in self.accounts
        ]
        return [one for one in found if one.ore]

    def _ore(self, side: str, account: Account) -> int:
        return int(self.cleaned_data.get(f"{side}_{account.number}") or 0)

    def rows(self) -> Iterator[tuple[Account, forms.BoundField, forms.BoundField]]:
        """An account with its two fields."""
        for account in self.accounts:
            yield account, self[f"debit_{account.number}"], self[f"credit_{account.number}"]


def month_before(day: date) -> tuple[date, date]:
    """The first and last day of the month before: what is exported first in a new month."""
    last = day.replace(day=1).toordinal() - 1
    end = date.fromordinal(last)
    return end.replace(day=1), end
