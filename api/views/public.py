"""What anybody may read, and the start of a gift."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api import idempotency, starting
from api.authentication import Caller
from api.filters import refuse_unknown
from api.problems import Problem
from api.serializers import public as words
from api.views.base import View
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.gifts import queries as gifts
from fundraise.limits import services as limits
from fundraise.providers import defence
from fundraise.providers.services import GiftRequest

SHARED = "public, max-age=15, stale-while-revalidate=60"


class Open(View):
    """A view that asks for no key."""

    permission_classes: Any = []
    permissions_of = {"GET": "", "POST": ""}
    public = True

    def campaign(self, slug: str) -> Campaign:
        campaign = campaigns.public_campaign(slug)
        if campaign is None:
            raise Http404
        return campaign


class PublicRead(Open):
    """Read from any site's page: it carries nothing of who asks. Short-lived in caches."""

    def told(self, request: Request, data: Any) -> Response:
        """With a tag, and 304 to who has it already."""
        refuse_unknown(request, set())
        body = JSONRenderer().render(data)
        tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        same = request.headers.get("If-None-Match") == tag
        response = Response(status=304) if same else Response(data)
        response["ETag"], response["Cache-Control"] = tag, SHARED
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


class PublicCampaigns(PublicRead):
    """The campaigns that the public may see."""

    queryset = Campaign.objects.none()
    filter_backends: Any = []
    pagination_class: Any = None
    serializer_class = words.PublicCampaignOut

    @extend_schema(
        operation_id="public_campaigns",
        responses={200: words.PublicCampaignOut(many=True), 304: None},
    )
    def get(self, request: Request) -> Response:
        """Live and closed campaigns, the newest first; at most a hundred."""
        rows = Campaign.objects.filter(status__in=campaigns.PUBLIC).select_related("entity")
        found = rows.order_by("-pk")[:100]
        return self.told(request, words.PublicCampaignOut(found, many=True).data)


class PublicCampaign(PublicRead):
    """One of them."""

    serializer_class = words.PublicCampaignOut

    @extend_schema(
        operation_id="public_campaign", responses={200: words.PublicCampaignOut, 304: None}
    )
    def get(self, request: Request, slug: str) -> Response:
        """A campaign with its words, suggested sums, ways to give and wordings of consent."""
        return self.told(request, self.get_serializer(self.campaign(slug)).data)


class PublicThermometer(PublicRead):
    """The sums of a campaign."""

    serializer_class = words.ThermometerOut

    @extend_schema(
        operation_id="public_thermometer", responses={200: words.ThermometerOut, 304: None}
    )
    def get(self, request: Request, slug: str) -> Response:
        """What has come in, to the öre; ask at most every fifteen seconds."""
        reading = campaigns.thermometer(self.campaign(slug))
        data = self.get_serializer(reading).data
        data["at"] = f"{data['at'][:16]}:00Z"  # the minute: the tag stands while nothing has moved
        return self.told(request, data)


class PublicForms(Open):
    """Forms for gifts that are started without a key."""

    serializer_class = words.FormOut
    writes_once = False

    @extend_schema(operation_id="public_form", request=None, responses={201: words.FormOut})
    def post(self, request: Request, slug: str) -> Response:
        """A form to start one gift with; nothing is stored."""
        campaign = self.campaign(slug)
        text, form = starting.new_form(slug)
        asked = defence.proof_asked(campaign.entity_id)
        address = limits.address_of(request._request)
        challenge = defence.challenge(form.submission, address=address) if asked else None
        data = {
            "form": text,
            "not_before": form.not_before,
            "proof_asked": asked,
            "challenge": challenge,
        }
        return Response(self.get_serializer(data).data, status=201)


class Starting(Open):
    """Something that is started from outside: with a key that may, or with a form.

    A child names the permission of its POST, and says `asked` (what is asked for; raises Problem
    before anything is stored) and `begin` (through the door and to the provider).
    """

    def asked(
        self, given: dict[str, Any], campaign: Campaign, submission: bytes, address: str
    ) -> Any:
        """What is to be begun."""
        raise NotImplementedError

    def begin(self, asked: Any, address: str) -> Response:
        """Begin it and tell where the giver goes."""
        raise NotImplementedError

    def started(self, request: Request, given: dict[str, Any]) -> Response:
        """Once for its Idempotency-Key."""
        if isinstance(request.auth, Caller):
            return self._with_key(request, request.auth, given)
        if not given["form"]:
            raise NotAuthenticated
        if given["client_address"]:
            raise Problem("invalid", errors=[("/client_address", "unknown")])
        form = starting.read_form(given["form"], given["campaign"])
        before = idempotency.answered(request, form.client)
        if before is not None:
            return before
        starting.must_be_ripe(form)
        campaign, address = self.campaign(given["campaign"]), limits.address_of(request._request)
        asked = self.asked(given, campaign, form.submission, address)
        return self._once(request, form.client, lambda held: self.begin(asked, address))

    def _with_key(self, request: Request, caller: Caller, given: dict[str, Any]) -> Response:
        if not caller.rights.entities(self.permission):
            raise Problem("forbidden")
        before = idempotency.answered(request, caller.by)
        if before is not None:
            return before
        campaign = self.campaign(given["campaign"])
        if not caller.rights.may(self.permission, campaign.entity_id):
            raise Problem("forbidden")
        address = given["client_address"] or limits.address_of(request._request)
        self.asked(given, campaign, b"", address)  # refused before anything is stored

        def do(held: idempotency.Held) -> Response:
            form = hashlib.sha256(f"api {held.ref}".encode()).digest()
            return self.begin(self.asked(given, campaign, form, address), address)

        return self._once(request, caller.by, do)

    def _once(self, request: Request, client: str, do: Any) -> Response:
        return idempotency.once(request, client, do, outside=True)


class PublicGifts(Starting):
    """Gifts that are started from outside."""

    permissions_of = {"POST": "gifts.start"}
    serializer_class = words.StartedOut

    @extend_schema(
        operation_id="start_gift", request=words.StartIn, responses={201: words.StartedOut}
    )
    def post(self, request: Request) -> Response:
        """Start a gift: with a key that holds gifts.start, or with a form."""
        return self.started(request, self.read(words.StartIn))

    def asked(
        self, given: dict[str, Any], campaign: Campaign, submission: bytes, address: str
    ) -> GiftRequest:
        return starting.request_of(given, campaign, submission)

    def begin(self, asked: GiftRequest, address: str) -> Response:
        proof = self.request.headers.get("Gift-Proof", "")
        started = starting.start(asked, address=address, proof=proof)
        page = reverse(f"give:gift_{asked.language}", args=[started.gift_ref])
        data = {
            "ref": started.gift_ref,
            "state": started.state,
            "redirect_url": started.redirect_url or None,
            "page_url": settings.BASE_URL + page,
        }
        where = reverse("api:public_gift", args=[started.gift_ref])
        data = self.get_serializer(data).data
        return Response(data, status=201, headers={"Location": where})


class PublicGift(Open):
    """A gift as its own page shows it."""

    serializer_class = words.PublicGiftOut

    @extend_schema(operation_id="public_gift", responses={200: words.PublicGiftOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """How a gift stands, for whoever knows its ref: sum and state, no person."""
        refuse_unknown(request, set())
        gift = gifts.gift_page(ref)
        if gift is None:
            raise Http404
        return Response(self.get_serializer(gift).data)
