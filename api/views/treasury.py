"""The bank: files taken in and booked, items, matches taken, refused and undone, the proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters, treasury_filters
from api.problems import Problem
from api.serializers import treasury as words
from api.serializers.giro import TakeInIn
from api.views.base import View, decoded
from fundraise.reconciliation import deciding, inbox
from fundraise.reconciliation.deciding import DecideError
from fundraise.reconciliation.models import (
    CsvMapping,
    Item,
    Match,
    ProofLine,
    QueueItem,
    StatementFile,
)
from fundraise.reconciliation.proof import queries as proofs
from fundraise.reconciliation.queries import holds_others

FILES = StatementFile.objects.select_related("entity").defer("sealed", "row_key")
ITEMS = Item.objects.select_related("account", "statement__file", "part_of").defer(
    "statement__file__sealed", "statement__file__row_key", "said"
)
MATCHES = Match.objects.select_related("item", "rule__rule", "gift", "payout", "refund", "journal")
OF_ACCOUNT = "account__entity"


class Files(View):
    """Files whose every statement is of the key's legal entities."""

    queryset = FILES
    serializer_class = words.StatementFileOut

    def get_queryset(self) -> QuerySet[Any]:
        theirs = self.held.entities(self.permission)
        return super().get_queryset().exclude(holds_others(theirs))


class StatementFiles(Files):
    """Files from banks."""

    filterset_class: Any = treasury_filters.StatementFileFilters
    permissions_of = {"GET": "statements.view", "POST": "statements.import"}

    @extend_schema(
        operation_id="statement_files", responses={200: words.StatementFileOut(many=True)}
    )
    def get(self, request: Request) -> Response:
        """Files that came, the newest first, with their sums and why one was refused."""
        return self.listed(request)

    @extend_schema(
        operation_id="take_in_statement",
        request=TakeInIn,
        responses={201: words.StatementFileOut},
    )
    def post(self, request: Request) -> Response:
        """Take in a bank's file: kept as it came, recognised by what stands in it, and read.

        Nothing is booked. The same bytes again give the same file. A file of another legal entity
        than the key's is refused.
        """
        given, by = self.read(TakeInIn), self.caller.by
        content = decoded(given["content"], "/content")
        theirs = self.held.entities("statements.import")

        def do(_held: object) -> Response:
            try:
                file = inbox.take_in(content, by=by, name=given["name"], via="api", entities=theirs)
            except inbox.InboxError:
                raise Problem("invalid", errors=[("/content", "invalid")]) from None
            if file.entity_id is not None and file.entity_id not in theirs:
                raise Problem("refused", "The file is of another entity.", code="other_entity")
            where = reverse("api:statement_file", args=[file.ref])
            return self.shown(FILES.get(pk=file.pk), 201, where)

        return self.once(do)


class OneStatementFile(Files):
    """A file from a bank."""

    permissions_of = {"GET": "statements.view"}

    @extend_schema(operation_id="statement_file", responses={200: words.StatementFileOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """A file that came, and what became of it."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class BookStatementFile(Files):
    """Importing a file."""

    permissions_of = {"POST": "statements.import"}

    @extend_schema(
        operation_id="book_statement", request=None, responses={200: words.StatementFileOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Book a file that was read: what is matched is placed, the rest lies in suspense."""
        file, by = self.found(self.get_queryset(), ref), self.caller.by

        def do(_held: object) -> Response:
            try:
                inbox.book(file.pk, by=by)
            except inbox.InboxError as error:
                raise Problem("refused", "The file can't be booked.", code=error.code) from error
            return self.shown(FILES.get(pk=file.pk))

        return self.once(do)


class CsvMappings(View):
    """How banks' CSV is read. A mapping is the house's, of no legal entity."""

    queryset = CsvMapping.objects.all()
    serializer_class = words.CsvMappingOut
    permissions_of = {"GET": "statements.view"}

    def get_queryset(self) -> QuerySet[CsvMapping]:
        return CsvMapping.objects.all()

    @extend_schema(operation_id="csv_mappings", responses={200: words.CsvMappingOut(many=True)})
    def get(self, request: Request) -> Response:
        """Every version that was saved, the newest first; one that is retired reads nothing."""
        return self.listed(request)


class Items(View):
    """Items of the bank: one payer's money each."""

    queryset = ITEMS
    entity_path = OF_ACCOUNT
    filterset_class: Any = treasury_filters.ItemFilters
    serializer_class = words.ItemOut
    permissions_of = {"GET": "statements.view"}

    @extend_schema(operation_id="bank_items", responses={200: words.ItemOut(many=True)})
    def get(self, request: Request) -> Response:
        """Items, the newest first, without the payer."""
        return self.listed(request)


class OneItem(View):
    """An item of the bank."""

    queryset = ITEMS
    entity_path = OF_ACCOUNT
    serializer_class = words.ItemOut
    permissions_of = {"GET": "statements.view"}

    @extend_schema(operation_id="bank_item", responses={200: words.ItemOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """One item."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class Matches(View):
    """What items are, or may be."""

    queryset = MATCHES
    entity_path = f"item__{OF_ACCOUNT}"
    filterset_class: Any = treasury_filters.MatchFilters
    serializer_class = words.MatchOut
    permissions_of = {"GET": "statements.view"}

    @extend_schema(operation_id="matches", responses={200: words.MatchOut(many=True)})
    def get(self, request: Request) -> Response:
        """Matches, the newest first, with the rule and what spoke for them."""
        return self.listed(request)


class _Decided(View):
    """A decision on a match."""

    queryset = MATCHES
    entity_path = f"item__{OF_ACCOUNT}"
    serializer_class = words.MatchOut

    def decided(self, ref: UUID, door: Callable[[int], object]) -> Response:
        """Do it once; a refusal is told with its code. Raises Problem."""
        match = self.found(self.get_queryset(), ref)

        def do(_held: object) -> Response:
            try:
                door(match.pk)
            except DecideError as error:
                raise Problem("refused", "It can't be done.", code=error.code) from error
            return self.shown(MATCHES.get(pk=match.pk))

        return self.once(do)


class TakeMatch(_Decided):
    """Yes to a suggestion."""

    permissions_of = {"POST": "matches.decide"}

    @extend_schema(operation_id="take_match", request=None, responses={200: words.MatchOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """Take a suggestion: it is checked once more, and booked."""
        return self.decided(ref, lambda pk: deciding.take(pk, by=self.caller.by))


class RefuseMatch(_Decided):
    """No to a suggestion."""

    permissions_of = {"POST": "matches.decide"}

    @extend_schema(operation_id="refuse_match", request=None, responses={200: words.MatchOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """Refuse a suggestion: it is not made again."""
        return self.decided(ref, lambda pk: deciding.refuse(pk, by=self.caller.by))


class UndoMatch(_Decided):
    """Undoing what stands."""

    permissions_of = {"POST": "matches.undo"}

    @extend_schema(operation_id="undo_match", request=words.UndoIn, responses={200: words.MatchOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """Undo a match: its booking is reversed, its item is open again. In a closed month a second
        person is asked first, and the match stands until then."""
        why = self.read(words.UndoIn)["why"]
        return self.decided(ref, lambda pk: deciding.undo(pk, by=self.caller.by, why=why))


class Exceptions(View):
    """What no rule could settle."""

    queryset = QueueItem.objects.select_related("entity")
    filterset_class: Any = treasury_filters.ExceptionFilters
    serializer_class = words.ExceptionOut
    permissions_of = {"GET": "exceptions.view"}

    @extend_schema(operation_id="exceptions", responses={200: words.ExceptionOut(many=True)})
    def get(self, request: Request) -> Response:
        """Exceptions, the newest first."""
        return self.listed(request)


class Proof(View):
    """The newest daily proof."""

    queryset = ProofLine.objects.select_related("entity")
    serializer_class = words.ProofLineOut
    permissions_of = {"GET": "proof.view"}

    @extend_schema(operation_id="proof", responses={200: words.ProofLineOut(many=True)})
    def get(self, request: Request) -> Response:
        """Every identity of the newest run, of the key's entities and of the whole house."""
        newest = proofs.newest(self.held.entities("proof.view"))
        rows = ProofLine.objects.filter(run=newest.run) if newest else ProofLine.objects.none()
        mine = Q(entity__in=self.held.entities("proof.view")) | Q(entity=None)
        page = self.paginate_queryset(rows.filter(mine).select_related("entity"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
