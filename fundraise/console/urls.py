"""The staff pages under /staff/ and the pictures that the world sees."""

from __future__ import annotations

from django.urls import path

from fundraise.console import pictures
from fundraise.console.views import (
    campaigns,
    donor_changes,
    donors,
    front,
    gifts,
    house,
    imports,
    money,
    refunds,
    second,
)

app_name = "console"

urlpatterns = [
    path("bilder/<str:name>", pictures.show, name="picture"),
    path("staff/", front.front, name="front"),
    path("staff/login/", front.log_in, name="log_in"),
    path("staff/language/", front.language, name="language"),
    path("staff/identity/", front.identity, name="identity"),
    path("staff/campaigns/", campaigns.campaigns, name="campaigns"),
    path("staff/campaigns/new/", campaigns.new_campaign, name="new_campaign"),
    path("staff/campaigns/<uuid:ref>/", campaigns.campaign, name="campaign"),
    path("staff/gifts/", gifts.gifts, name="gifts"),
    path("staff/gifts/new/", gifts.new_gift, name="new_gift"),
    path("staff/gifts/<uuid:ref>/", gifts.gift, name="gift"),
    path("staff/gifts/<uuid:ref>/giver/", gifts.giver, name="giver"),
    path("staff/gifts/<uuid:ref>/donor/", gifts.choose_donor, name="choose_donor"),
    path("staff/gifts/<uuid:ref>/confirm/", gifts.confirm, name="confirm_gift"),
    path("staff/gifts/<uuid:ref>/refund/", refunds.ask, name="ask_refund"),
    path("staff/refunds/", refunds.refunds, name="refunds"),
    path("staff/refunds/<uuid:ref>/", refunds.refund, name="refund"),
    path("staff/refunds/<uuid:ref>/confirm/", refunds.confirm, name="confirm_refund"),
    path("staff/second/", second.seconds, name="seconds"),
    path("staff/second/<uuid:ref>/", second.second, name="second"),
    path("staff/disputes/", money.disputes, name="disputes"),
    path("staff/payouts/", money.payouts, name="payouts"),
    path("staff/lines/", money.lines, name="lines"),
    path("staff/payouts/<int:key>/", money.payout, name="payout"),
    path("staff/journals/", money.journals, name="journals"),
    path("staff/journals/<uuid:ref>/", money.journal, name="journal"),
    path("staff/events/", house.events, name="events"),
    path("staff/events/<int:key>/replay/", house.replay, name="replay"),
    path("staff/alarms/", house.alarms, name="alarms"),
    path("staff/alarms/<int:key>/close/", house.close_alarm, name="close_alarm"),
    path("staff/jobs/", house.jobs, name="jobs"),
    path("staff/jobs/runs/", house.runs, name="runs"),
    path("staff/donors/", donors.donors, name="donors"),
    path("staff/donors/<uuid:ref>/", donors.donor, name="donor"),
    path("staff/imports/", imports.imports, name="imports"),
    path("staff/imports/<uuid:ref>/", imports.import_run, name="import"),
    path("staff/imports/<uuid:ref>/sheet/", imports.choose_sheet, name="import_sheet"),
    path("staff/imports/<uuid:ref>/check/", imports.check, name="check_import"),
    path("staff/imports/<uuid:ref>/again/", imports.choose_again, name="choose_import_again"),
    path("staff/imports/<uuid:ref>/begin/", imports.begin, name="begin_import"),
    path("staff/imports/<uuid:ref>/cancel/", imports.cancel, name="cancel_import"),
    path("staff/imports/<uuid:ref>/errors.<str:kind>", imports.errors, name="import_errors"),
    path("staff/donors/<uuid:ref>/name/", donor_changes.rename, name="rename_donor"),
    path("staff/donors/<uuid:ref>/contact/", donor_changes.add_contact, name="add_contact"),
    path(
        "staff/donors/<uuid:ref>/contact/<int:key>/change/",
        donor_changes.change_contact,
        name="change_contact",
    ),
    path("staff/donors/<uuid:ref>/yes/", donor_changes.say_yes, name="say_yes"),
    path("staff/donors/<uuid:ref>/no/", donor_changes.say_no, name="say_no"),
    path("staff/donors/<uuid:ref>/restrict/", donor_changes.restrict, name="restrict_donor"),
]
