"""What a donor changes alone, through the doors of the pledges."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from fundraise import bankdays, clock
from fundraise.pledges.models import Collection, Instalment, Pledge, PledgeChange
from fundraise.pledges.services import mandates, outcomes
from fundraise.pledges.services.mandates import Said
from tests.give.form import hidden
from tests.give.mine.browsing import HOME, Answer, said, visit
from tests.pledging import House, pay

ANNA = "anna@example.se"


def act(client: Client, pledge: Pledge, name: str, **sent: str) -> Answer:
    return client.post(f"{HOME}manadsgava/{pledge.ref}/{name}/", sent)


def card(client: Client) -> str:
    return said(client.get(HOME))


@pytest.fixture
def mine(house: House, client: Client) -> Client:
    return visit(client, ANNA)


def test_the_card_says_what_how_and_when(house: House, mine: Client) -> None:
    house.active()
    page = card(mine)
    assert "Din gåva är i gång 200 kr varje månad" in page
    assert "Nästa gåva 30 november" in page
    assert "Autogiro, Swedbank …234" in page
    assert "Ändra belopp Byt dag Hoppa över nästa Pausa Nytt konto eller kort Avsluta" in page
    english = said(mine.get("/en/my-pages/"))
    assert "Your gift is up and running 200 kr every month" in english
    for hidden_one in ("9941234", "19811228", "9874", "anna@example.se"):
        assert hidden_one not in page + english


def test_another_sum_is_changed_and_undone(house: House, mine: Client) -> None:
    pledge = house.active()
    assert act(mine, pledge, "belopp", amount="250 kr")["Location"] == f"{HOME}#g-{pledge.ref}"
    assert act(mine, pledge, "belopp", amount="250").status_code == 303  # the double click
    pledge.refresh_from_db()
    change = pledge.changes.get()
    assert (pledge.amount_ore, change.by, change.channel) == (250_00, "donor", "my_pages")
    assert "Beloppet är ändrat från 200 kr till 250 kr" in card(mine)
    assert act(mine, pledge, f"angra/{change.pk}").status_code == 303
    pledge.refresh_from_db()
    assert pledge.amount_ore == 200_00


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Skriv ett belopp."),
        ("tvåhundra", "Skriv beloppet med siffror, till exempel 250."),
        ("5", "Den minsta gåvan här är 20 kr."),
        ("1.000", "Skriv beloppet utan punkt eller komma för tusental, till exempel 1000."),
    ],
)
def test_a_sum_that_is_none_is_refused_in_words_and_kept(
    house: House, mine: Client, typed: str, sentence: str
) -> None:
    pledge = house.active()
    answer = act(mine, pledge, "belopp", amount=typed)
    assert answer.status_code == 422
    page = said(answer)
    assert page.startswith("Fel: ")
    assert page.count(sentence) == 2
    pledge.refresh_from_db()
    assert (pledge.amount_ore, pledge.changes.count()) == (200_00, 0)


def test_another_day(house: House, mine: Client) -> None:
    pledge = house.active()
    assert act(mine, pledge, "dag", day="15").status_code == 303
    pledge.refresh_from_db()
    assert pledge.day == 15
    assert "vi drar den 15:e" in card(mine)
    for wrong in ("29", "0", "-1", "x", ""):
        assert act(mine, pledge, "dag", day=wrong).status_code == 422
    assert act(mine, pledge, f"angra/{pledge.changes.get().pk}").status_code == 303
    pledge.refresh_from_db()
    assert pledge.day == 28


def test_the_next_gift_is_skipped_once_however_often_the_button_is_pressed(
    house: House, mine: Client
) -> None:
    pledge = house.active()
    path = f"{HOME}manadsgava/{pledge.ref}/hoppa-over/"
    opened = mine.get(path)
    assert "Vi hoppar över 200 kr den 30 november. Din gåva fortsätter" in said(opened)
    assert "den 28 december" in said(opened)
    sent = {"period": hidden(opened, "period")}
    assert [mine.post(path, sent).status_code for _ in range(2)] == [303, 303]
    skipped = pledge.instalments.filter(state=Instalment.State.SKIPPED)
    assert [row.due_on for row in skipped] == [date(2026, 11, 30)]
    assert "Nästa gåva 28 december" in card(mine)
    change = pledge.changes.get(kind="skip")
    assert act(mine, pledge, f"angra/{change.pk}").status_code == 303
    assert not skipped.all().exists()
    assert mine.post(path, {"period": "2020-01-01"}).status_code == 422


def test_a_pause_reaches_what_is_at_the_bank_and_ends_when_one_likes(
    house: House, mine: Client
) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    house.go_to(bankdays.add(clock.today(), 1), 9)  # not in a file of the same day
    path = f"{HOME}manadsgava/{pledge.ref}/pausa/"
    assert "går inte längre att stoppa" not in said(mine.get(path))
    assert mine.post(path, {"until": "2027-02-28"}).status_code == 422  # not on the list
    assert mine.post(path, {"until": "2027-03-01"}).status_code == 303
    pledge.refresh_from_db()
    draw.refresh_from_db()
    assert (pledge.state, pledge.paused_until, draw.state) == (
        "paused", date(2027, 3, 1), Collection.State.CANCELLING,
    )  # fmt: skip
    assert "Pausad" in card(mine)
    assert "Nästa gåva 1 mars 2027" in card(mine)
    assert [act(mine, pledge, "ateruppta").status_code for _ in range(2)] == [303, 303]
    pledge.refresh_from_db()
    assert pledge.state == "active"


def test_stop_is_two_taps_reaches_the_bank_and_shows_when_it_confirmed(
    house: House, mine: Client
) -> None:
    pledge = house.active()
    path = f"{HOME}manadsgava/{pledge.ref}/avsluta/"
    assert path in mine.get(HOME).content.decode()  # the first tap
    opened = said(mine.get(path))
    assert opened.index("Avsluta månadsgåvan") < opened.index("Om du vill: varför?")
    assert opened.index("Avsluta månadsgåvan") < opened.index("Sänk den till 100 kr")
    assert "Pausa den till" in opened
    assert [mine.post(path, {"reason": "economy"}).status_code for _ in range(2)] == [303, 303]
    pledge.refresh_from_db()
    stop = pledge.changes.get(kind="stop")
    assert (pledge.state, pledge.end_reason, stop.reason, stop.channel) == (
        "ended", "stopped", "economy", "my_pages",
    )  # fmt: skip
    mandate = pledge.mandates.get()
    assert mandate.state == "ending"
    assert "Vi har bett banken att avsluta ditt autogiromedgivande" in card(mine)
    mandates.ended(mandate.pk, Said("03+33", date(2026, 11, 4)))
    assert "Banken bekräftade den 4 november" in card(mine)
    assert "redan avslutad" in said(mine.get(path))
    assert act(mine, pledge, "belopp", amount="300").status_code == 422


def test_only_what_is_past_the_cut_off_is_called_unstoppable(house: House, mine: Client) -> None:
    pledge = house.active()
    house.send_next(pledge)
    house.go_to(date(2026, 11, 27), 20)  # Friday evening: the draw is on Monday
    sentence = "200 kr den 30 november är redan hos banken och går inte längre att stoppa."
    path = f"{HOME}manadsgava/{pledge.ref}/avsluta/"
    assert sentence in said(mine.get(path))
    assert mine.post(path).status_code == 303
    assert sentence in card(mine)
    draw = Collection.objects.get()
    assert draw.state == Collection.State.SENT
    pay(draw)
    assert sentence not in card(mine)
    assert Pledge.objects.get().state == "ended"


def test_a_skip_that_comes_too_late_changes_nothing(house: House, mine: Client) -> None:
    pledge = house.active()
    house.send_next(pledge)
    house.go_to(date(2026, 11, 27), 20)
    answer = act(mine, pledge, "hoppa-over", period="2026-11-01")
    assert answer.status_code == 422
    assert "Det är för sent för det" in said(answer)
    assert (Instalment.objects.filter(state="skipped").count(), PledgeChange.objects.count()) == (
        0, 0,
    )  # fmt: skip


def test_an_undo_after_the_draw_has_left_is_refused_and_not_offered(
    house: House, mine: Client
) -> None:
    pledge = house.active()
    house.go_to(date(2026, 11, 26))
    act(mine, pledge, "belopp", amount="150")
    house.beat()
    house.send()
    assert "Ångra" not in card(mine)
    change = pledge.changes.get(kind="amount")
    assert "för sent" in said(act(mine, pledge, f"angra/{change.pk}"))
    pledge.refresh_from_db()
    assert pledge.amount_ore == 150_00


def test_somebody_elses_gift_is_not_there(house: House, client: Client) -> None:
    pledge = house.active()
    eva = visit(client, "eva@example.org")
    for name in ("belopp", "dag", "hoppa-over", "pausa", "ateruppta", "avsluta", "ratta"):
        path = f"{HOME}manadsgava/{pledge.ref}/{name}/"
        assert (eva.get(path).status_code, eva.post(path).status_code) == (404, 404)
    change = PledgeChange.objects.create(
        pledge=pledge, kind="amount", by="donor", channel="my_pages",
        received_at=clock.now(), made_at=clock.now(),
    )  # fmt: skip
    assert act(eva, pledge, f"angra/{change.pk}").status_code == 404
    assert "Du har ingen månadsgåva" in card(eva)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.changes.count()) == ("active", 1)


def test_no_page_changes_anything_by_being_opened(house: House, mine: Client) -> None:
    pledge = house.active()
    before = Pledge.objects.values().get(), list(Instalment.objects.values())
    for name in ("belopp", "dag", "hoppa-over", "pausa", "ateruppta", "avsluta", "ratta"):
        assert mine.get(f"{HOME}manadsgava/{pledge.ref}/{name}/").status_code == 200
    for name in ("uppgifter", "gavor", "samtycke", "begaran", "ut"):
        assert mine.get(f"{HOME}{name}/").status_code in {200, 303}
    assert (Pledge.objects.values().get(), list(Instalment.objects.values())) == before
    assert PledgeChange.objects.count() == 0


def test_a_change_after_the_visit_is_over_is_asked_for_again(house: House, client: Client) -> None:
    pledge = house.active()
    answer = act(client, pledge, "avsluta")
    assert (answer.status_code, "Inget har ändrats" in said(answer)) == (403, True)
    pledge.refresh_from_db()
    assert pledge.state == "active"


def test_so_many_changes_in_an_hour_are_enough(
    house: House, mine: Client, settings: object
) -> None:
    settings.LIMITS = settings.LIMITS | {"mine-change": (2, 3600)}  # type: ignore[attr-defined]
    pledge = house.active()
    answers = [
        act(mine, pledge, "belopp", amount=str(sum_)).status_code for sum_ in (210, 220, 230)
    ]
    assert answers == [303, 303, 429]
    pledge.refresh_from_db()
    assert pledge.amount_ore == 220_00


def test_a_missed_month_is_said_without_a_debt(house: House, mine: Client) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    outcomes.failed(draw.pk, outcomes.Failure("2"))
    page = card(mine)
    assert "Du är inte skyldig något." in page
    assert "Rätta till det" in page
