"""Gifts, refunds, disputes, payouts and journals as the API tells them: refs, sums, no names."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Instant, Ore, RefOf, Strict, Text, Truth
from fundraise.gifts import people
from fundraise.gifts.models import Channel, Dispute, Gift, Refund
from fundraise.providers.by_hand import CLEARING
from fundraise.staff.rights import Rights

Out = serializers.Serializer[Any]


class DonorRef(RefOf):
    """The ref of a gift's donor, for whoever may know who gave; null for others."""

    def get_attribute(self, instance: Gift) -> Any:
        held: Rights = self.context["view"].held
        if instance.entity_id not in people.known_givers(held):
            return None
        return super().get_attribute(instance)


class GiftOut(Out):
    ref = serializers.UUIDField()
    entity = RefOf("entity")
    campaign = RefOf("campaign")
    fund = RefOf("campaign.fund", help_text="What it is for: its campaign's.")
    donor = DonorRef("donor", allow_null=True, help_text="Null without donors.view or gifts.giver.")
    state = serializers.ChoiceField(Gift.State.choices)
    channel = serializers.ChoiceField(Channel.choices, allow_blank=True)
    amount_ore = serializers.IntegerField()
    refunded_ore = serializers.IntegerField()
    disputed_ore = serializers.IntegerField()
    standing_ore = serializers.IntegerField()
    fee_ore = serializers.IntegerField()
    currency = serializers.CharField()
    language = serializers.CharField()
    origin = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    provider_ref = serializers.CharField(allow_blank=True)
    created_at = Instant()
    received_at = Instant(allow_null=True)


class GiverOut(Out):
    """What the giver typed, opened; the look is written down."""

    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    postcode = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    organisation = serializers.BooleanField()


class HandGiverIn(Strict):
    name = Text(max_length=120, default="", allow_blank=True)
    email = Text(max_length=254, default="", allow_blank=True)
    organisation = Truth(default=False)
    identity_number = Text(max_length=20, default="", allow_blank=True)
    address = Text(max_length=120, default="", allow_blank=True)
    postcode = Text(max_length=20, default="", allow_blank=True)
    city = Text(max_length=120, default="", allow_blank=True)


PROOF = r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,79}$"


class GiftIn(Strict):
    """A gift that staff saw: cash, or a payment that the bank reported."""

    campaign = serializers.UUIDField()
    amount_ore = Ore()
    channel = serializers.ChoiceField([str(one) for one in CLEARING])
    received_on = serializers.DateField()
    proof = serializers.RegexField(PROOF, help_text="The slip, voucher or bank line; once each.")
    giver = HandGiverIn(required=False)


class ConfirmIn(Strict):
    """The bank's report shows it."""

    seen_on = serializers.DateField()
    proof = serializers.RegexField(PROOF)


class LinkIn(Strict):
    donor = serializers.UUIDField()


class RefundOut(Out):
    ref = serializers.UUIDField()
    gift = RefOf("gift")
    amount_ore = serializers.IntegerField()
    state = serializers.ChoiceField(Refund.State.choices)
    needs_second = serializers.BooleanField()
    origin = serializers.CharField()
    created_at = Instant()
    sent_at = Instant(allow_null=True)


REASON = (
    "Why, for the books; kept for ever. No name; an e-mail address or the number of a telephone, "
    "a person or a card is refused."
)


class RefundIn(Strict):
    amount_ore = Ore()
    reason = Text(max_length=200, help_text=REASON)


class DisputeOut(Out):
    ref = serializers.UUIDField()
    gift = RefOf("gift")
    amount_ore = serializers.IntegerField()
    taken_ore = serializers.IntegerField()
    state = serializers.ChoiceField(Dispute.State.choices)
    reason = serializers.CharField(allow_blank=True)
    opened_at = Instant()
    due_at = Instant(allow_null=True)


class PayoutOut(Out):
    ref = serializers.UUIDField()
    entity = RefOf("account.entity")
    provider = serializers.CharField(source="account.provider")
    provider_ref = serializers.CharField()
    amount_ore = serializers.IntegerField()
    state = serializers.CharField()
    arrives_on = serializers.DateField()
    lines_complete = serializers.BooleanField()
    created_at = Instant()


class PayoutLineOut(Out):
    provider_ref = serializers.CharField()
    kind = serializers.CharField()
    amount_ore = serializers.IntegerField()
    fee_ore = serializers.IntegerField()
    net_ore = serializers.IntegerField()
    source_id = serializers.CharField(allow_blank=True)
    created_at = Instant()


class EntryOut(Out):
    line = serializers.IntegerField()
    debit_account = serializers.IntegerField(source="debit_account.number")
    credit_account = serializers.IntegerField(source="credit_account.number")
    amount_ore = serializers.IntegerField()
    campaign = serializers.CharField(source="campaign.code", default=None, allow_null=True)
    district = serializers.CharField(source="district.code", default=None, allow_null=True)


class JournalOut(Out):
    ref = serializers.UUIDField()
    entity = RefOf("entity")
    series = serializers.CharField(source="series.code")
    year = serializers.IntegerField()
    number = serializers.IntegerField()
    event_date = serializers.DateField()
    accounting_date = serializers.DateField()
    registered_at = Instant()
    text = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment]
    reversal_of = serializers.UUIDField(source="reversal_of.ref", default=None, allow_null=True)
    entries = EntryOut(many=True)


class JobRunOut(Out):
    name = serializers.CharField()
    state = serializers.ChoiceField(["running", "done", "failed"])
    started_at = Instant()
    finished_at = Instant(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    error = serializers.CharField(allow_blank=True)
