"""Appeals as the API tells and takes them: refs, codes, numbers and words, no person."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Instant, Json, RefOf, Strict, Text, Truth, WholeNumber
from mailings.appeals import preflight
from mailings.appeals.models import Appeal, Batch, Content, Trial, Wave
from mailings.appeals.queries import Progress
from mailings.composing import made_up
from mailings.composing.blocks import MOST_BLOCKS
from mailings.composing.sheets import LONGEST_LINE, LONGEST_TEXT

Out = serializers.Serializer[Any]
LETTERS = ["A", "B", "C", "D"]
KINDS = [("mail", "Mail"), ("letter", "Letter")]  # a journey makes its own
OTHER_NAMES = {
    "zone": "Europe/Stockholm, or another name of the IANA zones.",
    "local_time": "The clock on the wall in the zone: 2026-12-01T18:03.",
}


class AppealOut(Out):
    """An appeal. `edition` counts its saves: name it when you change it."""

    ref = serializers.UUIDField()
    entity = RefOf("campaign.entity")
    campaign = RefOf("campaign")
    kind = serializers.ChoiceField(Appeal.Kind.choices)
    title = serializers.CharField()
    state = serializers.ChoiceField(Appeal.State.choices)
    edition = serializers.IntegerField()
    purpose = serializers.CharField(help_text="The legal basis that its people need.")
    segment = serializers.UUIDField(
        source="segment_ref", allow_null=True, help_text="Null: everybody who may be asked."
    )
    segment_version = serializers.IntegerField(source="segment_number", allow_null=True)
    people_of = RefOf("people_of", allow_null=True, help_text="The appeal that this one reminds.")
    copied_from = RefOf("copied_from", allow_null=True)
    without_recent_days = serializers.IntegerField()
    without_monthly = serializers.BooleanField()
    drop_givers = serializers.BooleanField()
    holdout_percent = serializers.IntegerField()
    priority = serializers.IntegerField()
    ignores_cap = serializers.BooleanField()
    first_wave = serializers.IntegerField()
    zone = serializers.CharField(help_text=OTHER_NAMES["zone"])
    local_time = serializers.CharField(allow_blank=True, help_text=OTHER_NAMES["local_time"])
    send_at = Instant(allow_null=True)
    cool_off_until = Instant(allow_null=True, help_text="Nothing leaves before.")
    needs_second = serializers.BooleanField()
    has_second = serializers.SerializerMethodField(help_text="A second person has agreed.")
    paused_for = serializers.CharField(allow_blank=True, help_text="staff, or why it stopped.")
    frozen = serializers.IntegerField(help_text="People in the frozen list.")
    created_at = Instant()
    scheduled_at = Instant(allow_null=True)
    frozen_at = Instant(allow_null=True)
    started_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)

    def get_has_second(self, appeal: Appeal) -> bool:
        return appeal.approved_by != ""


class WordsOut(Out):
    """The words of one version in one language, and what is wrong with them."""

    variant = serializers.CharField(source="variant.letter")
    language = serializers.ChoiceField(Content.Language.choices)
    edition = serializers.IntegerField()
    subject = serializers.CharField(allow_blank=True)
    preheader = serializers.CharField(allow_blank=True)
    blocks = serializers.ListField(child=serializers.DictField())
    text_edited = serializers.CharField(allow_blank=True)
    from_name = serializers.CharField(allow_blank=True)
    from_email = serializers.CharField(allow_blank=True)
    text = serializers.CharField(source="compiled_text", allow_blank=True)
    problems = serializers.ListField(child=serializers.DictField())
    links = serializers.SerializerMethodField()

    def get_links(self, content: Content) -> list[str]:
        return [link.target for link in sorted(content.links.all(), key=lambda one: one.number)]


class VariantOut(Out):
    letter = serializers.CharField()
    share = serializers.IntegerField()
    languages = serializers.SerializerMethodField()

    def get_languages(self, variant: Any) -> list[str]:
        return sorted(content.language for content in variant.contents.all())


class TrialOut(Out):
    percent = serializers.IntegerField(help_text="So many of a hundred take part.")
    hours = serializers.IntegerField()
    state = serializers.ChoiceField(Trial.State.choices)
    winner = serializers.CharField(source="winner.letter", allow_null=True, default=None)
    stopped = serializers.ListField(child=serializers.CharField())
    decided_at = Instant(allow_null=True)


class ProgressOut(serializers.Serializer[Progress]):
    frozen = serializers.IntegerField()
    prepared = serializers.IntegerField()
    held = serializers.IntegerField()
    ready = serializers.IntegerField()
    posting = serializers.IntegerField()
    in_doubt = serializers.IntegerField()
    accepted = serializers.IntegerField()


class OneAppealOut(AppealOut):
    """An appeal with its versions, its trial, and how many people are where."""

    criteria = serializers.DictField(
        help_text="What chose the people, as it was when they were frozen; empty before."
    )
    variants = VariantOut(many=True)
    trial = TrialOut(allow_null=True, default=None)
    progress = ProgressOut()


class WaveOut(Out):
    number = serializers.IntegerField()
    people = serializers.IntegerField()
    state = serializers.ChoiceField(Wave.State.choices)
    released_at = Instant(allow_null=True)


class CheckOut(Out):
    """One point: ok, warn (weigh it), block (mend it first), or unknown."""

    code = serializers.CharField()
    state = serializers.ChoiceField(
        [preflight.OK, preflight.WARN, preflight.BLOCK, preflight.UNKNOWN]
    )
    args = serializers.DictField()


class PreflightOut(Out):
    blocked = serializers.BooleanField(help_text="It can't be scheduled like this.")
    people = serializers.IntegerField()
    checks = CheckOut(many=True)


class BatchOut(Out):
    """One request to the sender, and whether it is known to have arrived."""

    fence = serializers.UUIDField(allow_null=True, help_text="The name of its last try.")
    appeal = RefOf("appeal")
    wave = serializers.IntegerField(source="wave.number", allow_null=True, default=None)
    state = serializers.ChoiceField(Batch.State.choices)
    people = serializers.IntegerField()
    sent = serializers.IntegerField()
    attempts = serializers.IntegerField()
    sender = serializers.CharField(allow_blank=True)
    posted_at = Instant(allow_null=True)
    settled_at = Instant(allow_null=True)


# --- What is taken --------------------------------------------------------------------------------
class Options(Strict):
    """What may be chosen; what is left out stays."""

    title = Text(max_length=90, required=False)
    segment = serializers.UUIDField(
        required=False, allow_null=True, help_text="Its newest version; null: everybody."
    )
    without_recent_days = WholeNumber(min_value=0, max_value=366, required=False)
    without_monthly = Truth(required=False)
    drop_givers = Truth(required=False)
    holdout_percent = WholeNumber(min_value=0, max_value=50, required=False)
    priority = WholeNumber(min_value=1, max_value=9, required=False)
    ignores_cap = Truth(required=False)
    first_wave = WholeNumber(min_value=0, max_value=10_000_000, required=False)


class AppealIn(Options):
    """A draft. `template`: begin with the newest version of its words."""

    campaign = serializers.UUIDField()
    title = Text(max_length=90)
    kind = serializers.ChoiceField(KINDS, default="mail")
    template = serializers.UUIDField(required=False)


class AppealChange(Options):
    edition = WholeNumber(min_value=1, max_value=2**31 - 1)


class WordsIn(Strict):
    """All the words of one version in one language; all empty takes the language away."""

    variant = serializers.ChoiceField(LETTERS, default="A")
    language = serializers.ChoiceField(Content.Language.choices)
    edition = WholeNumber(min_value=0, max_value=2**31 - 1, help_text="0: nothing is written yet.")
    subject = Text(max_length=LONGEST_LINE, default="", allow_blank=True)
    preheader = Text(max_length=LONGEST_LINE, default="", allow_blank=True)
    blocks = serializers.ListField(child=Json(), max_length=MOST_BLOCKS, default=list)
    text_edited = Text(
        max_length=LONGEST_TEXT, default="", allow_blank=True, trim_whitespace=False,
        help_text="Empty: the plain text is made from the blocks.",
    )  # fmt: skip


class VariantIn(Strict):
    copy_of = serializers.ChoiceField(LETTERS, default="A")


class LetterIn(Strict):
    variant = serializers.ChoiceField(LETTERS)


class TrialIn(Strict):
    percent = WholeNumber(min_value=1, max_value=100)
    hours = WholeNumber(min_value=1, max_value=720, default=48)


class ScheduleIn(Strict):
    """When: an empty time is now. `which`: 0 or 1 for a time that the clock shows twice."""

    edition = WholeNumber(min_value=1, max_value=2**31 - 1)
    local_time = Text(
        max_length=16, default="", allow_blank=True, help_text=OTHER_NAMES["local_time"]
    )
    zone = Text(max_length=40, default="", allow_blank=True, help_text=OTHER_NAMES["zone"])
    which = WholeNumber(min_value=0, max_value=1, required=False, allow_null=True)
    quiet_reason = Text(max_length=200, default="", allow_blank=True)


class WhyIn(Strict):
    why = Text(max_length=200, default="", allow_blank=True)


class CancelIn(Strict):
    why = Text(max_length=200)


class SettleIn(Strict):
    left = Truth()
    why = Text(max_length=200)


class CopyIn(Strict):
    title = Text(max_length=90, default="", allow_blank=True)


class TestIn(Strict):
    """Which words are tried, and as whom they are seen."""

    variant = serializers.ChoiceField(LETTERS, default="A")
    language = serializers.ChoiceField(Content.Language.choices)
    person = serializers.ChoiceField(list(made_up.PEOPLE), default="anna")


class TestOut(Out):
    sent = serializers.IntegerField(help_text="0: this test was mailed already.")


class LettersOut(Out):
    letters = serializers.IntegerField(help_text="How many get one.")
