"""Addresses about mail: appeals, segments, templates, addresses that are not mailed, journeys."""

from __future__ import annotations

from django.urls import path

from api.views import appeal_acts as acts
from api.views import appeal_papers as papers
from api.views import appeals, journeys, mails, segments, suppressions

MAIL = [
    path("segments", segments.Segments.as_view(), name="segments"),
    path("segments/count", segments.CountSegment.as_view(), name="count_segment"),
    path("segments/sample", segments.SampleSegment.as_view(), name="sample_segment"),
    path("segments/<uuid:ref>", segments.OneSegment.as_view(), name="segment"),
    path("segments/<uuid:ref>/versions", segments.SegmentVersions.as_view(), name="save_segment"),
    path("segments/<uuid:ref>/archive", segments.ArchiveSegment.as_view(), name="archive_segment"),
    path("appeals", appeals.Appeals.as_view(), name="appeals"),
    path("appeals/<uuid:ref>", appeals.OneAppeal.as_view(), name="appeal"),
    path("appeals/<uuid:ref>/words", appeals.Words.as_view(), name="appeal_words"),
    path("appeals/<uuid:ref>/variants", appeals.AddVariant.as_view(), name="add_variant"),
    path(
        "appeals/<uuid:ref>/variants/remove",
        appeals.RemoveVariant.as_view(),
        name="remove_variant",
    ),
    path("appeals/<uuid:ref>/trial", appeals.SetTrial.as_view(), name="set_trial"),
    path("appeals/<uuid:ref>/trial/drop", appeals.DropTrial.as_view(), name="drop_trial"),
    path("appeals/<uuid:ref>/preflight", acts.Preflight.as_view(), name="preflight"),
    path("appeals/<uuid:ref>/test", papers.SendTest.as_view(), name="test_appeal"),
    path("appeals/<uuid:ref>/letters", papers.MakeLetters.as_view(), name="make_letters"),
    path("appeals/<uuid:ref>/schedule", acts.Schedule.as_view(), name="schedule_appeal"),
    path("appeals/<uuid:ref>/unschedule", acts.Unschedule.as_view(), name="unschedule_appeal"),
    path("appeals/<uuid:ref>/pause", acts.Pause.as_view(), name="pause_appeal"),
    path("appeals/<uuid:ref>/resume", acts.Resume.as_view(), name="resume_appeal"),
    path("appeals/<uuid:ref>/cancel", acts.Cancel.as_view(), name="cancel_appeal"),
    path("appeals/<uuid:ref>/copy", acts.Copy.as_view(), name="copy_appeal"),
    path("appeals/<uuid:ref>/remind", acts.Remind.as_view(), name="remind_appeal"),
    path("appeals/<uuid:ref>/waves", acts.Waves.as_view(), name="waves"),
    path(
        "appeals/<uuid:ref>/waves/<int:number>/release",
        acts.ReleaseWave.as_view(),
        name="release_wave",
    ),
    path("appeals/<uuid:ref>/sender", mails.Senders.as_view(), name="senders"),
    path("appeals/<uuid:ref>/links", mails.MendLink.as_view(), name="mend_link"),
    path("appeals/<uuid:ref>/messages", mails.Messages.as_view(), name="messages"),
    path("appeals/<uuid:ref>/results", mails.Results.as_view(), name="appeal_results"),
    path("templates", mails.Templates.as_view(), name="templates"),
    path("templates/<uuid:ref>", mails.OneTemplate.as_view(), name="template"),
    path(
        "templates/<uuid:ref>/versions", mails.TemplateVersions.as_view(), name="template_versions"
    ),
    path("source-codes", mails.Codes.as_view(), name="source_codes"),
    path("source-codes/<uuid:ref>/close", mails.CloseCode.as_view(), name="close_source_code"),
    path("suppressions", suppressions.Suppressions.as_view(), name="suppressions"),
    path("suppressions/search", suppressions.FindAddress.as_view(), name="find_suppressions"),
    path("suppressions/<uuid:ref>/lift", suppressions.Lift.as_view(), name="lift_suppression"),
    path("journeys", journeys.Journeys.as_view(), name="journeys"),
    path("journeys/<uuid:ref>", journeys.OneJourney.as_view(), name="journey"),
    path("journeys/<uuid:ref>/simulation", journeys.Simulation.as_view(), name="simulate_journey"),
    path("journeys/<uuid:ref>/on", journeys.SwitchOn.as_view(), name="switch_on_journey"),
    path("journeys/<uuid:ref>/off", journeys.SwitchOff.as_view(), name="switch_off_journey"),
    path("batches", acts.Batches.as_view(), name="batches"),
    path("batches/<uuid:ref>/settle", acts.SettleDoubt.as_view(), name="settle_doubt"),
]
