"""Filed party-finance reports as the API tells them: lines and givers' years, no names."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Instant, RefOf

Out = serializers.Serializer[Any]


class ReportLineOut(Out):
    """One line; `number` counts what it is made of, `detail` says place, time or tickets."""

    position = serializers.IntegerField()
    code = serializers.CharField()
    amount_ore = serializers.IntegerField()
    number = serializers.IntegerField(allow_null=True)
    detail = serializers.DictField()


class ReportOut(Out):
    """A version of an entity's report of a year; the highest version stands."""

    ref = serializers.UUIDField()
    entity = RefOf("entity")
    year = serializers.IntegerField()
    version = serializers.IntegerField()
    filed_at = Instant()
    reason = serializers.CharField(allow_blank=True)
    base_ore = serializers.IntegerField(help_text="The price base amount.")
    anonymous_ore = serializers.IntegerField()
    gifts_ore = serializers.IntegerField()
    total_ore = serializers.IntegerField()
    is_freed = serializers.BooleanField()
    sha256 = serializers.SerializerMethodField()
    lines = ReportLineOut(many=True)

    def get_sha256(self, report: Any) -> str:
        return bytes(report.sha256).hex()


class ReportGiverOut(Out):
    """One giver's year behind a report, without a name."""

    position = serializers.IntegerField()
    kind = serializers.CharField()
    band = serializers.CharField()
    amount_ore = serializers.IntegerField()
    in_kind_ore = serializers.IntegerField()
    gifts = serializers.IntegerField()
    identified = serializers.BooleanField()
