from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from fundraise.ledger import proofs, services
from fundraise.ledger.models import Account, ChainHead, Entry, Journal, Period
from fundraise.ledger.queries import balance_ore
from fundraise.ledger.services import EntryDraft, JournalDraft
from tests.people import DAVID, make_party

pytestmark = pytest.mark.django_db


def draft(
    entity_id: int, source: str = "test:1", ore: int = 200_00, **changes: object
) -> JournalDraft:
    fields: dict[str, object] = {
        "entity_id": entity_id,
        "series": "G",
        "event_date": date(2026, 11, 2),
        "text": "Gåva",
        "source": source,
        "by": DAVID,
        "entries": [EntryDraft("stripe", "gifts", ore)],
    }
    return JournalDraft(**{**fields, **changes})  # type: ignore[arg-type]


def faults() -> list[str]:
    return [check.name for check in proofs.checks() if check.status != "ok"]


def test_a_journal_gets_the_next_number_of_its_series_and_year() -> None:
    party = make_party()
    first, second = services.post_journals([draft(party.pk, "a"), draft(party.pk, "b")])
    other_year = services.post_journals([draft(party.pk, "c", event_date=date(2027, 1, 1))])[0]
    other_series = services.post_journals([draft(party.pk, "d", series="P")])[0]
    assert [first.number, second.number, other_year.number, other_series.number] == [1, 2, 1, 1]
    assert (other_year.year, other_series.year) == (2027, 2026)
    assert faults() == []


def test_drafts_of_many_entities_years_and_series_are_numbered_and_chained_in_their_order() -> None:
    party, district = make_party(), make_party(slug="district")
    told = [
        (party, "G", 2026), (district, "G", 2026), (party, "P", 2026), (party, "G", 2027),
        (party, "G", 2026), (district, "G", 2026), (district, "M", 2026), (party, "G", 2027),
    ]  # fmt: skip
    drafts = [
        draft(entity.pk, f"s:{at}", series=series, event_date=date(year, 12, 1))
        for at, (entity, series, year) in enumerate(told)
    ]
    twice = services.post_journals([*drafts, drafts[4]])
    assert [one.number for one in twice] == [1, 1, 1, 1, 2, 2, 1, 2, 2]
    assert [one.is_new for one in twice] == [True] * 8 + [False]
    assert (
        services.post_journals([draft(party.pk, "s:9"), draft(district.pk, "s:9")])[1].number == 3
    )
    places = Journal.objects.order_by("entity_id", "position").values_list("entity_id", "position")
    assert list(places) == [(party.pk, n) for n in range(1, 7)] + [
        (district.pk, n) for n in range(1, 5)
    ]
    assert faults() == []


def test_debit_and_credit_move_by_the_same_sum() -> None:
    party = make_party()
    services.post_journals([draft(party.pk, ore=500_00)])
    assert balance_ore(party.pk, "stripe") == 500_00
    assert balance_ore(party.pk, "gifts") == -500_00


def test_the_same_source_is_booked_once() -> None:
    party = make_party()
    first = services.post_journals([draft(party.pk)])[0]
    again = services.post_journals([draft(party.pk, ore=999)])[0]
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.id, again.number) == (first.id, first.number)
    assert balance_ore(party.pk, "stripe") == 200_00


@pytest.mark.parametrize(
    "changes",
    [
        {"entries": []},
        {"entries": [EntryDraft("stripe", "gifts", 0)]},
        {"entries": [EntryDraft("stripe", "gifts", -1)]},
        {"entries": [EntryDraft("stripe", "stripe", 1)]},
        {"entries": [EntryDraft("stripe", "no_such_role", 1)]},
        {"series": "X"},
    ],
)
def test_a_journal_that_breaks_a_rule_leaves_nothing(changes: dict[str, object]) -> None:
    party = make_party()
    with pytest.raises(DatabaseError), transaction.atomic():
        services.post_journals([draft(party.pk, "good"), draft(party.pk, "bad", 1, **changes)])
    assert Journal.objects.count() == 0
    assert ChainHead.objects.get(entity=party).position == 0
    assert services.post_journals([draft(party.pk)])[0].number == 1


def test_accounts_are_found_by_number_too() -> None:
    party = make_party()
    services.post_journals([draft(party.pk, entries=[EntryDraft("1930", "3993", 100)])])
    assert balance_ore(party.pk, "bank") == 100


def test_a_reversal_undoes_a_journal_once_and_names_it() -> None:
    party = make_party()
    wrong = services.post_journals([draft(party.pk)])[0]
    journal = Journal.objects.select_related("series").get(pk=wrong.id)
    undo = services.reversal_of(journal, event_date=date(2026, 11, 3), text="Rättelse", by=DAVID)
    first = services.post_journals([undo])[0]
    again = services.post_journals([undo])[0]
    assert (first.is_new, again.is_new) == (True, False)
    assert Journal.objects.get(pk=first.id).reversal_of_id == wrong.id
    assert balance_ore(party.pk, "gifts") == 0
    assert faults() == []


def test_late_money_goes_to_the_first_open_month_and_keeps_its_day() -> None:
    party = make_party()
    for month in (date(2026, 11, 1), date(2026, 12, 1)):
        services.set_period(party, month=month, state=Period.State.CLOSED, by=DAVID)
    posted = services.post_journals([draft(party.pk)])[0]
    journal = Journal.objects.get(pk=posted.id)
    assert journal.event_date == date(2026, 11, 2)
    assert journal.accounting_date == date(2027, 1, 1)
    assert (journal.year, journal.number) == (2027, 1)


def test_a_locked_month_stays_locked() -> None:
    party = make_party()
    month = date(2026, 11, 1)
    services.set_period(party, month=month, state=Period.State.LOCKED, by=DAVID)
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        services.set_period(party, month=month, state=Period.State.OPEN, by=DAVID)
    assert Period.objects.get(entity=party).state == "locked"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_journal SET text = 'x'",
        "DELETE FROM ledger_journal",
        "TRUNCATE ledger_journal CASCADE",
        "UPDATE ledger_entry SET amount_ore = 1",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "INSERT INTO ledger_entry (journal_id, line, debit_account_id, credit_account_id,"
        " amount_ore) SELECT journal_id, 9, debit_account_id, credit_account_id, 1"
        " FROM ledger_entry",
        "UPDATE ledger_seriescounter SET last_number = 7",
        "UPDATE ledger_chainhead SET position = 7",
        "DELETE FROM audit_changeline",
    ],
)
def test_the_app_role_has_no_right_to_touch_what_is_written(statement: str) -> None:
    party = make_party()
    services.post_journals([draft(party.pk)])
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
    assert faults() == []


def test_books_of_two_entities_have_chains_and_numbers_of_their_own() -> None:
    party, district = make_party(), make_party("district")
    services.post_journals([draft(party.pk, "a"), draft(district.pk, "a"), draft(party.pk, "b")])
    assert [j.number for j in Journal.objects.order_by("id")] == [1, 1, 2]
    assert [j.position for j in Journal.objects.order_by("id")] == [1, 1, 2]
    assert faults() == []


def test_an_entry_stays_within_its_entity() -> None:
    party = make_party()
    district = make_party("district")
    services.post_journals([draft(party.pk)])
    entry = Entry.objects.get()
    assert entry.debit_account.entity_id == party.pk
    assert Account.objects.filter(entity=district).count() == len(services.DEFAULT_ACCOUNTS)
