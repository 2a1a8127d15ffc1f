"""A file that somebody has fetched may be at the bank, whether they say so or not."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from fundraise import clock
from fundraise.jobs.models import Alarm
from fundraise.pledges.models import Collection
from fundraise.providers.giro import building, calendar, delivering
from fundraise.providers.giro.delivering import FileError
from fundraise.providers.giro.models import Order, OutFile
from fundraise.providers.giro.withdrawing import withdraw
from tests.giro import GiroHouse


def evening_files(house: GiroHouse) -> list[OutFile]:
    house.beat()
    house.set_clock(time(17, 5))
    return building.build_due()


def test_a_file_that_somebody_fetched_is_never_withdrawn_nor_delivered_by_the_folder(
    house: GiroHouse, folder: Path
) -> None:
    pledge = house.sign_up()
    house.until(date(2026, 11, 26))
    (file,) = evening_files(house)
    assert file.kind == "payments"
    _name, content = delivering.content_of(file.pk, by="staff:1")
    first = clock.now()
    house.bank.receive(content, file.name, clock.now())  # left by hand; nobody says so
    house.answers()
    assert delivering.deliver_due() == {"delivered": 0, "doubt": 0}
    assert list((folder / "out").iterdir()) == []
    house.now = calendar.at(date(2026, 11, 27), time(19, 30))
    delivering.content_of(file.pk, by="staff:2")
    with pytest.raises(FileError, match="fetched"):
        withdraw(file.pk, by="staff:1")
    file.refresh_from_db()
    assert (file.state, file.note, file.fetched_by) == ("doubt", "fetched", "staff:1")
    assert file.fetched_at is not None
    assert abs(file.fetched_at - first) < timedelta(minutes=5)
    assert Alarm.objects.get(code="giro-file-doubt").resolved_at is None
    with pytest.raises(FileError, match="not_ready"):
        delivering.content_of(file.pk, by="staff:2")
    draw = Collection.objects.get()
    assert (draw.state, draw.instalment.state) == ("sent", "collecting")
    for change in ("state = 'withdrawn'", "fetched_at = NULL, fetched_by = ''"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE giro_outfile SET {change} WHERE id = {file.pk}")
    house.answers()
    house.go_to(date(2026, 11, 30))
    house.take(house.answers())
    file.refresh_from_db()
    assert (file.state, file.delivered_by) == ("delivered", "system:bank")
    assert pledge.instalments.filter(state="paid").count() == 1
    assert Order.objects.filter(kind="draw").count() == 1


def test_a_file_left_in_time_is_marked_after_its_cut_off_and_one_left_late_is_in_doubt(
    house: GiroHouse,
) -> None:
    house.sign_up()
    house.until(date(2026, 11, 26))
    (file,) = evening_files(house)
    deadline = calendar.at(date(2026, 11, 27), time(19))
    assert file.deadline == deadline
    house.now = calendar.at(date(2026, 11, 27), time(18))
    delivering.content_of(file.pk, by="staff:1")
    house.now = deadline + timedelta(days=3)
    for wrong in (deadline - timedelta(hours=2), clock.now() + timedelta(minutes=9)):
        with pytest.raises(FileError, match="left_at"):
            delivering.mark_delivered_by_hand(file.pk, by="staff:1", left_at=wrong)
    file.refresh_from_db()
    assert file.state == "ready"
    with pytest.raises(FileError, match="left_late"):
        delivering.mark_delivered_by_hand(file.pk, by="staff:1", left_at=deadline)
    file.refresh_from_db()
    assert (file.state, file.note) == ("doubt", "left_late")
    delivering.settle_doubt(file.pk, arrived=False, by="staff:1")
    file.refresh_from_db()
    assert (file.state, file.fetched_at) == ("ready", None)
    assert withdraw(file.pk, by="staff:1") == 1
    with pytest.raises(FileError, match="left"):
        delivering.content_of(file.pk, by="staff:1")


def test_the_time_that_a_file_was_left_is_kept(house: GiroHouse) -> None:
    house.sign_up()
    house.until(date(2026, 11, 26))
    (file,) = evening_files(house)
    delivering.content_of(file.pk, by="staff:1")
    left_at = calendar.at(date(2026, 11, 27), time(11))
    house.now = calendar.at(date(2026, 11, 30), time(9))
    assert delivering.mark_delivered_by_hand(file.pk, by="staff:1", left_at=left_at)
    file.refresh_from_db()
    assert (file.state, file.delivered_at) == ("delivered", left_at)
