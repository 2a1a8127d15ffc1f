"""What every view of the API stands on: a key's rights, its entities, one answer per write."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import translation
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api import idempotency
from api.authentication import Caller
from api.filters import refuse_unknown
from api.permissions import HasPermission
from api.problems import Problem
from fundraise.staff.rights import Rights

M = TypeVar("M", bound=Model)
Do = Callable[[idempotency.Held], Response]


class View(GenericAPIView[Any]):
    """A view whose methods name their permission: `permissions_of = {"GET": "gifts.view"}`.

    An empty name asks for a key and nothing more. `entity_path` leads from a row to its legal
    entity; rows of other entities than the key's are not there.
    """

    permission_classes: Any = [HasPermission]
    http_method_names: Any = ["get", "post", "patch"]
    permissions_of: ClassVar[dict[str, str]] = {}
    entity_path: ClassVar[str] = "entity"
    writes_once: ClassVar[bool] = True  # its POST asks for an Idempotency-Key
    public: ClassVar[bool] = False  # asks for no key

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with translation.override("en"):
            response = super().dispatch(request, *args, **kwargs)
        response.headers["Content-Language"] = "en"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who guesses keys is counted like anybody else."""
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(
            request
        )
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            request.body  # noqa: B018 - read before it is parsed: its hash is asked for later
        try:
            self.perform_authentication(request)
        except AuthenticationFailed:
            self.check_throttles(request)
            raise
        self.check_throttles(request)
        self.check_permissions(request)
        if request.method != "GET":
            refuse_unknown(request, set())

    # --- Who asks ---------------------------------------------------------------------------------
    @property
    def caller(self) -> Caller:
        assert isinstance(self.request.auth, Caller)  # noqa: S101 - HasPermission saw to it
        return self.request.auth

    @property
    def held(self) -> Rights:
        return self.caller.rights

    @property
    def permission(self) -> str:
        """What the method that was asked for needs."""
        return self.permissions_of[self.request.method or ""]

    # --- Rows -------------------------------------------------------------------------------------
    def get_queryset(self) -> QuerySet[Any]:
        return self.scoped(super().get_queryset(), self.permission)

    def scoped(self, rows: QuerySet[M], permission: str, path: str | None = None) -> QuerySet[M]:
        """The rows of the entities for which the key may do it."""
        where = f"{self.entity_path if path is None else path}__in"
        return rows.filter(**{where: self.held.entities(permission)})

    def found(self, rows: QuerySet[M], ref: UUID) -> M:
        """One of the rows by its ref. Raises Http404."""
        row = rows.filter(ref=ref).first()
        if row is None:
            raise Http404
        return row

    def named(self, rows: QuerySet[M], ref: UUID, pointer: str) -> M:
        """One of the rows that the body names. Raises Problem: invalid."""
        row = rows.filter(ref=ref).first()
        if row is None:
            raise Problem("invalid", errors=[(pointer, "no_such")])
        return row

    # --- Reading and writing ----------------------------------------------------------------------
    def read(self, kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> Any:
        """The body, cleaned. Raises what becomes a problem."""
        given = kind(data=self.request.data, partial=partial)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def once(self, do: Do, *, outside: bool = False) -> Response:
        """Do a write once for its Idempotency-Key."""
        return idempotency.once(self.request, self.caller.by, do, outside=outside)

    def listed(self, request: Request) -> Response:
        """The rows of this view that the filters leave, a part at a time."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def shown(self, row: Model, status: int = 200, location: str = "") -> Response:
        """One row as the view's serializer tells it."""
        headers = {"Location": location} if location else None
        return Response(self.get_serializer(row).data, status=status, headers=headers)


def decoded(text: str, pointer: str) -> bytes:
    """The bytes of a file that the body holds as base64. Raises Problem: invalid."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Problem("invalid", errors=[(pointer, "invalid")]) from None
