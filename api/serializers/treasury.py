"""The bank as the API tells it: files, items, matches, exceptions and the proof; no payer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Instant, RefOf, Strict, Text
from fundraise.reconciliation.models import Item, Kind, Match, ProofLine, QueueItem, StatementFile

Out = serializers.Serializer[Any]


class CsvMappingOut(Out):
    """How a bank's CSV is read: which column holds what. Not changed but by a new version."""

    ref = serializers.UUIDField()
    name = serializers.CharField()
    number = serializers.IntegerField(help_text="Of the version.")
    mapping = serializers.DictField()
    created_at = Instant()
    retired_at = Instant(allow_null=True)


class StatementFileOut(Out):
    """A bank's file. `reason` and `at` say why one was refused."""

    ref = serializers.UUIDField()
    entity = serializers.UUIDField(source="entity.ref", default=None, allow_null=True)
    kind = serializers.CharField(allow_blank=True)
    importer = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    sha256 = serializers.SerializerMethodField()
    size = serializers.IntegerField()
    state = serializers.ChoiceField(StatementFile.State.choices)
    received_at = Instant()
    booked_at = Instant(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    at = serializers.CharField(allow_blank=True)
    new_items = serializers.IntegerField()
    known_items = serializers.IntegerField()
    in_ore = serializers.IntegerField()
    out_ore = serializers.IntegerField()

    def get_sha256(self, file: StatementFile) -> str:
        return bytes(file.sha256).hex()


class ItemOut(Out):
    """One payer's money in a line of the bank."""

    ref = serializers.UUIDField()
    account = RefOf("account")
    file = RefOf("statement.file")
    part_of = serializers.UUIDField(source="part_of.ref", default=None, allow_null=True)
    booked_on = serializers.DateField()
    amount_ore = serializers.IntegerField(help_text="Below zero when it left the account.")
    reference = serializers.CharField(allow_blank=True)
    bank_ref = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(Item.State.choices)
    at = serializers.CharField(help_text="Where in the file.")


class MatchOut(Out):
    """What an item is, or may be."""

    ref = serializers.UUIDField()
    item = RefOf("item")
    state = serializers.ChoiceField(Match.State.choices)
    kind = serializers.ChoiceField(Kind.choices)
    rule = serializers.CharField(source="rule.rule.key", default="", allow_blank=True)
    evidence = serializers.SerializerMethodField()
    gift = serializers.UUIDField(source="gift.ref", default=None, allow_null=True)
    payout = serializers.UUIDField(source="payout.ref", default=None, allow_null=True)
    refund = serializers.UUIDField(source="refund.ref", default=None, allow_null=True)
    journal = serializers.UUIDField(source="journal.ref", default=None, allow_null=True)
    made_at = Instant()
    ended_at = Instant(allow_null=True)

    def get_evidence(self, match: Match) -> list[str]:
        return [str(code) for code in match.evidence.get("found", [])]


class ExceptionOut(Out):
    """What no rule could settle."""

    ref = serializers.UUIDField()
    entity = RefOf("entity")
    code = serializers.ChoiceField(QueueItem.Code.choices)
    subject = serializers.CharField(help_text="kind:ref of what it is about.")
    amount_ore = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(QueueItem.State.choices)
    opened_at = Instant()
    due_on = serializers.DateField()
    settled_at = Instant(allow_null=True)
    how = serializers.CharField(allow_blank=True)


class ProofLineOut(Out):
    """One identity of the newest daily proof."""

    entity = serializers.UUIDField(source="entity.ref", default=None, allow_null=True)
    letter = serializers.CharField()
    subject = serializers.CharField(source="source", help_text="Which account or thing.")
    name = serializers.CharField()
    expected = serializers.IntegerField()
    actual = serializers.IntegerField()
    difference = serializers.IntegerField()
    status = serializers.ChoiceField(ProofLine.Status.choices)
    note = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)


class UndoIn(Strict):
    """Why a match is undone; it names no person."""

    why = Text(max_length=200)
