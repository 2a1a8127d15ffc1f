"""What staff send about a journey."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.campaigns.queries import over
from fundraise.console.appeals.forms import CampaignChoice
from fundraise.console.fields import names_nobody
from mailings.journeys.models import Journey

MOST_DAYS = 400


class NewJourneyForm(forms.Form):
    """A journey's name, what sets it off, and for which campaign it asks."""

    name = forms.CharField(
        label=_("Name"), max_length=80, validators=[names_nobody], help_text=_("For staff only.")
    )
    trigger = forms.ChoiceField(
        label=_("Set off by"), choices=Journey.Trigger.choices, widget=forms.RadioSelect
    )
    months = forms.IntegerField(
        label=_("Months without a gift"),
        min_value=1,
        max_value=60,
        initial=12,
        required=False,
        help_text=_("Only for who has not given for some months."),
    )
    campaign = CampaignChoice(
        label=_("For the campaign"), queryset=Campaign.objects.none(), empty_label=_("Choose …")
    )
    ready = forms.BooleanField(
        label=_("With ready-made mails in Swedish and English, as drafts to read and change"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        super().__init__(*args, **options)
        mine = Campaign.objects.filter(entity__in=entities).exclude(over(clock.today()))
        self.fields["campaign"].queryset = mine.order_by("-pk")  # type: ignore[attr-defined]


class DaysField(forms.IntegerField):
    """How many days a mail waits."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=MOST_DAYS, **options)
        self.widget.attrs["class"] = "days"


class StepForm(forms.Form):
    """One more mail at the end."""

    wait_days = DaysField(label=_("One more mail, so many days later"), initial=0)


class WaitsForm(forms.Form):
    """How long each mail waits."""

    def __init__(self, *args: Any, journey: Journey, **options: Any) -> None:
        super().__init__(*args, **options)
        for step in journey.steps.all():
            self.fields[f"step_{step.number}"] = DaysField(
                label=_("Days before mail %(number)s") % {"number": step.number},
                initial=step.wait_days,
            )

    def waits(self) -> list[int]:
        """The days, in the order of the mails."""
        return [self.cleaned_data[name] for name in self.fields]
