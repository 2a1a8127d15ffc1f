"""Answers are kept and age; codes are confirmed; signatures have reasons; a house opens once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.module_loading import import_string

from fundraise import clock, seal
from fundraise import settings as written
from fundraise.audit.models import ChangeLine
from fundraise.jobs.models import Alarm, HouseOpening, JobRun
from fundraise.ops import tasks
from fundraise.ops.golive import queries, services
from fundraise.ops.golive.line import COMMON, Line, State
from fundraise.ops.models import GoLiveAnswer, GoLiveSignature
from tests.ops.golive.lines import BREAKS, HERE, SENT, WELL, World

pytestmark = pytest.mark.django_db
BY = "staff:1"


@pytest.fixture(autouse=True)
def _world(settings: Any) -> None:
    World.well, World.about, World.asked = True, "one", 0
    World.who, World.days = "one", 7
    settings.GO_LIVE = [HERE + "WELL"]


def after_test(line: Line) -> queries.Standing:
    services.ask(services.begin(line, by=BY).pk)
    return queries.standing(line)


def tomorrow() -> date:
    return queries.today() + timedelta(days=1)


def sign(line: Line, reason: str, day: date) -> None:
    """By somebody who has looked at the line as it stands."""
    mark = queries.standing(line).mark
    services.sign(line, about=mark, reason=reason, valid_till=day, by=BY)


def test_a_line_waits_is_asked_and_answers_in_words() -> None:
    assert (queries.standing(WELL).state, queries.standing(WELL).says) == (
        "waiting", "Not tested yet.",
    )  # fmt: skip
    begun = services.begin(WELL, by=BY)
    assert queries.standing(WELL).state == State.ASKING
    services.ask(begun.pk)
    now = queries.standing(WELL)
    assert (now.state, now.says, now.mend, now.passes) == ("green", "All 7 are well.", "", True)
    services.ask(begun.pk)  # the task came twice
    assert World.asked == 1
    World.well = False
    now = after_test(WELL)
    assert (now.state, now.says, now.mend, now.passes) == ("red", "It is ill.", "Mend it.", False)
    said = [(line.action, line.after) for line in ChangeLine.objects.order_by("pk")]
    assert said[1] == ("go_live.answered", {"state": "green", "code": "well"})


def test_a_test_that_breaks_is_red_and_quotes_nobody(settings: Any) -> None:
    settings.GO_LIVE = [HERE + "BREAKS"]
    now = after_test(BREAKS)
    assert (now.state, now.says) == ("red", "The test itself broke: RuntimeError.")


def test_a_question_that_no_worker_takes_is_red_after_a_while() -> None:
    begun = services.begin(WELL, by=BY)
    early = clock.real_now() - timedelta(minutes=3)
    GoLiveAnswer.objects.filter(pk=begun.pk).update(asked_at=early)
    assert (queries.standing(WELL).state, queries.standing(WELL).says) == (
        "red", "No worker has answered.",
    )  # fmt: skip


def test_green_ends_with_its_time_and_with_the_settings_it_was_about() -> None:
    after_test(WELL)
    World.about = "two"
    assert queries.standing(WELL).says == "The settings have changed since it was tested."
    World.about = "one"
    assert queries.standing(WELL).state == "green"
    GoLiveAnswer.objects.update(asked_at=clock.real_now() - timedelta(days=8))
    assert queries.standing(WELL).says == "It was tested too long ago to count."
    assert queries.may_open() is False


def test_a_code_is_confirmed_by_whoever_got_it(settings: Any) -> None:
    settings.GO_LIVE = [HERE + "SENT"]
    with pytest.raises(services.Refused, match="no_code"):
        services.confirm(SENT, "abcd2345", by=BY)
    assert after_test(SENT).wants_code is True
    assert b"abcd2345" not in bytes(GoLiveAnswer.objects.latest("pk").expects or b"")
    assert services.confirm(SENT, "wrong", by=BY).code == "wrong_code"
    assert queries.standing(SENT).state == "waiting"
    assert services.confirm(SENT, " ABCD 2345 ", by=BY).state == "green"
    assert queries.standing(SENT).says == "Came."


def test_five_wrong_codes_and_it_must_be_sent_anew(settings: Any) -> None:
    settings.GO_LIVE = [HERE + "SENT"]
    after_test(SENT)
    found = [services.confirm(SENT, "wrong", by=BY).code for _time in range(5)]
    assert found == ["wrong_code"] * 4 + ["too_many"]
    with pytest.raises(services.Refused, match="no_code"):
        services.confirm(SENT, "abcd2345", by=BY)
    assert queries.standing(SENT).says == str(COMMON["too_many"].answer)


def test_a_signature_needs_a_reason_and_a_day_and_ends_with_it() -> None:
    World.well = False
    after_test(WELL)
    for reason, day, code in (
        ("  ", tomorrow(), "no_reason"),
        ("why", queries.today() - timedelta(days=1), "bad_day"),
        ("why", queries.today() + timedelta(days=400), "bad_day"),
    ):
        with pytest.raises(services.Refused, match=code):
            sign(WELL, reason, day)
    assert GoLiveSignature.objects.count() == 0
    sign(WELL, "Swish comes in January", tomorrow())
    now = queries.standing(WELL)
    assert (now.state, now.is_signed, now.passes) == ("red", True, True)
    assert ChangeLine.objects.latest("pk").reason == "Swish comes in January"
    GoLiveSignature.objects.update(valid_till=queries.today() - timedelta(days=1))
    assert queries.standing(WELL).passes is False


def test_a_signature_holds_for_the_answer_it_was_given_for_and_no_other(settings: Any) -> None:
    settings.GO_LIVE = [HERE + "WELL"]
    World.well = False
    after_test(WELL)
    sign(WELL, "Swish comes in January", tomorrow())
    after_test(WELL)
    assert queries.standing(WELL).is_signed is True  # the same answer, asked anew
    World.who = "another"
    now = after_test(WELL)
    assert (now.passes, now.says) == (False, "It is ill.")
    assert (now.lapsed and now.lapsed.reason, queries.may_open()) == (
        "Swish comes in January", False,
    )  # fmt: skip
    World.who, World.days = "one", 8
    assert after_test(WELL).is_signed is True  # a number that counts on is no other fault
    World.about = "two"
    assert queries.standing(WELL).passes is False  # other settings
    assert GoLiveSignature.objects.count() == 1


def test_a_new_fault_of_a_signed_line_rings_in_an_open_house(settings: Any) -> None:
    go_live(settings)
    World.well = False
    after_test(WELL)
    sign(WELL, "Swish comes in January", tomorrow())
    services.open_house(by=BY)
    tasks.watch_go_live()
    assert Alarm.objects.count() == 0
    World.who = "another"
    tasks.watch_go_live()
    assert (Alarm.objects.get().subject, seal.is_open()) == ("well", True)


def test_what_was_answered_since_the_page_was_shown_is_not_signed() -> None:
    World.well = False
    shown = after_test(WELL).mark
    World.who = "another"
    after_test(WELL)
    with pytest.raises(services.Refused, match="another_answer"):
        services.sign(WELL, about=shown, reason="why", valid_till=tomorrow(), by=BY)
    assert GoLiveSignature.objects.count() == 0


def test_days_are_stockholms_so_that_a_signature_ends_at_its_midnight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    World.well = False
    after_test(WELL)
    night = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # half past midnight of the 26th
    monkeypatch.setattr(clock, "real_now", lambda: night)
    with pytest.raises(services.Refused, match="bad_day"):
        sign(WELL, "why", date(2026, 11, 25))
    sign(WELL, "why", date(2026, 11, 26))
    assert queries.standing(WELL).passes is True
    monkeypatch.setattr(clock, "real_now", lambda: night + timedelta(days=1))
    assert queries.standing(WELL).passes is False


def test_what_is_green_needs_no_signature() -> None:
    after_test(WELL)
    with pytest.raises(services.Refused, match="is_green"):
        sign(WELL, "why", tomorrow())


def go_live(settings: Any) -> None:
    settings.MODE, settings.LIVE, settings.BASE_URL = "live", True, "https://ge.example"


def test_a_house_opens_when_every_line_passes_and_only_in_live_mode(settings: Any) -> None:
    after_test(WELL)
    assert seal.is_open() is True  # play needs no opening
    with pytest.raises(services.Refused, match="not_live"):
        services.open_house(by=BY)
    go_live(settings)
    World.well = False
    after_test(WELL)
    with pytest.raises(services.Refused, match="not_ready"):
        services.open_house(by=BY)
    assert (seal.is_open(), HouseOpening.objects.count()) == (False, 0)
    World.well = True
    after_test(WELL)
    opened = services.open_house(by=BY)
    assert services.open_house(by="staff:2").pk == opened.pk
    assert (opened.opened_by, opened.lines, seal.is_open()) == (BY, {"well": "green"}, True)
    line = ChangeLine.objects.get(action="go_live.opened")
    assert (line.by, line.after) == (BY, {"well": "green"})


def test_a_page_without_lines_opens_nothing(settings: Any) -> None:
    go_live(settings)
    settings.GO_LIVE = []
    with pytest.raises(services.Refused, match="not_ready"):
        services.open_house(by=BY)


def test_an_opening_holds_for_its_address_and_is_never_undone(settings: Any) -> None:
    go_live(settings)
    after_test(WELL)
    services.open_house(by=BY)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("DELETE FROM jobs_houseopening")
    settings.BASE_URL = "https://ny.example"
    assert seal.is_open() is False


def test_an_open_house_stays_open_when_a_line_turns_red_and_rings(settings: Any) -> None:
    settings.GO_LIVE = [HERE + "WELL", HERE + "SENT"]
    tasks.watch_go_live()
    assert World.asked == 0  # a house that is not open is not watched
    go_live(settings)
    after_test(WELL)
    after_test(SENT)
    services.confirm(SENT, "abcd2345", by=BY)
    services.open_house(by=BY)
    World.well = False
    tasks.watch_go_live()
    alarm = Alarm.objects.get()
    assert (alarm.code, alarm.subject, alarm.resolved_at) == ("go-live-line", "well", None)
    assert (seal.is_open(), queries.standing(WELL).state) == (True, "red")
    assert queries.standing(SENT).state == "green"  # nobody was asked to type again
    World.well = True
    tasks.watch_go_live()
    alarm.refresh_from_db()
    assert alarm.resolved_at is not None
    counts = [run.counts for run in JobRun.objects.order_by("pk")]
    assert counts == [{"asked": 0, "red": 0}, {"asked": 1, "red": 1}, {"asked": 1, "red": 0}]


def test_every_line_of_the_settings_says_what_it_asks() -> None:
    found = [import_string(path) for path in written.GO_LIVE]
    assert len({line.key for line in found}) == len(found) == 14
    assert [line.key for line in found if not (line.title and line.asks and line.ask)] == []
