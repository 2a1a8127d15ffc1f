"""SIE files and months: read, made, closed. To sign a line, to issue a file again and to open a
month again is for people at the staff pages, never for a key."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters, period_filters
from api.problems import Problem
from api.serializers import periods as words
from api.views.base import View
from fundraise.ledger.models import LegalEntity, Period
from fundraise.reporting.books import exporting, reissuing, whole
from fundraise.reporting.books.closing import services
from fundraise.reporting.books.closing.services import ClosingError
from fundraise.reporting.books.exporting import ExportError
from fundraise.reporting.books.models import BookExport, Closing, PackFile
from fundraise.reporting.books.reissuing import ReissueError

SAID = {
    "days": "The first day is after the last.",
    "years": "A file holds one financial year.",
    "nothing": "There is no journal in these days.",
    "exported": "Everything of these days stands in files already.",
    "unwritable": "A name or number of the books can't be written as SIE.",
    "faults": "The file breaks the standard; nothing was made.",
    "again": "The file was fetched. A second person agrees at the staff pages first.",
    "damaged": "The file is not what was made; nothing is given out.",
    "not_over": "The month is not over.",
    "not_open": "The month is closed already.",
    "unsettled": "A line of the checklist is neither green nor signed.",
}
EXPORTS = BookExport.objects.select_related("entity").defer("content")
FILES = PackFile.objects.defer("content").order_by("name")


@contextmanager
def told() -> Iterator[None]:
    """What the books refuse, as a problem."""
    try:
        yield
    except (ExportError, ReissueError, ClosingError) as error:
        raise Problem("refused", SAID[error.code], code=error.code) from None


class BookExports(View):
    """SIE files."""

    queryset = EXPORTS
    filterset_class: Any = period_filters.BookExportFilters
    serializer_class = words.BookExportOut
    permissions_of = {"GET": "books.view", "POST": "books.export"}

    @extend_schema(operation_id="book_exports", responses={200: words.BookExportOut(many=True)})
    def get(self, request: Request) -> Response:
        """SIE files that were made, the newest first, with what is in them."""
        return self.listed(request)

    @extend_schema(
        operation_id="make_book_export",
        request=words.BookExportIn,
        responses={201: words.BookExportOut},
    )
    def post(self, request: Request) -> Response:
        """Make a SIE 4I file of the journals of these days that no file holds yet.

        Each journal stands in one file. Closed months that the days cover are locked with it.
        With `kind` sie4e it is whole books of a year with balances, which hand nothing over.
        """
        given, by = self.read(words.BookExportIn), self.caller.by
        rows = self.scoped(LegalEntity.objects.all(), "books.export", "pk")
        entity = self.named(rows, given["entity"], "/entity")

        def do(_held: object) -> Response:
            with told():
                if given["kind"] == BookExport.Kind.SIE_4E:
                    made = whole.export_4e(entity, given["from_day"].year, by=by)
                else:
                    made = exporting.export_4i(entity, given["from_day"], given["to_day"], by=by)
            return self.shown(made, 201, reverse("api:book_export", args=[made.ref]))

        return self.once(do)


class OneBookExport(View):
    """A SIE file."""

    queryset = EXPORTS
    serializer_class = words.BookExportOut
    permissions_of = {"GET": "books.view"}

    @extend_schema(operation_id="book_export", responses={200: words.BookExportOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """A SIE file: days, counts, sum, numbers, hash, and what was written otherwise."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class FetchBookExport(View):
    """A SIE file's bytes."""

    queryset = EXPORTS
    serializer_class = words.FileOut
    permissions_of = {"POST": "books.export"}

    @extend_schema(operation_id="fetch_book_export", request=None, responses={200: words.FileOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """The file as it was made, once; it is noted who has it. Again needs a second person."""
        export, by = self.found(self.get_queryset(), ref), self.caller.by

        def do(_held: object) -> Response:
            with told():
                content = reissuing.fetch(export.pk, by=by)
            coded = base64.b64encode(content).decode()
            data = {"name": export.file_name, "sha256": export.sha256, "content": coded}
            return Response(self.get_serializer(data).data)

        return self.once(do)


class Periods(View):
    """Months of the books."""

    queryset = Period.objects.select_related("entity")
    filterset_class: Any = period_filters.PeriodFilters
    serializer_class = words.PeriodOut
    permissions_of = {"GET": "periods.view"}

    @extend_schema(operation_id="periods", responses={200: words.PeriodOut(many=True)})
    def get(self, request: Request) -> Response:
        """Months that were closed, opened or locked. A month that is not here is open."""
        return self.listed(request)


class Closings(View):
    """Months as they were closed."""

    queryset = Closing.objects.select_related("entity", "export").prefetch_related(
        Prefetch("pack", FILES)
    )
    filterset_class: Any = period_filters.ClosingFilters
    serializer_class = words.ClosingOut
    permissions_of = {"GET": "periods.view", "POST": "periods.close"}

    @extend_schema(operation_id="closings", responses={200: words.ClosingOut(many=True)})
    def get(self, request: Request) -> Response:
        """Each closing with its checklist as it stood and the files of its pack."""
        return self.listed(request)

    @extend_schema(
        operation_id="close_month", request=words.CloseIn, responses={201: words.ClosingOut}
    )
    def post(self, request: Request) -> Response:
        """Close a month whose checklist is green or signed.

        A worker makes the pack: it is there when `packed_at` is. Later money falls on the first
        open month. A key can't sign a line.
        """
        given, by = self.read(words.CloseIn), self.caller.by
        rows = self.scoped(LegalEntity.objects.all(), "periods.close", "pk")
        entity = self.named(rows, given["entity"], "/entity")
        with_sie = given["with_sie"] and entity.pk in self.held.entities("books.export")
        first = given["first_day"].replace(day=1)

        def do(_held: object) -> Response:
            with told():
                closing = services.close(entity, first, by=by, with_sie=with_sie)
            return self.shown(self.get_queryset().get(pk=closing.pk), 201)

        return self.once(do)
