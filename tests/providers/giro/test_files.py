"""Files are made once, on bank days, never change, and leave once or are said to be in doubt."""

from __future__ import annotations

from datetime import date, time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from fundraise import bankdays, clock
from fundraise import seal as environment
from fundraise.jobs.models import Alarm
from fundraise.outbox.models import OutboxEvent
from fundraise.pledges.models import Collection, Mandate
from fundraise.pledges.queries import unstoppable
from fundraise.pledges.services import changing
from fundraise.pledges.services.changing import Wish
from fundraise.providers.autogiro import seal
from fundraise.providers.giro import agreeing, building, calendar, delivering, feeding, watching
from fundraise.providers.giro.agreeing import Options
from fundraise.providers.giro.delivering import FileError
from fundraise.providers.giro.models import Agreement, Order, OutFile
from fundraise.providers.giro.withdrawing import withdraw
from fundraise.providers.transport.base import Delivery, TransportError
from fundraise.providers.transport.directory import DirectoryTransport
from mailings.giro import tell_carriers
from mailings.models import TransactionalMessage
from tests.giro import GiroHouse


def at(house: GiroHouse, day: date, hour: int, minute: int = 0) -> None:
    house.now = calendar.at(day, time(hour, minute))


def test_files_are_made_once_in_the_hours_of_a_bank_day(house: GiroHouse) -> None:
    house.sign_up()
    for day, hour in ((date(2026, 11, 7), 17), (date(2026, 11, 6), 16), (date(2026, 11, 6), 19)):
        at(house, day, hour)
        assert building.build_due() == []
    at(house, date(2026, 11, 9), 18, 59)  # late, and still in time
    (file,) = building.build_due()
    assert (file.day, file.kind, file.serial) == (date(2026, 11, 9), "mandates", 1)
    assert file.name == "BFEP.IAGAG.K0123456.D261109.T185900"
    assert building.build_due() == []
    house.sign_up()
    assert building.build_due() == []  # what comes after the files of the day waits for the next
    at(house, date(2026, 11, 10), 17)
    assert len(building.build_due()) == 1
    name, content = delivering.content_of(file.pk, by="staff:1")
    assert delivering.content_of(file.pk, by="staff:1") == (name, content)
    assert seal.verify(content, seal.key_of(seal.TEST_KEY)).sealed_on == "261109"
    assert len(content.splitlines()) == 4
    assert [(o.line, o.kind) for o in file.orders.all()] == [(3, "new")]


def test_a_copied_database_makes_no_file(house: GiroHouse, settings: Any) -> None:
    house.sign_up()
    environment.check()
    settings.MODE = "test"
    at(house, date(2026, 11, 9), 17)
    with pytest.raises(environment.SealBroken):
        building.build_due()
    assert OutFile.objects.count() == 0


def test_midsummer_christmas_and_new_years_eve_have_no_files(house: GiroHouse) -> None:
    agreement = Agreement.objects.get()
    days = [day.day for day in calendar.coming(agreement, date(2026, 12, 22), 6)]
    assert [day.day for day in days] == [22, 23, 28, 29, 30, 4]
    midsummer = [day.day for day in calendar.coming(agreement, date(2027, 6, 24), 2)]
    assert midsummer == [date(2027, 6, 24), date(2027, 6, 28)]
    assert calendar.due_until(agreement, date(2026, 12, 23)) == date(2026, 12, 29)
    assert calendar.deadline(date(2026, 12, 28)) == calendar.at(date(2026, 12, 23), time(19))


def test_the_database_holds_a_file_and_its_orders(house: GiroHouse) -> None:
    house.sign_up()
    house.evening()
    order, file = Order.objects.get(), OutFile.objects.get()
    for statement in (
        "UPDATE giro_outfile SET day = day + 1",
        "UPDATE giro_outfile SET state = 'ready'",
        "DELETE FROM giro_order",
        "UPDATE giro_order SET line = 9",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    twice = {"file": file, "day": file.day, "mandate": order.mandate}
    with pytest.raises(DatabaseError, match="giro_mandate_sent_once"), transaction.atomic():
        Order.objects.create(line=4, kind="new", **twice)
    with pytest.raises(DatabaseError, match="on_two_days"), transaction.atomic():
        Order.objects.create(line=4, kind="end", **twice)


def test_totals_wait_for_approval_and_a_late_file_is_held_back_and_withdrawn(
    house: GiroHouse, folder: Path
) -> None:
    agreeing.set_options(house.agreement.pk, Options(approve=True), by="staff:1")
    pledge = house.sign_up()
    (mandates,) = house_files(house)
    assert delivering.deliver_due() == {"delivered": 0, "doubt": 0}
    with pytest.raises(FileError, match="not_ready"):
        delivering.mark_delivered_by_hand(mandates.pk, by="staff:1")
    delivering.approve(mandates.pk, by="staff:1")
    assert delivering.deliver_due() == {"delivered": 1, "doubt": 0}
    (dropped,) = (folder / "out").iterdir()
    house.bank.receive(dropped.read_bytes(), dropped.name, clock.now())
    house.take(house.answers())
    house.go_to(date(2026, 11, 3))
    house.take(house.answers())
    house.go_to(date(2026, 11, 26))
    house.beat()
    (draws,) = house_files(house)
    assert (draws.kind, draws.sum_ore, draws.deadline) == (
        "payments", 200_00, calendar.at(date(2026, 11, 27), time(19)),
    )  # fmt: skip
    delivering.approve(draws.pk, by="staff:1")
    house.now = calendar.at(date(2026, 11, 27), time(19))
    assert delivering.deliver_due() == {"delivered": 0, "doubt": 0}
    assert Alarm.objects.get(code="giro-file-late").resolved_at is None
    with pytest.raises(FileError, match="too_late"):
        delivering.mark_delivered_by_hand(draws.pk, by="staff:1")
    assert withdraw(draws.pk, by="staff:1") == 1
    draw = Collection.objects.get()
    assert (draw.state, draw.reason, draw.instalment.state) == ("cancelled", "withdrawn", "planned")
    assert Alarm.objects.get(code="giro-file-late").resolved_at is not None
    with pytest.raises(FileError, match="left"):
        withdraw(draws.pk, by="staff:1")
    assert pledge.mandates.get().state == "active"


def house_files(house: GiroHouse) -> list[OutFile]:
    at(house, clock.today(), 17, 5)
    return building.build_due()


def test_files_carried_by_hand_leave_on_their_days_and_ring_at_noon(
    house: GiroHouse,
) -> None:
    agreeing.set_options(
        house.agreement.pk, Options(by_hand=True, file_weekdays="14"), by="staff:1"
    )
    agreement = Agreement.objects.get()
    anna, bo = (User.objects.create(username=n, email=f"{n}@example.se") for n in ("anna", "bo"))
    agreeing.set_carrier(agreement.pk, bo.pk, is_deputy=True, by="staff:1")
    agreeing.set_carrier(agreement.pk, anna.pk, is_deputy=False, by="staff:1")
    days = [day.day.day for day in calendar.coming(agreement, date(2026, 11, 3), 3)]
    assert days == [5, 9, 12]
    assert calendar.due_until(agreement, date(2026, 11, 5)) == date(2026, 11, 9)
    house.sign_up()
    for day, hour, minute in ((date(2026, 11, 4), 9, 0), (date(2026, 11, 5), 8, 59)):
        at(house, day, hour, minute)
        assert building.build_due() == []
    at(house, date(2026, 11, 5), 9)
    (file,) = building.build_due()
    watching.look()
    assert not Alarm.objects.filter(code="giro-file-waits").exists()
    at(house, date(2026, 11, 5), 12)
    watching.look()
    watching.look()
    assert Alarm.objects.get(code="giro-file-waits").subject == str(file.ref)
    assert OutboxEvent.objects.filter(kind="GiroFileWaits", subject_id=file.pk).count() == 1
    tell_carriers(file.pk)
    tell_carriers(file.pk)
    assert TransactionalMessage.objects.filter(kind="giro-file").count() == 2
    assert delivering.mark_delivered_by_hand(file.pk, by="staff:1")
    assert not delivering.mark_delivered_by_hand(file.pk, by="staff:1")
    watching.look()
    assert Alarm.objects.get(code="giro-file-waits").resolved_at is not None


def test_a_stop_reaches_what_is_carried_by_hand_until_its_morning_alone(house: GiroHouse) -> None:
    pledge = house.sign_up()
    house.until(date(2026, 11, 26))
    house.beat()
    (file,) = house_files(house)
    assert (file.kind, file.first_due) == ("payments", date(2026, 11, 30))
    house.carry(file)
    at(house, date(2026, 11, 27), 9, 30)  # the last file day before the draw
    assert unstoppable(pledge.pk) == []
    agreeing.set_options(house.agreement.pk, Options(by_hand=True), by="staff:1")
    assert [draw.due_on for draw in unstoppable(pledge.pk)] == [date(2026, 11, 30)]
    at(house, date(2026, 11, 27), 8, 59)
    assert unstoppable(pledge.pk) == []
    Agreement.objects.update(built_on=date(2026, 11, 26))
    changing.stop(pledge.pk, Wish("donor", "page", clock.now()))
    at(house, date(2026, 11, 27), 9)
    assert [file.kind for file in building.build_due()][:1] == ["changes"]


def test_the_calendar_feed_is_found_by_its_secret_alone(house: GiroHouse) -> None:
    anna = User.objects.create(username="anna")
    token = feeding.new_feed(house.agreement, user_id=anna.pk, by="staff:1")
    text = feeding.calendar_of(token, "en")
    assert text is not None
    lines = text.decode().split("\r\n")
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "DTSTART:20261102T160000Z" in lines
    assert max(len(line.encode()) for line in lines) <= 75
    assert feeding.calendar_of("another") is None
    User.objects.update(is_active=False)
    assert feeding.calendar_of(token) is None
    User.objects.update(is_active=True)
    feed = house.agreement.feeds.get()
    assert feeding.revoke(feed.pk, by="staff:1")
    assert (feeding.revoke(feed.pk, by="staff:1"), feeding.calendar_of(token)) == (False, None)


def test_a_lost_answer_is_a_doubt_that_a_person_or_the_bank_settles(
    house: GiroHouse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sign_up()
    (file,) = house_files(house)

    def no_folder(*_args: object) -> Delivery:
        raise TransportError("the folder can't be used: gone")

    with monkeypatch.context() as patch:
        patch.setattr(DirectoryTransport, "deliver", no_folder)
        assert delivering.deliver_due() == {"delivered": 0, "doubt": 0}
    file.refresh_from_db()
    assert (file.state, file.tries) == ("ready", 1)
    with monkeypatch.context() as patch:
        patch.setattr(DirectoryTransport, "deliver", lambda *_args: Delivery.UNKNOWN)
        delivering.deliver_due()
    file.refresh_from_db()
    assert (file.state, file.note) == ("doubt", "answer_lost")
    assert Alarm.objects.get(code="giro-file-doubt").resolved_at is None
    assert delivering.deliver_due() == {"delivered": 0, "doubt": 0}  # never again by itself
    delivering.settle_doubt(file.pk, arrived=False, by="staff:1")
    assert delivering.deliver_due()["delivered"] == 1
    with pytest.raises(FileError, match="not_doubt"):
        delivering.settle_doubt(file.pk, arrived=True, by="staff:1")


def test_the_banks_answer_says_that_a_file_in_doubt_arrived(house: GiroHouse) -> None:
    house.sign_up()
    (file,) = house_files(house)
    _name, content = delivering.content_of(file.pk, by="staff:1")
    house.bank.receive(content, file.name, clock.now())
    OutFile.objects.update(state="doubt")
    house.answers()
    house.go_to(date(2026, 11, 3))
    house.take(house.answers())
    file.refresh_from_db()
    assert (file.state, file.delivered_by) == ("delivered", "system:bank")


def test_a_missing_key_stops_the_files_and_rings(house: GiroHouse, settings: Any) -> None:
    house.sign_up()
    settings.LIVE = True
    settings.AUTOGIRO_SEAL_KEY = seal.TEST_KEY
    assert house_files(house) == []
    alarm = Alarm.objects.get(code="giro-settings")
    assert (alarm.text, alarm.resolved_at) == ("the setting of test_key is not right", None)
    settings.AUTOGIRO_SEAL_KEY = "AB" * 16
    assert len(house_files(house)) == 1
    alarm.refresh_from_db()
    assert alarm.resolved_at is not None


def test_an_account_that_does_not_open_is_left_out_and_holds_up_nobodys_stop(
    house: GiroHouse,
) -> None:
    ending = house.active()
    shut, other = house.sign_up(), house.sign_up()
    mandate = shut.mandates.get()
    sealed = mandate.account_sealed
    Mandate.objects.filter(pk=mandate.pk).update(account_sealed=b"damaged")
    changing.stop(ending.pk, Wish("donor", "my_pages", clock.now()))
    (file,) = house_files(house)
    ordered = {(order.kind, order.mandate.pledge_id) for order in file.orders.all()}
    assert ordered == {("end", ending.pk), ("new", other.pk)}
    alarm = Alarm.objects.get(code="giro-mandate-sealed", resolved_at=None)
    assert alarm.text == "1 new mandates do not open"
    Mandate.objects.filter(pk=mandate.pk).update(account_sealed=sealed)
    house.go_to(bankdays.add(clock.today(), 1))
    (later,) = house_files(house)
    assert [order.mandate_id for order in later.orders.all()] == [mandate.pk]
    alarm.refresh_from_db()
    assert alarm.resolved_at is not None


def test_the_command_shows_makes_and_takes(house: GiroHouse, tmp_path: Path) -> None:
    house.sign_up()
    at(house, date(2026, 11, 2), 17, 5)
    out = StringIO()
    call_command("giro", "make", stdout=out)
    call_command("giro", stdout=out)
    broken = tmp_path / "report"
    broken.write_bytes(b"01 nothing of Bankgirot's")
    with pytest.raises(CommandError, match="1 of 1 were not worked in"):
        call_command("giro", "take", str(broken), by="me", stdout=out)
    lines = out.getvalue().splitlines()
    made = "BFEP.IAGAG.K0123456.D261102.T170500: mandates ready, 1 orders, 0 öre"
    days = "2026-11-02 2026-11-03 2026-11-04 2026-11-05 2026-11-06"
    assert lines == [
        made, f"991-2346: file days {days}", made, "0 questions wait for a person",
        "report: - refused empty, line 0",
    ]  # fmt: skip
