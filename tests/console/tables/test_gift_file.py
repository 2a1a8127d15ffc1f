"""The whole file of gifts: one row a gift whatever hangs on it, and the same bytes both ways."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName, PostalAddress
from fundraise import clock
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.console import file_rows, taking
from fundraise.console.tables.base import Viewer, choose
from fundraise.console.tables.gifts import GIFTS
from fundraise.console.taking import Taking
from fundraise.gifts.models import Gift
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.ledger.models import Journal
from fundraise.providers.models import Account, BalanceLine
from fundraise.reporting import receipts
from fundraise.reporting.books.earlier.booking import EarlierGift, record_earlier
from fundraise.reporting.exports import services as exports
from fundraise.reporting.exports.models import ExportRecord
from fundraise.reporting.exports.services import Made
from fundraise.reporting.exports.writers import XlsxWriter
from fundraise.reporting.party import rules, ruling
from fundraise.reporting.party import sums as totals
from fundraise.staff import rights
from tests.console.conftest import LogIn, card_gift, cash_gift, make_user
from tests.console.house import House, furnish
from tests.log_ins import enter

Make = Callable[[], House]


@pytest.fixture
def make(campaign: Campaign, stripe: Account) -> Make:
    return lambda: furnish(campaign, stripe)


def boss() -> Viewer:
    user = User.objects.filter(username="boss").first() or make_user("boss")
    return Viewer(rights.of(user), f"staff:{user.pk}")


def taken(form: str, language: str = "sv", viewer: Viewer | None = None, **chosen: str) -> Taking:
    return Taking(choose(GIFTS, viewer or boss(), chosen), form, language)


def written(asked: Taking) -> tuple[bytes, Made]:
    file = io.BytesIO()
    made = taking.write(asked, file, lambda _n: None)
    return file.getvalue(), made


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def rows_of(asked: Taking) -> dict[str, dict[str, Any]]:
    return {row["ref"]: row for row in json.loads(written(asked)[0])["rows"]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.serial
@pytest.mark.parametrize("language", ["sv", "en"])
def test_postgresql_writes_the_same_bytes_as_the_general_writer(
    make: Make, campaign: Campaign, language: str
) -> None:
    house = make()
    Campaign.objects.filter(pk=campaign.pk).update(title_sv='=A1;"två"\r\nrader', title_en="-2")
    ugly = [
        "", " =1+1", "\u00a0-2", "\t3", "＝4", 'sju; "åtta", nio', "a\nb\rc", "'", "\\.", "{0}%s",
    ]  # fmt: skip
    for number, reference in enumerate(ugly):
        gift = cash_gift(campaign, 100 * number + 1, f"ugly {number}")
        Gift.objects.filter(pk=gift.pk).update(reference=reference)
    Gift.objects.filter(pk=house.waiting.pk).update(reference="@x")

    copied, made = written(taken("csv", language))
    with transaction.atomic():
        general, also = written(taken("csv", language))

    assert copied == general
    assert (made.rows, made.sums, made.sha256) == (also.rows, also.sums, also.sha256)
    assert copied.count(b"\r\n") == made.rows + 2 == Gift.objects.count() + 2
    assert made.sums["amount_ore"] == sum(Gift.objects.values_list("amount_ore", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.serial
def test_a_join_that_gives_a_row_twice_is_found_out_and_no_file_is_made(
    make: Make, stripe: Account
) -> None:
    house = make()
    for name in ("txn_a", "txn_b"):
        BalanceLine.objects.create(
            account=stripe, provider_ref=name, kind="charge", amount_ore=1, fee_ore=0,
            source_id=house.card.provider_ref, created_at=clock.now(),
        )  # fmt: skip
    with pytest.raises(AssertionError, match="rows, and"):
        written(taken("csv"))
    with pytest.raises(AssertionError, match="came twice"), transaction.atomic():
        written(taken("csv"))


@pytest.mark.django_db
def test_each_column_holds_what_its_head_says(
    make: Make, campaign: Campaign, stripe: Account
) -> None:
    house = make()
    donor = with_address()
    line = BalanceLine.objects.create(
        account=stripe, provider_ref="txn_9", kind="charge", amount_ore=2_500_00, fee_ore=0,
        source_id=house.card.provider_ref, payout=house.payout, created_at=clock.now(),
    )  # fmt: skip
    later = card_gift(campaign, stripe, 300_00, "ch_9")
    Gift.objects.filter(pk__in=[house.card.pk, later.pk]).update(donor=donor)
    receipts.request_receipt(house.cash.pk)
    old = EarlierGift("V 7", clock.today() - timedelta(days=40), 70_00, "bank")
    (before,) = record_earlier(campaign.entity, [old], by="staff:1")
    rows = rows_of(taken("json"))
    card, cash = rows[str(house.card.ref)], rows[str(house.cash.ref)]
    booked = Journal.objects.get(source=f"stripe:charge:{house.card.provider_ref}")
    assert card["voucher"] == f"G{booked.number}"
    assert card["booked_on"] == str(booked.accounting_date)
    assert (card["balance_line"], card["payout"]) == (line.provider_ref, house.payout.provider_ref)
    assert (card["donor"], card["donor_kind"], card["identity"]) == (
        str(donor.ref), "person", "complete",
    )  # fmt: skip
    assert (card["net_ore"], card["currency"], card["kind"]) == (2_500_00, "SEK", "money")
    assert cash["receipt"] == f"{clock.today().year}-1"
    assert cash["voucher"].startswith("G")
    assert (cash["identity"], cash["donor"], cash["payout"]) == ("complete", None, None)
    assert (card["donor_year_ore"], rows[str(later.ref)]["donor_year_ore"]) == (
        2_500_00, 3_200_00,
    )  # fmt: skip  # with the cash gift of the same e-mail address, which is tied to nobody
    assert rows[str(before.ref)]["voucher"] == "O1"
    waiting = rows[str(house.waiting.ref)]
    assert (waiting["voucher"], waiting["booked_on"], waiting["state"]) == (None, None, "pending")
    unbooked = [row for row in rows.values() if row["voucher"] is None]
    assert {row["state"] for row in unbooked} == {"pending"}


def with_address() -> Donor:
    return donors.register_donor(
        name=PersonName("Anna", "Lind"), language="sv", source="staff", by="staff:1",
        postal=PostalAddress(("Gatan 1",), "12345", "Stad"),
    )  # fmt: skip


@pytest.mark.django_db
def test_the_years_sum_of_a_donor_begins_anew_each_swedish_year_and_counts_what_is_filtered_out(
    campaign: Campaign,
) -> None:
    donor = with_address()
    turn = datetime(2025, 12, 31, 23, 0, tzinfo=UTC)  # a new year in Sweden
    days = [turn - timedelta(minutes=1), turn, turn + timedelta(days=30)]
    made = [given(campaign, donor, 100_00 * (n + 1), at) for n, at in enumerate(days)]
    shown = rows_of(taken("json", least="300"))
    assert {ref: row["donor_year_ore"] for ref, row in shown.items()} == {str(made[2].ref): 500_00}


@pytest.mark.django_db
def test_the_band_of_a_gift_is_that_of_its_givers_year_in_the_report(campaign: Campaign) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    known, unknown = with_address(), with_address()
    unknown.contact_points.all().delete()
    sums = {
        "small": (known, [296_00]),
        "named": (with_address(), [29_000_00, 600_00, 1]),
        "kinds": (with_address(), [29_600_00]),
        "anonymous": (unknown, [200_00, 96_01]),
    }
    made = {
        str(given(campaign, donor, ore, at).ref): band
        for band, (donor, ores) in sums.items()
        for ore in ores
    }
    shown = rows_of(taken("json"))
    assert {ref: row["band"] for ref, row in shown.items()} == made
    reckoned = {
        str(rules.band_of(year, ruling.limits_of(campaign.entity_id, 2026))): year.ore
        for year in totals.by_giver(campaign.entity_id, 2026)
    }
    assert reckoned == {band: sum(ores) for band, (_donor, ores) in sums.items()}


def given(campaign: Campaign, donor: Donor | None, ore: int, at: datetime) -> Gift:
    return Gift.objects.create(
        entity=campaign.entity, campaign=campaign, donor=donor, state="received",
        channel="cash", amount_ore=ore, created_at=at, received_at=at,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_file_and_the_page_say_the_same_of_every_column_that_both_have(make: Make) -> None:
    make()
    for form in ("json", "csv"):
        asked = taken(form)
        by_query = list(file_rows.values_of(asked.chosen, asked.rows, asked.columns, form))
        shared = [(at, c) for at, c in enumerate(asked.columns) if c.on_page]
        by_row = [
            [file_rows.value_of(column, row, form) for _at, column in shared] for row in asked.rows
        ]
        titles = [at for at, column in shared if column.name == "campaign"]
        for said, row in zip(by_query, by_row, strict=True):
            found = [said[at] for at, _column in shared]
            if form == "json":  # a code, where the page has a title
                found = [v for at, v in enumerate(found) if at not in titles]
                row = [v for at, v in enumerate(row) if at not in titles]
            assert found == row


@pytest.mark.django_db
def test_who_may_not_open_givers_gets_no_column_that_tells_two_gifts_are_ones(
    make: Make, cecilia: Client, log_in: LogIn
) -> None:
    make()
    personal = {"donor", "donor_kind", "identity", "donor_year_ore", "band"}
    answers = [
        json.loads(body(client.post("/staff/gifts/as-file/", {"format": "json"})))
        for client in (cecilia, log_in("david", "treasurer"))
    ]
    named = [{column["name"] for column in told["columns"]} & personal for told in answers]
    assert named == [set(), personal]
    assert [personal & set(row) for row in answers[0]["rows"]] == [set()] * len(answers[0]["rows"])


@pytest.mark.django_db
def test_files_of_payouts_pledges_and_donors_say_what_has_come_of_them(
    make: Make, log_in: LogIn
) -> None:
    house, client = make(), log_in("boss")
    Gift.objects.filter(pk=house.card.pk).update(donor=house.donor)

    def first(name: str, key: str) -> dict[str, Any]:
        told = json.loads(body(client.post(f"/staff/{name}/as-file/", {"format": "json"})))
        return next(row for row in told["rows"] if key in row.values())

    payout = first("payouts", house.payout.provider_ref)
    assert (payout["amount_ore"], payout["currency"]) == (780_00, "SEK")
    assert payout["gross_ore"] - payout["fee_ore"] == payout["amount_ore"]
    pledge = first("pledges", str(house.giving.pledge.ref))
    drawn = Gift.objects.filter(collection__instalment__pledge=house.giving.pledge)
    assert pledge["draws"] == drawn.count()
    assert pledge["drawn_ore"] == sum(gift.standing_ore for gift in drawn)
    care = log_in("dora", "donor_care")
    told = json.loads(body(care.post("/staff/donors/as-file/", {"format": "json"})))
    row = next(one for one in told["rows"] if one["ref"] == str(house.donor.ref))
    assert (row["gifts"], row["given_ore"]) == (1, 2_500_00)
    assert told["sums"]["given_ore"] == 2_500_00


@pytest.mark.django_db(transaction=True)
@pytest.mark.serial
def test_a_long_workbook_holds_nothing_of_ours_while_it_is_made(
    make: Make, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    settings.EXPORT_DIR = tmp_path
    viewer = boss()
    record = exports.ask(taken("xlsx", viewer=viewer).asked(), by=viewer.who)
    begun = work.begin("export", by=viewer.who, arguments={"export": record.pk}, place="/")
    monkeypatch.setattr(work, "STEP_SECONDS", 0.0)
    real, asked = XlsxWriter.row, list[bool]()

    def stop_meanwhile(writer: XlsxWriter, values: Any) -> None:
        real(writer, values)
        if not asked:  # another connection: who asked presses Stop
            with ThreadPoolExecutor(1) as other:
                asked.append(other.submit(_ask_to_stop, begun).result(timeout=20))

    monkeypatch.setattr(XlsxWriter, "row", stop_meanwhile)
    work.run(begun.pk)
    begun.refresh_from_db()
    assert (asked, begun.state) == ([True], "stopped")


def _ask_to_stop(begun: Work) -> bool:
    try:
        return work.ask_to_stop(begun, by=begun.asked_by)
    finally:
        connection.close()


@pytest.mark.django_db
def test_names_stand_in_a_file_of_gifts_only_where_they_were_asked_for_and_may_be(
    make: Make, log_in: LogIn
) -> None:
    house = make()
    donors.add_contact_point(
        donor_id=house.donor.pk, kind="postal", source="staff", by="staff:1",
        value=PostalAddress(("Storgatan 1",), "903 26", "Umeå"),
    )  # fmt: skip
    Gift.objects.filter(pk=house.card.pk).update(donor=house.donor)
    Gift.objects.filter(pk=house.cash.pk).update(donor=None)
    plain = next(iter(rows_of(taken("json")).values()))
    assert {"giver", "giver_address"} & plain.keys() == set()
    treasurer = Viewer(rights.of(make_user("t", "treasurer")), "staff:9")
    assert "giver" not in next(iter(rows_of(taken("json", viewer=treasurer, names="yes")).values()))
    assert not taken("json", viewer=treasurer, names="yes").personal

    before = ReadLine.objects.count()
    asked = taken("json", names="yes")
    assert asked.asked().personal
    rows = rows_of(asked)
    known, typed = rows[str(house.card.ref)], rows[str(house.cash.ref)]
    card = donors.read_card(donor_ref=house.donor.ref, by="staff:1", purpose="x")
    assert card.name is not None
    assert known["giver"] == card.name.full
    assert known["giver_address"] == "Storgatan 1, 903 26 Umeå"
    assert (typed["giver"], typed["giver_address"]) == (
        "Björn Testgren", "Provgatan 7, 123 45 Teststad",
    )  # fmt: skip
    reads = ReadLine.objects.filter(purpose="export:gifts", subject_ref=str(house.donor.ref))
    assert (reads.count(), ReadLine.objects.count() > before) == (1, True)
    text, made = written(taken("csv", names="yes"))
    assert "Björn Testgren".encode() in text
    assert made.rows == Gift.objects.count()

    path = "/staff/gifts/as-file/?names=yes"
    disa = log_in("disa", "donor_care", "treasurer")
    assert "med givarnas namn" in disa.get("/staff/gifts/").content.decode()
    assert "Björn Testgren".encode() in body(disa.post(path, {"format": "csv"}))
    assert ExportRecord.objects.get().personal
    nobody = log_in("t2", "treasurer")
    assert "med givarnas namn" not in nobody.get("/staff/gifts/").content.decode()
    assert "Björn".encode() not in body(nobody.post(path, {"format": "csv"}))
    assert not ExportRecord.objects.latest("pk").personal
    late = Client()
    enter(late, User.objects.get(username="disa"), minutes_ago=16)
    assert "again-form" in late.post(path, {"format": "csv"}).content.decode()
    assert ExportRecord.objects.count() == 2
