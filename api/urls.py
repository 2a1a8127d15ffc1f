"""`/api/v1/`: it only grows; a change that breaks somebody is a v2."""

from __future__ import annotations

from django.urls import path, re_path

from api.mail_urls import MAIL
from api.views import (
    books,
    campaigns,
    donors,
    gifts,
    giro,
    guide,
    pledges,
    public,
    public_pledges,
)

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
    path(
        "public/campaigns/<slug:slug>/monthly",
        public_pledges.PublicMonthly.as_view(),
        name="public_monthly",
    ),
    path("public/pledges", public_pledges.PublicPledges.as_view(), name="public_pledges"),
    path("public/pledges/<uuid:ref>", public_pledges.PublicPledge.as_view(), name="public_pledge"),
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
    path("pledges", pledges.Pledges.as_view(), name="pledges"),
    path("pledges/<uuid:ref>", pledges.OnePledge.as_view(), name="pledge"),
    path("pledges/<uuid:ref>/changes", pledges.PledgeChanges.as_view(), name="pledge_changes"),
    path("pledges/<uuid:ref>/change", pledges.ChangePledge.as_view(), name="change_pledge"),
    path("pledges/<uuid:ref>/skip", pledges.SkipPledge.as_view(), name="skip_pledge"),
    path("pledges/<uuid:ref>/unskip", pledges.UnskipPledge.as_view(), name="unskip_pledge"),
    path("pledges/<uuid:ref>/pause", pledges.PausePledge.as_view(), name="pause_pledge"),
    path("pledges/<uuid:ref>/resume", pledges.ResumePledge.as_view(), name="resume_pledge"),
    path("pledges/<uuid:ref>/stop", pledges.StopPledge.as_view(), name="stop_pledge"),
    path("mandates", pledges.Mandates.as_view(), name="mandates"),
    path("mandates/<uuid:ref>", pledges.OneMandate.as_view(), name="mandate"),
    path("instalments", pledges.Instalments.as_view(), name="instalments"),
    path("instalments/<uuid:ref>", pledges.OneInstalment.as_view(), name="instalment"),
    path("collections", pledges.Collections.as_view(), name="collections"),
    path("collections/<uuid:ref>", pledges.OneCollection.as_view(), name="collection"),
    path("autogiro/files-out", giro.OutFiles.as_view(), name="giro_out_files"),
    path("autogiro/files-out/<uuid:ref>", giro.OneOutFile.as_view(), name="giro_out_file"),
    path("autogiro/files-out/<uuid:ref>/orders", giro.OutFileOrders.as_view(), name="giro_orders"),
    path(
        "autogiro/files-out/<uuid:ref>/content",
        giro.OutFileContent.as_view(),
        name="giro_out_content",
    ),
    path("autogiro/files-in", giro.InFiles.as_view(), name="giro_in_files"),
    path("autogiro/files-in/<uuid:ref>", giro.OneInFile.as_view(), name="giro_in_file"),
    path("autogiro/files-in/<uuid:ref>/rows", giro.InFileRows.as_view(), name="giro_rows"),
    path("job-runs", books.JobRuns.as_view(), name="job_runs"),
    *MAIL,
]
urlpatterns = [
    *[path(f"v1/{one.pattern}", one.callback, name=one.name) for one in V1],
    path("v1/openapi.json", guide.openapi, name="openapi"),
    path("v1/docs", guide.docs, name="docs"),
    re_path("", guide.Nothing.as_view()),
]
