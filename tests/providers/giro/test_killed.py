"""The worker dies at every place between making, delivering and recording a file.

It is delivered once or listed as in doubt, and a person who looks at the folder sees the same.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from fundraise import bankdays, clock
from fundraise.pledges.models import Mandate
from fundraise.pledges.services import mandates
from fundraise.providers.giro import building, calendar, delivering, records
from fundraise.providers.giro.models import Agreement, Order, OutFile
from fundraise.providers.transport.directory import DirectoryTransport
from tests.giro import GiroHouse, own_giro
from tests.killing import die, in_a_process_that_dies

pytestmark = [pytest.mark.serial, pytest.mark.django_db(transaction=True)]

DEATHS = 140 if os.environ.get("SCALE") == "full" else 7  # one at each place
Patch = pytest.MonkeyPatch


@pytest.fixture
def house(db: None, tmp_path: Path, settings: Any) -> Iterator[GiroHouse]:
    for name in ("out", "in"):
        (tmp_path / name).mkdir()
    settings.AUTOGIRO_TRANSPORT = "directory"
    settings.AUTOGIRO_OUT_DIR = str(tmp_path / "out")
    settings.AUTOGIRO_IN_DIR = str(tmp_path / "in")
    with own_giro() as made:
        made.sign_up()
        made.now = calendar.at(date(2026, 11, 2), time(17, 5))
        yield made


def dies_in(target: Any, name: str, *, after: bool) -> Callable[[Patch], None]:
    """The process is killed when it comes to a function, or when that has done its work."""

    def plant(patch: Patch) -> None:
        real = getattr(target, name)

        def dying(*args: Any, **kwargs: Any) -> Any:
            if after:
                real(*args, **kwargs)
            die()

        patch.setattr(target, name, dying)

    return plant


def one_run() -> None:
    building.build_due()
    delivering.deliver_due()


PLACES: dict[str, tuple[Callable[[Patch], None], str]] = {
    # Nothing was made, or it was made and rolled back: the next run makes it.
    "before the content": (dies_in(records, "sealed_file", after=False), "delivered"),
    "before it is marked as sent": (
        dies_in(mandates, "mark_sent", after=False), "delivered",
    ),
    "after it is marked as sent": (
        dies_in(mandates, "mark_sent", after=True), "delivered",
    ),
    # Made, not being delivered yet.
    "between making and delivering": (
        dies_in(delivering, "deliver_due", after=False), "delivered",
    ),
    # Being delivered: what the folder shows decides.
    "before the folder": (dies_in(DirectoryTransport, "deliver", after=False), "doubt"),
    "after the folder": (dies_in(DirectoryTransport, "deliver", after=True), "delivered"),
    "when half of it is written": (dies_in(Path, "rename", after=False), "delivered"),
}  # fmt: skip


def test_killed_anywhere_every_file_is_delivered_once_or_in_doubt(
    house: GiroHouse, monkeypatch: Patch, tmp_path: Path
) -> None:
    for place in itertools.islice(itertools.cycle(PLACES), DEATHS):
        plant, wanted = PLACES[place]
        with monkeypatch.context() as patch:
            plant(patch)
            in_a_process_that_dies(one_run)
        one_run()
        OutFile.objects.filter(state="delivering").update(
            delivering_since=clock.real_now() - 2 * delivering.LEASE
        )
        one_run()  # the next run, when the lease of the dead one is over
        one_run()
        file = OutFile.objects.latest("pk")
        there = [path.name for path in (tmp_path / "out").iterdir() if path.name == file.name]
        assert (place, file.state, file.day) == (place, wanted, clock.today())
        assert there == ([file.name] if wanted == "delivered" else [])
        assert Agreement.objects.get().built_on == clock.today()
        house.now = calendar.at(bankdays.add(clock.today(), 1), time(17, 5))
        house.sign_up()
    assert OutFile.objects.count() == Order.objects.count() == DEATHS
    assert Mandate.objects.filter(state="sent").count() == DEATHS
    delivered = OutFile.objects.filter(state="delivered").values_list("name", flat=True)
    assert sorted(delivered) == sorted(path.name for path in (tmp_path / "out").iterdir())


def test_a_file_that_the_bank_took_before_the_record_is_in_doubt(
    house: GiroHouse, monkeypatch: Patch, tmp_path: Path
) -> None:
    building.build_due()
    with monkeypatch.context() as patch:
        dies_in(DirectoryTransport, "deliver", after=True)(patch)
        in_a_process_that_dies(one_run)
    (taken,) = (tmp_path / "out").iterdir()
    receipt = house.bank.receive(taken.read_bytes(), taken.name, clock.now())
    taken.unlink()
    OutFile.objects.update(delivering_since=clock.real_now() - 2 * delivering.LEASE)
    for _ in range(3):
        one_run()
    file = OutFile.objects.get()
    assert (receipt.accepted, file.state, file.note) == (True, "doubt", "gone")
    assert list((tmp_path / "out").iterdir()) == []
    house.answers()
    house.go_to(date(2026, 11, 3))
    house.take(house.answers())
    file.refresh_from_db()
    assert (file.state, Mandate.objects.get().state) == ("delivered", "active")
