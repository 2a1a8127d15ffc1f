"""Each identity catches its fault, planted by the owner with the triggers off, and no other."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from fundraise.ledger import proving
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal
from fundraise.ledger.services import EntryDraft
from mailings.attribution import counting
from tests.ledger.test_posting import draft
from tests.ops.books import make_books
from tests.people import make_party

OPEN = [
    "SET CONSTRAINTS ALL IMMEDIATE",
    *(
        f"ALTER TABLE {table} DISABLE TRIGGER USER"
        for table in ("ledger_journal", "ledger_entry", "gifts_gift", "gifts_gifttransition")
    ),
]

NUMBERS = "ledger: numbers are contiguous from 1"
LAST = "ledger: the last number given is the last journal's"
SAID = "ledger: every journal says what it said when it was written"
CHAIN = "ledger: the hash chain is unbroken"
HEAD = "ledger: the chain ends where its head says"
ENTRIES = "ledger: every journal has entries"
ENTITY = "ledger: every entry stays within its journal's entity"
MIRROR = "ledger: every reversal mirrors what it reverses"
INCOME = "gifts less refunds and disputes = income in the ledger"
CHANNELS = "gifts per campaign and channel = days of the thermometer"
GIVERS = "givers of standing gifts = givers of the thermometer"
REFUNDS = "refunded sums = settled refunds"
DISPUTES = "disputed sums = what disputes hold"
ONCE = "every received gift was received once"
LINES = "stripe demo: ledger = balance lines + gifts whose line is to come"
STRIPE = "stripe demo: ledger = Stripe's balance"
PAYOUT = "stripe demo: payouts that are not the sum of their lines"
STUCK = "provider messages that wait for more than an hour"
RECEIPTS = "receipts: every received gift has one"
WARM = "thermometer valet: received = ledger"
WARM_DAYS = "thermometer valet: received = sum of days"
DAYS = "thermometer valet: days that differ from the ledger"
GIFTS = "thermometer valet: gifts = sum of days"
DONORS = "thermometer valet: donors = givers that stand"

APPEALS = "attribution valet: appeals and none = thermometer"

KINDS = ("donor", "campaign", "channel")

FIRST = "(SELECT min(id) FROM ledger_journal WHERE text LIKE 'Gåva%')"
LAST_POSITION = "(SELECT max(position) FROM ledger_journal)"
FIRST_GIFT = "(SELECT min(id) FROM gifts_gift)"

FAULTS = {
    "a changed amount": (
        f"UPDATE ledger_entry SET amount_ore = amount_ore + 1 WHERE journal_id = {FIRST}",
        {SAID, INCOME, WARM, DAYS, LINES, STRIPE},
    ),
    "a changed text": (f"UPDATE ledger_journal SET text = 'x' WHERE id = {FIRST}", {SAID}),
    "a changed date": (
        f"UPDATE ledger_journal SET event_date = event_date - 1 WHERE id = {FIRST}",
        {SAID},
    ),
    "a moved account": (
        "UPDATE ledger_entry SET debit_account_id = (SELECT id FROM ledger_account"
        f" WHERE role = 'bank') WHERE journal_id = {FIRST}",
        {SAID, LINES, STRIPE},
    ),
    "another's account": (
        "INSERT INTO ledger_legalentity (ref, slug, name, org_number, kind, phone, email, address,"
        " statement_text, tax_reduction) VALUES (gen_random_uuid(), 'o', '', '', 'party', '', '',"
        " '', '', false);"
        "INSERT INTO ledger_account (entity_id, number, role, name)"
        " SELECT max(id), 6570, 'fees', '' FROM ledger_legalentity;"
        "UPDATE ledger_entry SET debit_account_id = (SELECT max(id) FROM ledger_account)"
        " WHERE id = (SELECT max(e.id) FROM ledger_entry e JOIN ledger_account a"
        " ON a.id = e.debit_account_id WHERE a.role = 'fees')",
        {ENTITY, SAID},
    ),
    "a missing number": (
        f"UPDATE ledger_journal SET number = number + 100 WHERE position = {LAST_POSITION}",
        {NUMBERS, LAST, SAID},
    ),
    "a counter that ran ahead": (
        "UPDATE ledger_seriescounter SET last_number = last_number + 1",
        {LAST},
    ),
    "a cut chain": (
        f"UPDATE ledger_journal SET hash = sha256(hash) WHERE id = {FIRST}",
        {CHAIN},
    ),
    "a journal taken out at the end": (
        f"DELETE FROM ledger_entry WHERE journal_id = (SELECT id FROM ledger_journal"
        f" WHERE position = {LAST_POSITION});"
        f"DELETE FROM ledger_journal WHERE position = {LAST_POSITION}",
        {LAST, HEAD, INCOME, WARM, DAYS},
    ),
    "a head that was moved": ("UPDATE ledger_chainhead SET hash = sha256(hash)", {HEAD}),
    "entries taken out": (
        f"DELETE FROM ledger_entry WHERE journal_id = {FIRST}",
        {ENTRIES, SAID, INCOME, WARM, DAYS, LINES, STRIPE},
    ),
    "a reversal of something else": (
        "UPDATE ledger_journal SET reversal_of_id = (SELECT min(id) FROM ledger_journal)"
        f" WHERE position = {LAST_POSITION}",
        {MIRROR, SAID},
    ),
    "a moved thermometer": (
        "UPDATE campaigns_thermometer SET received_ore = received_ore + 1",
        {WARM, WARM_DAYS, APPEALS},
    ),
    "a gift too many on the thermometer": (
        "UPDATE campaigns_thermometer SET gifts = gifts + 1",
        {GIFTS},
    ),
    "a donor too many on the thermometer": (
        "UPDATE campaigns_thermometer SET donors = donors + 1",
        {DONORS},
    ),
    "a moved day": (
        "UPDATE campaigns_daytotal SET day = day - 10 WHERE channel = 'cash'",
        {DAYS},
    ),
    "a moved channel": (
        "UPDATE campaigns_daytotal SET channel = 'bank' WHERE channel = 'cash'",
        {CHANNELS},
    ),
    "a giver counted twice": (
        "UPDATE campaigns_giver SET gifts = gifts + 1 WHERE id ="
        " (SELECT min(id) FROM campaigns_giver)",
        {GIVERS},
    ),
    "a changed gift": (
        f"UPDATE gifts_gift SET amount_ore = amount_ore + 1 WHERE id = {FIRST_GIFT}",
        {INCOME, CHANNELS, APPEALS},
    ),
    "a gift tied to a donor past the triggers": (
        "INSERT INTO donors_donor (ref, kind, language, status, source, created_at, erased_at)"
        " VALUES (gen_random_uuid(), 'person', 'sv', 'erased', 'x', now(), now());"
        "UPDATE gifts_gift SET donor_id = (SELECT max(id) FROM donors_donor)"
        f" WHERE id = {FIRST_GIFT}",
        {f"giving by {kind}: rows that differ from their gifts" for kind in KINDS},
    ),
    "a profile that says another thing than its donor": (
        "INSERT INTO donors_donor (ref, kind, language, status, source, created_at, erased_at)"
        " VALUES (gen_random_uuid(), 'person', 'sv', 'erased', 'x', now(), now());"
        "SELECT segments_refresh(); UPDATE segments_profile SET source = 'y'",
        {"segments: profiles that differ from their donors"},
    ),
    "a profile whose steps are of other gifts": (
        "INSERT INTO donors_donor (ref, kind, language, status, source, created_at, erased_at)"
        " VALUES (gen_random_uuid(), 'person', 'sv', 'erased', 'x', now(), now());"
        "SELECT segments_refresh(); UPDATE segments_profile SET steps = '{1}'",
        {"segments: profiles that differ from their donors"},
    ),
    "a gift that is pending again": (
        f"UPDATE gifts_gift SET state = 'pending' WHERE id = {FIRST_GIFT}",
        {
            INCOME,
            CHANNELS,
            GIVERS,
            APPEALS,
            "attribution: counted without money",
            "receipts: each is of a received gift of its entity",
        },
    ),
    "a gift received twice": (
        "INSERT INTO gifts_gifttransition (gift_id, from_state, to_state, at, by, reason, event_id)"
        f" VALUES ({FIRST_GIFT}, 'pending', 'received', now(), 'x', '', '')",
        {ONCE},
    ),
    "a refund undone by hand": ("UPDATE gifts_refund SET state = 'failed'", {REFUNDS}),
    "a dispute changed by hand": ("UPDATE gifts_dispute SET taken_ore = 0", {DISPUTES}),
    "a balance line changed": (
        "UPDATE providers_balanceline SET fee_ore = fee_ore + 1 WHERE provider_ref = 'txn_ch_1'",
        {LINES, PAYOUT},
    ),
    "a payout that is another sum": (
        "UPDATE providers_payout SET amount_ore = amount_ore - 1",
        {PAYOUT},
    ),
    "a balance at Stripe that is another": (
        "UPDATE providers_balancesnapshot SET balance_ore = balance_ore + 100",
        {STRIPE},
    ),
    "a stuck message": (
        "INSERT INTO providers_providerevent (account_id, event_id, kind, object_id, body, sha256,"
        " via, state, tries, error, received_at, next_try_at, keep_until)"
        " SELECT id, 'evt', 'x', '', '', '', 'webhook', 'stored', 0, '',"
        " now() - interval '2 hours', now(), now() FROM providers_account",
        {STUCK},
    ),
    "a receipt taken away": (
        "DELETE FROM reporting_receipt WHERE number = (SELECT max(number) FROM reporting_receipt);"
        "UPDATE reporting_receiptcounter SET last_number = last_number - 1;"
        "UPDATE outbox_outboxevent SET state = 'failed'",
        {RECEIPTS},
    ),
}

# Whose faults are planted in a test of their own.
TESTS = Path(__file__).parents[1]
ELSEWHERE = {
    "ledger: checkpoints": "ops/test_checkpoints.py",
    "ledger: all entries": "ops/test_checkpoints.py",
    "receipts:": "reporting/test_proofs.py",
    "pledges:": "ops/test_planted_in_autogiro.py",
    "autogiro:": "ops/test_planted_in_autogiro.py",
    "appeals_": "ops/test_planted_in_appeals.py",
    "attribution": "ops/test_planted_in_appeals.py",
    "bank:": "ops/test_planted_in_bank.py",
    "books:": "ops/test_planted_in_books.py",
    "yearly statements:": "reporting/test_yearly.py",
}


def make_counted_books() -> None:
    """The books, with every gift counted to an appeal or to none."""
    make_books()
    counting.count_left()


def test_whole_books_agree(as_owner: None) -> None:
    make_counted_books()
    found = proving.prove()
    assert {check.status for check in found.checks} == {"ok"}
    assert len(found.checks) == len({check.name for check in found.checks}) == 72


def test_a_planted_fault_is_found_by_its_identities_and_no_other(as_owner: None) -> None:
    make_counted_books()
    found = {fault: differing_after(statement) for fault, (statement, _names) in FAULTS.items()}
    assert found == {fault: names for fault, (_statement, names) in FAULTS.items()}
    assert proving.prove().ok


def differing_after(statement: str) -> set[str]:
    """What differs while it is so; then it is taken back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for one in [*OPEN, statement]:
                cursor.execute(one)
        found = {check.name for check in proving.prove().differing}
        transaction.set_rollback(True)
    return found


def test_every_identity_has_a_fault_that_it_catches(as_owner: None) -> None:
    make_counted_books()
    caught = {name for _statement, names in FAULTS.values() for name in names}
    without = {check.name for check in proving.prove().checks} - caught
    assert {name for name in without if not name.startswith(tuple(ELSEWHERE))} == set()
    assert [path for path in ELSEWHERE.values() if not (TESTS / path).is_file()] == []


def test_words_that_json_escapes_are_proven_too(as_owner: None) -> None:
    """The proof writes the digest's text out by itself; it must be the ledger's own to the byte."""
    party = make_party()
    for number, text in enumerate(['"', "\\", "a\nb\tc", "\x01\x7f", "å 🙂 \u2028", "</b>'"]):
        entries = [EntryDraft("stripe", "gifts", 5), EntryDraft("fees", "stripe", 7)]
        one = draft(party.pk, f"{number}:{text}", text=text, document=text, entries=entries)
        ledger.post_journals([one])
    assert Journal.objects.count() == 6
    assert proving.prove(["fundraise.ledger.proofs.checks"]).ok
