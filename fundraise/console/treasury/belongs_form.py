"""What a line is of, chosen from money that is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fundraise.console.days import day
from fundraise.money import format_kronor
from fundraise.reconciliation.belonging import Belongs
from fundraise.reconciliation.models import Kind

OF: dict[str, Any] = {
    Kind.PAYOUT: _("Payout, %(day)s: %(sum)s left"),
    Kind.AUTOGIRO: _("Autogiro, %(day)s: %(sum)s left"),
    Kind.REFUND: _("Refund of gift %(gift)s, %(day)s"),
    Kind.RETURN: _("Gift %(gift)s, %(day)s, taken back by the bank"),
    Kind.SETTLEMENT: _("Settlement with %(entity)s"),
}


class BelongsForm(forms.Form):
    """What a line is of: a payout, a sum of autogiro's, a refund, a gift taken back, a debt."""

    of = forms.ChoiceField(label=_("It is of"))

    def __init__(self, *args: Any, found: Iterable[Belongs], **options: Any) -> None:
        super().__init__(*args, **options)
        self.found = {one.name: one for one in found}
        self.fields["of"].choices = [  # type: ignore[attr-defined]
            (name, _said(one)) for name, one in self.found.items()
        ]

    def clean_of(self) -> Belongs:
        return self.found[str(self.cleaned_data["of"])]


def _said(one: Belongs) -> str:
    told = {
        "day": day(one.day),
        "sum": format_kronor(abs(one.left_ore)),
        "gift": one.gift.ref.hex[:8] if one.gift else "",
        "entity": one.choice.entity.name if one.choice.entity else "",
    }
    return str(OF[one.kind]) % told
