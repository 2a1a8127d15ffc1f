"""Autogiro's files as the API tells them: totals and what became of each row, no payer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Instant, RefOf, Strict, Text
from fundraise.providers.giro.models import InFile, InRow, Order, OutFile

Out = serializers.Serializer[Any]
BASE64 = r"^[A-Za-z0-9+/]+={0,2}$"


class OutFileOut(Out):
    """A file to Bankgirot."""

    ref = serializers.UUIDField()
    entity = RefOf("agreement.account.entity")
    kind = serializers.ChoiceField(OutFile.Kind.choices)
    day = serializers.DateField(help_text="The bank day whose file it is.")
    serial = serializers.IntegerField()
    name = serializers.CharField()
    sha256 = serializers.SerializerMethodField()
    size = serializers.IntegerField()
    orders = serializers.IntegerField(source="orders_number")
    sum_ore = serializers.IntegerField()
    first_due = serializers.DateField(allow_null=True)
    deadline = Instant(allow_null=True)
    state = serializers.ChoiceField(OutFile.State.choices)
    built_at = Instant()
    approved_at = Instant(allow_null=True)
    delivered_at = Instant(allow_null=True)

    def get_sha256(self, file: OutFile) -> str:
        return bytes(file.sha256).hex()


class OrderOut(Out):
    """One record that was sent, and the bank's answer."""

    line = serializers.IntegerField()
    kind = serializers.ChoiceField(Order.Kind.choices)
    day = serializers.DateField()
    mandate = RefOf("mandate")
    collection = serializers.UUIDField(source="collection.ref", default=None, allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    answered_at = Instant(allow_null=True)


class InFileOut(Out):
    """A file from Bankgirot. `reason`, `line` and `column` say why one was refused."""

    ref = serializers.UUIDField()
    entity = serializers.UUIDField(
        source="agreement.account.entity.ref", default=None, allow_null=True
    )
    kind = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    sha256 = serializers.SerializerMethodField()
    size = serializers.IntegerField()
    via = serializers.CharField()
    state = serializers.ChoiceField(InFile.State.choices)
    received_at = Instant()
    written_on = serializers.DateField(allow_null=True)
    applied_at = Instant(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    line = serializers.IntegerField()
    column = serializers.IntegerField()
    remarks = serializers.IntegerField()
    rows = serializers.IntegerField(source="rows_number")
    counts = serializers.DictField(child=serializers.IntegerField())
    ours_ore = serializers.IntegerField()
    unknown_ore = serializers.IntegerField(help_text="Nobody's: it waits for a person.")
    other_ore = serializers.IntegerField(help_text="Another system's on the same bankgiro.")

    def get_sha256(self, file: InFile) -> str:
        return bytes(file.sha256).hex()


class InRowOut(Out):
    """A record of a file and what became of it."""

    line = serializers.IntegerField()
    kind = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    amount_ore = serializers.IntegerField(allow_null=True)
    day = serializers.DateField(allow_null=True)
    result = serializers.ChoiceField(InRow.Result.choices)
    mandate = serializers.UUIDField(source="mandate.ref", default=None, allow_null=True)
    collection = serializers.UUIDField(source="collection.ref", default=None, allow_null=True)


class ContentOut(Out):
    """A file as it was sealed, byte by byte."""

    name = serializers.CharField()
    sha256 = serializers.CharField()
    content = serializers.CharField(help_text="Base64.")


class TakeInIn(Strict):
    """A file that was fetched from the bank's channel."""

    content = serializers.RegexField(BASE64, max_length=980_000, help_text="Base64.")
    name = Text(max_length=160, default="", allow_blank=True)
