"""Addresses that are not mailed: why and since when, looked for by the whole address, lifted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import mail_filters
from api.mail_refusals import names_nobody, told
from api.problems import Problem
from api.serializers import mails as words
from api.views.base import View
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from mailings.suppressions import queries, services
from mailings.suppressions.models import Suppression


class SuppressionView(View):
    """Rows that concern no legal entity: an address is an address."""

    queryset: QuerySet[Any] = Suppression.objects.select_related("campaign")
    serializer_class: Any = words.SuppressionOut

    def scoped(
        self, rows: QuerySet[Any], permission: str, path: str | None = None
    ) -> QuerySet[Any]:
        """All of them; campaigns, asked for with a path, are those of the key's entities."""
        return rows if path is None else super().scoped(rows, permission, path)


class Suppressions(SuppressionView):
    """Why addresses are not mailed."""

    filterset_class: Any = mail_filters.SuppressionFilters
    permissions_of = {"GET": "mail.suppressions", "POST": "mail.lift"}

    @extend_schema(operation_id="suppressions", responses={200: words.SuppressionOut(many=True)})
    def get(self, request: Request) -> Response:
        """Reasons without their addresses, the newest first."""
        return self.listed(request)

    @extend_schema(
        operation_id="suppress_address",
        request=words.SuppressionIn,
        responses={200: words.SuppressionOut, 201: words.SuppressionOut},
    )
    def post(self, request: Request) -> Response:
        """Keep an address from being mailed; one that stood there already stays as it is (200)."""
        given, by = self.read(words.SuppressionIn), self.caller.by
        key, campaign = _key_of(given["email"]), self._campaign(given)

        def done(_held: object) -> Response:
            new = services.suppress(
                email_key=key,
                reason=Suppression.Reason.STAFF,
                scope=given["scope"],
                campaign_id=campaign,
                source="api",
                by=by,
            )
            rows = self.queryset.filter(email_key=key, scope=given["scope"], campaign=campaign)
            row = rows.get(reason=Suppression.Reason.STAFF, lifted_at=None)
            return self.shown(row, 201 if new else 200)

        return self.once(done)

    def _campaign(self, given: dict[str, Any]) -> int | None:
        """The campaign of a scope that needs one. Raises Problem: invalid."""
        ref, wants = given.get("campaign"), given["scope"] == Suppression.Scope.CAMPAIGN
        if wants != (ref is not None):
            raise Problem("invalid", errors=[("/campaign", "required" if wants else "unknown")])
        if ref is None:
            return None
        mine = self.scoped(Campaign.objects.all(), "mail.lift", "entity")
        found: int = self.named(mine, ref, "/campaign").pk
        return found


def _key_of(address: str) -> bytes:
    keys = queries.keys_of(address)
    if not keys:
        raise Problem("invalid", errors=[("/email", "invalid")])
    return keys[0]


class FindAddress(SuppressionView):
    """One address; it is posted, so that no log or history keeps it."""

    serializer_class = words.AddressOut
    permissions_of = {"POST": "mail.suppressions"}
    writes_once = False

    @extend_schema(
        operation_id="find_suppressions",
        request=words.AddressIn,
        responses={200: words.AddressOut},
    )
    def post(self, request: Request) -> Response:
        """Everything that was ever noted of one address; the read log keeps that the key looked."""
        address = self.read(words.AddressIn)["email"]
        _key_of(address)
        rows = list(queries.of_address(address))
        audit.log_read(
            by=self.caller.by, subject_type="suppression", purpose="api.address", count=len(rows)
        )
        stands = any(row.lifted_at is None for row in rows)
        return Response(self.get_serializer({"stands": stands, "items": rows}).data)


class Lift(SuppressionView):
    """An address may be mailed again."""

    permissions_of = {"POST": "mail.lift"}

    @extend_schema(
        operation_id="lift_suppression",
        request=words.LiftIn,
        responses={200: words.SuppressionOut},
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Lift one reason. A complaint only by the person's own written wish: say where it is."""
        given, by = self.read(words.LiftIn), self.caller.by
        names_nobody(given["why"])
        names_nobody(given["wish"], "/wish")
        row = self.found(self.get_queryset(), ref)

        def done(_held: object) -> Response:
            with told():
                services.lift(ref=row.ref, **given, by=by)
            return self.shown(self.queryset.get(pk=row.pk))

        return self.once(done)
