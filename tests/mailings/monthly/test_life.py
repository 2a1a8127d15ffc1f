"""The mails of a pledge's life: one for each thing that happens, whatever is told twice."""

from __future__ import annotations

from datetime import date

from fundraise import bankdays, clock, crypto
from fundraise.pledges.models import Instalment, Mandate, Notice, Pledge
from fundraise.pledges.services import changing, mandates, outcomes, starting
from fundraise.pledges.services.changing import wish
from fundraise.pledges.services.mandates import Said
from fundraise.pledges.services.outcomes import Failure
from fundraise.pledges.services.starting import NewAccount, Signed
from fundraise.providers.papers import wording
from tests.mailings.monthly.posting import Posting, words
from tests.pledging import ACCOUNT, ANNA, pay

OWE_NOTHING = "Du är inte skyldig något"


def test_the_sign_up_is_told_with_its_mandate_and_kept_as_proof(house: Posting) -> None:
    text = wording.current("person", "sv", clock.today())
    assert text is not None
    pledge = starting.start_pledge(
        starting.NewPledge(house.campaign, 200_00, 28, ANNA),
        NewAccount(ACCOUNT, "Swedbank …234", wording_id=text.pk),
    )
    mandate = pledge.mandates.get()
    starting.sign(mandate.pk, Signed("tick"), by="donor")
    house.tell()
    house.replay()
    (mail,) = house.mails()
    said = words(mail)
    for told in (
        "Du ger 200 kr varje månad", "Belopp: 200 kr", "Första dag: 30 november",
        "Sedan: den 28:e varje månad: 28 december och 28 januari 2027 och så vidare",
        "Autogiro, Swedbank …234", f"Betalarnummer: {mandate.payer_number}",
        "Det här är ditt besked", "/inte-jag/", "/medgivande/", "/mina-sidor/",
    ):  # fmt: skip
        assert told in said, told
    assert "198112289874" not in said
    assert ACCOUNT.account16[4:] not in said
    assert "Anna" not in str(mail["Subject"])
    (paper,) = mail.iter_attachments()
    assert paper.get_content_type() == "application/pdf"
    assert paper.get_content()[:5] == b"%PDF-"
    notice = pledge.notices.get()
    assert notice.sent_at is not None
    assert (notice.way, clock.local_date(notice.sent_at)) == ("mail", clock.today())
    kept = crypto.unseal(bytes(notice.text_sealed or b""), context=f"notice:{notice.ref}")
    assert kept.decode().replace("\u202f", " ").split() == said.split()


def test_one_thank_you_for_the_first_gift_and_no_mail_for_later_ones(house: Posting) -> None:
    pledge = house.active()
    assert house.kinds() == ["notice"]
    pay(house.send_next(pledge))
    house.tell()
    assert house.last()[0] == "Din första gåva har kommit"
    pay(house.send_next(pledge))
    house.replay()
    assert house.kinds() == ["notice", "pledge-first"]


def test_want_of_money_is_one_mail_with_the_new_try_and_then_one_of_the_miss(
    house: Posting,
) -> None:
    pledge = house.active(day=1)
    draw = house.send_next(pledge)
    outcomes.failed(draw.pk, Failure("1", may_retry=True))
    house.replay()
    subject, said = house.last()
    assert subject == "Din månadsgåva kom inte"
    again = pledge.instalments.get(retried=True)
    assert again.notice is not None
    assert (again.notice.kind, again.notice.way) == ("retry", "mail")
    assert OWE_NOTHING in said
    assert f"Vi försöker en gång till den {again.due_on.day} " in said
    assert "/mina-sidor/ratta/" in said
    assert house.kinds() == ["notice", "notice"]
    outcomes.failed(house.send_next(pledge).pk, Failure("1", may_retry=True))
    house.replay()
    subject, said = house.last()
    assert house.kinds() == ["notice", "notice", "pledge-missed"]
    assert OWE_NOTHING in said
    assert "Vi hoppar över den här gången" in said


def test_a_closed_account_is_one_mail_that_asks_for_another(house: Posting) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    outcomes.failed(draw.pk, Failure("2", halts=True))
    house.replay()
    mandates.ended(pledge.mandates.get().pk, Said("46+02", clock.today()), by_payer=True)
    house.replay()
    pledge.refresh_from_db()
    assert pledge.state == "ended"
    assert house.kinds() == ["notice", "pledge-halted"]
    subject, said = house.last()
    assert subject == "Din månadsgåva behöver din hjälp"
    assert "Ditt konto tillåter inte längre" in said
    assert OWE_NOTHING in said


def test_a_refused_mandate_is_one_mail(house: Posting) -> None:
    pledge = house.sign_up()
    mandate = pledge.mandates.get()
    mandates.mark_sent([mandate.pk], clock.now())
    mandates.refused(mandate.pk, Said("42+05", clock.today()))
    house.replay()
    assert house.kinds() == ["notice", "pledge-halted"]
    assert OWE_NOTHING in house.last()[1]


def test_a_new_account_is_confirmed_and_its_refusal_told_while_the_old_one_draws(
    house: Posting,
) -> None:
    pledge = house.active()
    new = mandates.new_account(
        pledge.pk, NewAccount(ACCOUNT, "Nordea …777"), by="donor", channel="my_pages",
        received_at=clock.now(),
    )  # fmt: skip
    house.tell()
    assert house.kinds() == ["notice"]
    house.go_to(date(2026, 11, 12))  # signed a week after it was asked for: mailed all the same
    starting.sign(new.pk, Signed("tick"), by="donor")
    house.replay()
    assert "Nordea …777" in house.last()[1]
    mandates.mark_sent([new.pk], clock.now())
    mandates.refused(new.pk, Said("42+03", clock.today()))
    house.replay()
    assert house.kinds() == ["notice", "pledge-change", "mandate-refused"]
    assert "fortsätter som förut" in house.last()[1]


def test_a_stop_is_confirmed_with_what_can_not_be_stopped_and_then_by_the_bank(
    house: Posting,
) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    changing.stop(pledge.pk, wish())
    house.replay()
    subject, said = house.last()
    assert subject == "Din månadsgåva är avslutad"
    assert "200 kr den 30 november hade redan nått banken" in said
    mandate = pledge.mandates.get()
    assert mandate.state == Mandate.State.ENDING
    mandates.ended(mandate.pk, Said("03+33", date(2026, 12, 2)))
    house.replay()
    assert house.kinds() == ["notice", "pledge-ended", "mandate-ended"]
    assert "avslutat sedan den 2 december" in house.last()[1]


def test_an_end_at_the_bank_is_one_calm_mail(house: Posting) -> None:
    pledge = house.active()
    mandates.ended(pledge.mandates.get().pk, Said("46+02", clock.today()), by_payer=True)
    house.replay()
    assert house.kinds() == ["notice", "pledge-ended"]
    said = house.last()[1]
    assert "Inget mer dras" in said
    assert OWE_NOTHING in said


def test_what_was_not_theirs_is_stopped_and_said_so_once(house: Posting) -> None:
    pledge = house.sign_up()
    starting.disown(pledge.pk)
    house.replay()
    assert house.kinds() == ["notice", "pledge-ended"]
    assert "Någon hade anmält sig med din adress" in house.last()[1]


def test_changes_are_confirmed_once_each_by_their_notice_where_they_have_one(
    house: Posting,
) -> None:
    pledge = house.active()
    changing.change_amount(pledge.pk, 250_00, wish())
    house.replay()
    _subject, said = house.last()
    assert "Tack för att du höjer din gåva!" in said
    assert "Från den 30 november drar vi 250 kr" in said
    changing.skip_next(pledge.pk, wish())
    house.replay()
    assert "Vi hoppar över din gåva för november 2026" in house.last()[1]
    changing.pause(pledge.pk, date(2027, 2, 1), wish())
    house.replay()
    assert "inget dras före den 1 februari 2027" in house.last()[1]
    changing.resume(pledge.pk, wish())
    house.replay()
    assert house.last()[0] == "Din månadsgåva fortsätter"
    assert house.kinds() == ["notice", "notice", "pledge-change", "pledge-change", "notice"]


def test_a_late_yes_moves_the_first_day_and_says_so(house: Posting) -> None:
    house.sign_up()
    house.beat()
    house.go_to(date(2026, 11, 30))
    house.beat()
    subject, said = house.last()
    assert subject == "Första dagen för din månadsgåva flyttas"
    assert "Den första dragningen blir 200 kr den 28 december i stället" in said


def test_mails_in_english_have_subjects_that_name_nobody(house: Posting) -> None:
    pledge = house.sign_up()
    Pledge.objects.filter(pk=pledge.pk).update(language="en")
    changing.stop(pledge.pk, wish())
    house.tell()
    subject, said = house.last()
    assert subject == "Your monthly gift has ended"
    assert "We have ended it, as you wished." in said


def test_every_draw_of_a_run_had_its_notice_in_time(house: Posting) -> None:
    pledges = [house.sign_up(day=day, months=months) for day, months in ((28, 1), (1, 3), (15, 6))]
    for pledge in pledges:
        house.approve(pledge)
    house.beat()
    drawn = 0
    while clock.today() < date(2027, 7, 1):
        due_on = Instalment.objects.filter(state="planned").earliest("due_on").due_on
        for bank_days in (-12, -2):
            house.go_to(max(clock.today(), bankdays.add(due_on, bank_days)))
            house.beat()
        for draw in house.send():
            told = draw.instalment.notice
            assert told is not None
            assert told.text_sealed is not None
            assert told.sent_at is not None
            assert bankdays.add(clock.local_date(told.sent_at), 8) <= draw.due_on
            assert pay(draw)
            drawn += 1
    assert drawn >= 12
    assert set(Notice.objects.values_list("kind", flat=True)) == {"sign_up", "draw"}
    assert not Instalment.objects.filter(reason="not_told").exists()
