"""What a donor asks of staff about a monthly gift, and how and when it reached us."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.console.fields import DayField, KronorField
from fundraise.console.pledge_words import day_of
from fundraise.pledges.models.pledge import LAST_BANK_DAY
from fundraise.pledges.services.changing import LONGEST_PAUSE_DAYS, Wish

OLDEST = timedelta(days=366)
CHANNELS = [
    ("phone", _("By phone")),
    ("letter", _("By letter")),
    ("email", _("By e-mail")),
]
STOP_REASONS = [
    ("", _("The donor did not say")),
    ("money", _("Money is short")),
    ("other_cause", _("Gives to something else")),
    ("unhappy", _("Is not happy with us")),
    ("other", _("Another reason")),
]


class WishForm(forms.Form):
    """How the wish came, and when it reached us: a stop is counted from then."""

    channel = forms.ChoiceField(label=_("How it came"), choices=CHANNELS)
    received_on = DayField(label=_("Day it reached us"))
    received_at = forms.TimeField(
        label=_("At"),
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        on, at = said.get("received_on"), said.get("received_at")
        if isinstance(on, date) and isinstance(at, time):
            said["reached"] = datetime.combine(on, at, tzinfo=clock.STOCKHOLM)
            if said["reached"] > clock.now() + timedelta(minutes=1):
                raise ValidationError(_("That time has not come yet."))
            if said["reached"] < clock.now() - OLDEST:
                raise ValidationError(_("That is more than a year ago. Look at the year."))
        return said

    def wish(self, by: str) -> Wish:
        """Whose wish it is, as the services take it."""
        said = self.cleaned_data
        return Wish(by, said["channel"], said["reached"], said.get("reason", ""))


class AmountForm(WishForm):
    """Another sum."""

    amount_ore = KronorField(label=_("New sum, kr"))
    field_order = ["amount_ore"]


def _days() -> list[tuple[int, str]]:
    return [(day, day_of(day)) for day in [*range(1, 29), LAST_BANK_DAY]]


class DayOfMonthForm(WishForm):
    """Another day of the month."""

    day = forms.TypedChoiceField(label=_("New day"), coerce=int, choices=_days)
    field_order = ["day"]


class PauseForm(WishForm):
    """No draw before a day."""

    until = DayField(label=_("No draw before"))
    field_order = ["until"]

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if not 0 < (until - clock.today()).days <= LONGEST_PAUSE_DAYS:
            raise ValidationError(_("Choose a day after today, at most a year ahead."))
        return until


class StopForm(WishForm):
    """The end, with the donor's reason if there is one."""

    reason = forms.ChoiceField(label=_("Why"), choices=STOP_REASONS, required=False)
    field_order = ["reason"]


class UndoForm(WishForm):
    """Take a change back; `key` is the change's."""

    key = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class UnskipForm(WishForm):
    """Take a skip back; `period` is the month's first day."""

    period = forms.DateField(widget=forms.HiddenInput, input_formats=["%Y-%m-%d"])
