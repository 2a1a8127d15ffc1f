"""Monthly giving as the API tells it: refs, sums, days and states; accounts only as their hint."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Instant, Ore, RefOf, Strict, Text, WholeNumber
from api.serializers.money import DonorRef
from fundraise.pledges.models import Collection, Instalment, Mandate, MandateWording, Pledge

Out = serializers.Serializer[Any]
METHODS = ["autogiro", "card"]
CHANNELS = ["my_pages", "phone", "letter", "email"]
STOP_REASONS = ["money", "other_cause", "unhappy", "other"]
LAST_BANK_DAY = 31


class PledgeOut(Out):
    """A monthly gift: a promise, and never income."""

    ref = serializers.UUIDField()
    entity = RefOf("entity")
    campaign = RefOf("campaign")
    donor = DonorRef("donor", allow_null=True, help_text="Null without donors.view or gifts.giver.")
    state = serializers.ChoiceField(Pledge.State.choices)
    method = serializers.CharField()
    amount_ore = serializers.IntegerField()
    interval_months = serializers.IntegerField()
    day = serializers.IntegerField(help_text="1-28, or 31 for the last bank day.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    next_on = serializers.DateField(allow_null=True, help_text="The next draw that is planned.")
    paused_until = serializers.DateField(allow_null=True)
    language = serializers.CharField()
    origin = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    ocr_number = serializers.CharField(
        allow_null=True, default=None, help_text="Issued for payments by bankgiro."
    )
    created_at = Instant()
    ended_at = Instant(allow_null=True)
    end_reason = serializers.CharField(allow_blank=True)


class StoppedOut(PledgeOut):
    """A monthly gift after a stop or a pause, with what came too late."""

    unstoppable = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="Draws past the bank's cut-off: they are made all the same.",
    )


class ChangeOut(Out):
    """What was changed, as whose wish reached us when."""

    kind = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()
    channel = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    received_at = Instant()
    made_at = Instant()
    undone_at = Instant(allow_null=True)


class MandateOut(Out):
    """A permission to draw. Account and identity number are never told, only the hint."""

    ref = serializers.UUIDField()
    entity = RefOf("entity")
    pledge = serializers.UUIDField(
        source="pledge.ref", default=None, allow_null=True,
        help_text="Null for one of the Internet bank that nobody has named a sum for.",
    )  # fmt: skip
    method = serializers.CharField()
    state = serializers.ChoiceField(Mandate.State.choices)
    origin = serializers.CharField()
    variant = serializers.ChoiceField(MandateWording.Variant.choices)
    account_hint = serializers.CharField(allow_blank=True)
    payer_number = serializers.SerializerMethodField()
    card_expires_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="The last answer, as 04+32.")
    created_at = Instant()
    sent_at = Instant(allow_null=True)
    decided_at = Instant(allow_null=True)
    end_wanted_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)

    def get_payer_number(self, mandate: Mandate) -> str | None:
        """A number that means nothing; a bankgiro number is an account and is not told."""
        return None if mandate.variant == "bankgiro" else mandate.payer_number


class StepOut(Out):
    """One step of a mandate, with the bank's codes."""

    from_state = serializers.CharField(allow_blank=True)
    to_state = serializers.CharField()
    at = Instant()
    reason = serializers.CharField(allow_blank=True)


class MandateWithStepsOut(MandateOut):
    """A mandate and its whole history."""

    steps = serializers.SerializerMethodField()

    def get_steps(self, mandate: Mandate) -> list[dict[str, Any]]:
        return list(StepOut(mandate.transitions.order_by("pk"), many=True).data)


class InstalmentOut(Out):
    """One month (or quarter, half-year, year) of a pledge."""

    ref = serializers.UUIDField()
    pledge = RefOf("pledge")
    period = serializers.DateField(help_text="The first day of its month.")
    due_on = serializers.DateField()
    amount_ore = serializers.IntegerField()
    state = serializers.ChoiceField(Instalment.State.choices)
    reason = serializers.CharField(allow_blank=True)
    retried = serializers.BooleanField()
    announced_at = serializers.DateTimeField(
        source="notice.sent_at", default=None, allow_null=True,
        help_text="When the giver was told of it; nothing is drawn untold.",
    )  # fmt: skip
    created_at = Instant()


class CollectionOut(Out):
    """One attempt to draw a month."""

    ref = serializers.UUIDField()
    instalment = RefOf("instalment")
    pledge = RefOf("instalment.pledge")
    mandate = RefOf("mandate")
    number = serializers.IntegerField()
    amount_ore = serializers.IntegerField()
    due_on = serializers.DateField()
    state = serializers.ChoiceField(Collection.State.choices)
    reason = serializers.CharField(allow_blank=True, help_text="The provider's code.")
    reference = serializers.CharField()
    gift = serializers.UUIDField(source="gift.ref", default=None, allow_null=True)
    created_at = Instant()
    sent_at = Instant(allow_null=True)
    settled_at = Instant(allow_null=True)


# --- Wishes ---------------------------------------------------------------------------------------
class WishIn(Strict):
    """A giver's wish, and how and when it reached you."""

    channel = serializers.ChoiceField(CHANNELS, help_text="my_pages: the giver's own pages.")
    received_at = Instant(
        required=False, help_text="Now, when it is left out. A stop is counted from then."
    )


class ChangeIn(WishIn):
    """What is to be changed; what is left out stays."""

    amount_ore = Ore(required=False)
    day = WholeNumber(min_value=1, max_value=LAST_BANK_DAY, required=False)


class PauseIn(WishIn):
    until = serializers.DateField(help_text="The first day that may be drawn on again.")


class UnskipIn(WishIn):
    period = serializers.DateField(help_text="The month that was left out: its first day.")


class StopIn(WishIn):
    reason = serializers.ChoiceField(STOP_REASONS, default="", allow_blank=True)


# --- Sign-up --------------------------------------------------------------------------------------
class AccountIn(Strict):
    """What is drawn on, and whose it is: sealed at once, never given out again."""

    variant = serializers.ChoiceField(MandateWording.Variant.choices, default="person")
    account = Text(max_length=80, help_text="Clearing and account in any notation, or a bankgiro.")
    identity_number = Text(
        max_length=20, help_text="The holder's: the bank compares it with the account."
    )
    mandate_version = WholeNumber(
        min_value=1, max_value=1_000_000,
        help_text="The version of the mandate's text that was shown and agreed to.",
    )  # fmt: skip
