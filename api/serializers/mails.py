"""Mail as the API tells it: messages, results, templates, codes, suppressions and journeys."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from rest_framework import serializers

from api.fields import Instant, RefOf, Strict, Text, WholeNumber
from mailings.appeals.models import Batch, Content, Message
from mailings.attribution.added import Added, Part
from mailings.attribution.codes import FORM
from mailings.attribution.models import SourceCode
from mailings.attribution.results import Figures, Result
from mailings.attribution.touching import FirstTouch
from mailings.journeys.models import Journey
from mailings.suppressions.models import Suppression

Out = serializers.Serializer[Any]
FACTS = (
    "processed", "deferred", "delivered", "bounced", "blocked", "dropped", "complained",
    "unsubscribed", "replied", "human_click", "machine_click", "human_open", "machine_open",
)  # fmt: skip


class FatesOut(Out):
    """When each thing was first known of a message; null: it is not known to have been so."""

    def get_fields(self) -> dict[str, Any]:
        return {name: Instant(source=f"{name}_at", allow_null=True) for name in FACTS}


class MessageOut(Out):
    """The mail to one person, by its token; no address, and the donor for whoever may see them."""

    token = serializers.CharField()
    donor = serializers.UUIDField(allow_null=True, help_text="Null without donors.view.")
    variant = serializers.CharField(allow_null=True)
    language = serializers.ChoiceField(Content.Language.choices, allow_null=True)
    outcome = serializers.ChoiceField(
        Message.Outcome.choices, allow_blank=True, help_text="Why it was not sent; else empty."
    )
    batch_state = serializers.ChoiceField(Batch.State.choices, allow_null=True)
    targeted = serializers.BooleanField()
    tracked = serializers.BooleanField()
    facts = FatesOut(allow_null=True)


# --- Results --------------------------------------------------------------------------------------
class FiguresOut(serializers.Serializer[Figures]):
    """Öre and whole numbers. Money is what stands of the gifts now."""

    def get_fields(self) -> dict[str, Any]:
        found: dict[str, Any] = {one.name: serializers.IntegerField() for one in fields(Figures)}
        return found | {"per_mail_ore": serializers.IntegerField(allow_null=True)}


class VersionOut(Out):
    variant = serializers.CharField()
    figures = FiguresOut()


class HourOut(Out):
    hour = Instant()
    facts = serializers.DictField(child=serializers.IntegerField())
    gifts = serializers.IntegerField()
    received_ore = serializers.IntegerField()


class FirstTouchOut(serializers.Serializer[FirstTouch]):
    """Gifts whose givers the appeal was the first to reach, whatever they are counted to."""

    gifts = serializers.IntegerField()
    received_ore = serializers.IntegerField()


class PartOut(serializers.Serializer[Part]):
    people = serializers.IntegerField()
    givers = serializers.IntegerField()
    received_ore = serializers.IntegerField(source="ore")


class AddedOut(serializers.Serializer[Added]):
    """Those who were asked against those whom the lot left out to compare with."""

    asked = PartOut()
    left_out = PartOut(source="held")
    until = Instant(help_text="Gifts to the campaign count from the freezing until then.")
    each_ore = serializers.FloatField(help_text="What each one asked gave more.")
    margin_ore = serializers.FloatField(help_text="It is sure to this, nineteen times of twenty.")
    says_something = serializers.BooleanField(help_text="Enough have given, in all.")


class ResultOut(serializers.Serializer[Result]):
    """What an appeal brought, read anew; `compared`: the middle of the last ten before it."""

    appeal = RefOf("appeal")
    total = FiguresOut()
    versions = VersionOut(many=True)
    left_out = serializers.DictField(child=serializers.IntegerField())
    clicks_by_confidence = serializers.DictField(child=serializers.IntegerField())
    unnamed_visits = serializers.IntegerField()
    compared = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    first_touch = FirstTouchOut()
    added = AddedOut(allow_null=True, help_text="Null where nobody was left out to compare with.")
    hours = HourOut(many=True)


# --- Templates and codes --------------------------------------------------------------------------
class TemplateOut(Out):
    ref = serializers.UUIDField()
    entity = RefOf("entity")
    name = serializers.CharField()
    edition = serializers.IntegerField()
    changed_at = Instant()
    archived_at = Instant(allow_null=True)


class OneTemplateOut(TemplateOut):
    """A template with what is written now, by language."""

    sheets = serializers.DictField(child=serializers.DictField())


class TemplateVersionOut(Out):
    number = serializers.IntegerField()
    made_at = Instant()
    sheets = serializers.DictField(child=serializers.DictField())


class CodeOut(Out):
    ref = serializers.UUIDField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    medium = serializers.ChoiceField(SourceCode.Medium.choices)
    campaign = RefOf("campaign")
    appeal = RefOf("appeal", allow_null=True)
    url = serializers.URLField(help_text="The donation page with the code, as it is printed.")
    created_at = Instant()
    closed_at = Instant(allow_null=True)


class CodeIn(Strict):
    """A code for print: it is never changed, since it is printed."""

    code = serializers.RegexField(rf"^{FORM.pattern}$", max_length=20)
    label = Text(max_length=90)  # type: ignore[assignment]
    medium = serializers.ChoiceField(SourceCode.Medium.choices, default="other")
    campaign = serializers.UUIDField()
    appeal = serializers.UUIDField(required=False, allow_null=True)


# --- Sender and links -----------------------------------------------------------------------------
class SenderOut(Out):
    address = serializers.CharField()
    name = serializers.CharField()


class SenderIn(Strict):
    variant = serializers.ChoiceField(["A", "B", "C", "D"], default="A")
    address = Text(max_length=254)
    name = Text(max_length=70)
    reply_to = Text(max_length=254, default="", allow_blank=True)


class MendIn(Strict):
    """Where a link shall lead from now on, in mails that were sent before too."""

    variant = serializers.ChoiceField(["A", "B", "C", "D"], default="A")
    language = serializers.ChoiceField(Content.Language.choices)
    number = WholeNumber(min_value=1, max_value=999)
    target = Text(max_length=2000)
    why = Text(max_length=200)


# --- Suppressions ---------------------------------------------------------------------------------
class SuppressionOut(Out):
    """One reason why an address is not mailed; the address itself is in no answer."""

    ref = serializers.UUIDField()
    reason = serializers.ChoiceField(Suppression.Reason.choices)
    scope = serializers.ChoiceField(Suppression.Scope.choices)
    campaign = RefOf("campaign", allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    created_at = Instant()
    lifted_at = Instant(allow_null=True)


class AddressIn(Strict):
    email = Text(max_length=254)


class SuppressionIn(AddressIn):
    scope = serializers.ChoiceField(Suppression.Scope.choices, default="appeals")
    campaign = serializers.UUIDField(required=False, help_text="With the scope campaign.")


class AddressOut(Out):
    stands = serializers.BooleanField(help_text="Something keeps mail from it now.")
    items = SuppressionOut(many=True)


class LiftIn(Strict):
    why = Text(max_length=500)
    wish = Text(
        max_length=200, default="", allow_blank=True,
        help_text="Of a complaint: where the person's own written wish is kept.",
    )  # fmt: skip


# --- Journeys -------------------------------------------------------------------------------------
class JourneyOut(Out):
    ref = serializers.UUIDField()
    campaign = RefOf("campaign")
    name = serializers.CharField()
    trigger = serializers.ChoiceField(Journey.Trigger.choices)
    state = serializers.ChoiceField(Journey.State.choices)
    months = serializers.IntegerField()
    exit_on_gift = serializers.BooleanField()
    since = Instant(allow_null=True, help_text="When it was last switched on.")
    created_at = Instant()


class StepOut(Out):
    number = serializers.IntegerField()
    wait_days = serializers.IntegerField()
    pattern = RefOf("pattern", help_text="The draft appeal that holds its words.")


class OneJourneyOut(JourneyOut):
    steps = StepOut(many=True)
    runs = serializers.SerializerMethodField(help_text="How many are on the way, or have been.")

    def get_runs(self, _journey: Journey) -> dict[str, int]:
        found: dict[str, int] = self.context.get("runs", {})
        return found


class SimulationOut(Out):
    """The last days as if it had run: the most that would have been sent. Nobody is mailed."""

    since = serializers.DateField()
    until = serializers.DateField()
    entered = serializers.IntegerField()
    left_by_gift = serializers.IntegerField()
    mailed = serializers.DictField(child=serializers.IntegerField(), help_text="By step.")
    by_day = serializers.DictField(child=serializers.IntegerField())
