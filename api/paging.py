"""Lists a part at a time, newest first, stable while rows are added.

A cursor names the last row that was shown. It is encrypted, so that no row number leaves the house,
and tied to the list and its filters: it continues that list only.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.problems import Problem
from fundraise import crypto

USUAL, MOST = 50, 200
LONGEST_LIMIT = 3
LONGEST_CURSOR = 200


class Cursor(BasePagination):
    """`limit` and `cursor`; the answer says `next`, an address, or null at the end."""

    next_url: str | None = None
    field = "pk"  # a number that grows with every row of the list

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        limit = _limit(request.query_params.get("limit"))
        rows = queryset.order_by(f"-{self.field}")
        context = _context(request)
        typed = request.query_params.get("cursor")
        if typed is not None:
            rows = rows.filter(**{f"{self.field}__lt": _read(typed, context)})
        found: list[Model] = list(rows[: limit + 1])
        page = found[:limit]
        if len(found) > limit:
            query = request.query_params.copy()
            query["cursor"] = _written(getattr(page[-1], self.field), context)
            self.next_url = f"{settings.BASE_URL}{request.path}?{query.urlencode()}"
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"items": data, "next": self.next_url})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        following = {"type": ["string", "null"], "format": "uri", "description": "The next part."}
        return {
            "type": "object",
            "required": ["items", "next"],
            "properties": {"items": schema, "next": following},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        cursor = {"type": "string", "maxLength": LONGEST_CURSOR}
        return [
            {"name": "limit", "in": "query", "schema": limit, "description": "How many at most."},
            {
                "name": "cursor",
                "in": "query",
                "schema": cursor,
                "description": "From `next`. It goes with the filters it was given for.",
            },
        ]


class BySeq(Cursor):
    """For the messages of one appeal: their number in it."""

    field = "seq"


def _limit(typed: str | None) -> int:
    if typed is None:
        return USUAL
    plain = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_LIMIT
    limit = int(typed) if plain else 0
    if not 1 <= limit <= MOST:
        raise Problem("invalid-query", errors=[("/limit", "invalid")])
    return limit


def _context(request: Request) -> str:
    """The list that a cursor belongs to: its address and filters."""
    given = request.query_params.items()
    filters = sorted((name, value) for name, value in given if name not in {"cursor", "limit"})
    return f"{request.path}?{urlencode(filters)}"


def _key() -> bytes:
    return hashlib.sha256(b"fundraise api cursor " + settings.SECRET_KEY.encode()).digest()


def _written(pk: int, context: str) -> str:
    sealed = crypto.encrypt_with(_key(), str(pk).encode(), context=context)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _read(typed: str, context: str) -> int:
    try:
        sealed = base64.urlsafe_b64decode(typed[:LONGEST_CURSOR] + "=" * (-len(typed) % 4))
        return int(crypto.decrypt_with(_key(), sealed, context=context))
    except (ValueError, crypto.CryptoError):
        raise Problem("invalid-cursor") from None
