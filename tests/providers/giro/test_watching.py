"""What rings although nothing came, nothing was made, and nobody was there to see it."""

from __future__ import annotations

from datetime import date, time

from fundraise.jobs.models import Alarm
from fundraise.providers.giro import building, calendar, watching
from fundraise.providers.giro.models import Agreement
from tests.giro import GiroHouse
from tests.providers.giro.test_incoming import specification, take

OTHER = ("190001019802", 75_00, "", "0")


def open_alarm(code: str) -> list[str]:
    found = Alarm.objects.filter(code=code, resolved_at=None).order_by("subject")
    return list(found.values_list("text", flat=True))


def deposit(house: GiroHouse, day: date, serial: int) -> None:
    house.go_to(day, 20)
    file = take(specification(OTHER, serial=serial, day=f"{day:%Y%m%d}"))
    assert file.state == "applied"


def test_the_first_deposits_of_a_year_are_missed_too(house: GiroHouse) -> None:
    deposit(house, date(2026, 12, 21), 40)  # the first that was ever seen: 1 to 39 are not ours
    watching.look()
    assert open_alarm("giro-serial-hole") == []
    deposit(house, date(2026, 12, 30), 42)
    deposit(house, date(2027, 1, 8), 3)
    watching.look()
    assert open_alarm("giro-serial-hole") == [
        "deposits of 2026 are missing: 41 (1)",  # rings on after New Year
        "deposits of 2027 are missing: 1, 2 (2)",
    ]
    for serial, day in ((1, 4), (2, 5)):
        deposit(house, date(2027, 1, day), serial)
    house.go_to(date(2027, 1, 8), 21)
    watching.look()
    assert open_alarm("giro-serial-hole") == ["deposits of 2026 are missing: 41 (1)"]


def test_an_agreement_whose_files_were_never_made_rings_after_its_first_bank_day(
    house: GiroHouse,
) -> None:
    assert Agreement.objects.get().built_on is None
    Agreement.objects.update(begun_at=calendar.at(date(2026, 11, 6), time(18)))  # Friday
    house.now = calendar.at(date(2026, 11, 9), time(18, 59))
    watching.look()
    assert open_alarm("giro-day-missed") == []
    house.now = calendar.at(date(2026, 11, 9), time(19))
    watching.look()
    (text,) = open_alarm("giro-day-missed")
    assert text.startswith("no files were made on 2026-11-09")
    house.now = calendar.at(date(2026, 11, 10), time(17))
    building.build_due()
    watching.look()
    assert open_alarm("giro-day-missed") == []
    Agreement.objects.update(by_hand=True)  # rings while there is time to carry them
    house.now = calendar.at(date(2026, 11, 11), time(12))
    watching.look()
    (text,) = open_alarm("giro-day-missed")
    assert text.startswith("no files were made on 2026-11-11")
