"""What staff choose for an appeal: what it is called, who gets it, when it leaves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.campaigns.queries import over
from fundraise.console.fields import names_nobody
from fundraise.language import SWEDISH
from mailings.appeals.models import Appeal
from mailings.appeals.wall_clock import FIRST, SECOND

EVERYBODY, SEGMENT, APPEAL = "everybody", "segment", "appeal"
ZONES = (
    ("Europe/Stockholm", "Stockholm"),
    ("Europe/Helsinki", "Helsinki"),
    ("Europe/London", "London"),
    ("America/New_York", "New York"),
    ("America/Los_Angeles", "Los Angeles"),
    ("UTC", "UTC"),
)


class CampaignChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Campaigns by their titles."""

    def label_from_instance(self, obj: Campaign) -> str:
        return obj.title(get_language() or SWEDISH)


class NewAppealForm(forms.Form):
    """The first choices: everything else is chosen in the steps."""

    title = forms.CharField(
        label=_("What it is called"),
        max_length=90,
        help_text=_("For staff: no receiver sees it."),
        validators=[names_nobody],
    )
    campaign = CampaignChoice(
        label=_("For the campaign"), queryset=Campaign.objects.none(), empty_label=_("Choose …")
    )

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        """`entities`: for whose campaigns the one who asks may write.

        It can't be changed afterwards, so of several none is chosen beforehand.
        """
        super().__init__(*args, **options)
        mine = Campaign.objects.filter(entity__in=entities).exclude(over(clock.today()))
        self.fields["campaign"].queryset = mine.order_by("-pk")  # type: ignore[attr-defined]
        if len(mine) == 1:
            self.fields["campaign"].empty_label = None  # type: ignore[attr-defined]


class PeopleForm(forms.Form):
    """Who gets it. `edition` is the appeal's as the page showed it."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label=_("To whom"),
        choices=[
            (EVERYBODY, _("Everybody who may be asked")),
            (SEGMENT, _("A segment")),
            (APPEAL, _("The people of an earlier appeal")),
        ],
        widget=forms.RadioSelect,
    )
    segment = forms.TypedChoiceField(
        label=_("Segment"), required=False, coerce=int, empty_value=None
    )
    people_of = forms.ModelChoiceField(
        label=_("Earlier appeal"),
        required=False,
        queryset=Appeal.objects.none(),
        empty_label=_("Choose …"),
        to_field_name="ref",
        help_text=_("Those who got it and have not given, left or bounced since."),
    )
    skip_recent = forms.BooleanField(
        label=_("Leave out who gave to the campaign lately"), required=False
    )
    recent_days = forms.IntegerField(
        label=_("In so many days"), required=False, min_value=1, max_value=366
    )
    without_monthly = forms.BooleanField(label=_("Leave out who gives every month"), required=False)
    drop_givers = forms.BooleanField(
        label=_("Leave out who gives before the mail leaves"),
        required=False,
        help_text=_("Looked at again before each batch: “gave in the meantime”."),
    )
    holdout_percent = forms.IntegerField(
        label=_("Left out to compare with, per cent"),
        min_value=0,
        max_value=50,
        help_text=_("So many of a hundred get nothing, to measure what the appeal adds. 0: none."),
    )
    in_waves = forms.BooleanField(
        label=_("A small part first"),
        required=False,
        help_text=_("The rest leaves by itself when bounces and complaints are few."),
    )
    first_wave = forms.IntegerField(
        label=_("People in the first part, at least"),
        required=False,
        min_value=1,
        max_value=1_000_000,
    )
    priority = forms.IntegerField(
        label=_("Priority, 1 to 9"),
        min_value=1,
        max_value=9,
        help_text=_("1 goes first, also where a person may not get more mail."),
    )
    ignores_cap = forms.BooleanField(
        label=_("Send also to who has got enough mail lately"), required=False
    )

    def __init__(
        self,
        *args: Any,
        segments: list[tuple[int, str]],
        appeals: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["segment"].choices = [("", _("Choose …")), *segments]  # type: ignore[attr-defined]
        self.fields["people_of"].queryset = appeals  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("who") == SEGMENT and not said.get("segment"):
            self.add_error("segment", _("Choose a segment."))
        if said.get("who") == APPEAL and not said.get("people_of"):
            self.add_error("people_of", _("Choose an earlier appeal."))
        if said.get("skip_recent") and not said.get("recent_days"):
            self.add_error("recent_days", _("Write how many days."))
        if said.get("in_waves") and not said.get("first_wave"):
            self.add_error("first_wave", _("Write how many people."))
        return said

    def options(self) -> dict[str, Any]:
        """What drafting.set_options takes."""
        said = self.cleaned_data
        return {
            "segment_version_id": said["segment"] if said["who"] == SEGMENT else None,
            "people_of": said["people_of"] if said["who"] == APPEAL else None,
            "without_recent_days": said["recent_days"] if said["skip_recent"] else 0,
            "without_monthly": said["without_monthly"],
            "drop_givers": said["drop_givers"],
            "holdout_percent": said["holdout_percent"],
            "first_wave": said["first_wave"] if said["in_waves"] else 0,
            "priority": said["priority"],
            "ignores_cap": said["ignores_cap"],
        }


def people_initial(appeal: Appeal) -> dict[str, Any]:
    """The choices as they are kept."""
    who = APPEAL if appeal.people_of_id else SEGMENT if appeal.segment_version_id else EVERYBODY
    return {
        "edition": appeal.edition,
        "who": who,
        "segment": appeal.segment_version_id or "",
        "people_of": appeal.people_of.ref if appeal.people_of else "",
        "skip_recent": appeal.without_recent_days > 0,
        "recent_days": appeal.without_recent_days or 14,
        "without_monthly": appeal.without_monthly,
        "drop_givers": appeal.drop_givers,
        "holdout_percent": appeal.holdout_percent,
        "in_waves": appeal.first_wave > 0,
        "first_wave": appeal.first_wave or 2000,
        "priority": appeal.priority,
        "ignores_cap": appeal.ignores_cap,
    }


class ScheduleForm(forms.Form):
    """When it leaves, on whose clock. `which` is asked for where the clock shows it twice."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    now = forms.ChoiceField(
        label=_("When"),
        choices=[("", _("At a day and a time")), ("yes", _("As soon as it may"))],
        required=False,
        widget=forms.RadioSelect,
    )
    # Text, not an instant: what the clock shows is read with the chosen zone by wall_clock.
    local_time = forms.CharField(
        label=_("Day and time"),
        required=False,
        max_length=16,
        widget=forms.TextInput(attrs={"type": "datetime-local"}),
    )
    zone = forms.ChoiceField(label=_("By the clocks in"), choices=ZONES)
    which = forms.TypedChoiceField(
        label=_("Which of the two"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", "–"),
            (str(FIRST), _("The first time, still summer time")),
            (str(SECOND), _("The second time, winter time")),
        ],
    )
    quiet_reason = forms.CharField(
        label=_("Why it must be sent in quiet hours"),
        required=False,
        max_length=200,
        validators=[names_nobody],
        help_text=_("Only needed at night. A second person reads it and has to agree."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("now") and "local_time" in said and not said["local_time"]:
            self.add_error("local_time", _("Choose a day and a time."))
        return said

    @property
    def wall(self) -> str:
        """The clock on the wall as it was typed; empty for now."""
        said = self.cleaned_data
        return "" if said["now"] else str(said["local_time"])


class ReasonForm(forms.Form):
    """Why, for the log."""

    reason = forms.CharField(label=_("Why, for the log"), max_length=200, validators=[names_nobody])


class LinkForm(forms.Form):
    """Where a link leads from now on, and why."""

    target = forms.CharField(
        label=_("New address"),
        max_length=2000,
        widget=forms.TextInput(attrs={"type": "url", "placeholder": "https://"}),
    )
    reason = forms.CharField(label=_("Why, for the log"), max_length=200, validators=[names_nobody])


class TitleForm(forms.Form):
    """Another name of a draft."""

    edition = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("What it is called"), max_length=90, validators=[names_nobody])


class DoubtForm(forms.Form):
    """What somebody has found out about mails in doubt, and how."""

    left = forms.ChoiceField(
        label=_("What did you find out?"),
        choices=[
            ("yes", _("They left: do not send them again")),
            ("no", _("They did not leave: send them now")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("How you know, for the log"),
        max_length=200,
        validators=[names_nobody],
        help_text=_("Such as “in SendGrid's activity at 14.32”. No name, no address."),
    )
