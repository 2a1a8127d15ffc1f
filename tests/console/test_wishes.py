"""What staff do for a donor about a monthly gift: noted with channel and time, or refused whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fundraise import clock
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.console import pledge_timeline, wishes
from fundraise.pledges.models import Collection, Instalment, Pledge, PledgeChange
from mailings import transactional
from mailings.models import TransactionalMessage
from mailings.monthly import subjects
from tests.console.conftest import make_user
from tests.pledging import House, own_time, pay
from tests.proofs import differing


@pytest.fixture
def house(db: None) -> Iterator[House]:
    with own_time() as made:
        made.open()
        yield made


@pytest.fixture
def dora(house: House) -> Client:
    client = Client()
    client.force_login(make_user("dora", "donor_care"))
    return client


def ask(client: Client, pledge: Pledge, act: str, **form: str) -> int:
    """Send the form of an act as it came by letter yesterday."""
    on = {"channel": "letter", "received_on": "2026-11-01", "received_at": "08:30"}
    url = reverse("console:wish", args=[pledge.ref, act])
    status = client.post(url, {**on, **form}).status_code
    pledge.refresh_from_db()
    return status


def test_sum_and_day_are_changed_with_channel_and_time_and_taken_back(
    house: House, dora: Client
) -> None:
    pledge = house.active()
    who = f"staff:{dora.session['_auth_user_id']}"

    statuses = [
        ask(dora, pledge, "amount", amount_ore="250"), ask(dora, pledge, "day", day="15"),
        ask(dora, pledge, "day", day="15"),
    ]  # fmt: skip

    made = pledge.changes.order_by("pk").values_list("kind", "channel", "by", "after")
    assert statuses == [302, 302, 302]
    assert list(made) == [
        ("amount", "letter", who, {"amount_ore": 250_00}), ("day", "letter", who, {"day": 15}),
    ]  # fmt: skip
    first = pledge.changes.order_by("pk")[0]
    assert first.received_at == datetime(2026, 11, 1, 8, 30, tzinfo=clock.STOCKHOLM)
    with translation.override("sv"):
        assert pledge_timeline.what_changed(first) == "Belopp: 200\u202fkr → 250\u202fkr"

    assert ask(dora, pledge, "undo", key=str(first.pk)) == 302
    assert (pledge.amount_ore, pledge.day) == (200_00, 15)


def test_month_is_left_out_and_drawn_after_all_and_a_pause_ends_when_asked(
    house: House, dora: Client
) -> None:
    pledge = house.active()
    month = pledge.instalments.order_by("due_on")[0]

    assert ask(dora, pledge, "skip") == 302
    assert Instalment.objects.get(pk=month.pk).state == "skipped"
    page = dora.get(reverse("console:pledge", args=[pledge.ref])).content.decode()
    assert "är överhoppad" in page
    assert ask(dora, pledge, "unskip", period=month.period.isoformat()) == 302
    assert Instalment.objects.get(pk=month.pk).state == "planned"
    assert ask(dora, pledge, "pause", until="2027-02-01") == 302
    assert (pledge.state, pledge.paused_until) == ("paused", date(2027, 2, 1))
    assert ask(dora, pledge, "resume") == 302
    assert pledge.state == "active"


def test_stop_says_by_when_what_is_too_late_and_ends_gift_and_mandate(
    house: House, dora: Client
) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)

    page = dora.get(reverse("console:wish", args=[pledge.ref, "stop"])).content.decode()
    assert "är för sen att stoppa hos banken" in page
    assert ask(dora, pledge, "stop", reason="money") == 302

    assert (pledge.state, pledge.end_reason) == ("ended", "stopped")
    assert pledge.mandates.get().state == "ending"
    assert Collection.objects.get(pk=draw.pk).state == "sent"
    assert pledge.changes.get(kind="stop").reason == "money"
    assert ask(dora, pledge, "stop") == 302
    assert pledge.changes.filter(kind="stop").count() == 1


def test_what_was_drawn_after_a_stop_had_reached_us_is_named_and_the_books_still_agree(
    house: House, dora: Client
) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    pay(draw)

    on = {"received_on": (draw.due_on - timedelta(days=4)).isoformat(), "received_at": "00:01"}
    assert ask(dora, pledge, "stop", **on) == 302

    page = dora.get(reverse("console:pledge", args=[pledge.ref])).content.decode()
    assert "drogs" in page
    assert "efter att stoppet hade kommit fram: betala tillbaka" in page
    stop = pledge.changes.get(kind="stop")
    letter = dora.get(reverse("console:pledge_letter", args=[pledge.ref, stop.pk]))
    assert "efter att din önskan hade kommit fram. Du får tillbaka" in letter.content.decode()
    assert differing() == []


@pytest.mark.parametrize(
    ("came", "due"),
    [
        ("2026-11-02T10:00+01:00", "2026-11-04T19:00+01:00"),
        ("2026-12-23T10:00+01:00", "2026-12-29T19:00+01:00"),
        ("2026-11-06T23:59+01:00", "2026-11-10T19:00+01:00"),
    ],
)
def test_stop_is_due_at_seven_on_the_second_bank_day(came: str, due: str) -> None:
    assert wishes.stop_due(datetime.fromisoformat(came)) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("act", "form", "said"),
    [
        ("amount", {"amount_ore": "1"}, "Insamlingen tar inte emot den summan"),
        ("amount", {"amount_ore": "ettusen"}, "Skriv beloppet med siffror"),
        ("pause", {"until": "2026-11-02"}, "Välj en dag efter i dag"),
        ("amount", {"amount_ore": "300", "received_on": "2026-11-03"}, "Den tiden har inte kommit"),
        ("amount", {"amount_ore": "300", "received_on": "2025-11-01"}, "mer än ett år sedan"),
        ("unskip", {"period": "2026-11-01"}, "Det finns ingen sådan månad"),
        ("resume", {}, "Den är inte pausad"),
    ],
)
def test_wish_that_can_not_be_carried_out_says_why_and_changes_nothing(
    act: str, form: dict[str, str], said: str, house: House, dora: Client
) -> None:
    pledge = house.active()
    before = Pledge.objects.values().get(pk=pledge.pk)
    on = {"channel": "phone", "received_on": "2026-11-02", "received_at": "09:00", **form}

    answer = dora.post(reverse("console:wish", args=[pledge.ref, act]), on)

    assert answer.status_code in {422, 200}
    assert said in answer.content.decode() or act == "resume"
    assert Pledge.objects.values().get(pk=pledge.pk) == before
    assert not PledgeChange.objects.exists()


def test_act_that_nobody_knows_is_not_there_and_an_ended_gift_offers_none(
    house: House, dora: Client
) -> None:
    pledge = house.active()
    unknown = reverse("console:wish", args=[pledge.ref, "double"])
    assert dora.get(unknown).status_code == 404
    ask(dora, pledge, "stop")

    page = dora.get(reverse("console:pledge", args=[pledge.ref])).content.decode()

    assert "En ny månadsgåva börjar med ett nytt medgivande" in page
    assert ask(dora, pledge, "amount", amount_ore="300") == 422
    assert pledge.amount_ore == 200_00


def test_letter_tells_what_was_done_in_the_donors_language_and_the_look_is_logged(
    house: House, dora: Client
) -> None:
    pledge = house.active()
    ask(dora, pledge, "amount", amount_ore="250")
    Pledge.objects.filter(pk=pledge.pk).update(language="en")
    url = reverse("console:pledge_letter", args=[pledge.ref, pledge.changes.get().pk])

    page = dora.get(url).content.decode()

    assert "We got your wish on 1\u00a0Nov\u00a02026" in page
    assert "200\u202fkr → 250\u202fkr" in page
    assert "Anna Ek" in page
    assert ReadLine.objects.filter(purpose="staff.letter", subject_ref=str(pledge.ref)).count() == 1


def test_a_link_is_mailed_to_the_donor_once_a_day_and_never_for_what_has_ended(
    house: House, dora: Client
) -> None:
    pledge = house.active()
    url = reverse("console:pledge_link", args=[pledge.ref])
    own = reverse("console:pledge", args=[pledge.ref])
    sent = TransactionalMessage.objects.filter(kind="pledge-link")

    assert url in dora.get(own).content.decode()
    assert (dora.get(url).status_code, sent.count()) == (302, 0)
    assert "Länken är på väg" in dora.post(url, follow=True).content.decode()
    assert "redan skickats i dag" in dora.post(url, follow=True).content.decode()

    row = sent.get()
    mail = transactional._opened(row)
    assert "/mina-sidor/ratta/?key=" in mail.text
    assert row.subject_ref in subjects.of_pledges(Pledge.objects.filter(pk=pledge.pk))
    assert ChangeLine.objects.filter(action="pledge.link.sent").count() == 1

    house.go_to(date(2026, 12, 1))
    assert ask(dora, pledge, "stop") == 302
    assert "Den är avslutad" in dora.post(url, follow=True).content.decode()
    assert sent.count() == 1
    assert url not in dora.get(own).content.decode()
