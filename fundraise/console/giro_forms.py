"""What is typed about autogiro: a file from Bankgirot, an answer, and the agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise.console.fields import names_nobody
from fundraise.console.giro_kinds import HOW
from fundraise.providers.giro import queue
from fundraise.providers.giro.agreeing import MOST_AHEAD, Options


class DropForm(forms.Form):
    """A file from Bankgirot."""

    file = forms.FileField(
        label=gettext_lazy("File from Bankgirot"),
        help_text=gettext_lazy(
            "As it came, whatever it is called. It is recognised by what stands in it, and the "
            "same file twice changes nothing."
        ),
    )


class SolveForm(forms.Form):
    """What a person did about a question."""

    how = forms.ChoiceField(
        label=gettext_lazy("What was done"), choices=[(code, HOW[code]) for code in queue.HOW]
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For the log. No name, no address."),
        validators=[names_nobody],
    )


def _days() -> list[tuple[str, str]]:
    return [(str(n + 1), str(WEEKDAYS[n]).capitalize()) for n in range(5)]


class AgreementForm(forms.Form):
    """How files travel, and which payer numbers are ours."""

    approve = forms.BooleanField(
        label=gettext_lazy("A person approves each file's totals before it leaves"), required=False
    )
    by_hand = forms.BooleanField(
        label=gettext_lazy("A person carries each file to the bank by hand"), required=False
    )
    file_weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("File days, when carried by hand"),
        choices=_days,
        widget=forms.CheckboxSelectMultiple,
    )
    draw_days_ahead = forms.IntegerField(
        label=gettext_lazy("Draws are sent so many bank days ahead"),
        min_value=1,
        max_value=MOST_AHEAD,
    )
    first = forms.IntegerField(
        label=gettext_lazy("Our first payer number"),
        min_value=1,
        max_value=10**16 - 1,
        help_text=gettext_lazy(
            "Rows outside the range belong to another system on the same bankgiro number."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    last = forms.IntegerField(
        label=gettext_lazy("Our last payer number"),
        min_value=1,
        max_value=10**16 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and last < first + 999:
            wrong = _(
                "The range must hold at least a thousand numbers: each mandate takes one for good."
            )
            raise ValidationError(wrong)
        return said

    def options(self) -> Options:
        """As the agreement keeps them."""
        said = self.cleaned_data
        return Options(
            said["approve"],
            said["by_hand"],
            "".join(sorted(said["file_weekdays"])),
            said["draw_days_ahead"],
        )


class CarrierForm(forms.Form):
    """Who carries the files."""

    user = forms.ModelChoiceField(
        label=gettext_lazy("Who"),
        queryset=User.objects.filter(is_active=True, is_staff=True).order_by("username"),
    )
    is_deputy = forms.BooleanField(label=gettext_lazy("As a deputy"), required=False)
