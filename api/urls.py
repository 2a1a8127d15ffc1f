"""`/api/v1/`: it only grows; a change that breaks somebody is a v2."""

from __future__ import annotations

from django.urls import path, re_path

from api.views import books, campaigns, donors, gifts, guide, public

app_name = "api"

V1 = [
    path("public/campaigns", public.PublicCampaigns.as_view(), name="public_campaigns"),
    path("public/campaigns/<slug:slug>", public.PublicCampaign.as_view(), name="public_campaign"),
    path(
        "public/campaigns/<slug:slug>/thermometer",
        public.PublicThermometer.as_view(),
        name="thermometer",
    ),
    path("public/campaigns/<slug:slug>/forms", public.PublicForms.as_view(), name="forms"),
    path("public/gifts", public.PublicGifts.as_view(), name="public_gifts"),
    path("public/gifts/<uuid:ref>", public.PublicGift.as_view(), name="public_gift"),
    path("me", campaigns.Me.as_view(), name="me"),
    path("campaigns", campaigns.Campaigns.as_view(), name="campaigns"),
    path("campaigns/<uuid:ref>", campaigns.OneCampaign.as_view(), name="campaign"),
    path("gifts", gifts.Gifts.as_view(), name="gifts"),
    path("gifts/<uuid:ref>", gifts.OneGift.as_view(), name="gift"),
    path("gifts/<uuid:ref>/giver", gifts.GiftGiver.as_view(), name="gift_giver"),
    path("gifts/<uuid:ref>/confirm", gifts.ConfirmGift.as_view(), name="confirm_gift"),
    path("gifts/<uuid:ref>/donor", gifts.LinkGift.as_view(), name="link_gift"),
    path("gifts/<uuid:ref>/refunds", gifts.GiftRefunds.as_view(), name="gift_refunds"),
    path("refunds", gifts.Refunds.as_view(), name="refunds"),
    path("refunds/<uuid:ref>", gifts.OneRefund.as_view(), name="refund"),
    path("disputes", gifts.Disputes.as_view(), name="disputes"),
    path("donors", donors.Donors.as_view(), name="donors"),
    path("donors/search", donors.DonorSearch.as_view(), name="donor_search"),
    path("donors/<uuid:ref>", donors.OneDonor.as_view(), name="donor"),
    path("donors/<uuid:ref>/contact-points", donors.ContactPoints.as_view(), name="contacts"),
    path("donors/<uuid:ref>/consents", donors.Consents.as_view(), name="consents"),
    path("donors/<uuid:ref>/consents/withdraw", donors.WithdrawConsent.as_view(), name="withdraw"),
    path("wordings", donors.Wordings.as_view(), name="wordings"),
    path("payouts", books.Payouts.as_view(), name="payouts"),
    path("payouts/<uuid:ref>", books.OnePayout.as_view(), name="payout"),
    path("payouts/<uuid:ref>/lines", books.PayoutLines.as_view(), name="payout_lines"),
    path("journals", books.Journals.as_view(), name="journals"),
    path("journals/<uuid:ref>", books.OneJournal.as_view(), name="journal"),
    path("job-runs", books.JobRuns.as_view(), name="job_runs"),
]
urlpatterns = [
    *[path(f"v1/{one.pattern}", one.callback, name=one.name) for one in V1],
    path("v1/openapi.json", guide.openapi, name="openapi"),
    path("v1/docs", guide.docs, name="docs"),
    re_path("", guide.Nothing.as_view()),
]
