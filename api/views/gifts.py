"""Gifts, refunds and disputes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import filters, hand
from api.problems import Problem
from api.serializers import money as words
from api.views.base import View
from donors.errors import DonorError
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.gifts import people, refunds
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.gifts.refunds import RefundError
from fundraise.pledges.services import linking

GIFTS = Gift.objects.select_related("entity", "campaign__fund", "donor")
REFUSALS = {
    "not_received": "Only a gift that has come in can be paid back.",
    "too_much": "That is more than what is left of the gift.",
}


class GiftView(View):
    """A view about gifts."""

    queryset = GIFTS
    serializer_class = words.GiftOut

    def answered(self, pk: int, status: int) -> Response:
        """The gift as it stands now."""
        gift = GIFTS.get(pk=pk)
        return self.shown(gift, status, reverse("api:gift", args=[gift.ref]))


class Gifts(GiftView):
    """Gifts of the key's legal entities."""

    filterset_class = filters.GiftFilters
    permissions_of = {"GET": "gifts.view", "POST": "gifts.enter"}

    @extend_schema(operation_id="gifts", responses={200: words.GiftOut(many=True)})
    def get(self, request: Request) -> Response:
        """Gifts, the newest first, without their givers."""
        return self.listed(request)

    @extend_schema(operation_id="enter_gift", request=words.GiftIn, responses={201: words.GiftOut})
    def post(self, request: Request) -> Response:
        """Enter a gift that came as cash or through the bank; it is booked at once."""
        given = self.read(words.GiftIn)
        campaigns = self.scoped(Campaign.objects.all(), "gifts.enter")
        campaign = self.named(campaigns, given["campaign"], "/campaign")
        by = self.caller.by
        return self.once(lambda held: self.answered(hand.enter(given, campaign, by=by).pk, 201))


class OneGift(GiftView):
    """A gift."""

    permissions_of = {"GET": "gifts.view"}

    @extend_schema(operation_id="gift", responses={200: words.GiftOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """A gift."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class GiftGiver(View):
    """Who gave."""

    queryset = GIFTS
    serializer_class = words.GiverOut
    permissions_of = {"GET": "gifts.giver"}

    @extend_schema(operation_id="gift_giver", responses={200: words.GiverOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """What the giver typed; the read log keeps that the key looked."""
        filters.refuse_unknown(request, set())
        gift = self.found(self.get_queryset(), ref)
        giver = linking.giver_of_gift(gift.pk)
        if giver is None:
            raise Http404
        audit.log_read(
            by=self.caller.by, subject_type="gift", subject_ref=gift.ref, purpose="api.giver"
        )
        return Response(self.get_serializer(giver).data)


class ConfirmGift(GiftView):
    """A gift that waits for the bank's report."""

    permissions_of = {"POST": "gifts.confirm"}

    @extend_schema(
        operation_id="confirm_gift", request=words.ConfirmIn, responses={200: words.GiftOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """The bank's report shows the money: it is booked."""
        gift = self.found(self.get_queryset(), ref)
        given, by = self.read(words.ConfirmIn), self.caller.by

        def do(_held: object) -> Response:
            hand.confirm(gift, **given, by=by)
            return self.answered(gift.pk, 200)

        return self.once(do)


class LinkGift(GiftView):
    """Whose gift it is."""

    permissions_of = {"POST": "gifts.link"}

    @extend_schema(operation_id="link_gift", request=words.LinkIn, responses={200: words.GiftOut})
    def post(self, request: Request, ref: UUID) -> Response:
        """Say which donor a gift is from; a gift that has one keeps it."""
        gift = self.found(self.get_queryset(), ref)
        given, by = self.read(words.LinkIn), self.caller.by
        donors = people.visible_donors(self.held, "gifts.link").exclude(status="erased")

        def do(_held: object) -> Response:
            donor = self.named(donors, given["donor"], "/donor")
            if gift.state != Gift.State.RECEIVED:
                raise Problem("refused", REFUSALS["not_received"], code="not_received")
            try:
                tied = linking.choose_donor_of_gift(gift.pk, donor, by=by)
            except DonorError as error:
                raise Problem("invalid", errors=[("/donor", "no_such")]) from error
            if not tied:
                raise Problem("refused", "The gift has a donor already.", code="has_donor")
            return self.answered(gift.pk, 200)

        return self.once(do)


# --- Refunds --------------------------------------------------------------------------------------
class Refunds(View):
    """Refunds of the key's legal entities. To agree to one is for a person, never for a key."""

    queryset = Refund.objects.select_related("gift")
    entity_path = "gift__entity"
    filterset_class = filters.RefundFilters
    serializer_class = words.RefundOut
    permissions_of = {"GET": "refunds.view"}

    @extend_schema(operation_id="refunds", responses={200: words.RefundOut(many=True)})
    def get(self, request: Request) -> Response:
        """Refunds, the newest first."""
        return self.listed(request)


class OneRefund(Refunds):
    """A refund."""

    filterset_class: Any = None

    @extend_schema(operation_id="refund", responses={200: words.RefundOut})
    def get(self, request: Request, ref: UUID) -> Response:  # type: ignore[override]
        """A refund."""
        filters.refuse_unknown(request, set())
        return self.shown(self.found(self.get_queryset(), ref))


class GiftRefunds(View):
    """Refunds of one gift."""

    queryset = GIFTS
    serializer_class = words.RefundOut
    permissions_of = {"POST": "refunds.ask"}

    @extend_schema(
        operation_id="ask_refund", request=words.RefundIn, responses={201: words.RefundOut}
    )
    def post(self, request: Request, ref: UUID) -> Response:
        """Ask for a refund; above the set sum it waits for a second person on the staff pages."""
        gift = self.found(self.get_queryset(), ref)
        given = self.read(words.RefundIn)
        key = self.caller.key

        def do(_held: object) -> Response:
            try:
                refund = refunds.request_refund(gift.pk, **given, by=key.actor, person=key.person)
            except RefundError as error:
                if error.code == "personal":
                    raise Problem("invalid", errors=[("/reason", "personal")]) from None
                raise Problem("refused", REFUSALS[error.code], code=error.code) from None
            return self.shown(refund, 201, reverse("api:refund", args=[refund.ref]))

        return self.once(do)


class Disputes(View):
    """Gifts that a bank takes back."""

    queryset = Dispute.objects.select_related("gift")
    entity_path = "gift__entity"
    filterset_class = filters.DisputeFilters
    serializer_class = words.DisputeOut
    permissions_of = {"GET": "disputes.view"}

    @extend_schema(operation_id="disputes", responses={200: words.DisputeOut(many=True)})
    def get(self, request: Request) -> Response:
        """Disputes, the newest first."""
        return self.listed(request)
