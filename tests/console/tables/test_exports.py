"""Lists taken out: the rows and sums of the page, noted in the register, kept for the asker."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.console.tables.registry import TABLES
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.providers.models import Account
from fundraise.reporting import tasks
from fundraise.reporting.exports import services
from fundraise.reporting.exports.models import ExportRecord
from fundraise.staff.models import RoleHeld
from tests.console.conftest import PERSONAL, LogIn, card_gift
from tests.console.house import House, furnish

CSV = {"format": "csv"}


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


@pytest.fixture
def long_ones(settings: Any, tmp_path: Path) -> Path:
    """Every file is a long one, and lies here."""
    settings.EXPORT_AT_ONCE_ROWS = 0
    settings.EXPORT_DIR = tmp_path
    return tmp_path


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_csv_is_what_the_filter_shows_with_the_sums_of_the_page(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    wanted = card_gift(campaign, stripe, 1_250_50, "ch_1")
    card_gift(campaign, stripe, 100_00, "ch_2")

    answer = david.post("/staff/gifts/as-file/?state=received&least=1000", CSV)

    lines = body(answer).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("Gåva;Dag;Läge;Sätt;Insamling;Belopp, kr;Återbetald, kr;")
    assert lines[1].startswith(f"{wanted.ref};")
    assert ";Mottagen;Kort;Två miljoner till valet;1250,50;0,00;0,00;0,00;" in lines[1]
    assert lines[2].startswith("1 gåva;;;;;1250,50;0,00;0,00;0,00;")
    shown = david.get("/staff/gifts/?state=received&least=1000").context["list"]
    assert shown.foot.sums["amount_ore"] == 1_250_50
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.long
def test_every_list_gives_the_same_rows_and_sums_as_its_page_in_each_format(
    house: House, log_in: LogIn
) -> None:
    boss = log_in("boss")
    for name in sorted(set(TABLES) - {"exports", "log", "donors"}):
        is_given_in_each_format(boss, name)


def is_given_in_each_format(boss: Client, name: str) -> None:
    table = TABLES[name]
    foot = boss.get(reverse(f"console:{name}")).context["list"].foot

    told = json.loads(body(boss.post(f"/staff/{name}/as-file/", {"format": "json"})))
    book = body(boss.post(f"/staff/{name}/as-file/", {"format": "xlsx"}))
    lines = body(boss.post(f"/staff/{name}/as-file/", CSV)).decode("utf-8-sig").splitlines()

    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    totals = {c.name: foot.sums[c.total] for c in table.columns if c.total and c.on_page}
    assert (name, told["number"], len(told["rows"]), len(rows), len(lines)) == (
        name, foot.number, foot.number, foot.number + 2, foot.number + 2,
    )  # fmt: skip
    assert (name, {n: told["sums"][n] for n in totals}) == (name, totals)
    shown = json.dumps(told, ensure_ascii=False)
    assert (name, [word for word in PERSONAL if word in shown]) == (name, [])
    for at, column in enumerate(table.columns):
        if at and column.total:
            said = told["sums"][column.name]
            in_book = said / 100 if column.kind == "money" else said
            assert (name, column.name, rows[-1][at]) == (name, column.name, in_book)


def test_register_says_who_took_what_with_its_sums_and_hash(house: House, david: Client) -> None:
    answer = david.post("/staff/gifts/as-file/?state=received", CSV)
    taken = body(answer)

    record = ExportRecord.objects.get()
    assert (record.table, record.chosen, record.rows) == ("gifts", {"state": "received"}, 3)
    assert record.sums["amount_ore"] == 3_600_00
    assert bytes(record.sha256 or b"") == hashlib.sha256(taken).digest()
    assert (record.size, record.personal, record.key) == (len(taken), False, None)
    assert [line.action for line in ChangeLine.objects.filter(subject_type="export")] == [
        "export.asked",
        "export.made",
    ]


def test_who_may_not_take_a_list_out_gets_none_and_leaves_no_line(
    house: House, cecilia: Client
) -> None:
    assert cecilia.post("/staff/refunds/as-file/", CSV).status_code == 403
    assert "as-file" not in cecilia.get("/staff/refunds/").content.decode()
    assert ExportRecord.objects.count() == 0


def test_unknown_format_is_refused_in_words(house: House, david: Client) -> None:
    answer = david.post("/staff/gifts/as-file/", {"format": "exe"}, follow=True)

    assert "Välj Excel, CSV eller JSON." in answer.content.decode()
    assert ExportRecord.objects.count() == 0


def ask(client: Client) -> ExportRecord:
    """A long file of the received gifts, asked for."""
    answer: Any = client.post("/staff/gifts/as-file/?state=received", CSV)
    record = ExportRecord.objects.get()
    assert answer["Location"] == f"/staff/exports/{record.ref}/"
    return record


def test_long_file_is_made_by_a_worker_kept_sealed_and_fetched_by_its_asker(
    house: House, david: Client, log_in: LogIn, long_ones: Path
) -> None:
    record = ask(david)
    waiting = david.get(f"/staff/exports/{record.ref}/").content.decode()
    assert "data-poll" in waiting
    assert '<meta http-equiv="refresh" content="3">' in waiting

    work.run(Work.objects.get().pk)

    assert "En lista som fil" in david.get("/staff/").content.decode()
    kept = (long_ones / f"{record.ref}.sealed").read_bytes()
    assert b"Mottagen" not in kept
    url = f"/staff/exports/{record.ref}/file/"
    assert log_in("olle", "treasurer").post(url).status_code == 404
    answer = david.post(url)
    taken = body(answer)
    record.refresh_from_db()
    assert hashlib.sha256(taken).digest() == bytes(record.sha256 or b"")
    assert (taken.count(b"Mottagen"), answer["Content-Length"]) == (3, str(len(taken)))
    assert record.fetched == 1
    assert "En lista som fil" not in david.get("/staff/").content.decode()


def test_kept_file_is_gone_with_its_key_when_its_time_has_passed(
    house: House, david: Client, long_ones: Path
) -> None:
    record = ask(david)
    work.run(Work.objects.get().pk)
    ExportRecord.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    before = david.post(f"/staff/exports/{record.ref}/file/", follow=True).content.decode()
    tasks.tidy_exports()

    record.refresh_from_db()
    assert "Filens tid är ute" in before
    assert (record.key, record.rows, list(long_ones.iterdir())) == (None, 3, [])
    assert "Filen sparas inte längre" in david.get(f"/staff/exports/{record.ref}/").content.decode()


def test_who_lost_the_right_meanwhile_gets_no_file(
    house: House, david: Client, long_ones: Path
) -> None:
    record = ask(david)
    RoleHeld.objects.filter(user=User.objects.get(username="david")).update(
        ended_at=clock.now(), ended_by="system:test"
    )

    work.run(Work.objects.get().pk)

    record.refresh_from_db()
    assert (record.made_at, Work.objects.get().code) == (None, "no_right")
    assert list(long_ones.iterdir()) == []
    assert "får inte ta ut" in david.get(f"/staff/exports/{record.ref}/").content.decode()


def test_who_lost_the_right_afterwards_does_not_fetch_what_was_made(
    house: House, david: Client, long_ones: Path
) -> None:
    record = ask(david)
    work.run(Work.objects.get().pk)
    RoleHeld.objects.filter(user=User.objects.get(username="david")).update(
        ended_at=clock.now(), ended_by="system:test"
    )

    answer = david.post(f"/staff/exports/{record.ref}/file/", follow=True)

    assert answer["Content-Type"].startswith("text/html")
    assert "får inte ta ut den här listan längre" in answer.content.decode()


def test_file_that_was_stopped_is_not_made(house: House, david: Client, long_ones: Path) -> None:
    record = ask(david)

    said = david.post(f"/staff/exports/{record.ref}/stop/", follow=True).content.decode()
    work.run(Work.objects.get().pk)

    record.refresh_from_db()
    assert "Det är stoppat" in said
    assert (Work.objects.get().state, record.made_at) == ("stopped", None)


def test_worker_that_died_after_the_file_was_kept_makes_no_second_one(
    house: House, david: Client, long_ones: Path
) -> None:
    record = ask(david)
    work.run(Work.objects.get().pk)
    first = services.place(record).read_bytes()
    Work.objects.update(
        state="running", ended_at=None, leased_until=clock.real_now() - timedelta(seconds=1)
    )

    work.run(Work.objects.get().pk)

    assert Work.objects.get().state == "done"
    assert services.place(record).read_bytes() == first
    assert ChangeLine.objects.filter(action="export.made").count() == 1


def test_donors_come_as_a_file_only_with_the_right_and_each_is_in_the_read_log(
    house: House, log_in: LogIn, cecilia: Client
) -> None:
    dora = log_in("dora", "donor_care")

    told = json.loads(body(dora.post("/staff/donors/as-file/", {"format": "json"})))

    assert [row["name"] for row in told["rows"]] == ["Björn Testgren"]
    assert told["rows"][0]["email"] == "bjorn.testgren@example.se"
    record = ExportRecord.objects.get()
    assert (record.personal, record.rows) == (True, 1)
    lines = ReadLine.objects.filter(purpose="export:donors")
    assert {line.subject_ref for line in lines} == {str(house.donor.ref), ""}
    assert cecilia.post("/staff/donors/as-file/", CSV).status_code == 403
    assert "as-file" not in cecilia.get("/staff/donors/").content.decode()


def test_who_may_not_be_asked_for_gifts_is_not_in_that_file(house: House, log_in: LogIn) -> None:
    form = {"format": "json", "may": "appeals"}

    told = json.loads(body(log_in("dora", "donor_care").post("/staff/donors/as-file/", form)))

    assert (told["number"], told["filter"]) == (0, {"may": "appeals"})
