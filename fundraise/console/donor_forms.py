"""What donor care may write down about a donor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from donors import queries
from donors.models import ContactPoint, Donor
from donors.values import Name, OrganisationName, PersonName, PostalAddress
from fundraise import clock
from fundraise.console import words
from fundraise.console.fields import DayField, names_nobody
from fundraise.console.forms import not_later

SOURCES = [
    ("letter", _("by letter")),
    ("phone", _("by phone")),
    ("mail", _("by mail")),
    ("meeting", _("at a meeting")),
]
NO_VALUE = _("Fill in the one that you want to add.")


class NameForm(forms.Form):
    """A person's two names, or an organisation's one in `family`."""

    given = forms.CharField(label=_("First name"), max_length=120, required=False)
    family = forms.CharField(label=_("Surname"), max_length=120)
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("No name, no address."),
        validators=[names_nobody],
    )

    def __init__(self, kind: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisation = kind == Donor.Kind.ORGANISATION
        if self.organisation:
            del self.fields["given"]
            self.fields["family"].label = _("Name")

    def name(self) -> Name:
        """The name as the donors' doors take it."""
        said = self.cleaned_data
        if self.organisation:
            return OrganisationName(said["family"])
        return PersonName(said["given"], said["family"])


class ContactForm(forms.Form):
    """An e-mail address, a phone number or a postal address; which one, the button says."""

    kind = forms.ChoiceField(choices=ContactPoint.Kind.choices, widget=forms.HiddenInput)
    value = forms.CharField(max_length=254, required=False)
    address = forms.CharField(label=_("Street address"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=_("Town"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        postal = said.get("kind") == ContactPoint.Kind.POSTAL
        if not (said.get("address") if postal else said.get("value")):
            self.add_error("address" if postal else "value", str(NO_VALUE))
        return said

    def contact(self) -> str | PostalAddress:
        """What was typed, as the donors' doors take it."""
        said = self.cleaned_data
        if said["kind"] == ContactPoint.Kind.POSTAL:
            return PostalAddress((said["address"],), said["postcode"], said["city"])
        return str(said["value"])


class BasisForm(forms.Form):
    """Somebody said yes or no to a purpose, elsewhere than on our pages."""

    purpose = forms.ChoiceField(label=_("To what"))
    source = forms.ChoiceField(label=_("How we heard"), choices=SOURCES)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            (code, word)
            for code, word in words.PURPOSES.items()
            if queries.current_wording(code) is not None
        ]


class ConsentForm(BasisForm):
    """A yes, with what shows it."""

    given_on = DayField(label=_("Day it was given"))
    proof = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9 ./_-]*$",
        label=_("What shows it"),
        max_length=60,
        help_text=_("The number of the paper or the case. No name, no address."),
        error_messages={"invalid": _("Use letters a–z, digits, spaces and . / _ - only.")},
    )
    field_order = ["purpose", "given_on", "source", "proof"]

    def clean_given_on(self) -> Any:
        return not_later(self.cleaned_data["given_on"])


class ReasonForm(forms.Form):
    """Why a donor is kept and not used, or used again."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("No name, no address."),
        validators=[names_nobody],
    )


class MergeForm(ReasonForm):
    """Why two records are one; where somebody said that they are two, that it is known."""

    though_apart = forms.BooleanField(
        label=_("I know that it was said that they are two: they are one all the same")
    )

    def __init__(self, *args: Any, apart: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not apart:
            del self.fields["though_apart"]


class ApartForm(forms.Form):
    """Why two records are two donors, where that is worth a word."""

    reason = forms.CharField(
        label=_("Why, if you like"),
        max_length=200,
        required=False,
        help_text=_("No name, no address."),
        validators=[names_nobody],
    )


class DeathForm(ReasonForm):
    """The day of a death; a mistake is taken back with the reason alone."""

    died_on = DayField(label=_("Day of death"), required=False)
    field_order = ["died_on", "reason"]

    def clean_died_on(self) -> Any:
        on = self.cleaned_data["died_on"]
        return not_later(on) if on else on


class ForgetForm(ReasonForm):
    """Why a donor is forgotten, and that whoever does it knows what it means."""

    sure = forms.BooleanField(label=_("I know that it can't be undone"))


def consent_form(data: Any = None) -> ConsentForm:
    """Empty but for today's date."""
    return ConsentForm(data, initial={"given_on": clock.today()}, prefix="yes")
