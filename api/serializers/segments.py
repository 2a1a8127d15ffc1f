"""Segments as the API tells and takes them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Instant, Json, Strict, Text, Truth, WholeNumber
from mailings.segments.audience import Reckoned

Out = serializers.Serializer[Any]
TREE = 'Groups {"all": […]}, {"any": […]}, {"not": …} and conditions {"is": …}: docs/segments.md.'


class SegmentOut(Out):
    ref = serializers.UUIDField()
    name = serializers.CharField()
    code = serializers.CharField(allow_blank=True, help_text="Of a ready-made one.")
    version = serializers.IntegerField(source="latest")
    created_at = Instant()
    archived_at = Instant(allow_null=True)


class SentenceOut(Out):
    sv = serializers.CharField()
    en = serializers.CharField()


class OneSegmentOut(SegmentOut):
    """A segment with its conditions, as JSON and in words."""

    tree = serializers.DictField()
    sentence = SentenceOut()
    targeting = serializers.ListField(
        child=serializers.CharField(),
        help_text="Kinds of conditions that count as targeting of political messages.",
    )


class SegmentIn(Strict):
    name = Text(max_length=90)
    tree = Json(help_text=TREE)


class NameIn(Strict):
    name = Text(max_length=90)


class VersionIn(Strict):
    tree = Json(help_text=TREE)
    made_from = WholeNumber(
        min_value=1, max_value=2**31 - 1, help_text="The version that you read."
    )


class Question(Strict):
    """A tree, or a saved segment's."""

    tree = Json(required=False, help_text=TREE)
    segment = serializers.UUIDField(required=False)


class CountIn(Question):
    """Whom an appeal of a campaign would reach, with these choices."""

    campaign = serializers.UUIDField()
    without_recent_days = WholeNumber(min_value=0, max_value=366, default=14)
    without_monthly = Truth(default=True)
    personal = Truth(default=False, help_text="Its sums or words follow what is known of each.")
    by_post = Truth(default=False)


class CountOut(serializers.Serializer[Reckoned]):
    """Exact numbers. `people` get it, in two groups; the others are counted by why not."""

    people = serializers.IntegerField()
    targeted = serializers.IntegerField()
    untargeted = serializers.IntegerField(help_text="Get standard sums, in an untargeted send.")
    matching = serializers.IntegerField(help_text="Of the tree alone.")
    no_basis = serializers.IntegerField()
    no_address = serializers.IntegerField()
    recent = serializers.IntegerField()
    monthly = serializers.IntegerField()


class SampleIn(Question):
    seed = WholeNumber(min_value=0, max_value=2**31 - 1, default=0)


class WhyOut(Out):
    condition = serializers.DictField()
    holds = serializers.BooleanField()
    sentence = SentenceOut()


class SampledOut(Out):
    donor = serializers.UUIDField()
    conditions = WhyOut(many=True)


class SampleOut(Out):
    items = SampledOut(many=True)
