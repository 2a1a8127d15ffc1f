"""A mandate that came on paper, as its form has it: who, which account, how much, and the scan."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donors import normalise
from donors.errors import InvalidValue
from fundraise.campaigns.models import Campaign
from fundraise.console import scans
from fundraise.console.fields import DayField, KronorField
from fundraise.console.forms import not_later
from fundraise.console.pledge_words import day_of
from fundraise.gifts.giver import Giver
from fundraise.pledges.models import MandateWording, Pledge
from fundraise.pledges.models.pledge import LAST_BANK_DAY
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services.starting import NewAccount
from fundraise.providers import account_words
from fundraise.providers.autogiro.numbers import clean_bankgiro, identity12, shown_bankgiro

BANKGIRO = MandateWording.Variant.BANKGIRO
PERSON = MandateWording.Variant.PERSON
OFF = {"autocomplete": "off"}


class AccountForm(forms.Form):
    """The account, its holder's number, the day of the signature and the scan."""

    variant = forms.ChoiceField(
        label=gettext_lazy("Who signed"), choices=MandateWording.Variant.choices
    )
    account = forms.CharField(
        label=gettext_lazy("Account, with its clearing number"),
        max_length=60,
        help_text=gettext_lazy(
            "In any notation. For an organisation with a bankgiro number, that number."
        ),
        widget=forms.TextInput(attrs={**OFF, "inputmode": "numeric", "data-account": "yes"}),
    )
    identity_number = forms.CharField(
        label=gettext_lazy("Personal identity number or organisation number"),
        max_length=20,
        help_text=gettext_lazy("The account holder's. The bank checks it against the account."),
        widget=forms.TextInput(attrs=OFF),
    )
    signed_on = DayField(label=gettext_lazy("Day it was signed"))
    received_on = DayField(label=gettext_lazy("Day it reached us"))
    scan = forms.FileField(
        label=gettext_lazy("The paper, scanned"),
        help_text=gettext_lazy(
            "PDF, JPEG or PNG, at most 10 MB. It is kept as it is, as the proof of the mandate."
        ),
        widget=forms.FileInput(attrs={"accept": scans.ACCEPT}),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I have looked, and this is another mandate"), required=False
    )

    def clean_signed_on(self) -> Any:
        return not_later(self.cleaned_data["signed_on"])

    def clean_received_on(self) -> Any:
        return not_later(self.cleaned_data["received_on"])

    def clean_scan(self) -> scans.Scan:
        sent: UploadedFile[Any] = self.cleaned_data["scan"]
        if sent.size is not None and sent.size > scans.LARGEST_BYTES:
            raise ValidationError(str(scans.WRONG["too_heavy"]))
        try:
            return scans.read(sent.read())
        except scans.ScanError as error:
            raise ValidationError(str(scans.WRONG[error.code])) from None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "account" in said and "variant" in said:
            self._read_account(said)
        if "identity_number" in said and "variant" in said:
            self._read_identity(said)
        on, came = said.get("signed_on"), said.get("received_on")
        if on and came and on > came:
            self.add_error("received_on", _("It was signed after that day. Compare the days."))
        return said

    def _read_account(self, said: dict[str, Any]) -> None:
        if said["variant"] == BANKGIRO:
            try:
                number = clean_bankgiro(said["account"])
            except ValueError:
                wrong = _("Write the bankgiro number with seven or eight digits.")
                self.add_error("account", wrong)
                return
            said |= {
                "account16": number.rjust(16, "0"),
                "hint": f"Bankgiro {shown_bankgiro(number)}",
            }
            return
        look = account_words.look(said["account"])
        if look.account is None:
            self.add_error("account", str(look.said))
            return
        hint = f"{look.bank} {look.account.masked}".strip()
        said |= {"account16": look.account.field16, "hint": hint}

    def _read_identity(self, said: dict[str, Any]) -> None:
        person = said["variant"] == PERSON
        clean = normalise.clean_personal_number if person else normalise.clean_organisation_number
        try:
            said["number"] = clean(said["identity_number"])
        except InvalidValue:
            wrong = (
                _("Write the personal identity number with twelve digits, and compare each one.")
                if person
                else _("Write the organisation number with ten digits, such as 802002-1234.")
            )
            self.add_error("identity_number", wrong)

    def details(self) -> AccountDetails:
        """Account and number as records have them."""
        said = self.cleaned_data
        return AccountDetails(said["account16"], identity12(said["number"]))

    def new_account(self, language: str) -> NewAccount:
        """The account as the mandate keeps it, with the words that were in force."""
        said = self.cleaned_data
        words = MandateWording.objects.filter(
            variant=said["variant"], language=language, valid_from__lte=said["signed_on"]
        )
        newest = words.order_by("-version").first()
        return NewAccount(
            self.details(),
            hint=said["hint"],
            variant=said["variant"],
            wording_id=newest.pk if newest else None,
            origin="paper",
        )


class PaperForm(AccountForm):
    """A whole monthly gift from a paper."""

    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"), queryset=Campaign.objects.none(), empty_label=None
    )
    amount_ore = KronorField(label=gettext_lazy("Sum, kr"))
    interval_months = forms.TypedChoiceField(
        label=gettext_lazy("How often"), coerce=int, choices=Pledge.Interval.choices
    )
    day = forms.TypedChoiceField(
        label=gettext_lazy("Day of the month"),
        coerce=int,
        choices=lambda: [(n, day_of(n)) for n in [*range(1, 29), LAST_BANK_DAY]],
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(OFF))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, required=False, widget=forms.EmailInput(OFF)
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=30, required=False, widget=forms.TextInput(OFF)
    )
    address = forms.CharField(
        label=gettext_lazy("Street address"),
        max_length=120,
        required=False,
        widget=forms.TextInput(OFF),
    )
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"), max_length=12, required=False, widget=forms.TextInput(OFF)
    )
    city = forms.CharField(
        label=gettext_lazy("Town"), max_length=120, required=False, widget=forms.TextInput(OFF)
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("sv", gettext_lazy("Swedish")), ("en", gettext_lazy("English"))],
    )
    field_order = [
        "campaign", "amount_ore", "interval_months", "day", "variant", "name", "account",
        "identity_number", "email", "phone", "address", "postcode", "city", "language",
        "signed_on", "received_on", "scan",
    ]  # fmt: skip

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        """`entities`: whose mandates the one who asks may key in."""
        super().__init__(*args, **options)
        live = Campaign.objects.exclude(status=Campaign.Status.DRAFT).order_by("-pk")
        self.fields["campaign"].queryset = live.filter(entity__in=entities)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        campaign, ore = said.get("campaign"), said.get("amount_ore")
        if campaign and ore and not campaign.minimum_ore <= ore <= campaign.maximum_ore:
            wrong = _("The campaign does not take that sum. Choose another one.")
            self.add_error("amount_ore", wrong)
        return said

    def giver(self) -> Giver:
        """Who gives, as the paper says."""
        said = self.cleaned_data
        return Giver(
            name=said["name"],
            email=said["email"],
            phone=said["phone"],
            address=said["address"],
            postcode=said["postcode"],
            city=said["city"],
            organisation=said["variant"] != PERSON,
        )
