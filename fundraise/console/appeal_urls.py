"""The addresses of appeals on the staff pages; urls.py takes them in."""

from __future__ import annotations

from django.urls import path

from fundraise.console.views import (
    appeal_doubts,
    appeal_links,
    appeal_rows,
    appeal_second,
    appeal_sending,
    appeal_steps,
    appeal_tests,
    appeal_words,
    appeals,
)

APPEAL = "staff/appeals/<uuid:ref>/"
urlpatterns = [
    path("staff/appeals/", appeals.appeals, name="appeals"),
    path("staff/appeals/calendar/", appeals.calendar, name="appeal_calendar"),
    path("staff/appeals/new/", appeals.new_appeal, name="new_appeal"),
    path("staff/appeals/mails/", appeals.mails, name="mails"),
    path("staff/appeals/doubts/", appeal_doubts.doubts, name="appeal_doubts"),
    path("staff/appeals/doubts/<int:key>/", appeal_doubts.doubt, name="appeal_doubt"),
    path("staff/appeals/doubts/<int:key>/people/", appeal_doubts.people, name="doubt_people"),
    path("staff/appeals/gifts/", appeal_rows.gifts, name="appeal_gifts"),
    path("staff/appeals/pledges/", appeal_rows.pledges, name="appeal_pledges"),
    path("staff/appeals/letters/", appeal_rows.letters, name="letters"),
    path(APPEAL, appeals.appeal, name="appeal"),
    path(f"{APPEAL}letters/", appeal_rows.make_letters, name="make_letters"),
    path(f"{APPEAL}name/", appeals.rename, name="rename_appeal"),
    path(f"{APPEAL}copy/", appeals.copy, name="copy_appeal"),
    path(f"{APPEAL}remind/", appeals.remind, name="remind_appeal"),
    path(f"{APPEAL}cancel/", appeals.cancel, name="cancel_appeal"),
    path(f"{APPEAL}write/", appeal_words.write, name="appeal_write"),
    path(f"{APPEAL}write/save/", appeal_words.save, name="appeal_save"),
    path(f"{APPEAL}write/frame/", appeal_words.frame, name="appeal_frame"),
    path(f"{APPEAL}write/words/", appeal_words.person_words, name="appeal_words"),
    path(f"{APPEAL}write/begin/", appeal_words.begin, name="appeal_begin"),
    path(f"{APPEAL}write/sender/", appeal_words.choose_sender, name="appeal_sender"),
    path(f"{APPEAL}write/variants/add/", appeal_words.add_variant, name="appeal_add_variant"),
    path(
        f"{APPEAL}write/variants/remove/",
        appeal_words.remove_variant,
        name="appeal_remove_variant",
    ),
    path(f"{APPEAL}people/", appeal_steps.people, name="appeal_people"),
    path(f"{APPEAL}test/", appeal_tests.test, name="appeal_test"),
    path(f"{APPEAL}check/", appeal_steps.check, name="appeal_check"),
    path(f"{APPEAL}schedule/", appeal_steps.schedule, name="appeal_schedule"),
    path(f"{APPEAL}second/", appeal_second.second, name="appeal_second"),
    path(f"{APPEAL}stop/", appeal_sending.stop, name="stop_appeal"),
    path(f"{APPEAL}pause/", appeal_sending.pause, name="pause_appeal"),
    path(f"{APPEAL}resume/", appeal_sending.resume, name="resume_appeal"),
    path(f"{APPEAL}waves/<int:number>/release/", appeal_sending.release, name="release_wave"),
    path(f"{APPEAL}links/", appeal_links.links, name="appeal_links"),
    path(f"{APPEAL}links/<int:key>/", appeal_links.link, name="appeal_link"),
]
