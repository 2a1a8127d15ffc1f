"""Addresses about mail: appeals, segments, templates, addresses that are not mailed, journeys."""

from __future__ import annotations

from django.urls import path

from api.views import appeal_acts as acts
from api.views import appeals, segments

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
    path("batches", acts.Batches.as_view(), name="batches"),
]
