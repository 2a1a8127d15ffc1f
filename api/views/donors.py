"""Donors: refs in lists, one opened at a time, changed through the doors of their package."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import refuse_unknown
from api.problems import Problem
from api.serializers import donors as words
from api.serializers.public import WordingOut
from api.views.base import View
from donors import queries, services
from donors.errors import DonorError, Unreadable
from donors.models import ConsentWording, Donor
from donors.values import PostalAddress
from fundraise import clock
from fundraise.gifts import people
from fundraise.reconciliation import references
from fundraise.reconciliation.models import Reference

MOST_FOUND = 25
POINTERS = {
    "email_invalid": "/email",
    "phone_invalid": "/phone",
    "postcode_invalid": "/postal/postcode",
    "postal_incomplete": "/postal",
    "postal_too_long": "/postal",
    "name_missing": "/given_name",
    "name_too_long": "/given_name",
    "contact_kind_unknown": "/kind",
    "wording_not_in_force": "/version",
}


def refused(error: DonorError, pointers: dict[str, str] | None = None) -> Problem:
    """A door's refusal: of a field, or as things stand."""
    if isinstance(error, Unreadable) or error.code in {"donor_erased", "no_such_donor"}:
        return Problem("refused", "The donor has been forgotten.", code="donor_erased")
    pointer = (POINTERS | (pointers or {})).get(error.code, "/")
    return Problem("invalid", code=error.code, errors=[(pointer, "invalid")])


class DonorView(View):
    """A view about donors; which of them the key may see follows from what they give."""

    queryset = Donor.objects.select_related("merged__kept")
    serializer_class: Any = words.DonorOut

    def scoped(
        self, rows: QuerySet[Any], permission: str, path: str | None = None
    ) -> QuerySet[Any]:
        """All donors, or those who give or gave to the key's legal entities."""
        return rows & people.visible_donors(self.held, permission)

    def change(
        self, ref: UUID, do: Callable[[Donor], Response], pointers: dict[str, str] | None = None
    ) -> Response:
        """One write to a donor, once for its Idempotency-Key."""
        donor = self.found(self.get_queryset(), ref)

        def tried(_held: object) -> Response:
            try:
                return do(donor)
            except DonorError as error:
                raise refused(error, pointers) from None

        return self.once(tried)


class Donors(DonorView):
    """The donors that the key may see."""

    permissions_of = {"GET": "donors.view", "POST": "donors.change"}

    @extend_schema(operation_id="donors", responses={200: words.DonorOut(many=True)})
    def get(self, request: Request) -> Response:
        """Donors without names, the newest first."""
        return self.listed(request)

    @extend_schema(
        operation_id="register_donor", request=words.DonorIn, responses={201: words.DonorOut}
    )
    def post(self, request: Request) -> Response:
        """Register a donor. Whether the person is known already: search first.

        A donor belongs to no legal entity, so the key must hold donors.change for all of them.
        """
        if not self.held.whole("donors.change"):
            raise Problem("forbidden", "The key must be for every legal entity.")
        given, by = self.read(words.DonorIn), self.caller.by

        def do(_held: object) -> Response:
            try:
                donor = services.register_donor(
                    name=given["name"],
                    language=given["language"],
                    source="api",
                    by=by,
                    email=given["email"],
                    phone=given["phone"],
                    postal=_postal(given.get("postal")),
                )
            except DonorError as error:
                raise refused(error) from None
            return self.shown(donor, 201, reverse("api:donor", args=[donor.ref]))

        return self.once(do)


class DonorSearch(DonorView):
    """A search by what is written in full; posted, so that no log or history keeps it."""

    permissions_of = {"POST": "donors.view"}
    serializer_class = words.SearchOut
    writes_once = False

    @extend_schema(
        operation_id="search_donors", request=words.SearchIn, responses={200: words.SearchOut}
    )
    def post(self, request: Request) -> Response:
        """Find donors by a full name, an e-mail address, a phone or an identity number."""
        text = self.read(words.SearchIn)["text"]
        page = queries.page_of_donors(
            donors=queries.find_donors(text) & people.visible_donors(self.held, "donors.view"),
            by=self.caller.by,
            purpose="api.search",
            size=MOST_FOUND,
        )
        data = {"items": page.rows, "more": page.next_after is not None}
        return Response(self.get_serializer(data).data)


class OneDonor(DonorView):
    """A donor, opened."""

    permissions_of = {"GET": "donors.view"}
    serializer_class = words.CardOut

    @extend_schema(operation_id="donor", responses={200: words.CardOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """Everything of one donor; the read log keeps that the key looked."""
        refuse_unknown(request, set())
        donor = self.found(self.get_queryset(), ref)
        try:
            card = services.read_card(donor_ref=donor.ref, by=self.caller.by, purpose="api.card")
        except Unreadable as error:
            raise refused(error) from None
        context = {**self.get_serializer_context(), "ocr_numbers": self._numbers(donor)}
        return Response(words.CardOut(card, context=context).data)

    def _numbers(self, donor: Donor) -> list[Reference]:
        mine = self.held.entities("donors.view")
        rows = list(references.standing(donor=donor, entity__in=mine))
        giros = references.bankgiros({one.entity_id for one in rows})
        for one in rows:
            one.bankgiro = giros.get(one.entity_id)  # type: ignore[attr-defined]
        return rows


class ContactPoints(DonorView):
    """How a donor is reached."""

    permissions_of = {"POST": "donors.change"}
    serializer_class = words.ContactMadeOut

    @extend_schema(
        operation_id="add_contact_point",
        request=words.ContactIn,
        responses={201: words.ContactMadeOut},
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Add an address or a number, unconfirmed; one that is there already stays as it is."""
        given, by = self.read(words.ContactIn), self.caller.by
        postal = _postal(given.get("postal"))
        if (given["kind"] == "postal") != (postal is not None) or bool(given["value"]) == bool(
            postal
        ):
            raise Problem("invalid", errors=[("/value", "required")])

        def do(donor: Donor) -> Response:
            value = postal or given["value"]
            point = services.add_contact_point(
                donor_id=donor.pk, kind=given["kind"], value=value, source="api", by=by
            )
            return Response(self.get_serializer(point).data, status=201)

        return self.change(ref, do, {"email_invalid": "/value", "phone_invalid": "/value"})


class Consents(DonorView):
    """What a donor agreed to."""

    permissions_of = {"POST": "donors.change"}
    serializer_class = words.BasisOut

    @extend_schema(
        operation_id="give_consent", request=words.ConsentIn, responses={201: words.BasisOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Record a consent to published words, with what shows it."""
        given, by = self.read(words.ConsentIn), self.caller.by
        wordings = ConsentWording.objects.filter(purpose=given["purpose"])
        wording = wordings.filter(version=given["version"]).first()
        if wording is None:
            raise Problem("invalid", errors=[("/version", "no_such")])
        given_at = given.get("given_at")
        if given_at is not None and given_at > clock.now():
            raise Problem("invalid", errors=[("/given_at", "in_future")])

        def do(donor: Donor) -> Response:
            basis = services.give_consent(
                donor_id=donor.pk, wording=wording, source="api", proof=given["proof"], by=by,
                given_at=given_at,
            )  # fmt: skip
            return Response(self.get_serializer(basis).data, status=201)

        return self.change(ref, do)


class WithdrawConsent(DonorView):
    """What a donor takes back."""

    permissions_of = {"POST": "donors.change"}
    serializer_class = words.WithdrawnOut

    @extend_schema(
        operation_id="withdraw_consent",
        request=words.WithdrawIn,
        responses={200: words.WithdrawnOut},
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """The donor takes a consent back: a refusal of the purpose, whatever else it stands on."""
        given, by = self.read(words.WithdrawIn), self.caller.by

        def do(donor: Donor) -> Response:
            ended = services.withdraw_consent(donor_id=donor.pk, purpose=given["purpose"], by=by)
            return Response(self.get_serializer({"withdrawn": ended}).data)

        return self.change(ref, do)


class Wordings(View):
    """The words of consent that are published."""

    queryset = ConsentWording.objects.all()
    serializer_class = WordingOut
    permissions_of = {"GET": "donors.view"}

    def scoped(
        self, rows: QuerySet[Any], permission: str, path: str | None = None
    ) -> QuerySet[Any]:
        """Words concern no legal entity."""
        return rows

    @extend_schema(operation_id="wordings", responses={200: WordingOut(many=True)})
    def get(self, request: Request) -> Response:
        """Every version of every purpose, the newest first."""
        return self.listed(request)


def _postal(given: dict[str, Any] | None) -> PostalAddress | None:
    if given is None:
        return None
    return PostalAddress(tuple(given["lines"]), given["postcode"], given["city"], given["country"])
