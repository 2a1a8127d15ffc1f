"""Form fields of the house: sums in kronor kept as öre, days, pictures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fundraise.audit import reasons
from fundraise.campaigns.models import Fund
from fundraise.language import SWEDISH
from fundraise.money import AmountError, format_number, parse_kronor

AMOUNT_ERRORS: dict[str, str | Promise] = {
    "empty": _("Write a sum."),
    "unclear": _("Write the sum without a point or comma, such as 1 000."),
    "decimals": _("Write at most two decimals, such as 250,50."),
    "negative": _("Write a sum above zero."),
    "letters": _("Write the sum in digits, such as 250."),
    "size": _("The sum is too large."),
}


PERSONAL = _(
    "Leave out e-mail addresses and the numbers of telephones, persons and cards: "
    "what stands here can't be taken away again."
)


def names_nobody(text: str) -> None:
    """A validator for a reason, which the log keeps for ever."""
    if reasons.tell_of_a_person(text):
        raise ValidationError(PERSONAL, code="personal")


class FundField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A fund by its name in the reader's language; with whose it is, where they are of several."""

    def __init__(self, funds: QuerySet[Fund], **options: Any) -> None:
        super().__init__(funds, **options)
        self.offer(funds)

    def offer(self, funds: QuerySet[Fund]) -> None:
        """Only these can be chosen."""
        self.queryset = funds.select_related("entity").order_by("entity", "pk")
        self._several = funds.order_by().values("entity").distinct().count() > 1

    def label_from_instance(self, fund: Any) -> str:
        name: str = fund.name(get_language() or SWEDISH)
        return f"{name} ({fund.entity.name})" if self._several else name


class KronorField(forms.CharField):
    """A sum typed in kronor; its clean value is öre above zero."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        super().__init__(**options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: object) -> object:
        return format_number(value, space=" ") if isinstance(value, int) else value

    def clean(self, value: object) -> Any:
        typed = super().clean(value)
        return parse(typed) if typed else None


def parse(typed: str) -> int:
    """Öre above zero from what was typed; the sentence that is right when it can't be."""
    try:
        ore = parse_kronor(typed)
    except AmountError as error:
        raise ValidationError(str(AMOUNT_ERRORS[error.code])) from None
    if ore == 0:
        raise ValidationError(str(AMOUNT_ERRORS["negative"]))
    return ore


class KronorListField(forms.CharField):
    """Up to six rising sums typed in kronor with a semicolon between; a list of öre."""

    def prepare_value(self, value: object) -> object:
        if isinstance(value, list):
            return "; ".join(format_number(ore, space=" ") for ore in value)
        return value

    def clean(self, value: object) -> Any:
        typed = super().clean(value)
        ore = [parse(part) for part in typed.split(";") if part.strip()]
        if not 1 <= len(ore) <= 6 or ore != sorted(set(ore)):
            raise ValidationError(_("Write one to six rising sums, such as 100; 250; 500."))
        return ore


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        options.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**options)
