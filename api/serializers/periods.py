"""SIE files and months as the API tells them: days, counts, sums, hashes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Instant, RefOf, Strict, Truth
from fundraise.ledger.models import Period
from fundraise.reporting.books.models import BookExport, Closing

Out = serializers.Serializer[Any]


class NumbersOut(Out):
    """The numbers of one series in a file."""

    series = serializers.CharField()
    year = serializers.IntegerField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()
    count = serializers.IntegerField()

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(dict(zip(self.fields, instance, strict=True)))


class ChangedOut(Out):
    """A text that the file's letters can't hold: where, before and after."""

    where = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(dict(zip(self.fields, instance, strict=True)))


class BookExportOut(Out):
    ref = serializers.UUIDField()
    entity = RefOf("entity")
    kind = serializers.ChoiceField(BookExport.Kind.choices)
    number = serializers.IntegerField()
    from_day = serializers.DateField()
    to_day = serializers.DateField()
    journals = serializers.IntegerField()
    vouchers = serializers.IntegerField()
    sum_ore = serializers.IntegerField()
    numbers = NumbersOut(many=True)
    changes = ChangedOut(many=True)
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    made_at = Instant()


class BookExportIn(Strict):
    """The days whose journals no file holds yet; of `sie4e` a whole year."""

    entity = serializers.UUIDField()
    kind = serializers.ChoiceField(BookExport.Kind.choices, default=BookExport.Kind.SIE_4I)
    from_day = serializers.DateField()
    to_day = serializers.DateField()

    def validate(self, attrs: Any) -> Any:
        first, last = attrs["from_day"], attrs["to_day"]
        is_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        if attrs["kind"] == BookExport.Kind.SIE_4E and (not is_year or first.year != last.year):
            words = "Whole books are of one year: from 1 January to 31 December."
            raise serializers.ValidationError({"to_day": words})
        return attrs


class FileOut(Out):
    name = serializers.CharField()
    sha256 = serializers.CharField()
    content = serializers.CharField(help_text="The bytes in base64.")


class PeriodOut(Out):
    entity = RefOf("entity")
    first_day = serializers.DateField()
    state = serializers.ChoiceField(Period.State.choices)
    changed_at = Instant()


class LineOut(Out):
    """A line of the checklist as it stood; of the daily proof `key` is its letter and source."""

    key = serializers.CharField()
    expected = serializers.IntegerField()
    actual = serializers.IntegerField()
    status = serializers.CharField()
    comment = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)


class PackFileOut(Out):
    ref = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class ClosingOut(Out):
    ref = serializers.UUIDField()
    entity = RefOf("entity")
    first_day = serializers.DateField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(Closing.State.choices)
    closed_at = Instant()
    packed_at = Instant(allow_null=True)
    export = serializers.UUIDField(source="export.ref", default=None, allow_null=True)
    lines = LineOut(many=True)
    pack = PackFileOut(many=True)


class SumsOut(Out):
    """Öre. `claims_ore` and `debts_ore`: between legal entities, and part of the ones before."""

    income_ore = serializers.IntegerField()
    costs_ore = serializers.IntegerField()
    result_ore = serializers.IntegerField()
    assets_ore = serializers.IntegerField()
    owed_ore = serializers.IntegerField(help_text="Debts and equity.")
    claims_ore = serializers.IntegerField()
    debts_ore = serializers.IntegerField()


class EntitySumsOut(Out):
    entity = serializers.UUIDField(source="entity.ref")
    sums = SumsOut()


class AccountSumsOut(Out):
    """An account over the days, of all entities; opening + debit - credit = closing."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    opening_ore = serializers.IntegerField(source="opening")
    debit_ore = serializers.IntegerField(source="debit")
    credit_ore = serializers.IntegerField(source="credit")
    closing_ore = serializers.IntegerField(source="closing")


class TogetherOut(Out):
    """`eliminated_ore` is taken out of `sums`; `on_its_way_ore` is a claim without its debt."""

    entities = EntitySumsOut(many=True, source="rows")
    sums = SumsOut()
    eliminated_ore = serializers.IntegerField()
    on_its_way_ore = serializers.IntegerField()
    is_whole = serializers.BooleanField(help_text="The key sees every legal entity.")
    accounts = AccountSumsOut(many=True)


class CloseIn(Strict):
    entity = serializers.UUIDField()
    first_day = serializers.DateField(help_text="The first day of the month.")
    with_sie = Truth(default=False, help_text="Make its SIE file too, which locks the month.")
