"""Monthly giving on the pages: what needs somebody, income, upgrades, proof, files and answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from donors.models import Donor
from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.console import giving_income, mandate_proof, pledge_timeline, pledge_words
from fundraise.ops.golive.lines import autogiro as golive
from fundraise.pledges import upgrading
from fundraise.pledges.models import Collection, Instalment, Mandate, Notice, PayerRange, Pledge
from fundraise.pledges.services import outcomes, planning
from fundraise.providers.giro.models import InFile, OutFile
from tests.console import giving
from tests.console.conftest import LogIn, make_user
from tests.console.giving import Giving
from tests.console.house import make_donor
from tests.pledging import House, own_time, pay


@pytest.fixture
def house(campaign: Campaign) -> Giving:
    return giving.furnish_giving(campaign)


@pytest.fixture
def david(log_in: LogIn) -> Client:
    return log_in("david", "treasurer")


@pytest.fixture
def own(db: None) -> Iterator[House]:
    """A house with its own time."""
    with own_time() as made:
        made.open()
        yield made


# --- Words ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("42+32", "Betalarens bank har godkänt medgivandet. (42+32)"),
        ("not_me", "Givaren säger att någon annan gjorde anmälan"),
        ("new_code", "new_code"),
        ("", ""),
    ],
)
def test_answer_of_a_bank_is_said_in_plain_words_with_its_codes(code: str, said: str) -> None:
    with translation.override("sv"):
        assert pledge_words.answer(code) == said


def test_failed_draw_says_why_and_what_to_do(house: Giving) -> None:
    with translation.override("sv"):
        draws = pledge_timeline.of_pledge(house.pledge, "draws")
        kinds = {
            show: len(pledge_timeline.of_pledge(house.pledge, show)) for show in ("changes", "x")
        }

    assert draws == []  # rows that were made without steps tell nothing
    assert kinds["x"] > kinds["changes"] > 0
    with translation.override("sv"):
        assert pledge_words.draw_reason("1") == "Inte draget: för lite pengar på kontot"
        assert pledge_words.draw_advice("1").startswith("Gåvan räknas som utebliven")


# --- Upgrades -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ore", "percent", "suggested"),
    [
        (200_00, 10, 220_00), (50_00, 10, 60_00), (100_00, 0, 110_00), (105_00, 10, 120_00),
        (99_00, 1, 100_00), (1_000_00, 25, 1_250_00),
    ],
)  # fmt: skip
def test_suggested_sum_follows_prices_up_to_whole_tens(
    ore: int, percent: int, suggested: int
) -> None:
    assert upgrading.suggested_ore(ore, percent) == suggested


def test_gift_is_asked_for_more_a_year_after_its_sum_was_set(house: Giving, david: Client) -> None:
    url = reverse("console:upgrades")
    long_ago = clock.now() - timedelta(days=400)
    assert david.get(url).context["list"].foot.number == 0

    Pledge.objects.filter(pk=house.pledge.pk).update(created_at=long_ago)
    assert david.get(url).context["list"].foot.number == 0
    house.pledge.changes.update(made_at=long_ago)

    page = david.get(url)
    assert page.context["list"].foot.number == 1
    assert "220\u202fkr" in page.content.decode()


# --- Income ---------------------------------------------------------------------------------------
def test_income_tells_drawn_recovered_failed_lost_new_and_ended(own: House) -> None:
    pledge = own.active()
    quarterly = own.active(300_00, months=3)
    pay(own.send_next(pledge))
    draw = own.send_next(pledge)
    own.go_to(draw.due_on)
    outcomes.failed(draw.pk, outcomes.Failure("1"))

    found = giving_income.income(Pledge.objects.all())
    by_month = {month.first: month for month in found.rows}

    november, december = by_month[date(2026, 11, 1)], by_month[date(2026, 12, 1)]
    assert (november.drawn_ore, november.new_ore) == (200_00, 300_00)
    assert (december.drawn_ore, december.failed_ore, december.lost_ore) == (0, 200_00, 200_00)
    assert found.top_ore == 200_00
    assert [bar.group for bar in december.bars] == ["lost"]
    only = giving_income.income(Pledge.objects.filter(pk=quarterly.pk))
    assert sum(month.drawn_ore for month in only.rows) == 0


# --- Proof ----------------------------------------------------------------------------------------
def test_proof_holds_text_signature_answers_notices_and_draws_and_is_noted(
    house: Giving, log_in: LogIn
) -> None:
    dora = log_in("dora", "donor_care")
    planning.notice_sent(
        Notice.objects.get(pledge=house.pledge).pk, text="Vi drar 200 kr den 28 december."
    )
    with translation.override("sv"):
        made = mandate_proof.proof_of(house.mandate)

    answer = dora.get(reverse("console:mandate_proof", args=[house.mandate.ref]))

    facts = {row[0]: row[1] for row in made.facts}
    assert facts["Betalarnummer"] == house.mandate.payer_number
    assert facts["Personnummer eller organisationsnummer"] == "191212121212"
    assert [table.title for table in made.tables] == [
        "Underskrift", "Bankens svar", "Besked till betalaren", "Dragningar",
    ]  # fmt: skip
    assert ("Bekräftat från mejlet", "<1@example.se>") in made.tables[0].rows
    assert made.tables[1].rows[-1][2] == "Betalarens bank har godkänt medgivandet. (42+32)"
    assert len(made.tables[3].rows) == 3
    assert made.told[0][1] == "Vi drar 200 kr den 28 december."
    assert answer.content.startswith(b"%PDF-")
    assert "Anna" not in answer["Content-Disposition"]
    assert ReadLine.objects.get(purpose="staff.proof").subject_ref == str(house.mandate.ref)


def test_scan_comes_out_as_it_was_put_in(campaign: Campaign, log_in: LogIn) -> None:
    giving.make_range(campaign)
    dora = log_in("dora", "donor_care")
    scan = giving.scanned().read()
    form = giving.account_form() | {
        "campaign": campaign.pk, "amount_ore": "150", "interval_months": "1", "day": "28",
        "name": "Björn", "language": "sv", "scan": SimpleUploadedFile("x.png", scan),
    }  # fmt: skip
    dora.post("/staff/mandates/new/", form)

    answer = dora.get(reverse("console:mandate_scan", args=[Mandate.objects.get().ref]))

    assert (answer.content, answer["Content-Type"]) == (scan, "image/png")
    assert answer["Content-Disposition"].startswith("attachment")


# --- Files ----------------------------------------------------------------------------------------
def test_file_is_fetched_byte_for_byte_approved_and_delivered_by_hand_once(
    house: Giving, david: Client
) -> None:
    ref = house.out_file.ref
    fetch = reverse("console:giro_fetch", args=[ref])
    assert david.get(fetch).status_code == 302  # a look changes nothing
    early = david.post(fetch, follow=True)

    assert "Den väntar på godkännande" in early.content.decode()
    assert not ReadLine.objects.filter(purpose="giro.download").exists()

    david.post(reverse("console:giro_approve", args=[ref]))
    twice = [david.post(fetch).content for _n in range(2)]
    wrong = david.post(reverse("console:giro_delivered", args=[ref]), {"left_at": "i går"})
    david.post(reverse("console:giro_delivered", args=[ref]))
    again = david.post(reverse("console:giro_delivered", args=[ref]), follow=True)

    assert twice == [giving.CONTENT, giving.CONTENT]
    assert wrong.status_code == 302
    assert ChangeLine.objects.filter(action="giro_file.fetched").count() == 1
    assert OutFile.objects.get(ref=ref).state == "delivered"
    assert "Det var redan noterat" in again.content.decode()
    assert ReadLine.objects.filter(purpose="giro.download").count() == 2
    OutFile.objects.filter(ref=ref).update(sealed=b"")  # seven years later
    assert "sparades i sju år" in david.post(fetch, follow=True).content.decode()
    assert ChangeLine.objects.filter(action="giro_file.delivered").count() == 1


def test_file_that_was_fetched_is_not_withdrawn_and_says_so(house: Giving, david: Client) -> None:
    ref = house.out_file.ref
    for name in ("giro_approve", "giro_fetch"):
        david.post(reverse(f"console:{name}", args=[ref]))

    page = david.get(reverse("console:giro_out", args=[ref])).content.decode()
    refused = david.post(reverse("console:giro_withdraw", args=[ref]), follow=True)

    assert "Okänt om den lämnades" in page
    assert "Den drogs inte tillbaka" in refused.content.decode()
    assert OutFile.objects.get(ref=ref).state == "doubt"


def test_file_in_doubt_is_settled_by_a_person(house: Giving, david: Client) -> None:
    david.post(reverse("console:giro_lost", args=[house.doubt.ref]))
    assert OutFile.objects.get(pk=house.doubt.pk).state == "ready"

    refused = david.post(reverse("console:giro_arrived", args=[house.doubt.ref]), follow=True)

    assert "Den är inte oviss längre" in refused.content.decode()
    assert OutFile.objects.get(pk=house.doubt.pk).state == "ready"


def test_file_that_is_dropped_says_what_is_wrong_with_it_and_the_same_one_is_one(
    house: Giving, david: Client
) -> None:
    def drop() -> str:
        sent = SimpleUploadedFile("fel.txt", b"01AUTOGIRO\nthis is no record of theirs\n")
        return david.post(
            reverse("console:giro_drop"), {"file": sent}, follow=True
        ).content.decode()

    before = InFile.objects.count()
    pages = [drop(), drop()]

    assert InFile.objects.count() == before + 1
    assert all("Inget av den arbetades in" in page for page in pages)
    assert "Rad 1" in pages[0] or "Ingen fil som Bankgirot" in pages[0]


def test_calendar_address_is_shown_once_and_an_older_one_ends(house: Giving, david: Client) -> None:
    url = reverse("console:giro_feed", args=[house.agreement.ref])

    addresses = [david.post(url).context["feed_address"] for _n in range(2)]
    answers = [Client().get(address.partition("testserver")[2]) for address in addresses]

    assert [answer.status_code for answer in answers] == [404, 200]
    assert answers[1].content.startswith(b"BEGIN:VCALENDAR")
    assert addresses[1] not in david.get("/staff/autogiro/").content.decode()


def test_administrator_sets_how_files_travel_and_whose_numbers_are_ours(
    house: Giving, log_in: LogIn
) -> None:
    boss = log_in("anton", "admin")
    url = reverse("console:giro_agreement", args=[house.agreement.ref])
    form = {"by_hand": "on", "file_weekdays": ["2", "4"], "draw_days_ahead": "3"}

    wrong = boss.post(url, {**form, "first": "100", "last": "200"})
    right = boss.post(url, {**form, "first": "20000000", "last": "29999999"})

    house.agreement.refresh_from_db()
    payers = PayerRange.objects.get(entity=house.pledge.entity_id)
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert (house.agreement.by_hand, house.agreement.file_weekdays) == (True, "24")
    assert (payers.first, payers.last) == (20_000_000, 29_999_999)
    assert ChangeLine.objects.get(action="payer_range.set").before["first"] == 10_000_000


# --- The Internet bank ----------------------------------------------------------------------------
def test_mandate_of_the_internet_bank_is_matched_by_its_holder_and_said_yes_to(
    house: Giving, david: Client
) -> None:
    page = david.get(reverse("console:e_mandates")).content.decode()
    assert str(house.unsigned.ref) in page  # the same holder signed up and waits

    david.post(
        reverse("console:answer_mandate", args=[house.e_mandate.ref]),
        {"pledge": str(house.unsigned.ref)},
    )

    house.e_mandate.refresh_from_db()
    house.unsigned.refresh_from_db()
    assert (house.e_mandate.state, house.e_mandate.pledge_id) == ("created", house.unsigned.pk)
    assert house.unsigned.state == "pending"
    assert Notice.objects.filter(pledge=house.unsigned, kind="sign_up").exists()


@pytest.mark.parametrize(
    ("form", "state"),
    [
        ({"do": "no"}, "refused"),
        ({"pledge": ""}, "created"),
        ({"pledge": "nobody"}, "received"),
    ],
)
def test_mandate_of_the_internet_bank_is_refused_or_draws_nothing_without_a_sum(
    form: dict[str, str], state: str, house: Giving, david: Client
) -> None:
    david.post(reverse("console:answer_mandate", args=[house.e_mandate.ref]), form)

    house.e_mandate.refresh_from_db()
    assert (house.e_mandate.state, house.e_mandate.pledge_id) == (state, None)


# --- Refunds to make ------------------------------------------------------------------------------
def test_draws_after_a_death_and_surplus_draws_are_listed_to_give_back(own: House) -> None:
    client = Client()
    client.force_login(make_user("david", "treasurer"))
    pledge = own.active()
    draw = own.send_next(pledge)
    pay(draw)
    died = draw.due_on - timedelta(days=10)
    Pledge.objects.filter(pk=pledge.pk).update(
        state="ended", end_reason="deceased", ended_at=clock.now()
    )
    pledge.changes.create(
        kind="stop", after={"died_on": died.isoformat()}, by="system:bank", channel="bank",
        received_at=clock.now(), made_at=clock.now(),
    )  # fmt: skip

    def listed(needs: str) -> int:
        return int(client.get(f"/staff/pledges/draws/?needs={needs}").context["list"].foot.number)

    assert (listed("dead"), listed("surplus")) == (1, 0)
    Collection.objects.filter(pk=draw.pk).update(state="surplus")
    assert (listed("dead"), listed("surplus")) == (1, 1)
    assert Instalment.objects.filter(state="paid").count() == 1


# --- Going live -----------------------------------------------------------------------------------
def test_going_live_says_what_keeps_autogiro_from_working(
    campaign: Campaign, settings: object, tmp_path: Path
) -> None:
    assert golive.ask().code == "none"
    agreement = giving.make_agreement(campaign)
    settings.AUTOGIRO_CUSTOMER_NUMBER = ""  # type: ignore[attr-defined]
    assert golive.ask().code == "customer_number"
    settings.AUTOGIRO_CUSTOMER_NUMBER = "471117"  # type: ignore[attr-defined]
    assert golive.ask().code == "no_range"
    giving.make_range(campaign)
    assert golive.ask().code == "no_transport"
    agreement.by_hand = True
    agreement.save()
    assert golive.ask().code == "no_carriers"
    for name, deputy in (("bo", False), ("eva", True)):
        agreement.carriers.create(user=make_user(name), is_deputy=deputy)
    said = golive.ask()
    assert (said.code, said.facts["hour"]) == ("by_hand", "09:00")


# --- The giver ------------------------------------------------------------------------------------
def test_giver_is_opened_by_those_who_may_and_the_look_is_logged(
    house: Giving, log_in: LogIn
) -> None:
    url = reverse("console:pledge_giver", args=[house.pledge.ref])
    plain = log_in("cecilia", "comms").get(reverse("console:pledge", args=[house.pledge.ref]))

    opened = log_in("dora", "donor_care").post(url)

    assert "anna.givarsson" not in plain.content.decode()
    assert "anna.givarsson@example.se" in opened.content.decode()
    assert ReadLine.objects.get(purpose="staff.giver").subject_ref == str(house.pledge.ref)


def test_monthly_gift_is_found_by_the_whole_address_before_there_is_a_donor(
    house: Giving, log_in: LogIn
) -> None:
    dora = log_in("dora", "donor_care")

    found = dora.post("/staff/donors/", {"text": giving.ANNA.email}).context["monthly"]
    part = dora.post("/staff/donors/", {"text": "Anna Givarsson"}).context["monthly"]

    assert {one.pk for one in found} == {house.pledge.pk, house.unsigned.pk}
    assert list(part) == []


def test_death_and_no_contact_are_noted_on_the_donors_page_and_taken_back(
    campaign: Campaign, log_in: LogIn
) -> None:
    donor, dora = make_donor(), log_in("dora", "donor_care")
    death = reverse("console:donor_death", args=[donor.ref])
    contact = reverse("console:donor_no_contact", args=[donor.ref])

    no_day = dora.post(death, {"death-reason": "brev 4"})
    to_come = dora.post(death, {"death-died_on": "2999-01-01", "death-reason": "brev 4"})
    dora.post(death, {"death-died_on": "2026-01-02", "death-reason": "brev 4"})
    dora.post(contact, {"contact-reason": "brev 5"})

    donor.refresh_from_db()
    assert (no_day.status_code, to_come.status_code) == (422, 422)
    assert donor.died_on == date(2026, 1, 2)
    assert donor.no_contact_at is not None
    assert "Avled 2\u00a0jan\u00a02026" in dora.get(f"/staff/donors/{donor.ref}/").content.decode()
    dora.post(death, {"do": "lives", "death-reason": "fel person"})
    dora.post(contact, {"do": "allow", "contact-reason": "ringde"})
    after = Donor.objects.get(pk=donor.pk)
    assert (after.died_on, after.no_contact_at) == (None, None)
