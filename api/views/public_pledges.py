"""Monthly giving for anybody: what a campaign offers, and the start of a monthly gift."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import pledging
from api.filters import refuse_unknown
from api.pledging import Asking
from api.serializers import public_pledges as words
from api.serializers.public import LANGUAGES
from api.views.public import Open, PublicRead, Starting
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.pledges import signed
from fundraise.pledges.models import Pledge
from fundraise.providers import recurring, signing
from fundraise.providers.papers import wording


class PublicMonthly(PublicRead):
    """Monthly giving of a campaign."""

    serializer_class = words.MonthlyOut

    @extend_schema(operation_id="public_monthly", responses={200: words.MonthlyOut, 304: None})
    def get(self, request: Request, slug: str) -> Response:
        """Ways, days, sums and the mandate's text to agree to; nothing here when it is shut."""
        campaign = self.campaign(slug)
        methods = recurring.ways(campaign.entity_id) if campaign.monthly_open else []
        if campaign.status != Campaign.Status.LIVE or not methods:
            raise Http404
        told = {
            "methods": methods,
            "intervals": words.INTERVALS,
            "days": pledging.days(),
            "day": settings.PLEDGE_DAY,
            "amounts_ore": campaign.amounts_monthly,
            "minimum_ore": campaign.minimum_ore,
            "maximum_ore": campaign.maximum_ore,
            "signing": settings.MANDATE_SIGNING,
            "mandates": _texts(campaign),
        }
        return self.told(request, self.get_serializer(told).data)


def _texts(campaign: Campaign) -> list[dict[str, Any]]:
    today = clock.today()
    open_now = signing.variants(settings.MANDATE_SIGNING)
    kinds = [(variant, language) for variant in open_now for language in LANGUAGES]
    found = [wording.current(variant, language, today) for variant, language in kinds]
    return [
        {
            "variant": text.variant,
            "language": text.language,
            "version": text.version,
            "text": wording.filled(text, campaign.entity),
        }
        for text in found
        if text is not None
    ]


class PublicPledges(Starting):
    """Monthly gifts that are started from outside."""

    permissions_of = {"POST": "pledges.start"}
    serializer_class = words.PledgeStartedOut

    @extend_schema(
        operation_id="start_pledge",
        request=words.StartPledgeIn,
        responses={201: words.PledgeStartedOut},
    )
    def post(self, request: Request) -> Response:
        """Start a monthly gift: with a key that holds pledges.start, or with a form."""
        return self.started(request, self.read(words.StartPledgeIn))

    def asked(
        self, given: dict[str, Any], campaign: Campaign, submission: bytes, address: str
    ) -> Asking:
        agent = self.request.headers.get("User-Agent", "")
        return pledging.asking(given, campaign, submission, address, agent)

    def begin(self, asked: Asking, address: str) -> Response:
        proof = self.request.headers.get("Gift-Proof", "")
        begun, pledge, waits = pledging.start(asked, proof=proof)
        data = {
            "ref": pledge.ref,
            "state": pledge.state,
            "starts_on": pledge.starts_on,
            "waits_for": waits or None,
            "redirect_url": begun.redirect_url or None,
            "payer_number": pledging.number_to_type(pledge) if waits == pledging.AT_BANK else None,
            "page_url": settings.BASE_URL + signed.own_page(pledge.ref, pledge.language),
        }
        where = reverse("api:public_pledge", args=[pledge.ref])
        return Response(self.get_serializer(data).data, status=201, headers={"Location": where})


class PublicPledge(Open):
    """A monthly gift as its own page shows it."""

    serializer_class = words.PublicPledgeOut

    @extend_schema(operation_id="public_pledge", responses={200: words.PublicPledgeOut})
    def get(self, request: Request, ref: UUID) -> Response:
        """How a monthly gift stands, for whoever knows its ref: no person and no account."""
        refuse_unknown(request, set())
        pledge = Pledge.objects.select_related("campaign").filter(ref=ref).first()
        if pledge is None:
            raise Http404
        return Response(self.get_serializer(pledge).data)
