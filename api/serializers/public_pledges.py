"""What anybody may read of monthly giving, and how a monthly gift is started from outside."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from api.fields import Instant, Ore, Strict, Text, WholeNumber
from api.serializers.pledges import LAST_BANK_DAY, AccountIn
from api.serializers.public import LANGUAGES, REFERENCE, GiverIn
from fundraise.pledges.models import MandateWording, Pledge

Out = serializers.Serializer[Any]
INTERVALS = [int(value) for value in Pledge.Interval.values]


class MandateTextOut(Out):
    """The mandate's text for one kind of payer, with the payee's particulars filled in."""

    variant = serializers.ChoiceField(MandateWording.Variant.choices)
    language = serializers.CharField()
    version = serializers.IntegerField()
    text = serializers.CharField()


class MonthlyOut(Out):
    """Monthly giving of a campaign: what may be chosen, and what is agreed to."""

    methods = serializers.ListField(child=serializers.CharField())
    intervals = serializers.ListField(child=serializers.IntegerField())
    days = serializers.ListField(
        child=serializers.IntegerField(), help_text="31 is the last bank day."
    )
    day = serializers.IntegerField(help_text="What is taken when none is named.")
    amounts_ore = serializers.ListField(child=serializers.IntegerField())
    minimum_ore = serializers.IntegerField()
    maximum_ore = serializers.IntegerField()
    signing = serializers.ChoiceField(list(settings.SIGNERS))
    mandates = MandateTextOut(many=True)


class StartPledgeIn(Strict):
    """A monthly gift to be started. Without a key, `form` is needed; autogiro needs `account`."""

    campaign = serializers.SlugField(max_length=60)
    amount_ore = Ore()
    method = serializers.ChoiceField(list(settings.RECURRING))
    interval_months = serializers.ChoiceField(INTERVALS, default=1)
    day = WholeNumber(min_value=1, max_value=LAST_BANK_DAY, allow_null=True, default=None)
    language = serializers.ChoiceField(LANGUAGES, default="sv")
    reference = serializers.RegexField(REFERENCE, default="", allow_blank=True)
    giver = GiverIn()
    account = AccountIn(allow_null=True, default=None)
    internet_bank = serializers.BooleanField(
        default=False,
        help_text="Autogiro without `account`: the giver types `payer_number` at the bank.",
    )
    form = Text(max_length=200, default="", allow_blank=True)
    client_address = serializers.IPAddressField(
        default="", allow_blank=True,
        help_text="With a key: the giver's own address, for the limits and the mandate's proof.",
    )  # fmt: skip


class PledgeStartedOut(Out):
    """Where the giver goes: the provider's page, or the pledge's own without a `redirect_url`."""

    ref = serializers.UUIDField()
    state = serializers.ChoiceField(Pledge.State.choices)
    starts_on = serializers.DateField()
    waits_for = serializers.ChoiceField(
        ["mail_link", "page", "provider", "internet_bank"], allow_null=True,
        help_text="A mailed link, a signature on `page_url`, a card at `redirect_url`, the giver's "
        "Internet bank, or nothing.",
    )  # fmt: skip
    redirect_url = serializers.CharField(allow_null=True)
    payer_number = serializers.CharField(
        allow_null=True, help_text="To type in the Internet bank, where that is waited for."
    )
    page_url = serializers.CharField()


class PublicPledgeOut(Out):
    """A monthly gift as its own page shows it: sum, days and state, no person and no account."""

    ref = serializers.UUIDField()
    campaign = serializers.CharField(source="campaign.slug")
    state = serializers.ChoiceField(Pledge.State.choices)
    method = serializers.CharField()
    amount_ore = serializers.IntegerField()
    interval_months = serializers.IntegerField()
    day = serializers.IntegerField()
    starts_on = serializers.DateField()
    created_at = Instant()
