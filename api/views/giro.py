"""Autogiro's files: made and sent, come and worked in; one taken in, one fetched."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters
from api.problems import Problem
from api.serializers import giro as words
from api.views.base import View, decoded
from fundraise.providers.giro import delivering, inbox
from fundraise.providers.giro.models import InFile, InRow, Order, OutFile

GONE = "Its contents were kept for seven years, as the law wants, and are gone now."
ENTITY = "agreement__account__entity"
OUT = OutFile.objects.select_related("agreement__account__entity").defer("sealed")
IN = InFile.objects.select_related("agreement__account__entity").defer("sealed")


class OutFiles(View):
    """Files to Bankgirot."""

    queryset = OUT
    entity_path = ENTITY
    filterset_class: Any = filters.OutFileFilters
    serializer_class = words.OutFileOut
    permissions_of = {"GET": "autogiro.view"}

    @extend_schema(operation_id="giro_out_files", responses={200: words.OutFileOut(many=True)})
    def get(self, request: Request) -> Response:
        """Files that were made, the newest first, with their totals and where they are."""
        return self.listed(request)


class OneOutFile(OutFiles):
    """A file to Bankgirot."""

    filterset_class = None

    @extend_schema(operation_id="giro_out_file", responses={200: words.OutFileOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A file that was made."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class OutFileOrders(View):
    """What stands in a file to Bankgirot."""

    queryset = Order.objects.select_related("mandate", "collection")
    entity_path = f"file__{ENTITY}"
    serializer_class = words.OrderOut
    permissions_of = {"GET": "autogiro.view"}

    @extend_schema(operation_id="giro_orders", responses={200: words.OrderOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """Its orders, the last line first, with the bank's answers."""
        file = self.found(self.scoped(OutFile.objects.all(), "autogiro.view", ENTITY), ref)
        self.queryset = Order.objects.filter(file=file).select_related("mandate", "collection")
        return self.listed(request)


class OutFileContent(View):
    """A file to Bankgirot as it was sealed."""

    queryset = OUT
    entity_path = ENTITY
    serializer_class = words.ContentOut
    permissions_of = {"GET": "autogiro.deliver"}

    @extend_schema(operation_id="giro_out_content", responses={200: words.ContentOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """The same bytes each time, to carry to the bank; who fetched them first stays with the
        file, which can't be withdrawn after that and which no folder delivers.
        """
        filters.refuse_unknown(request, set())
        file = self.found(self.get_queryset(), ref)
        if file.state in {OutFile.State.WAITING, OutFile.State.WITHDRAWN}:
            raise Http404  # it waits for somebody's yes, or has been taken back
        try:
            name, content = delivering.content_of(file.pk, by=self.caller.by)
        except delivering.FileError as error:
            waits = "It is being delivered, or in doubt. Settle that first."
            said = GONE if error.code == "gone" else waits
            raise Problem("refused", said, code=error.code) from error
        told = {
            "name": name,
            "sha256": bytes(file.sha256).hex(),
            "content": base64.b64encode(content).decode(),
        }
        return Response(self.get_serializer(told).data)


class InFiles(View):
    """Files from Bankgirot."""

    queryset = IN
    entity_path = ENTITY
    filterset_class: Any = filters.InFileFilters
    serializer_class = words.InFileOut
    permissions_of = {"GET": "autogiro.view", "POST": "autogiro.take_in"}

    @extend_schema(operation_id="giro_in_files", responses={200: words.InFileOut(many=True)})
    def get(self, request: Request) -> Response:
        """Files that came, the newest first, with their totals by whose rows they are."""
        return self.listed(request)

    @extend_schema(
        operation_id="take_in_giro_file", request=words.TakeInIn, responses={201: words.InFileOut}
    )
    def post(self, request: Request) -> Response:
        """Take in a file from the bank's channel: stored raw, recognised by what stands in it.

        The same bytes again give the same file and change nothing. What can't be worked in is told
        as `refused`, with line, column and reason.
        """
        given, by = self.read(words.TakeInIn), self.caller.by
        content = decoded(given["content"], "/content")
        self._must_be_theirs(content)

        def do(_held: object) -> Response:
            try:
                file = inbox.take_in(content, by=by, name=given["name"], via="api")
            except ValueError:
                raise Problem("invalid", errors=[("/content", "invalid")]) from None
            where = reverse("api:giro_in_file", args=[file.ref])
            return self.shown(IN.get(pk=file.pk), 201, where)

        return self.once(do)

    def _must_be_theirs(self, content: bytes) -> None:
        """A key takes in files of its own legal entities only. Raises Problem: refused."""
        if not inbox.is_within(content, self.held.entities("autogiro.take_in")):
            raise Problem("refused", "The file is of another legal entity.", code="other_entity")


class OneInFile(View):
    """A file from Bankgirot."""

    queryset = IN
    entity_path = ENTITY
    serializer_class = words.InFileOut
    permissions_of = {"GET": "autogiro.view"}

    @extend_schema(operation_id="giro_in_file", responses={200: words.InFileOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """A file that came, its totals, and why it was refused."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class InFileRows(View):
    """What stood in a file from Bankgirot."""

    queryset = InRow.objects.select_related("mandate", "collection")
    entity_path = f"file__{ENTITY}"
    filterset_class: Any = filters.InRowFilters
    serializer_class = words.InRowOut
    permissions_of = {"GET": "autogiro.view"}

    @extend_schema(operation_id="giro_rows", responses={200: words.InRowOut(many=True)})
    def get(self, request: Request, ref: UUID) -> Response:
        """Its rows, the last line first, and what became of each."""
        file = self.found(self.scoped(InFile.objects.all(), "autogiro.view", ENTITY), ref)
        self.queryset = InRow.objects.filter(file=file).select_related("mandate", "collection")
        return self.listed(request)
