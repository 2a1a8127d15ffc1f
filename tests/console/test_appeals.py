"""Appeals through the staff pages: five steps, the sending, and what is refused in words."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from donors import services as donors
from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns import services as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.console.appeals import audiences
from fundraise.providers.models import Account
from fundraise.staff.models import Approval
from mailings.appeals.models import Appeal, Batch, Link, Message, Wave
from mailings.appeals.services import closing
from mailings.attribution.models import Letter, SourceCode
from mailings.journeys import services as journeys
from mailings.models import TransactionalMessage
from mailings.segments import services as segments
from mailings.segments.errors import TooSlow
from mailings.senders.base import chosen_for_appeals
from tests.console import asking, going
from tests.console.conftest import LogIn
from tests.console.house import House, make_donor
from tests.mailings.appeals.house import people, prepared, use_fake, written


@pytest.fixture
def calm(settings: Any) -> None:
    """No quiet hours, and a sender that is there."""
    settings.APPEAL_QUIET_FROM = settings.APPEAL_QUIET_UNTIL = 0
    settings.MAIL_SENDERS, settings.APPEAL_SENDER = settings.MAIL_SENDERS, settings.APPEAL_SENDER
    use_fake()


@pytest.fixture
def ready(calm: None, campaign: Campaign) -> Appeal:
    """A draft that three people may get."""
    people(3)
    return written(campaign)


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    """As much of a house as these pages ask for."""
    no: Any = None
    return House(campaign, no, no, no, no, no, no, no, no, make_donor(), no, no)


def said(answer: Any) -> str:
    """What a page says, its tags left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace(
        "\u202f", ""
    )


def at(days: int, hour: str = "12:03") -> str:
    return (clock.now() + timedelta(days=days)).strftime(f"%Y-%m-%dT{hour}")


def form(row: Appeal, **other: Any) -> dict[str, Any]:
    chosen = {"edition": row.edition, "now": "", "local_time": at(2), "zone": "Europe/Stockholm"}
    return {**chosen, **other}


def choice(row: Appeal, **other: Any) -> dict[str, Any]:
    chosen = {
        "edition": row.edition, "who": "everybody", "skip_recent": "on", "recent_days": "14",
        "without_monthly": "on", "drop_givers": "on", "holdout_percent": "0", "in_waves": "on",
        "first_wave": "2000", "priority": "5",
    }  # fmt: skip
    return {**chosen, **other}


def again(row: Appeal) -> Appeal:
    return Appeal.objects.get(pk=row.pk)


def url(row: Appeal, page: str = "") -> str:
    return f"/staff/appeals/{row.ref}/{page}"


# --- List, new, copy ------------------------------------------------------------------------------
def test_new_appeal_begins_with_its_words_and_stands_in_list_and_calendar(
    cecilia: Client, campaign: Campaign
) -> None:
    answer = cecilia.post("/staff/appeals/new/", {"title": "Sista veckan", "campaign": campaign.pk})

    row = Appeal.objects.get()
    assert answer["Location"] == url(row, "write/")
    assert (row.title, row.state, row.campaign_id) == ("Sista veckan", "draft", campaign.pk)
    assert "Sista veckan" in said(cecilia.get("/staff/appeals/"))
    assert "Sista veckan" in said(cecilia.get("/staff/appeals/calendar/"))


def test_of_several_campaigns_none_is_chosen_beforehand(
    cecilia: Client, campaign: Campaign
) -> None:
    empty = '<option value="" selected>Välj …</option>'
    assert empty not in cecilia.get("/staff/appeals/new/").content.decode()
    campaigns.create_campaign(
        entity=campaign.entity, slug="lokalen", title_sv="En lokal", title_en="Rooms",
        purpose_sv="Hyran.", purpose_en="The rent.", goal_ore=1000_00, starts_on=clock.today(),
        by="staff:1",
    )  # fmt: skip

    assert empty in cecilia.get("/staff/appeals/new/").content.decode()
    refused = cecilia.post("/staff/appeals/new/", {"title": "Sista veckan", "campaign": ""})
    assert refused.status_code == 422
    assert not Appeal.objects.exists()


def test_calendar_shows_an_appeal_on_the_day_of_its_own_clock(
    cecilia: Client, campaign: Campaign
) -> None:
    row = written(campaign)
    Appeal.objects.filter(pk=row.pk).update(
        state="scheduled", scheduled_at=clock.now(), local_time="2027-02-01T03:00",
        send_at="2027-02-01T03:00Z", zone="America/New_York",
    )  # fmt: skip

    january = said(cecilia.get("/staff/appeals/calendar/?month=2027-01"))
    unreadable = cecilia.get("/staff/appeals/calendar/?month=0001-01")

    assert "31 jan 2027 22.00 tid i New York Sista veckan" in january.replace("\xa0", " ")
    assert unreadable.status_code == 200


def test_copy_and_reminder_are_drafts_of_their_own(cecilia: Client, house: House) -> None:
    sent = asking.sending(house)

    cecilia.post(url(sent, "copy/"))
    cecilia.post(url(sent, "remind/"))

    copied, reminder = Appeal.objects.filter(state="draft").order_by("pk")
    assert (copied.title, copied.people_of) == ("Skickas nu (kopia)", None)
    assert (reminder.title, reminder.people_of) == ("Skickas nu (påminnelse)", sent)
    assert "De som fick ”Skickas nu” och inte har gett" in said(cecilia.get(url(reminder)))


def test_appeal_that_nobody_got_reminds_nobody(cecilia: Client, ready: Appeal) -> None:
    answer = cecilia.post(url(ready, "remind/"), follow=True)

    assert "Ingen har fått utskicket än" in said(answer)
    assert Appeal.objects.count() == 1


# --- To whom --------------------------------------------------------------------------------------
def test_choice_is_counted_before_it_is_kept(cecilia: Client, ready: Appeal) -> None:
    counted = cecilia.post(url(ready, "people/"), choice(ready, holdout_percent="50", do="count"))
    assert "3 personer just nu" in said(counted)
    assert "får inget, att jämföra med 1" in said(counted)
    assert again(ready).edition == ready.edition

    kept = cecilia.post(
        url(ready, "people/"), choice(ready, skip_recent="", in_waves="", priority="2")
    )

    row = again(ready)
    assert kept["Location"] == url(ready, "test/")
    assert (row.without_recent_days, row.first_wave, row.priority) == (0, 0, 2)


def test_count_says_that_a_segment_may_reach_more_than_it_holds(
    cecilia: Client, ready: Appeal
) -> None:
    assert "utan de villkor i urvalet som inriktar" not in said(
        cecilia.post(url(ready, "people/"), choice(ready, do="count"))
    )
    gave = {"is": "gave", "measure": "gifts", "at_least": 1}
    segment = segments.create_segment(name="Gav", tree=gave, by="staff:1")

    counted = said(cecilia.post(url(ready, "people/"), choice(
        ready, who="segment", segment=str(segment.versions.get().pk), do="count")))  # fmt: skip

    assert "3 personer just nu" in counted
    assert "utan de villkor i urvalet som inriktar: de kan vara fler" in counted


def test_half_a_choice_is_counted_as_what_is_still_to_choose(
    cecilia: Client, ready: Appeal
) -> None:
    asked = cecilia.post(url(ready, "people/"), choice(ready, who="segment", do="count"))
    panel = asked.content.decode().partition("data-counted")[2].partition("</aside>")[0]
    assert (asked.status_code, "Välj ett urval." in panel) == (200, True)
    assert again(ready).edition == ready.edition


def test_segment_that_can_not_be_asked_is_told_in_the_count(
    cecilia: Client, ready: Appeal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_slow(*_given: object) -> None:
        raise TooSlow

    monkeypatch.setattr(audiences, "counted", too_slow)
    asked = cecilia.post(url(ready, "people/"), choice(ready, do="count"))
    panel = asked.content.decode().partition("data-counted")[2].partition("</aside>")[0]
    assert (asked.status_code, "Urvalet går inte att räkna just nu." in panel) == (200, True)


def test_second_window_saves_nothing_over_the_first(cecilia: Client, ready: Appeal) -> None:
    cecilia.post(url(ready, "people/"), choice(ready, priority="2"))
    late = cecilia.post(url(ready, "people/"), choice(ready, priority="9"), follow=True)

    assert "ändrades i ett annat fönster" in said(late)
    assert again(ready).priority == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"who": "segment"}, "Välj ett urval."),
        ({"who": "appeal"}, "Välj ett tidigare utskick."),
        ({"recent_days": ""}, "Skriv hur många dagar."),
        ({"first_wave": ""}, "Skriv hur många personer."),
    ],
)
def test_half_a_choice_is_named_and_nothing_is_kept(
    wrong: dict[str, str], words: str, cecilia: Client, ready: Appeal
) -> None:
    answer = cecilia.post(url(ready, "people/"), choice(ready, **wrong))

    assert (answer.status_code, words in said(answer)) == (422, True)
    assert again(ready).edition == ready.edition


# --- Test -----------------------------------------------------------------------------------------
def test_test_goes_to_staff_marked_and_once_however_often_it_is_pressed(
    cecilia: Client, ready: Appeal
) -> None:
    User.objects.filter(username="cecilia").update(email="cecilia@party.example")
    key = User.objects.get(username="cecilia").pk
    content = ready.variants.get().contents.get(language="sv")
    sent = {"once": str(uuid.uuid4()), "content": content.pk, "who": "nameless", "to": [key]}

    first = cecilia.post(url(ready, "test/"), sent, follow=True)
    second = cecilia.post(url(ready, "test/"), sent, follow=True)

    assert "1 prov är på väg." in said(first)
    assert "Provet är redan mejlat." in said(second)
    assert TransactionalMessage.objects.filter(kind="appeal-test").count() == 1
    logged = ChangeLine.objects.get(action="appeal.tested")
    assert logged.after == {"mails": 1, "variant": "A", "language": "sv"}


def test_test_goes_to_nobody_but_staff(cecilia: Client, log_in: LogIn, ready: Appeal) -> None:
    content = ready.variants.get().contents.get(language="sv")
    stranger = User.objects.create_user("stranger", email="a@elsewhere.example")
    sent = {"once": str(uuid.uuid4()), "content": content.pk, "who": "anna", "to": [stranger.pk]}

    answer = cecilia.post(url(ready, "test/"), sent)

    assert answer.status_code == 422
    assert not TransactionalMessage.objects.exists()


# --- Check and schedule ---------------------------------------------------------------------------
def test_list_names_what_is_wrong_first_with_the_page_that_mends_it(
    cecilia: Client, ready: Appeal
) -> None:
    ready.variants.get().contents.update(from_email="")

    page = cecilia.get(url(ready, "check/"))

    assert "1 sak måste rättas" in said(page)
    points = page.context["points"]
    assert (points[0].code, points[0].state, points[0].link) == (
        "from", "block", url(ready, "write/"),
    )  # fmt: skip
    words = ready.variants.get().contents.get(language="sv")
    type(words).objects.filter(pk=words.pk).update(compiled_subject="")
    wrong = next(one for one in cecilia.get(url(ready, "check/")).context["points"]
                 if one.code == "words" and one.state == "block")  # fmt: skip
    assert wrong.link == url(ready, "write/#A-sv")
    refused = cecilia.post(url(ready, "schedule/"), form(ready, sure="1"), follow=True)
    assert "Något måste rättas innan det kan schemaläggas." in said(refused)
    assert again(ready).state == "draft"


def test_schedule_says_what_will_happen_before_it_does(cecilia: Client, ready: Appeal) -> None:
    look = cecilia.post(url(ready, "schedule/"), form(ready, local_time=at(40, "18:00")))

    assert "Skicka till 3 personer" in said(look)
    assert "om 40 dagar" in said(look) or "om 39 dagar" in said(look)
    assert "tid i Stockholm" in said(look)
    assert "18.03 kommer fram fortare." in said(look)
    assert again(ready).state == "draft"

    cecilia.post(url(ready, "schedule/"), form(ready, sure="1"))

    row = again(ready)
    assert (row.state, row.local_time, row.needs_second) == ("scheduled", at(2), False)
    assert "Inget skickas de närmaste 10 min" in said(cecilia.get(url(ready)))


def test_form_sent_twice_or_from_an_old_window_schedules_once(
    cecilia: Client, ready: Appeal
) -> None:
    sure = form(ready, sure="1")
    cecilia.post(url(ready, "schedule/"), sure)
    second = cecilia.post(url(ready, "schedule/"), sure, follow=True)

    assert "schemalades under tiden" in said(second)
    assert ChangeLine.objects.filter(action="appeal.scheduled").count() == 1


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"local_time": "2020-01-01T12:03"}, "Den tiden har passerat."),
        ({"local_time": "2027-03-28T02:30"}, "Den tiden finns inte"),
        ({"local_time": "2027-10-31T02:30"}, "Klockan visar den tiden två gånger"),
        ({"local_time": "2099-01-01T12:03"}, "Det är mer än ett år fram."),
        ({"local_time": "snart"}, "Välj dag och tid."),
        ({"local_time": ""}, "Välj dag och tid."),
    ],
)
def test_time_that_can_t_be_is_refused_in_words(
    chosen: dict[str, str], words: str, cecilia: Client, ready: Appeal
) -> None:
    answer = cecilia.post(url(ready, "schedule/"), form(ready, **chosen))

    assert (answer.status_code, words in said(answer)) == (422, True)
    assert again(ready).state == "draft"


def test_time_that_is_there_twice_is_asked_about(cecilia: Client, ready: Appeal) -> None:
    Campaign.objects.update(ends_on=None)  # it would be over by then
    twice = form(ready, local_time="2027-10-31T02:30")

    asked = cecilia.post(url(ready, "schedule/"), twice)
    look = cecilia.post(url(ready, "schedule/"), {**twice, "which": "1"})

    assert "Andra gången, vintertid" in said(asked)
    assert look.status_code == 200
    assert "söndag 31 oktober 2027" in said(look)


def test_at_night_a_reason_is_needed_and_a_second_person(
    cecilia: Client, log_in: LogIn, ready: Appeal, settings: Any
) -> None:
    settings.APPEAL_QUIET_FROM, settings.APPEAL_QUIET_UNTIL = 21, 8
    night = form(ready, local_time=at(2, "23:03"))

    refused = cecilia.post(url(ready, "schedule/"), night)
    assert "skriv varför det måste vara då" in said(refused)

    cecilia.post(url(ready, "schedule/"), {**night, "quiet_reason": "valnatten", "sure": "1"})
    assert again(ready).needs_second
    own = cecilia.post(url(ready, "second/"), {"answer": "yes", "reason": ""}, follow=True)
    assert "Någon annan än den som bad" in said(own) or "måste någon annan" in said(own)
    assert again(ready).approved_by == ""
    eva = log_in("eva", "comms")
    assert "valnatten" in said(eva.get(url(ready, "second/")))
    eva.post(url(ready, "second/"), {"answer": "yes", "reason": ""})
    assert again(ready).approved_by == f"staff:{User.objects.get(username='eva').pk}"


def test_who_may_pay_back_may_not_agree_to_an_appeal(david: Client, house: House) -> None:
    row = asking.scheduled(house)
    asked = Approval.objects.get(subject_ref=row.ref)

    by_the_old_way = david.post(f"/staff/second/{asked.ref}/", {"answer": "yes", "reason": ""})

    assert by_the_old_way["Location"] == url(row, "second/")
    assert david.post(url(row, "second/"), {"answer": "yes"}).status_code == 403
    assert again(row).approved_by == ""


def test_stop_takes_a_scheduled_appeal_back_once(cecilia: Client, house: House) -> None:
    row = asking.scheduled(house)

    first = cecilia.post(url(row, "stop/"), follow=True)
    second = cecilia.post(url(row, "stop/"), follow=True)

    assert "det är ett utkast igen" in said(first)
    assert "går inte att ta tillbaka" in said(second)
    assert (again(row).state, Approval.objects.get(subject_ref=row.ref).answer) == ("draft", "no")
    assert "ingen behöver svara" in said(cecilia.get(url(row, "second/")))


# --- Sending --------------------------------------------------------------------------------------
def test_live_page_adds_up_and_each_number_leads_to_its_rows(cecilia: Client, house: House) -> None:
    row = asking.sending(house)

    live = cecilia.get(url(row)).context["live"]

    assert [(one.code, one.people) for one in live.parts] == [
        ("sent", 1), ("waiting", 2), ("doubt", 1), ("not", 2),
    ]  # fmt: skip
    assert sum(one.people for one in live.parts) == live.progress.frozen
    for one in (*live.parts, *live.reasons):
        context = cecilia.get(one.url).context
        rows = context["rows"] if one.code == "doubt" else context["list"].rows
        assert (one.code, len(rows)) == (one.code, one.people)


def test_what_chose_the_people_is_told_as_it_was_frozen(
    cecilia: Client, house: House, settings: Any
) -> None:
    use_fake()
    settings.APPEAL_QUIET_FROM = settings.APPEAL_QUIET_UNTIL = 0
    people(3)
    gave = {"is": "gave", "measure": "gifts", "at_least": 1}
    segment = segments.create_segment(name="Ej givare", tree={"not": gave}, by="staff:1")
    version = segment.versions.get().pk
    row = written(house.campaign, segment_version_id=version, holdout_percent=10)
    assert "Vilka som valdes, och efter vad" not in said(cecilia.get(url(row)))
    row = prepared(row)
    segments.save_version(segment_id=segment.pk, tree=gave, made_from=1, by="staff:1")

    page = said(cecilia.get(url(row)))

    for line in (
        f"Som det sparades när listan på {row.frozen} frystes",
        "Alla som inte gav.",
        "Villkor som inriktar: gav.",
        "Var och en hade en grund för att bli tillfrågad om gåvor: samtycke",
        "Utelämnade: de som gett till insamlingen de senaste 14 dagarna.",
        "Utelämnade: månadsgivare.",
        "Bortlottade att jämföra med: 10 av hundra.",
        f"0 hade samtyckt till att väljas och frågas efter det vi vet om dem. {row.frozen} hade",
    ):
        assert line in page, line


def test_what_holds_a_sending_back_is_said(cecilia: Client, house: House, settings: Any) -> None:
    row = asking.sending(house)
    settings.APPEAL_QUIET_FROM = settings.APPEAL_QUIET_UNTIL = 0
    assert cecilia.get(url(row)).context["live"].waits == []

    settings.APPEAL_QUIET_UNTIL = 24
    settings.APPEAL_PER_HOUR, settings.APPEAL_FAMILY_PER_HOUR = 20_000, {"gmail": 5_000}
    later = clock.real_now() + timedelta(hours=1)
    Batch.objects.filter(appeal=row, state="held").update(state="ready", not_before=later)
    page = said(cecilia.get(url(row)))

    assert "Det är tysta timmar, från 00 till 24: det fortsätter när de är över." in page
    assert "Högst 20 000 mejl går i timmen, för alla utskick tillsammans." in page
    assert "Högst 5 000 mejl i timmen går till Gmail." in page
    assert "Nästa mejl går tidigast" in page
    assert "går först" not in page
    Appeal.objects.filter(pk=row.pk).update(state="paused", paused_for="staff")
    assert cecilia.get(url(row)).context["live"].waits == []


def test_pause_resume_and_a_wave_are_done_once_and_said(
    cecilia: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = asking.sending(house)

    assert "ingen kan veta hur de togs emot" not in said(cecilia.get(url(row)))
    ago = clock.real_now() - timedelta(days=1)
    Batch.objects.filter(appeal=row).exclude(posted_at=None).update(posted_at=ago)
    silent = said(cecilia.get(url(row)))
    assert "ingen kan veta hur de togs emot" in silent
    assert "när du släpper den" not in silent  # it goes by the clock
    monkeypatch.setattr(type(chosen_for_appeals()), "reports", True)
    assert "när du släpper den" in said(cecilia.get(url(row)))
    assert "Det är pausat." in said(cecilia.post(url(row, "pause/"), follow=True))
    assert "Det skickas inte längre." in said(cecilia.post(url(row, "pause/"), follow=True))
    held = cecilia.post(url(row, "waves/2/release/"), follow=True)
    assert "Det skickas inte längre." in said(held)
    assert "Någon här pausade det." in said(cecilia.get(url(row)))
    assert "Ingen får det två gånger." in said(cecilia.post(url(row, "resume/"), follow=True))
    assert "Det är inte pausat." in said(cecilia.post(url(row, "resume/"), follow=True))
    assert "Del 2 går nu." in said(cecilia.post(url(row, "waves/2/release/"), follow=True))
    assert "Delen har redan gått." in said(cecilia.post(url(row, "waves/2/release/"), follow=True))
    assert Wave.objects.get(appeal=row, number=2).state == "released"


def test_cancel_says_what_it_does_and_asks_why(cecilia: Client, house: House) -> None:
    row = asking.sending(house)

    assert "1 mejl har gått och går inte att ta tillbaka." in said(cecilia.get(url(row, "cancel/")))
    assert cecilia.post(url(row, "cancel/"), {"reason": ""}).status_code == 422
    assert again(row).state == "sending"
    cecilia.post(url(row, "cancel/"), {"reason": "fel belopp i texten"})
    over = cecilia.post(url(row, "cancel/"), {"reason": "en gång till"}, follow=True)

    assert again(row).state == "cancelled"
    assert Message.objects.filter(appeal=row, outcome="cancelled").count() == 2
    assert "Det är redan över." in said(over)


def test_opened_by_its_address_an_act_does_nothing(cecilia: Client, house: House) -> None:
    row = asking.sending(house)

    for act in ("pause", "resume", "stop", "copy", "remind", "waves/2/release"):
        assert cecilia.get(url(row, f"{act}/"))["Location"] == url(row), act
    assert again(row).state == "sending"
    assert Appeal.objects.count() == 1


# --- In doubt -------------------------------------------------------------------------------------
def test_doubt_is_listed_opened_by_name_and_settled_once(
    cecilia: Client, log_in: LogIn, house: House
) -> None:
    doubt = asking.doubt(house)
    page = f"/staff/appeals/doubts/{doubt.pk}/"
    Batch.objects.filter(pk=doubt.pk).update(last_error="answer lost: TimeoutError")
    listed = said(cecilia.get("/staff/appeals/doubts/"))
    assert ("Skickas nu" in listed, "Svaret kom bort på vägen" in listed) == (True, True)
    assert "TimeoutError" not in listed
    assert "Björn" not in said(cecilia.get(page))
    assert cecilia.post(f"{page}people/").status_code in {200, 403}

    named = said(log_in("boss").post(f"{page}people/"))
    assert "Björn Testgren" in named
    assert ReadLine.objects.filter(purpose="staff.doubt", subject_ref=str(house.donor.ref)).exists()

    cecilia.post(page, {"left": "no", "reason": "inget i loggen"})
    second = cecilia.post(page, {"left": "yes", "reason": "jo"}, follow=True)

    assert Batch.objects.get(pk=doubt.pk).state == "ready"
    assert "Det blev avgjort under tiden." in said(second)


# --- Links ----------------------------------------------------------------------------------------
def test_link_of_a_sent_appeal_is_mended_with_a_reason(cecilia: Client, house: House) -> None:
    row = asking.sending(house)
    link = Link.objects.get(content__variant__appeal=row)
    page = url(row, f"links/{link.pk}/")

    bad = cecilia.post(page, {"target": "javascript:alert(1)", "reason": "x"})
    assert (bad.status_code, "Börja med https://" in said(bad)) == (422, True)
    cecilia.post(page, {"target": "https://party.example/nytt/", "reason": "sidan flyttade"})

    assert Link.objects.get(pk=link.pk).target == "https://party.example/nytt/"
    assert "https://party.example/nytt/" in said(cecilia.get(url(row, "links/")))


# --- Today ----------------------------------------------------------------------------------------
def test_today_shows_what_is_on_its_way_and_what_needs_somebody(
    cecilia: Client, house: House
) -> None:
    asking.sending(house)
    asking.scheduled(house)
    asking.paused(house)

    today = said(cecilia.get("/staff/"))

    assert "Skickas nu ▲ Skickas 1 av 6 skickade, 16 %" in today
    assert "Om tre dagar ▲ Schemalagt om 3 dagar" in today
    assert "1 Pausade utskick" in today
    assert "2 Omgångar av mejl som kan ha gått eller inte" in today
    assert "1 Frågor som väntar på ditt ja eller nej" in today


def test_letters_are_made_once_for_those_without_an_address_and_found_in_a_list(
    cecilia: Client, house: House
) -> None:
    row = asking.sending(house)
    for _press in range(2):
        pressed = said(cecilia.post(url(row, "letters/"), follow=True))
        assert "Inget brev är gjort: ingen utan e-post som det väljer har en postadress." in pressed

    assert SourceCode.objects.get().code == f"brev{row.pk}"
    listed = f"/staff/appeals/letters/?appeal={row.ref}"
    assert cecilia.get(listed).context["list"].rows == []
    Letter.objects.create(appeal=row, donor=house.donor, targeted=False, made_at=clock.now())
    donors.record_membership(
        donor_id=house.donor.pk, informed_on=date(2026, 1, 1), source="import", by="staff:1"
    )
    page = said(cecilia.get(listed))
    assert "får inte ta ut den som fil. Fråga givarservice." in page
    assert str(house.donor.ref)[:8] in page
    assert Letter.objects.get().ocr in page
    assert "Björn" not in page  # names are in the file alone


def test_closing_a_campaign_says_what_stops_and_each_page_says_why_it_stands(
    cecilia: Client, house: House
) -> None:
    on_its_way, soon = asking.sending(house), asking.scheduled(house)
    draft = asking.made(house, "Ännu ett utkast")
    journey = going.journey_of(house)
    journeys.switch_on(journey, by=going.OTHER)
    page = reverse("console:campaign", args=[house.campaign.ref])

    warned = said(cecilia.get(page))
    assert "De här stannar av sig själva:" in warned
    assert f"{on_its_way.title} skickas nu: det pausas" in warned
    assert f"{soon.title} är schemalagt: det blir ett utkast igen" in warned
    assert f"{journey.name} är ett flöde: den som skulle få" in warned
    assert draft.title not in warned

    campaigns.update_campaign(house.campaign.pk, by=going.OTHER, status="closed")
    assert sum(map(closing.stop, closing.late())) == 2
    after = said(cecilia.get(page))
    assert "Insamlingen är slut, så ingen blir längre tillfrågad om den:" in after
    assert f"{on_its_way.title} är pausat, och fortsätter bara när insamlingen är öppen" in after
    assert soon.title not in after
    assert (again(on_its_way).state, again(soon).state) == ("paused", "draft")
    assert "insamlingen är stängd" in said(cecilia.get(url(on_its_way)))
    assert "Fortsätt där det stannade" not in said(cecilia.get(url(on_its_way)))
    refused = said(cecilia.post(url(on_its_way, "resume/"), follow=True))
    assert "Öppna insamlingen igen eller flytta dess sista dag först." in refused
    refused = said(cecilia.post(url(on_its_way, "remind/"), follow=True))
    assert "Öppna insamlingen igen eller flytta dess sista dag först." in refused
    assert "utskicket kan inte schemaläggas" in said(cecilia.get(url(soon)))
    assert "Mejlet ber om gåvor till den." in said(cecilia.get(url(draft, "check/")))
    stands = said(cecilia.get(reverse("console:journey", args=[journey.ref])))
    assert "Mejl som ber om gåvor till den skickas inte" in stands
    assert again(on_its_way).state == "paused"
