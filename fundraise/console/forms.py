"""What staff send: read once, every sentence in their language, money in kronor."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from fundraise import clock
from fundraise.campaigns.models import Campaign, Fund
from fundraise.console.fields import DayField, FundField, KronorField, KronorListField, names_nobody
from fundraise.gifts.models import Channel
from fundraise.ledger.models import LegalEntity

BY_HAND = [(c.value, c.label) for c in (Channel.BANK, Channel.CASH, Channel.SWISH_NUMBER)]
SLUG_TAKEN = _("The address is used by another page. Choose another one.")
TAKEN = {"api", "webhooks", "static", "media", "bilder", "gava", "gift", "om", "about"}


class CampaignForm(forms.Form):
    """A campaign's words, goal and choices. `picture` is the upload, kept by the view."""

    title_sv = forms.CharField(label=_("Title in Swedish"), max_length=90)
    title_en = forms.CharField(label=_("Title in English"), max_length=90)
    fund = FundField(
        Fund.objects.none(),
        label=_("Fund"),
        required=False,
        empty_label=None,
        help_text=_("What the money may be used for. It stays as soon as the first gift comes."),
    )
    purpose_sv = forms.CharField(
        label=_("What it is for, in Swedish"), max_length=300, help_text=_("One sentence.")
    )
    purpose_en = forms.CharField(
        label=_("What it is for, in English"), max_length=300, help_text=_("One sentence.")
    )
    status = forms.ChoiceField(label=_("Status"), choices=Campaign.Status.choices)
    goal_ore = KronorField(label=_("Goal, kr"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False)
    amounts_once = KronorListField(
        label=_("Suggested sums, once, kr"),
        help_text=_("One to six rising sums with a semicolon between, such as 100; 250; 500."),
    )
    amounts_monthly = KronorListField(label=_("Suggested sums, every month, kr"))
    first_frequency = forms.ChoiceField(
        label=_("Asked for first"), choices=Campaign.Frequency.choices
    )
    monthly_open = forms.BooleanField(
        label=_("Monthly giving is open"),
        required=False,
        help_text=_("Switch on when autogiro or monthly cards are set up."),
    )
    minimum_ore = KronorField(label=_("Smallest gift, kr"))
    maximum_ore = KronorField(label=_("Largest gift, kr"))
    attribution_days = forms.IntegerField(
        label=_("Days that count to an appeal"),
        min_value=0,
        max_value=366,
        required=False,
        help_text=_("Gifts that come at most so many days after an appeal's mail count to it."),
    )
    theme_colour = forms.CharField(
        label=_("Colour"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG or WebP, at most 10 MB. It is made smaller and loses its metadata."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    remove_picture = forms.BooleanField(label=_("Take the picture away"), required=False)
    picture_alt_sv = forms.CharField(
        label=_("What the picture shows, in Swedish"), max_length=160, required=False
    )
    picture_alt_en = forms.CharField(
        label=_("What the picture shows, in English"), max_length=160, required=False
    )

    def __init__(self, *args: Any, funds: QuerySet[Fund], **options: Any) -> None:
        """`funds`: what the campaign's money can be for."""
        super().__init__(*args, **options)
        if funds.count() < 2:
            del self.fields["fund"]  # nothing to choose
        else:
            self.fund_field.offer(funds)

    @property
    def fund_field(self) -> FundField:
        """The choice of a fund, where there is one."""
        return cast("FundField", self.fields["fund"])

    @property
    def upload(self) -> UploadedFile[Any] | None:
        """The picture that was sent with the form, if any."""
        sent: UploadedFile[Any] | None = self.cleaned_data.get("picture")
        return sent

    def values(self) -> dict[str, Any]:
        """What the campaign services take."""
        apart = {"picture", "remove_picture", "entity", "slug"}
        # Left empty: as it was.
        apart |= {n for n in ("attribution_days", "fund") if self.cleaned_data.get(n) is None}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}


class NewCampaignForm(CampaignForm):
    """The same, with what can be chosen only once."""

    slug = forms.SlugField(
        label=_("Page address"),
        max_length=60,
        help_text=_("The last part of the page's address. It can't be changed afterwards."),
    )
    entity = forms.ModelChoiceField(
        label=_("Whose campaign"), queryset=LegalEntity.objects.none(), empty_label=None
    )

    field_order = ["slug", "entity"]

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        """`entities`: whose campaigns the one who asks may make; no other can be chosen."""
        funds = Fund.objects.filter(entity__in=entities, put_away_at=None)
        super().__init__(*args, funds=funds, **options)
        if len(entities) > 1 and "fund" in self.fields:
            self.fund_field.offer(funds.filter(is_default=False))
            self.fund_field.empty_label = str(_("General purpose"))
        self.fields["entity"].queryset = LegalEntity.objects.filter(  # type: ignore[attr-defined]
            pk__in=entities
        ).order_by("pk")

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in TAKEN or not _is_free(slug):
            raise ValidationError(SLUG_TAKEN)
        return slug


def _is_free(slug: str) -> bool:
    """Whether the address leads to a campaign's page and to nothing else."""
    try:
        return resolve(f"/{slug}/").url_name in {"donate_sv", None}
    except Resolver404:
        return True


class ManualGiftForm(forms.Form):
    """A gift that came as cash or through the bank, as the slip or the bank line shows it."""

    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=Campaign.objects.exclude(status=Campaign.Status.DRAFT).order_by("-pk"),
        empty_label=None,
    )
    amount_ore = KronorField(label=_("Sum, kr"))
    channel = forms.ChoiceField(label=_("How it came"), choices=BY_HAND)
    received_on = DayField(label=_("Day it came"))
    proof = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9 ./_-]*$",
        label=_("Proof"),
        max_length=60,
        help_text=_("The number of the slip, bank line or voucher. No name. It is taken once."),
        error_messages={"invalid": _("Use letters a–z, digits, spaces and . / _ - only.")},
    )
    name = forms.CharField(label=_("Giver's name"), max_length=120, required=False)
    email = forms.EmailField(label=_("Giver's e-mail"), max_length=254, required=False)
    address = forms.CharField(label=_("Street address"), max_length=120, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=_("Town"), max_length=120, required=False)
    identity_number = forms.CharField(
        label=_("Personal identity number or organisation number"), max_length=20, required=False
    )
    organisation = forms.BooleanField(label=_("The giver is an organisation"), required=False)

    def __init__(self, *args: Any, entities: Collection[int], **options: Any) -> None:
        """`entities`: whose gifts the one who asks may enter; no other campaign can be chosen."""
        super().__init__(*args, **options)
        _limit_campaigns(self, entities)

    def clean_received_on(self) -> Any:
        return not_later(self.cleaned_data["received_on"])


def _limit_campaigns(form: forms.Form, entities: Collection[int]) -> None:
    field: Any = form.fields["campaign"]
    field.queryset = field.queryset.filter(entity__in=entities)


def not_later(on: Any) -> Any:
    """A day that has come. Raises ValidationError."""
    if on > clock.today():
        raise ValidationError(_("The day has not come yet."))
    return on


class ProofForm(forms.Form):
    """The bank line that shows a waiting gift's money, or a refund that staff sent."""

    seen_on = DayField(label=_("Day on the bank's report"))
    proof = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9 ./_-]*$",
        label=_("Proof"),
        max_length=60,
        help_text=_("The number of the slip, bank line or voucher. No name. It is taken once."),
        error_messages={"invalid": _("Use letters a–z, digits, spaces and . / _ - only.")},
    )

    def clean_seen_on(self) -> Any:
        return not_later(self.cleaned_data["seen_on"])


class RefundForm(forms.Form):
    """How much to send back and why. `seen` is how many refunds the gift had on the page."""

    amount_ore = KronorField(label=_("Sum to pay back, kr"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For the books. No name, no address."),
        validators=[names_nobody],
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SecondForm(forms.Form):
    """The second person's answer; a no says why."""

    answer = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
    reason = forms.CharField(
        label=_("Why, for the log"),
        max_length=200,
        required=False,
        help_text=_("Needed for a no. No name, no address."),
        validators=[names_nobody],
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("answer") == "no" and not said.get("reason"):
            self.add_error("reason", _("Write why not."))
        return said


class FindForm(forms.Form):
    """A whole name, an address or a number, to find a donor by."""

    text = forms.CharField(
        label=_("Name, e-mail, phone or number"),
        max_length=200,
        help_text=_("Write it in full: names and addresses are sealed, so parts can't be found."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
