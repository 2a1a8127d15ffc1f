"""Files that come late, twice, in two parts or damaged; chance that is the same each time."""

from __future__ import annotations

import pytest

from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.knobs import SHARES, Knobs, everything
from tests.sandbox.bankgirot.conftest import MakeTown, Town, pairs, rows_of, text_of
from tests.sandbox.bankgirot.orders import (
    change,
    new_mandate,
    payment,
)
from tests.sandbox.bankgirot.play import play


def drawn(town: Town) -> list[ReportFile]:
    """The reports of a day with three draws."""
    town.approved(1, 2, 3)
    town.send(*(payment(payer, "20270312", 100 * payer) for payer in (1, 2, 3)))
    town.run()
    return town.run()


def test_a_report_comes_again_the_next_day_under_another_name(make_town: MakeTown) -> None:
    town = make_town(shares={"file.again": 1.0})
    town.send(new_mandate(0))
    (first,) = town.run()
    (second,) = town.run()
    assert (first.note, second.note) == ("", "again")
    assert (first.name, second.name) == (
        "BFEP.UAGU4.K0471117.D270301.T200000", "BFEP.UAGU4.K0471117.D270302.T200000",
    )  # fmt: skip
    assert first.data == second.data
    assert town.run() == []


def test_a_late_report_comes_as_many_days_later_as_set(make_town: MakeTown) -> None:
    town = make_town(shares={"file.late": 1.0}, late_days=3)
    town.send(new_mandate(0))
    assert town.run(3) == []
    assert pairs(town.run()) == [("0" * 0, "0421")]


def test_a_split_report_has_its_rows_between_two_files_that_add_up(town: Town) -> None:
    town.bank.set_knobs({"shares": {"file.split": 1.0}})
    first, second = drawn(town)
    sums = [[int(line[50:68]) for line in rows_of([part], "specification") if line[:2] == "15"]
            for part in (first, second)]  # fmt: skip
    assert sums == [[300], [300]]
    assert [(d.serial, d.amount) for d in town.bank.deposits] == [(1, 300), (2, 300)]
    assert first.name != second.name


@pytest.mark.parametrize("how", ["cut", "total", "customer"])
def test_a_damaged_report_is_followed_by_the_right_one(make_town: MakeTown, how: str) -> None:
    town = make_town(shares={f"file.{how}": 1.0})
    (wrong,) = drawn(town)
    (right,) = town.run()
    assert (wrong.note, right.note) == (how, "")
    bad, good = text_of(wrong), text_of(right)
    assert good[1][50:68] == f"{600:018d}"
    if how == "cut":
        assert right.data.startswith(wrong.data)
        assert 80 < len(wrong.data) < len(right.data)
    elif how == "total":
        assert bad[1][50:68] == f"{601:018d}"
        assert bad[2:] == good[2:]
    else:
        assert bad[0][64:70] == "471118"
        assert bad[1:] == good[1:]


def test_e_mandates_have_no_customer_number_so_the_bankgiro_is_wrong(make_town: MakeTown) -> None:
    town = make_town(shares={"file.customer": 1.0})
    town.bank.give_emandate("9912346", "5")
    (wrong,) = town.run()
    assert text_of(wrong)[0][14:24] == "0009912353"


def test_the_sign_of_a_sum_may_be_damaged(make_town: MakeTown) -> None:
    town = make_town(shares={"file.sign": 1.0})
    town.approved(1)
    town.send(payment(1, "20270315"))
    town.run()
    town.send(change("23", 1))
    (report,) = town.run()
    assert report.note == "sign"
    assert text_of(report)[-1][56:68] == "00000002000?"


PAIRS = {
    "0409 0410 0420 0421 0423 0429 0430 0432 4203 4205 4232 4307 4602 4498",
    "0304 0309 0321 0329 0330 0333 0504 0510 0521 0529 0530 0532 0533",
}
REJECTED = "01 02 06 07 08 09 10 12 13 15 24"
CHANGES = {
    "0312 1112 2302 2310 2311 2312 2313 2401 2402 2410 2411 2412 2413",
    "2501 2502 2504 2505 2510 2511 2512 2513 2606 2610 2611 2613 2614 2615",
    "2701 2706 2710 2711 2713 2714 2715 2801 2802 2806 2810 2811 2813 2815 2818",
    "2901 2902 2904 2905 2906 2910 2911 2913 2915 2918",
}


def words(*texts: str) -> set[str]:
    return {word for text in texts for word in text.split()}


def test_with_everything_on_every_code_is_reached_and_the_books_add_up(
    make_town: MakeTown,
) -> None:
    files = {name: 0.1 for name in everything() if name.startswith("file.")}
    town = make_town(
        {"outgoing": True}, shares=dict.fromkeys(everything(), 0.05) | files, answer_days=[1, 2, 3],
        other_mandates=50, other_draws=5, emandates_per_day=2,
    )  # fmt: skip
    reports = play(town, 52)
    told = rows_of([report for report in reports if report.note in ("", "again")], "advice")
    assert {line[61:65] for line in told} == words(*PAIRS)
    rejected = {line[58:60] for line in rows_of(reports, "rejected") if len(line) == 80}
    assert rejected == words(REJECTED)
    changes = {line[:2] + line[72:74] for line in rows_of(reports, "changes") if len(line) == 80}
    assert changes == words(*CHANGES)
    spec = [line for line in rows_of(reports, "specification") if len(line) == 80]
    assert {line[79] for line in spec if line[:2] == "82"} == set("01249")
    assert {line[77:79] for line in spec if line[:2] == "77"} == words("01 02 03 04 05")
    assert {r.note for r in reports} == {"", "again", "cut", "total", "customer", "sign"}
    paid = sum(e.amount if e.code == "82" else -e.amount for e in town.bank.draws)
    refunded = sum(e.amount for e in town.bank.refunds)
    booked = sum(d.amount if d.kind == "15" else -d.amount for d in town.bank.deposits)
    assert paid - refunded == booked


def test_the_same_seed_gives_the_same_days(make_town: MakeTown) -> None:
    def played(seed: int) -> list[bytes]:
        town = make_town(seed=seed, shares=everything(10), emandates_per_day=2)
        town.send(*(new_mandate(payer) for payer in range(1, 60)))
        return [report.data for report in town.run(12)]

    assert played(3) == played(3)
    assert played(3) != played(4)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"nothing": 1}, "Unknown setting"), ({"seed": "1"}, "must be int"),
     ({"late_days": -1}, "negative"), ({"late_days": True}, "must be int"),
     ({"answer_days": []}, "not be empty"), ({"answer_days": [0]}, "above 0"),
     ({"refund_days": [1]}, "earliest"), ({"shares": {"draw.9": 0.1}}, "Unknown share"),
     ({"shares": {"draw.1": 1.1}}, "from 0 to 1")],
)  # fmt: skip
def test_a_wrong_setting_is_refused(changes: dict[str, object], reason: str) -> None:
    knobs = Knobs()
    with pytest.raises(ValueError, match=reason):
        knobs.set(changes)
    assert knobs == Knobs()


def test_everything_is_everything() -> None:
    assert set(everything()) == set(SHARES)
    assert all(0 < share < 1 for share in everything().values())


@pytest.mark.parametrize(
    ("act", "words"),
    [("next_draw", ("1", "9")), ("next_answer", ("1", "4602")), ("refund", ("1", "06")),
     ("payer_cancels", ("",)), ("payer_cancels", ("12A",)), ("payer_cancels", ("1" * 17,))],
)  # fmt: skip
def test_a_wrong_word_is_refused(town: Town, act: str, words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"status|pair|code|payer"):
        getattr(town.bank, act)("9912346", *words)
    with pytest.raises(ValueError, match="not registered"):
        town.bank.stop_payment("5050-1055", "1")


def test_days_are_run_in_order_and_only_bank_days(town: Town) -> None:
    town.run(3)
    for day in (town.today.replace(day=2), town.today.replace(day=6)):
        with pytest.raises(ValueError, match=r"has been run|no bank day"):
            town.bank.run_day(day)
